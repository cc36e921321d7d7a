package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keywright.testkit.TestKeys;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.security.Principal;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is left of a request when it has been answered: nothing, whatever becomes of its thread. */
@Tag("containers")
class ThreadTest {

    private final TestKeys keys = TestKeys.withScopes("read:people");
    private final String key =
            "Authorization: Bearer " + keys.active("north").secret().reveal();
    private final BlockingQueue<WeakReference<Object>> left = new LinkedBlockingQueue<>();
    private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    private final WebApp site = new WebApp()
            .filter(
                    ApiKeyFilter.verifying(keys.apiKeys())
                            .allowing("GET", "/api/people", "read:people")
                            .passingThroughOthers(),
                    "/*")
            .serve(new Leaving(), "/api/*");

    @Test
    void pooledThreadKeepsNothingForTheNextRequest() {
        try (TestBackend backend = TestBackend.of(site)) {
            assertNothingIsLeft(backend);
        }
    }

    @Test
    void virtualThreadsServeRequestsAndKeepNothing() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "this JVM has no virtual threads");
        ExecutorService each = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try (TestBackend backend = TestBackend.of(site.on(each))) {
            assertNothingIsLeft(backend);
        } finally {
            each.shutdown();
        }
        for (Thread thread : threads) {
            assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(true);
        }
    }

    private void assertNothingIsLeft(TestBackend backend) {
        RawHttpClient wire = new RawHttpClient(backend);
        for (int i = 0; i < 20; i++) {
            assertThat(wire.get("/api/people", key).body()).startsWith("ApiKeyPrincipal");
            assertThat(wire.get("/api/people").body()).isEqualTo("null");
            assertThat(wire.get("/api/other", key).status()).isEqualTo(403);
        }
        // The threads that served them are alive, and so is the server. What nobody holds goes by and by.
        assertThat(left).hasSize(20);
        long held = left.size();
        for (int i = 0; i < 100 && held > 0; i++) {
            System.gc();
            held = left.stream().filter(reference -> reference.get() != null).count();
        }
        assertThat(held).isZero();
    }

    /** Remembers who asked, as long as anybody else does. */
    private final class Leaving extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Principal principal = request.getUserPrincipal();
            if (principal != null) {
                left.add(new WeakReference<>(principal));
            }
            threads.add(Thread.currentThread());
            response.getWriter()
                    .print(principal == null ? "null" : principal.getClass().getSimpleName());
        }
    }
}
