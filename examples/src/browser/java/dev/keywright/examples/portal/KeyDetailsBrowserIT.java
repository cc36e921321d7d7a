package dev.keywright.examples.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Owner, environment, description and scopes of keys, suspension, the completion of a rotation, and the filter of the list. */
class KeyDetailsBrowserIT extends BrowserTest {

    @Test
    void createdKeyShowsItsDetails() {
        try (PageVisit visit = admin()) {
            visit.button("Create API key").click();
            visit.field("Name").fill("With details");
            visit.field("read:people").check();
            visit.field("Environment").selectOption("test");
            visit.field("Owner (optional)").fill("service:payroll");
            visit.field("Description (optional)").fill("Nightly export");
            visit.inDialog("Create API key").click();
            assertThat(visit.page().locator("#secret")).containsText("portal_test_");
            visit.inDialog("I have stored it").click();

            Locator row = visit.row("With details");
            assertThat(row.locator(".badge")).hasText("test");
            assertThat(row.locator(".description")).hasText("Nightly export");
            assertThat(row.locator("td[data-label=Owner]")).hasText("payroll (service)");
            assertThat(visit.row(SeededKeys.IDLE).locator("td[data-label=Owner]"))
                    .hasText("none");
            assertThat(visit.row(SeededKeys.IDLE).locator(".badge")).hasCount(0);
        }
    }

    @Test
    void invalidOwnerAndDescriptionAreReportedBesideTheirFields() {
        try (PageVisit visit = admin()) {
            visit.button("Create API key").click();
            visit.field("Name").fill("Invalid");
            visit.field("read:people").check();
            visit.field("Owner (optional)").fill("payroll");
            visit.inDialog("Create API key").click();
            assertThat(visit.page().locator("#creating-owner-problem"))
                    .hasText("Owner must be person:<id> or service:<name>.");
            assertThat(visit.field("Owner (optional)")).isFocused();
            visit.field("Owner (optional)").fill("");
            visit.field("Description (optional)").fill("x".repeat(1001));
            visit.inDialog("Create API key").click();
            assertThat(visit.page().locator("#creating-description-problem"))
                    .hasText("Description must not be longer than 1000 characters.");
            assertThat(visit.field("Description (optional)")).hasAttribute("aria-invalid", "true");
            visit.expectErrors("400");
            visit.inDialog("Cancel").click();
            assertThat(visit.row("Invalid")).hasCount(0);
        }
    }

    @Test
    void editSendsOnlyWhatChanged() {
        Map<String, Object> created = create("To edit", "write:people", "read:people");
        try (PageVisit visit = admin()) {
            List<String> sent = new ArrayList<>();
            visit.intercept("/api/keys/[^/]+", route -> {
                if (route.request().method().equals("PATCH")) {
                    sent.add(route.request().postData());
                }
                route.resume();
            });
            visit.act("edit", "To edit").click();
            assertThat(visit.field("write:people")).isChecked();
            assertThat(visit.field("read:interviews")).not().isChecked();
            visit.field("read:interviews").check();
            visit.field("Owner (optional)").fill("person:north-teacher");
            visit.inDialog("Save").click();
            assertThat(visit.page().locator("#said")).hasText("Changed To edit.");
            assertThat(visit.row("To edit").locator(".scopes code"))
                    .hasText(new String[] {"write:people", "read:people", "read:interviews"});
            assertThat(visit.row("To edit").locator("td[data-label=Owner]")).hasText("north-teacher");
            assertThat(visit.act("edit", "To edit")).isFocused();

            visit.act("edit", "To edit").click();
            visit.field("write:people").uncheck();
            visit.field("Owner (optional)").fill("");
            visit.inDialog("Save").click();
            assertThat(visit.row("To edit").locator("td[data-label=Owner]")).hasText("none");
            assertThat(visit.row("To edit").locator(".scopes code"))
                    .hasText(new String[] {"read:people", "read:interviews"});
            assertThat(sent)
                    .containsExactly(
                            "{\"version\":1,\"scopes\":[\"write:people\",\"read:people\",\"read:interviews\"],"
                                    + "\"owner\":\"person:north-teacher\"}",
                            "{\"version\":2,\"scopes\":[\"read:people\",\"read:interviews\"],\"owner\":null}");
        }
        assertThat(portal.client()
                        .withToken((String) created.get("key"))
                        .post("/api/people", "{\"name\": \"x\", \"role\": \"x\"}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void editRequiresAScope() {
        create("Without scopes", "read:people");
        try (PageVisit visit = admin()) {
            visit.act("edit", "Without scopes").click();
            visit.field("read:people").uncheck();
            visit.inDialog("Save").click();
            assertThat(visit.page().locator("#editing-scopes-problem")).hasText("Choose at least one.");
            assertThat(visit.field("read:people")).isFocused();
        }
    }

    @Test
    void suspendedKeyIsRejectedUntilItIsResumed() {
        String key = (String) create("To suspend", "read:people").get("key");
        try (PageVisit visit = admin()) {
            visit.act("suspend", "To suspend").click();
            assertThat(visit.field("Reason (optional)")).isFocused();
            visit.page().keyboard().type("unusual traffic");
            visit.page().keyboard().press("Enter");
            assertThat(visit.page().locator("#said")).hasText("Suspended To suspend.");
            assertThat(visit.row("To suspend").locator(".badge")).hasText("suspended");
            assertThat(visit.act("resume", "To suspend")).isFocused();
            assertThat(visit.act("rotate", "To suspend")).hasCount(0);
            assertThat(status(key)).isEqualTo(401);

            visit.page().keyboard().press("Enter");
            assertThat(visit.dialog()).containsText("are accepted again");
            visit.page().keyboard().press("Enter");
            assertThat(visit.page().locator("#said")).hasText("Resumed To suspend.");
            assertThat(visit.act("suspend", "To suspend")).isFocused();
            assertThat(visit.row("To suspend").locator(".badge")).hasCount(0);
            assertThat(status(key)).isEqualTo(200);
        }
    }

    @Test
    void rotationCanBeCompleted() {
        Map<String, Object> old = create("To complete", "read:people");
        Reply rotated = portal.signedIn("Admin", "north")
                .post("/api/keys/" + old.get("id") + "/rotate", "{\"overlap_hours\": 24}");
        try (PageVisit visit = admin()) {
            Locator both = visit.page().locator("tbody tr", new Page.LocatorOptions().setHasText("To complete"));
            assertThat(both).hasCount(2);
            assertThat(both.nth(1).locator("[data-act=complete]")).hasCount(0);
            both.nth(0).locator("[data-act=complete]").click();
            assertThat(visit.dialog()).hasRole(AriaRole.ALERTDIALOG);
            assertThat(visit.dialog()).containsText("…" + old.get("hint"));
            assertThat(visit.dialog()).containsText("it was never used");
            assertThat(visit.inDialog("Keep it")).isFocused();
            assertThat(status((String) old.get("key"))).isEqualTo(200);
            visit.inDialog("Complete rotation").click();
            assertThat(visit.page().locator("#said")).hasText("Completed the rotation of To complete.");
            assertThat(both).hasCount(1);
        }
        assertThat(status((String) old.get("key"))).isEqualTo(401);
        assertThat(status(rotated.get("key"))).isEqualTo(200);
    }

    @Test
    void suspensionNamesTheOtherKeyOfARotation() {
        Map<String, Object> old = create("To suspend in a rotation", "read:people");
        Reply rotated = portal.signedIn("Admin", "north")
                .post("/api/keys/" + old.get("id") + "/rotate", "{\"overlap_hours\": 24}");
        create("Without a rotation", "read:people");
        try (PageVisit visit = admin()) {
            Locator both =
                    visit.page().locator("tbody tr", new Page.LocatorOptions().setHasText("To suspend in a rotation"));
            Locator other = visit.page().locator("#suspending-other");
            visit.act("suspend", "Without a rotation").click();
            assertThat(other).isHidden();
            visit.inDialog("Cancel").click();

            both.nth(1).locator("[data-act=suspend]").click();
            assertThat(other)
                    .hasText("The old key of its rotation, To suspend in a rotation (…" + old.get("hint")
                            + "), still works. Suspend it separately.");
            visit.inDialog("Cancel").click();

            both.nth(0).locator("[data-act=suspend]").click();
            assertThat(other)
                    .hasText("The new key of its rotation, To suspend in a rotation (…" + rotated.get("hint")
                            + "), still works. Suspend it separately.");
            assertThat(visit.dialog()).hasAccessibleDescription(Pattern.compile("The new key of its rotation"));
            visit.inDialog("Suspend").click();
            assertThat(both.nth(0).locator(".badge")).hasText("suspended");
            assertThat(status((String) old.get("key"))).isEqualTo(401);
            assertThat(status(rotated.get("key"))).isEqualTo(200);

            both.nth(1).locator("[data-act=suspend]").click();
            assertThat(other).isHidden();
            visit.inDialog("Suspend").click();
            assertThat(both.nth(1).locator(".badge")).hasText("suspended");
            assertThat(status(rotated.get("key"))).isEqualTo(401);
        }
    }

    @Test
    void filterFindsNamesInAnyScriptAndOwners() {
        Client admin = portal.signedIn("Admin", "north");
        admin.post("/api/keys", """
                {"name": "Gehälter", "scopes": ["read:people"], "owner": "service:payroll-filter"}""");
        try (PageVisit visit = admin()) {
            Locator rows = visit.page().locator("tbody tr");
            Locator name = visit.page().getByLabel("Name contains");
            Locator found = visit.page().locator("#found");
            int all = admin.keys().size();
            assertThat(found).isEmpty();
            name.fill("  GEHÄ");
            assertThat(rows).hasCount(1);
            assertThat(found).hasText("1 of " + all + " keys");
            assertThat(found).hasRole(AriaRole.STATUS);
            name.fill("カレンダー");
            assertThat(visit.row(SeededKeys.JAPANESE)).isVisible();
            assertThat(rows).hasCount(1);
            name.fill("no such name");
            assertThat(visit.page().locator("#list")).hasText("No API key matches.");
            assertThat(found).hasText("0 of " + all + " keys");
            name.fill("");
            assertThat(found).isEmpty();

            visit.page().locator("#filter-owner").selectOption("service:payroll-filter");
            assertThat(rows).hasCount(1);
            assertThat(visit.row("Gehälter")).isVisible();
            visit.page().locator("#filter-owner").selectOption("none");
            assertThat(visit.row("Gehälter")).hasCount(0);
            assertThat(visit.row(SeededKeys.IDLE)).isVisible();
        }
    }

    @Test
    void filterStaysAfterAnAction() {
        create("Filtered", "read:people");
        try (PageVisit visit = admin()) {
            visit.page().getByLabel("Name contains").fill("filtered");
            visit.act("edit", "Filtered").click();
            visit.field("Description (optional)").fill("Changed");
            visit.inDialog("Save").click();
            assertThat(visit.row("Filtered").locator(".description")).hasText("Changed");
            assertThat(visit.page().locator("tbody tr")).hasCount(1);
            assertThat(visit.act("edit", "Filtered")).isFocused();
        }
    }

    @Test
    void teacherManagesOwnKeysOnly() {
        portal.signedIn("Admin", "north").post("/api/keys", """
                {"name": "Given", "scopes": ["read:people"], "owner": "person:north-teacher"}""");
        try (PageVisit visit = as("Teacher", "north", options -> {}).seesKeys()) {
            assertThat(visit.page().locator("h1")).hasText("Your API keys");
            assertThat(visit.page().locator("#filter-owner")).isHidden();
            assertThat(visit.row("Given")).isVisible();
            assertThat(visit.row(SeededKeys.IDLE)).hasCount(0);
            assertThat(visit.page().locator("[data-act=edit], [data-act=suspend]"))
                    .hasCount(0);

            visit.button("Create API key").click();
            assertThat(visit.dialog().locator(".choice code")).hasText(new String[] {"read:people", "read:interviews"});
            assertThat(visit.page().locator("#creating-owner")).isHidden();
            visit.field("Name").fill("My script");
            visit.field("read:people").check();
            visit.field("Expires").selectOption("30");
            visit.inDialog("Create API key").click();
            String first = visit.secret();
            visit.inDialog("I have stored it").click();
            assertThat(visit.row("My script").locator("td[data-label=Owner]")).hasText("north-teacher");

            visit.act("rotate", "My script").click();
            visit.inDialog("Rotate").click();
            String second = visit.secret();
            visit.inDialog("I have stored it").click();
            assertThat(status(first)).isEqualTo(200);
            visit.page().locator("[data-act=complete]").click();
            visit.inDialog("Complete rotation").click();
            assertThat(visit.page().locator("[data-act=complete]")).hasCount(0);
            assertThat(status(first)).isEqualTo(401);
            assertThat(status(second)).isEqualTo(200);

            visit.act("revoke", "My script").click();
            visit.inDialog("Revoke").click();
            assertThat(visit.row("My script")).hasCount(0);
            assertThat(status(second)).isEqualTo(401);
        }
    }

    @Test
    void teacherIsToldTheLimitsOfOwnKeys() {
        try (PageVisit visit = as("Teacher", "north", options -> {})) {
            visit.button("Create API key").click();
            visit.field("Name").fill("Too long");
            visit.field("read:people").check();
            visit.field("Expires").selectOption("365");
            visit.inDialog("Create API key").click();
            assertThat(visit.dialog().locator(".trouble")).containsText("The last day must ");
            visit.expectErrors("400");
        }
    }

    @Test
    void failedSuspensionIsReported() {
        create("Not suspended", "read:people");
        try (PageVisit visit = admin()) {
            visit.intercept("/api/keys/.*/suspend", Route::abort);
            visit.act("suspend", "Not suspended").click();
            visit.inDialog("Suspend").click();
            assertThat(visit.dialog().locator(".trouble"))
                    .containsText("The change may have been made: check the list.");
            visit.expectErrors("ERR_FAILED");
            visit.inDialog("Cancel").click();
            assertThat(visit.act("suspend", "Not suspended")).isFocused();
        }
    }

    private static Map<String, Object> create(String name, String... scopes) {
        return portal.signedIn("Admin", "north").create(name, scopes);
    }

    private static int status(String key) {
        return portal.client().withToken(key).get("/api/people").status();
    }
}
