package dev.keywright.examples.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Injected content and pages of other sites cannot access the portal. */
class CrossSiteBrowserIT extends BrowserTest {

    @Test
    void pageLoadsUnderItsContentSecurityPolicy() {
        try (PageVisit visit = admin()) {
            Response page = visit.page().reload();
            visit.seesKeys();
            assertThat(page.headerValue("content-security-policy"))
                    .startsWith("default-src 'none'; script-src 'self';");
            assertThat(page.headerValue("cache-control")).isEqualTo("no-store");
            visit.create("Under the policy", "read:people");
            visit.inDialog("Copy").click();
            visit.inDialog("I have stored it").click();
            assertThat(visit.row("Under the policy")).isVisible();
            assertThat(visit.expectViolations()).isEmpty();
        }
    }

    @Test
    void injectedScriptStyleAndImageAreBlocked() {
        try (PageVisit visit = admin()) {
            visit.page().evaluate("""
                    () => {
                      const link = document.createElement("link");
                      link.rel = "stylesheet";
                      link.href = "http://elsewhere.test/style.css";
                      const image = document.createElement("img");
                      image.src = "http://elsewhere.test/picture.png";
                      const style = document.createElement("style");
                      style.textContent = "body { background: red }";
                      document.body.append(link, image, style);
                      const script = document.createElement("script");
                      try { script.text = "window.foreign = true"; } catch { /* expected */ }
                      document.body.append(script);
                      try { document.body.insertAdjacentHTML("beforeend", "<p>foreign text</p>"); } catch { /* expected */ }
                    }""");
            visit.page().waitForFunction("() => window.violations.length >= 5");
            assertThat(visit.expectViolations().toString())
                    .contains("style-src", "img-src", "require-trusted-types-for");
            assertThat(visit.page().evaluate("window.foreign")).isNull();
            assertThat(visit.page().locator("body")).not().containsText("foreign text");
            visit.expectErrors("The action has been blocked.");
            // Playwright reports the requests; the browser has blocked them.
            visit.expectRequestsTo("http://elsewhere.test/");
        }
    }

    @Test
    void nameIsInsertedAsText() {
        String name = "<img src=x onerror=\"window.injected=1\"> & {{problem}}";
        try (PageVisit visit = admin()) {
            visit.create(name, "read:people");
            visit.inDialog("I have stored it").click();
            assertThat(visit.row(name)).isVisible();
            assertThat(visit.page().locator("#said")).hasText("Created " + name + ".");
            visit.act("revoke", name).click();
            assertThat(visit.dialog().locator("h2")).hasText("Revoke " + name + "?");
            assertThat(visit.page().evaluate("window.injected")).isNull();
        }
    }

    /** For cookies, another port of the same host is the same site: SameSite does not protect from it. */
    @Test
    void pageOfAnotherPortCannotFrameOrCallThePortal() throws Exception {
        HttpServer other = otherSite();
        String address = "http://127.0.0.1:" + other.getAddress().getPort() + "/";
        List<Map<String, Object>> before = portal.signedIn("Admin", "north").keys();
        try (PageVisit visit = admin()) {
            Page page = visit.context().newPage();
            page.navigate(address);
            page.evaluate("""
                    async (portal) => {
                      const frame = document.createElement("iframe");
                      frame.src = portal + "settings/api-keys";
                      const framed = new Promise((done) => (frame.onload = done));
                      document.body.append(frame);
                      await framed;
                      const post = (path, body) => fetch(portal + path,
                          { method: "POST", mode: "no-cors", credentials: "include", body }).catch(() => "the response is opaque");
                      await post("api/keys/revoke-all", '{"reason": "a page of another port"}');
                      await post("sign-out", new URLSearchParams({}));
                    }""", visit.portal().toString());
            assertThat(page.frames().get(1).url()).startsWith("chrome-error:");
            page.close();

            assertThat(portal.signedIn("Admin", "north").keys()).isEqualTo(before);
            visit.page().reload();
            visit.seesKeys();
            visit.expectRequestsTo(address);
            visit.expectErrors("");
        } finally {
            other.stop(0);
        }
    }

    private static HttpServer otherSite() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, 0);
            try (var body = exchange.getResponseBody()) {
                body.write("<!doctype html><title>elsewhere</title>".getBytes(StandardCharsets.UTF_8));
            }
        });
        server.start();
        return server;
    }
}
