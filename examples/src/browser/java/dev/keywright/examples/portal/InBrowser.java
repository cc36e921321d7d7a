package dev.keywright.examples.portal;

import com.microsoft.playwright.Browser;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The packaged portal, with keys in the north and none in the south, and a browser: a fresh one of each for each class. */
abstract class InBrowser {

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

    static Visit visit() {
        return visit(options -> {});
    }

    static Visit visit(Consumer<Browser.NewContextOptions> how) {
        return new Visit(chromium.browser(), portal.address(), how);
    }

    static Visit admin() {
        return visit().signIn(portal.sessionToken("Admin", "north")).seesKeys();
    }

    static Visit as(String person, String district, Consumer<Browser.NewContextOptions> how) {
        return visit(how).signIn(portal.sessionToken(person, district));
    }
}
