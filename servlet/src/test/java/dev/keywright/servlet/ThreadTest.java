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

/** After a response, nothing references the principal, whether the thread is pooled or virtual. */
@Tag("containers")
class ThreadTest {

    private final TestKeys keys = TestKeys.withScopes("read:people");
    private final String key =
            "Authorization: Bearer " + keys.active("north").secret().reveal();
    private final BlockingQueue<WeakReference<Object>> principals = new LinkedBlockingQueue<>();
    private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    private final WebApp app = new WebApp()
            .filter(
                    ApiKeyFilter.verifying(keys.apiKeys())
                            .allowing("GET", "/api/people", "read:people")
                            .passingThroughOthers(),
                    "/*")
            .servlet(new Remembering(), "/api/*");

    @Test
    void pooledThreadKeepsNothingForTheNextRequest() {
        try (TestBackend backend = TestBackend.of(app)) {
            assertPrincipalsAreCollected(backend);
        }
    }

    @Test
    void virtualThreadKeepsNothingForTheNextRequest() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "this JVM has no virtual threads");
        ExecutorService virtualThreads = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try (TestBackend backend = TestBackend.of(app.executor(virtualThreads))) {
            assertPrincipalsAreCollected(backend);
        } finally {
            virtualThreads.shutdown();
        }
        for (Thread thread : threads) {
            assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(true);
        }
    }

    private void assertPrincipalsAreCollected(TestBackend backend) {
        RawHttpClient client = new RawHttpClient(backend);
        for (int i = 0; i < 20; i++) {
            assertThat(client.get("/api/people", key).body()).startsWith("ApiKeyPrincipal");
            assertThat(client.get("/api/people").body()).isEqualTo("null");
            assertThat(client.get("/api/other", key).status()).isEqualTo(403);
        }
        // The server and its threads are still alive. Objects without references are collected eventually.
        assertThat(principals).hasSize(20);
        long held = principals.size();
        for (int i = 0; i < 100 && held > 0; i++) {
            System.gc();
            held = principals.stream()
                    .filter(reference -> reference.get() != null)
                    .count();
        }
        assertThat(held).isZero();
    }

    /** Keeps a weak reference to the principal of each request. */
    private final class Remembering extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Principal principal = request.getUserPrincipal();
            if (principal != null) {
                principals.add(new WeakReference<>(principal));
            }
            threads.add(Thread.currentThread());
            response.getWriter()
                    .print(principal == null ? "null" : principal.getClass().getSimpleName());
        }
    }
}
