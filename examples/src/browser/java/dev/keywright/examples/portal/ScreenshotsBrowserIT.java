package dev.keywright.examples.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Screenshots of the documentation; CONTRIBUTING.md has the command that renews them. */
class ScreenshotsBrowserIT extends BrowserTest {

    private static final int MAX_BYTES = 110_000;
    private static final int LIST = 600;
    private static final int NOTICE = 380;

    @Test
    void listInLight() throws Exception {
        try (PageVisit visit =
                as("Admin", "north", wide(ColorScheme.LIGHT, LIST)).seesKeys()) {
            screenshot(visit, "light");
        }
    }

    @Test
    void listInDark() throws Exception {
        try (PageVisit visit =
                as("Admin", "north", wide(ColorScheme.DARK, LIST)).seesKeys()) {
            screenshot(visit, "dark");
        }
    }

    @Test
    void listOnAPhone() throws Exception {
        try (PageVisit visit = as("Admin", "north", options -> options.setViewportSize(360, 780))
                .seesKeys()) {
            screenshot(visit, "narrow");
        }
    }

    @Test
    void createdKey() throws Exception {
        try (PageVisit visit =
                as("Admin", "north", wide(ColorScheme.LIGHT, LIST)).seesKeys()) {
            visit.create("Attendance import", "read:people");
            assertThat(visit.page().locator("#secret")).containsText("ck_");
            // The screenshot is public and must not show the new key.
            visit.page()
                    .evaluate("document.getElementById('secret').textContent = 'ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6'");
            screenshot(visit, "created");
            visit.inDialog("I have stored it").click();
        }
    }

    @Test
    void noKeysYet() throws Exception {
        try (PageVisit visit = as("Admin", "south", wide(ColorScheme.LIGHT, NOTICE))) {
            assertThat(visit.page().getByText("No API keys yet")).isVisible();
            screenshot(visit, "empty");
        }
    }

    @Test
    void noPermission() throws Exception {
        try (PageVisit visit = as("Mentor", "north", wide(ColorScheme.LIGHT, NOTICE))) {
            assertThat(visit.page().getByText("You may not manage API keys").first())
                    .isVisible();
            screenshot(visit, "no-permission");
            visit.expectErrors("403");
        }
    }

    private static Consumer<Browser.NewContextOptions> wide(ColorScheme scheme, int height) {
        return options -> options.setViewportSize(1160, height).setColorScheme(scheme);
    }

    private static void screenshot(PageVisit visit, String name) throws Exception {
        Path directory = Path.of(System.getProperty("screenshots"));
        Path file = Files.createDirectories(directory).resolve("api-keys-" + name + ".png");
        visit.page().screenshot(new Page.ScreenshotOptions().setPath(file));
        assertThat(Files.size(file)).isBetween(1_000L, (long) MAX_BYTES);
    }
}
