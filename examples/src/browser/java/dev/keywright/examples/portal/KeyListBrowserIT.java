package dev.keywright.examples.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keywright.examples.portal.SeededKeys.EXPIRING;
import static dev.keywright.examples.portal.SeededKeys.IDLE;
import static dev.keywright.examples.portal.SeededKeys.ROTATED;
import static dev.keywright.examples.portal.SeededKeys.WIDE;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of keys, its notes, and the messages in place of it. */
class KeyListBrowserIT extends BrowserTest {

    @Test
    void rowHasNameScopesHintCreatedAndLastUsed() {
        try (PageVisit visit = admin()) {
            Locator row = visit.row(WIDE);
            assertThat(row.locator(".scopes")).hasText("read:peoplewrite:people");
            assertThat(row.locator("td[data-label=Hint]").innerText()).matches("…[0-9a-z]{4}");
            assertThat(row.locator("td[data-label=Created]").innerText()).matches("\\d{1,2} \\p{L}{3,4} \\d{4}");
            assertThat(row.locator("td[data-label='Last used']")).hasText("3 days ago");
            assertThat(visit.row(ROTATED).locator("td[data-label='Last used']")).hasText("2 h ago");
            assertThat(visit.row(SeededKeys.ARABIC).locator("td[data-label='Last used']"))
                    .hasText("never");
        }
    }

    @Test
    void reportNotesAreShownBesideTheName() {
        try (PageVisit visit = admin()) {
            assertThat(visit.row(IDLE).locator(".notes")).hasText("not used for 40 days");
            assertThat(visit.row(WIDE).locator(".notes")).hasText("never used write:people");
            assertThat(visit.row(EXPIRING).locator(".notes .urgent")).hasText("expires in 6 days");
            assertThat(visit.row(SeededKeys.ARABIC).locator(".notes")).hasCount(0);
        }
    }

    @Test
    void expiryInWeeksIsNotUrgent() {
        try (PageVisit visit = admin()) {
            visit.button("Create API key").click();
            visit.field("Name").fill("For a month");
            visit.field("read:people").check();
            visit.field("Expires").selectOption("30");
            visit.inDialog("Create API key").click();
            visit.inDialog("I have stored it").click();
            assertThat(visit.row("For a month").locator(".notes")).hasText("expires in 30 days");
            assertThat(visit.row("For a month").locator(".notes .urgent")).hasCount(0);
        }
    }

    @Test
    void rotatedKeysShowTheUsageOfTheOldOne() {
        try (PageVisit visit = admin()) {
            Locator both = visit.page().locator("tbody tr", new Page.LocatorOptions().setHasText(ROTATED));
            assertThat(both).hasCount(2);
            assertThat(both.nth(0).locator(".notes"))
                    .hasText("old key: replaced by a new one; expires in 14 days, and it may still be needed");
            assertThat(both.nth(1).locator(".notes")).hasText("rotated: the old key was last used 2 h ago");
        }
    }

    @Test
    void timesFollowTheServerClock() {
        try (PageVisit visit = visit(options -> options.setTimezoneId("UTC"))) {
            visit.page().clock().setFixedTime("2019-01-01T00:00:00Z");
            LocalDate day = LocalDate.now(ZoneOffset.UTC);
            visit.signIn(portal.sessionToken("Admin", "north")).seesKeys();
            assertThat(visit.row(IDLE).locator(".notes")).hasText("not used for 40 days");
            assertThat(visit.row(WIDE).locator("td[data-label='Last used']")).hasText("3 days ago");
            visit.button("Create API key").click();
            assertThat(visit.page().locator("#creating-day").getAttribute("min"))
                    .isBetween(day.toString(), LocalDate.now(ZoneOffset.UTC).toString());
        }
    }

    @Test
    void loadingAndEmptyStatesAreShown() {
        try (PageVisit visit = visit()) {
            List<Route> held = new ArrayList<>();
            visit.intercept("/api/keys", held::add);
            visit.signIn(portal.sessionToken("Admin", "south"));
            assertThat(visit.page().locator("#state")).hasText("Loading the API keys…");
            visit.page().waitForCondition(() -> !held.isEmpty());
            held.get(0).resume();
            assertThat(visit.page().locator("#state")).containsText("No API keys yet");
            assertThat(visit.button("Create API key")).isVisible();
            assertThat(visit.page().locator("table")).isHidden();
        }
    }

    @Test
    void failedListCanBeLoadedAgain() {
        try (PageVisit visit = visit()) {
            visit.intercept("/api/keys", KeyListBrowserIT::unavailable);
            visit.signIn(portal.sessionToken("Admin", "north"));
            assertThat(visit.page().locator("#trouble"))
                    .containsText("could not be loaded: API keys are not available at the moment; try again.");
            assertThat(visit.button("Create API key")).isHidden();
            visit.expectErrors("503");
            visit.page().unrouteAll();
            visit.button("Try again").click();
            visit.seesKeys();
            assertThat(visit.page().locator("#trouble")).isEmpty();
        }
    }

    @Test
    void listIsShownWithoutReports() {
        try (PageVisit visit = visit()) {
            visit.intercept("/api/keys/reports/unused", KeyListBrowserIT::unavailable);
            visit.signIn(portal.sessionToken("Admin", "north")).seesKeys();
            assertThat(visit.page().locator("#trouble")).containsText("The reports on these keys could not be loaded");
            assertThat(visit.row(IDLE)).isVisible();
            assertThat(visit.row(IDLE).locator(".notes")).hasCount(0);
            visit.expectErrors("503");
        }
    }

    @Test
    void unreachablePortalIsReported() {
        try (PageVisit visit = visit()) {
            visit.intercept("/api/keys", Route::abort);
            visit.signIn(portal.sessionToken("Admin", "north"));
            assertThat(visit.page().locator("#trouble")).containsText("The portal does not answer.");
            visit.expectErrors("ERR_FAILED");
        }
    }

    @Test
    void missingPermissionIsExplained() {
        try (PageVisit visit = as("Mentor", "north", options -> {})) {
            assertThat(visit.page().locator("#state")).containsText("You may not manage API keys");
            assertThat(visit.page().locator("#state")).containsText("Yours is Mentor.");
            assertThat(visit.page().locator("#state"))
                    .containsText("You may not manage API keys; ask an administrator.");
            assertThat(visit.button("Create API key")).isHidden();
            assertThat(visit.page().locator("#list")).isHidden();
            visit.expectErrors("403");
        }
    }

    @Test
    void settingsPermissionShowsTheList() {
        try (PageVisit visit = as("Office", "north", options -> {})) {
            visit.seesKeys();
            assertThat(visit.page().locator("#person")).hasText("Office, district north");
            assertThat(visit.row(IDLE)).isVisible();
        }
    }

    @Test
    void expiredSessionShowsASignInLink() {
        try (PageVisit visit = admin()) {
            visit.context().clearCookies();
            visit.act("revoke", IDLE).click();
            visit.inDialog("Revoke").click();
            assertThat(visit.dialog()).containsText("You are no longer signed in.");
            visit.expectErrors("401");
            visit.dialog().getByText("Sign in again").click();
            assertThat(visit.page().getByLabel("Session token")).isFocused();
        }
    }

    @Test
    void backAfterSignOutShowsNoKeys() {
        try (PageVisit visit = admin()) {
            visit.button("Sign out").click();
            assertThat(visit.page().getByLabel("Session token")).isVisible();
            visit.page().goBack();
            assertThat(visit.page().getByLabel("Session token")).isVisible();
            assertThat(visit.page().locator("body")).not().containsText(IDLE);
        }
    }

    @Test
    void invalidSessionTokenIsReported() {
        try (PageVisit visit = visit()) {
            visit.page().navigate("/sign-in");
            visit.page().getByLabel("Session token").fill("0123");
            visit.button("Sign in").click();
            assertThat(visit.page().locator("[role=alert]")).containsText("This session token is not valid.");
            assertThat(visit.page().getByLabel("Session token")).isFocused();
            visit.expectErrors("403");
        }
    }

    private static void unavailable(Route route) {
        route.fulfill(new Route.FulfillOptions()
                .setStatus(503)
                .setContentType("application/json")
                .setBody("{\"error\": \"API keys are not available at the moment; try again\"}"));
    }
}
