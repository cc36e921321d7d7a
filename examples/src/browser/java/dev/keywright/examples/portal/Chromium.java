package dev.keywright.examples.portal;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The system's Chromium, without a window, with a profile of its own that is thrown away. */
final class Chromium implements AutoCloseable {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome-stable", "google-chrome");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    static Chromium start() {
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        // Its own sandbox cannot be had as root. Nothing but the portal on this machine is ever looked at.
        List<String> arguments = "root".equals(System.getProperty("user.name")) ? List.of("--no-sandbox") : List.of();
        return new Chromium(
                playwright,
                playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(program())
                                .setArgs(arguments)));
    }

    Browser browser() {
        return browser;
    }

    private static Path program() {
        String said = System.getProperty("chromium", "");
        return said.isEmpty()
                ? onThePath()
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException(
                                "there is no Chromium: install the package chromium, or say -Dchromium=PROGRAM"))
                : Path.of(said);
    }

    private static Stream<Path> onThePath() {
        List<String> folders =
                Arrays.asList(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator));
        return NAMES.stream()
                .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable);
    }

    @Override
    public void close() {
        try (playwright) {
            browser.close();
        }
    }
}
