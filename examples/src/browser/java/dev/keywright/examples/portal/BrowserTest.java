package dev.keywright.examples.portal;

import com.microsoft.playwright.Browser;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Starts the packaged portal and a browser for each class. The district north has keys, the district south has none. */
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

    static PageVisit visit(Consumer<Browser.NewContextOptions> settings) {
        return new PageVisit(chromium.browser(), portal.address(), settings);
    }

    static PageVisit admin() {
        return visit().signIn(portal.sessionToken("Admin", "north")).seesKeys();
    }

    static PageVisit as(String person, String district, Consumer<Browser.NewContextOptions> settings) {
        return visit(settings).signIn(portal.sessionToken(person, district));
    }
}
