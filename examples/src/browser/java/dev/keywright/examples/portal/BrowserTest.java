package dev.keywright.examples.portal;

import com.microsoft.playwright.Browser;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The packaged portal, with keys in the north and none in the south, and a browser: a fresh one of each for each class. */
abstract class BrowserTest {

    @TempDir
    static Path folder;

    static PortalProcess portal;
    static Chromium chromium;

    @BeforeAll
    static void startPortalAndBrowser() throws Exception {
        SeededKeys.in(folder.resolve("data"));
        portal = PortalProcess.listening(folder.resolve("data"));
        chromium = Chromium.start();
    }

    @AfterAll
    static void stopBrowserAndPortal() {
        try {
            chromium.close();
        } finally {
            portal.close();
        }
    }

    static PageVisit visit() {
        return visit(options -> {});
    }

    static PageVisit visit(Consumer<Browser.NewContextOptions> how) {
        return new PageVisit(chromium.browser(), portal.address(), how);
    }

    static PageVisit admin() {
        return visit().signIn(portal.sessionToken("Admin", "north")).seesKeys();
    }

    static PageVisit as(String person, String district, Consumer<Browser.NewContextOptions> how) {
        return visit(how).signIn(portal.sessionToken(person, district));
    }
}
