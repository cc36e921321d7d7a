package dev.keywright.examples.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dialog that creates a key, and the dialog that shows its text once. */
class NewKeyBrowserIT extends BrowserTest {

    private static final String ZONE = "America/St_Johns";

    @Test
    void eachScopeHasACheckboxWithItsDescription() {
        try (PageVisit visit = admin()) {
            visit.button("Create API key").click();
            assertThat(visit.dialog().getByRole(AriaRole.GROUP).getByRole(AriaRole.CHECKBOX))
                    .hasCount(4);
            assertThat(visit.dialog().locator(".choice")).hasText(new String[] {
                "read:people list and get people",
                "write:people create and update people",
                "read:interviews list and get interviews",
                "write:interviews create and update interviews"
            });
        }
    }

    @Test
    void shownKeyWorksAndIsListedByHint() {
        try (PageVisit visit = admin()) {
            visit.create("Timetable", "read:people", "write:interviews");
            assertThat(visit.dialog()).containsText("it is not shown again");
            String key = visit.secret();
            assertThat(key).matches("ck_[0-9a-z]{32}");
            assertThat(portal.client().withToken(key).get("/api/people").status())
                    .isEqualTo(200);
            visit.inDialog("I have stored it").click();

            Locator row = visit.row("Timetable");
            assertThat(row.locator("td[data-label=Hint]")).hasText("…" + key.substring(31));
            assertThat(row.locator(".scopes code")).hasText(new String[] {"read:people", "write:interviews"});
            assertThat(visit.page().locator("#said")).hasText("Created Timetable.");
            assertThat(visit.focused()).isEqualTo("create");
        }
    }

    @Test
    void copyPutsTheKeyIntoTheClipboard() {
        try (PageVisit visit = admin()) {
            visit.create("Copied", "read:people");
            String key = visit.secret();
            assertThat(visit.focused()).isEqualTo("copy");
            visit.inDialog("Copy").click();
            assertThat(visit.page().locator("#copied")).hasText("Copied.");
            assertThat(visit.page().evaluate("navigator.clipboard.readText()")).isEqualTo(key);
        }
    }

    @Test
    void failedCopySelectsTheKey() {
        try (PageVisit visit = admin()) {
            visit.page().evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }");
            visit.create("Not copied", "read:people");
            visit.inDialog("Copy").click();
            assertThat(visit.page().locator("#copied")).containsText("The key is selected");
            assertThat(visit.page().evaluate("getSelection().toString()")).isEqualTo(visit.secret());
        }
    }

    @Test
    void escapeWarnsOnceBeforeLosingAnUncopiedKey() {
        try (PageVisit visit = admin()) {
            visit.create("Escape", "read:people");
            visit.secret();
            visit.page().keyboard().press("Escape");
            assertThat(visit.page().locator("#copied")).containsText("Press Escape once more");
            assertThat(visit.page().locator("#secret")).containsText("ck_");
            visit.page().keyboard().press("Escape");
            assertThat(visit.dialog()).hasCount(0);
        }
    }

    @Test
    void heldEscapeWarnsAndKeepsTheDialog() {
        try (PageVisit visit = admin()) {
            visit.create("Held", "read:people");
            visit.secret();
            // Further key-down events are auto-repeat.
            for (int i = 0; i < 5; i++) {
                visit.page().keyboard().down("Escape");
            }
            visit.page().keyboard().up("Escape");
            assertThat(visit.page().locator("#copied")).containsText("Press Escape once more");
            visit.secret();
            visit.page().keyboard().press("Escape");
            assertThat(visit.dialog()).hasCount(0);
        }
    }

    @Test
    void escapeClosesImmediatelyAfterCopying() {
        try (PageVisit visit = admin()) {
            visit.create("Escape after copying", "read:people");
            visit.inDialog("Copy").click();
            assertThat(visit.page().locator("#copied")).hasText("Copied.");
            visit.page().keyboard().press("Escape");
            assertThat(visit.dialog()).hasCount(0);
        }
    }

    @Test
    void keyExpiresAfterTheChosenDay() {
        try (PageVisit visit =
                as("Admin", "north", options -> options.setTimezoneId(ZONE)).seesKeys()) {
            LocalDate day = LocalDate.now(ZoneId.of(ZONE)).plusDays(20);
            visit.button("Create API key").click();
            visit.field("Expires").selectOption("day");
            visit.field("Last day").fill(day.toString());
            visit.field("Name").fill("Until a day");
            visit.field("read:people").check();
            visit.inDialog("Create API key").click();
            visit.inDialog("I have stored it").click();
            assertThat(visit.row("Until a day")).isVisible();
        }
        long expiry = LocalDate.now(ZoneId.of(ZONE))
                .plusDays(21)
                .atStartOfDay(ZoneId.of(ZONE))
                .toInstant()
                .toEpochMilli();
        assertThat(listed("Until a day")).containsEntry("expires_at", expiry);
    }

    @Test
    void listShowsTheChosenDay() {
        LocalDate day = LocalDate.of(LocalDate.now(ZoneId.of(ZONE)).getYear() + 1, 3, 14);
        try (PageVisit visit =
                as("Admin", "north", options -> options.setTimezoneId(ZONE)).seesKeys()) {
            visit.button("Create API key").click();
            visit.field("Expires").selectOption("day");
            visit.field("Last day").fill(day.toString());
            visit.field("Name").fill("Until Pi Day");
            visit.field("read:people").check();
            visit.inDialog("Create API key").click();
            visit.inDialog("I have stored it").click();
            Locator expiry = visit.row("Until Pi Day").locator("td[data-label=Expires] time");
            assertThat(expiry).hasText("14 Mar " + day.getYear());
            assertThat(expiry).hasAttribute("title", "works until 15 March " + day.getYear() + " at 00:00");
        }
    }

    @Test
    void expiryDefaultsToNinetyDaysAndCanBeNever() {
        try (PageVisit visit = admin()) {
            visit.create("Default expiry", "read:people");
            visit.inDialog("I have stored it").click();
            visit.button("Create API key").click();
            visit.field("Expires").selectOption("never");
            visit.field("Name").fill("No expiry");
            visit.field("read:people").check();
            visit.inDialog("Create API key").click();
            visit.inDialog("I have stored it").click();
            assertThat(visit.row("No expiry").locator("td[data-label=Expires]")).hasText("never");
        }
        Map<String, Object> key = listed("Default expiry");
        long lifetime = (long) key.get("expires_at") - (long) key.get("created_at");
        assertThat(Math.round(lifetime / 86_400_000.0)).isEqualTo(90);
        assertThat(listed("No expiry")).doesNotContainKey("expires_at");
    }

    @Test
    void expiryCountsFromCreationNotFromPageLoad() {
        try (PageVisit visit = visit()) {
            visit.page().clock().setFixedTime("2019-01-01T00:00:00Z");
            visit.signIn(portal.sessionToken("Admin", "north")).seesKeys();
            visit.page().clock().setFixedTime("2019-01-03T00:00:00Z");
            visit.create("After two days", "read:people");
            visit.inDialog("I have stored it").click();
        }
        // Only the clock of the browser has advanced, by two days.
        Map<String, Object> listed = listed("After two days");
        long lifetime = (long) listed.get("expires_at") - (long) listed.get("created_at");
        assertThat(Math.round(lifetime / 86_400_000.0)).isEqualTo(92);
    }

    @Test
    void missingInputIsReportedBesideItsField() {
        try (PageVisit visit = admin()) {
            visit.button("Create API key").click();
            visit.field("Expires").selectOption("day");
            visit.inDialog("Create API key").click();
            assertThat(visit.page().locator("#creating-name-problem")).hasText("Enter a name.");
            assertThat(visit.page().locator("#creating-scopes-problem")).hasText("Choose at least one.");
            assertThat(visit.page().locator("#creating-day-problem")).hasText("Choose a day.");
            assertThat(visit.field("Name")).hasAttribute("aria-invalid", "true");
            assertThat(visit.focused()).isEqualTo("creating-name");
            assertThat(visit.field("Name")).hasCSS("outline-width", "3px");
            assertThat(visit.field("Last day")).hasCSS("outline-width", "1px");
            assertThat(visit.field("Name")).hasAccessibleDescription(Pattern.compile(".*Enter a name\\."));

            visit.inDialog("Cancel").click();
            visit.button("Create API key").click();
            assertThat(visit.page().locator("#creating .problem:not(:empty)")).hasCount(0);
        }
    }

    @Test
    void apiErrorsAreShownBesideTheirFields() {
        try (PageVisit visit = admin()) {
            visit.create("x".repeat(101), "read:people");
            assertThat(visit.page().locator("#creating-name-problem"))
                    .hasText("Name must not be longer than 100 characters.");
            assertThat(visit.focused()).isEqualTo("creating-name");
            visit.expectErrors("400");
        }
    }

    @Test
    void doubleClickCreatesOneKeyAndEscapeKeepsIt() {
        try (PageVisit visit = admin()) {
            List<Route> held = new ArrayList<>();
            visit.intercept("/api/keys", route -> {
                if (route.request().method().equals("POST")) {
                    held.add(route);
                } else {
                    route.resume();
                }
            });
            visit.create("Pressed twice", "read:people");
            visit.page().keyboard().press("Enter");
            visit.page().keyboard().press("Escape");
            visit.page().keyboard().press("Escape");
            visit.inDialog("Cancel").click(new Locator.ClickOptions().setForce(true));
            visit.page().waitForCondition(() -> !held.isEmpty());
            assertThat(visit.dialog()).hasAttribute("id", "creating");
            assertThat(held).hasSize(1);
            held.get(0).resume();
            assertThat(visit.page().locator("#secret")).containsText("ck_");
        }
    }

    @Test
    void requestWithoutResponseTimesOut() {
        try (PageVisit visit = admin()) {
            visit.intercept("/api/keys", route -> {
                if (!route.request().method().equals("POST")) {
                    route.resume();
                }
            });
            visit.page().evaluate("""
                    () => {
                      const real = AbortSignal.timeout;
                      AbortSignal.timeout = (millis) => {
                        AbortSignal.timeout = real;
                        const abortNow = new AbortController();
                        window.timeoutMillis = millis;
                        window.abortNow = () => abortNow.abort(new DOMException("", "TimeoutError"));
                        return abortNow.signal;
                      };
                    }""");
            visit.create("No response", "read:people");
            assertThat(visit.inDialog("Create API key")).hasCSS("opacity", "0.6");
            visit.page().keyboard().press("Escape");
            assertThat(visit.dialog()).hasCount(1);
            assertThat(visit.page().evaluate("() => window.timeoutMillis")).isEqualTo(30_000);
            visit.page().evaluate("() => window.abortNow()");
            assertThat(visit.dialog()).containsText("The portal does not answer. The change may have been made");
            assertThat(visit.inDialog("Create API key")).hasCSS("opacity", "1");
            visit.page().keyboard().press("Escape");
            assertThat(visit.dialog()).hasCount(0);
        }
    }

    @Test
    void lostResponseSaysThatTheKeyMayExist() {
        try (PageVisit visit = admin()) {
            visit.intercept("/api/keys", route -> {
                if (route.request().method().equals("POST")) {
                    portal.signedIn("Admin", "north")
                            .post("/api/keys", route.request().postData());
                    route.abort();
                } else {
                    route.resume();
                }
            });
            visit.create("Lost on the way", "read:people");
            assertThat(visit.dialog()).containsText("The change may have been made: check the list.");
            visit.inDialog("Cancel").click();
            assertThat(visit.row("Lost on the way")).isVisible();
            visit.expectErrors("ERR_FAILED");
        }
    }

    private static Map<String, Object> listed(String name) {
        return portal.signedIn("Admin", "north").get("/api/keys").objects().stream()
                .filter(key -> key.get("name").equals(name))
                .findFirst()
                .orElseThrow();
    }
}
