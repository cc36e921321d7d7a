package dev.keywright.examples.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rotating, renaming and revoking. */
class KeyActionsBrowserIT extends BrowserTest {

    @Test
    void rotationShowsTheNewKeyAndKeepsTheOldOne() {
        Map<String, Object> old = create("To rotate");
        assertThat(status((String) old.get("key"))).isEqualTo(200);
        try (PageVisit visit = admin()) {
            visit.act("rotate", "To rotate").click();
            assertThat(visit.dialog()).containsText("…" + old.get("hint"));
            visit.field("The old key works for").selectOption("168");
            visit.inDialog("Rotate").click();
            String key = visit.secret();
            visit.inDialog("I have stored it").click();

            assertThat(status(key)).isEqualTo(200);
            assertThat(status((String) old.get("key"))).isEqualTo(200);
            Locator both = visit.page().locator("tbody tr", new Page.LocatorOptions().setHasText("To rotate"));
            assertThat(both).hasCount(2);
            assertThat(both.nth(0).locator(".notes")).containsText("expires in 7 days");
            assertThat(both.nth(1).locator(".notes")).hasText("rotated: the old key was last used just now");
            assertThat(both.nth(1).locator("[data-act=rotate]")).isFocused();
            assertThat(visit.page().locator("#said")).hasText("Rotated To rotate.");
        }
    }

    @Test
    void rotatedKeyIsFocusedOnceTheListIsLoaded() {
        create("To focus");
        try (PageVisit visit = admin()) {
            visit.act("rotate", "To focus").click();
            List<Route> held = new ArrayList<>();
            visit.intercept("/api/keys", held::add);
            visit.inDialog("Rotate").click();
            visit.secret();
            visit.page().waitForCondition(() -> !held.isEmpty());
            visit.inDialog("I have stored it").click();
            assertThat(visit.page().locator("#title")).isFocused();

            held.get(0).resume();
            Locator both = visit.page().locator("tbody tr", new Page.LocatorOptions().setHasText("To focus"));
            assertThat(both.nth(1).locator("[data-act=rotate]")).isFocused();
        }
    }

    @Test
    void rotationWithoutOverlapRevokesTheOldKey() {
        Map<String, Object> old = create("Without overlap");
        try (PageVisit visit = admin()) {
            visit.act("rotate", "Without overlap").click();
            visit.field("The old key works for").selectOption("0");
            visit.inDialog("Rotate").click();
            String key = visit.secret();
            assertThat(visit.dialog()).containsText("The old key is revoked.");
            assertThat(status(key)).isEqualTo(200);
            assertThat(status((String) old.get("key"))).isEqualTo(401);
        }
    }

    @Test
    void keyIsNotRotatedTwice() {
        try (PageVisit visit = admin()) {
            visit.act("rotate", SeededKeys.ROTATED).click();
            visit.inDialog("Rotate").click();
            assertThat(visit.dialog().locator(".trouble")).not().isEmpty();
            visit.expectErrors("409");
            // The list was reloaded, so another button has replaced the focused one.
            visit.page().keyboard().press("Escape");
            assertThat(visit.act("rotate", SeededKeys.ROTATED)).isFocused();
        }
    }

    @Test
    void renameShowsTheNameAndKeepsTheFocus() {
        create("Before");
        try (PageVisit visit = admin()) {
            visit.act("edit", "Before").click();
            assertThat(visit.field("Name")).hasValue("Before");
            visit.field("Name").fill("After");
            visit.page().keyboard().press("Enter");
            assertThat(visit.row("After").locator("[data-act=edit]")).isFocused();
            assertThat(visit.page().locator("#said")).hasText("Changed After.");
            assertThat(visit.page().getByText("Before", new Page.GetByTextOptions().setExact(true)))
                    .hasCount(0);
        }
    }

    @Test
    void concurrentRenameIsShownBeforeOverwriting() {
        Map<String, Object> created = create("Shared");
        try (PageVisit visit = admin()) {
            visit.act("edit", "Shared").click();
            portal.signedIn("Office", "north")
                    .patch("/api/keys/" + created.get("id"), "{\"version\": 1, \"name\": \"Theirs\"}");
            visit.field("Name").fill("Mine");
            visit.inDialog("Save").click();
            assertThat(visit.dialog().locator(".trouble"))
                    .hasText(
                            "Another user has changed the key; its name is now Theirs. You can still save your changes.");
            assertThat(visit.dialog().locator("h2")).hasText("Edit Theirs");
            assertThat(visit.field("Name")).hasValue("Mine");
            assertThat(visit.row("Theirs")).hasCount(1);
            visit.expectErrors("409");
            visit.inDialog("Save").click();
            assertThat(visit.row("Mine")).isVisible();
            assertThat(visit.act("edit", "Mine")).isFocused();
        }
    }

    @Test
    void concurrentRevocationIsReported() {
        Map<String, Object> created = create("Gone meanwhile");
        try (PageVisit visit = admin()) {
            visit.act("edit", "Gone meanwhile").click();
            portal.signedIn("Office", "north").delete("/api/keys/" + created.get("id"));
            visit.field("Name").fill("Too late");
            visit.inDialog("Save").click();
            assertThat(visit.dialog().locator(".trouble")).hasText("The API key is revoked.");
            assertThat(visit.row("Gone meanwhile")).hasCount(0);
            visit.expectErrors("409");
            visit.inDialog("Cancel").click();
            assertThat(visit.dialog()).hasCount(0);
            assertThat(visit.focused()).isEqualTo("title");
        }
    }

    @Test
    void secondRenameWorksWhileTheListIsLoading() {
        create("First");
        try (PageVisit visit = admin()) {
            List<Route> held = new ArrayList<>();
            visit.intercept("/api/keys", route -> {
                if (held.isEmpty()) {
                    held.add(route);
                } else {
                    route.resume();
                }
            });
            visit.act("edit", "First").click();
            visit.field("Name").fill("Second");
            visit.inDialog("Save").click();
            visit.page().waitForCondition(() -> !held.isEmpty());
            assertThat(visit.dialog()).hasCount(0);

            visit.act("edit", "First").click();
            assertThat(visit.field("Name")).hasValue("Second");
            visit.field("Name").fill("Third");
            visit.inDialog("Save").click();
            assertThat(visit.row("Third")).isVisible();

            visit.page()
                    .waitForConsoleMessage(
                            new Page.WaitForConsoleMessageOptions()
                                    .setPredicate(message -> message.text().contains("ERR_FAILED")),
                            held.get(0)::abort);
            visit.page().evaluate("() => new Promise(requestAnimationFrame)");
            assertThat(visit.page().locator("#trouble")).isEmpty();
            assertThat(visit.row("Third")).isVisible();
            visit.expectErrors("ERR_FAILED");
        }
    }

    @Test
    void focusReturnsToTheKeyAfterAFailedAction() {
        Map<String, Object> created = create("Cancelled");
        try (PageVisit visit = admin()) {
            visit.act("edit", "Cancelled").click();
            portal.signedIn("Office", "north")
                    .patch("/api/keys/" + created.get("id"), "{\"version\": 1, \"name\": \"Changed\"}");
            visit.field("Name").fill("Mine");
            visit.inDialog("Save").click();
            assertThat(visit.row("Changed")).hasCount(1);
            visit.expectErrors("409");
            visit.inDialog("Cancel").click();
            assertThat(visit.act("edit", "Changed")).isFocused();
        }
    }

    @Test
    void revocationAsksFirstAndIsImmediate() {
        Map<String, Object> created = create("To revoke");
        String key = (String) created.get("key");
        try (PageVisit visit = admin()) {
            visit.act("revoke", "To revoke").click();
            assertThat(visit.dialog()).containsText("Revoke To revoke?");
            assertThat(visit.dialog()).containsText("…" + created.get("hint"));
            assertThat(visit.dialog()).containsText("it was never used");
            assertThat(visit.inDialog("Keep it")).isFocused();
            visit.page().keyboard().press("Enter");
            assertThat(visit.dialog()).hasCount(0);
            assertThat(visit.act("revoke", "To revoke")).isFocused();
            assertThat(status(key)).isEqualTo(200);

            visit.act("revoke", "To revoke").click();
            visit.inDialog("Revoke").click();
            assertThat(visit.row("To revoke")).hasCount(0);
            assertThat(status(key)).isEqualTo(401);
            assertThat(visit.page().locator("#said")).hasText("Revoked To revoke.");
            assertThat(visit.focused()).isEqualTo("title");
        }
    }

    @Test
    void revocationDialogShowsTheCurrentUsage() {
        Map<String, Object> created = create("Used meanwhile");
        try (PageVisit visit = admin()) {
            assertThat(visit.row("Used meanwhile").locator("td[data-label='Last used']"))
                    .hasText("never");
            assertThat(status((String) created.get("key"))).isEqualTo(200);
            visit.act("revoke", "Used meanwhile").click();
            assertThat(visit.dialog()).containsText("it was last used just now");
        }
    }

    private static Map<String, Object> create(String name) {
        return portal.signedIn("Admin", "north").create(name, "read:people");
    }

    private static int status(String key) {
        return portal.client().withToken(key).get("/api/people").status();
    }
}
