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

/** The system's Chromium, headless, with a temporary profile. */
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
        // The sandbox does not work for root. The tests open pages of the local portal only.
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
        String configured = System.getProperty("chromium", "");
        return configured.isEmpty()
                ? onPath().findFirst()
                        .orElseThrow(() -> new IllegalStateException(
                                "Chromium not found: install the package chromium, or set -Dchromium=PROGRAM"))
                : Path.of(configured);
    }

    private static Stream<Path> onPath() {
        List<String> directories =
                Arrays.asList(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator));
        return NAMES.stream()
                .flatMap(name -> directories.stream().map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable);
    }

    @Override
    public void close() {
        try (playwright) {
            browser.close();
        }
    }
}
