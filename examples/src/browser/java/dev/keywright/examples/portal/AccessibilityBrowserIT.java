package dev.keywright.examples.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page works with a keyboard, a screen reader, a dark theme and a narrow screen. */
class AccessibilityBrowserIT extends BrowserTest {

    private static final String LONG =
            "Überlanger-Name-ohne-eine-einzige-Lücke-".repeat(3).substring(0, 100);

    @ParameterizedTest
    @CsvSource({"LIGHT, 1280", "DARK, 1280", "LIGHT, 320", "DARK, 320"})
    void axeFindsNoViolationInAnyState(ColorScheme scheme, int width) {
        Consumer<Browser.NewContextOptions> how =
                options -> options.setColorScheme(scheme).setViewportSize(width, 800);
        List<Object> violations = new ArrayList<>();
        try (PageVisit visit = visit(how)) {
            visit.page().navigate("/sign-in");
            violations.addAll(Axe.violations(visit.page()));
            visit.page().getByLabel("Session token").fill("0123");
            visit.button("Sign in").click();
            violations.addAll(Axe.violations(visit.page()));
            visit.expectErrors("403");
            visit.signIn(portal.sessionToken("Admin", "north")).seesKeys();
            violations.addAll(Axe.violations(visit.page()));
            for (String action : List.of("rotate", "edit", "suspend", "revoke")) {
                visit.act(action, SeededKeys.WIDE).click();
                violations.addAll(Axe.violations(visit.page()));
                visit.page().keyboard().press("Escape");
            }
            visit.button("Create API key").click();
            visit.field("Expires").selectOption("day");
            visit.inDialog("Create API key").click();
            violations.addAll(Axe.violations(visit.page()));
            visit.inDialog("Cancel").click();
            visit.create("For axe", "read:people");
            visit.secret();
            violations.addAll(Axe.violations(visit.page()));
            visit.page().keyboard().press("Escape");
            violations.addAll(Axe.violations(visit.page()));
            visit.inDialog("I have stored it").click();
            assertThat(visit.page().locator("#said")).not().isEmpty();
            violations.addAll(Axe.violations(visit.page()));
            assertThat(Axe.passed(visit.page())).isGreaterThan(20);
        }
        violations.addAll(violationsInOtherStates(how));
        assertThat(violations).isEmpty();
    }

    private static List<Object> violationsInOtherStates(Consumer<Browser.NewContextOptions> how) {
        List<Object> violations = new ArrayList<>();
        try (PageVisit empty = as("Admin", "south", how)) {
            assertThat(empty.page().locator("#state")).containsText("No API keys yet");
            violations.addAll(Axe.violations(empty.page()));
        }
        try (PageVisit mentor = as("Mentor", "north", how)) {
            assertThat(mentor.page().locator("#state")).containsText("You may not manage API keys");
            violations.addAll(Axe.violations(mentor.page()));
            mentor.expectErrors("403");
        }
        try (PageVisit broken = visit(how)) {
            broken.intercept("/api/keys", Route::abort);
            broken.signIn(portal.sessionToken("Admin", "north"));
            assertThat(broken.page().locator("#trouble")).containsText("could not be loaded");
            violations.addAll(Axe.violations(broken.page()));
            broken.expectErrors("ERR_FAILED");
        }
        try (PageVisit loading = visit(how)) {
            loading.intercept("/api/keys", route -> {});
            loading.signIn(portal.sessionToken("Admin", "north"));
            assertThat(loading.page().locator("#state")).containsText("Loading");
            violations.addAll(Axe.violations(loading.page()));
        }
        return violations;
    }

    @Test
    void axeFindsPlantedViolations() {
        try (PageVisit visit = admin()) {
            visit.page()
                    .evaluate("() => { document.querySelector('h1').textContent = ''; "
                            + "document.body.append(document.createElement('button')); "
                            + "document.documentElement.removeAttribute('lang'); }");
            assertThat(Axe.violations(visit.page()).toString())
                    .contains("button-name", "html-has-lang", "empty-heading");
        }
    }

    @Test
    void keyboardSufficesToCreateAKey() {
        try (PageVisit visit = admin()) {
            Page page = visit.page();
            page.keyboard().press("Tab");
            assertThat(page.getByText("Skip to the API keys")).isFocused();
            page.keyboard().press("Enter");
            tabTo(visit, "create");
            page.keyboard().press("Enter");
            assertThat(visit.field("Name")).isFocused();
            page.keyboard().type("By keyboard");
            page.keyboard().press("Tab");
            page.keyboard().press("Space");
            page.keyboard().press("Enter");
            visit.secret();
            assertThat(visit.inDialog("Copy")).isFocused();
            page.keyboard().press("Tab");
            page.keyboard().press("Enter");
            assertThat(visit.button("Create API key")).isFocused();
            assertThat(visit.row("By keyboard").locator(".scopes")).hasText("read:people");
        }
    }

    @Test
    void dialogTrapsShowsAndRestoresTheFocus() {
        try (PageVisit visit = admin()) {
            visit.act("edit", SeededKeys.WIDE).focus();
            visit.page().keyboard().press("Enter");
            assertThat(visit.field("Name")).isFocused();
            for (int i = 0; i < 8; i++) {
                visit.page().keyboard().press("Tab");
                assertThat(visit.page()
                                .evaluate("document.activeElement === document.body "
                                        + "|| document.getElementById('editing').contains(document.activeElement)"))
                        .isEqualTo(true);
            }
            visit.inDialog("Cancel").focus();
            assertThat(visit.page().evaluate("getComputedStyle(document.activeElement).outlineStyle"))
                    .isEqualTo("solid");
            visit.page().keyboard().press("Escape");
            assertThat(visit.act("edit", SeededKeys.WIDE)).isFocused();
        }
    }

    @Test
    void focusOutlineDoesNotOverlapTextAndLabelsAlign() {
        try (PageVisit visit = admin()) {
            visit.button("Create API key").click();
            double gap = number(
                    visit,
                    "document.getElementById('creating-name').getBoundingClientRect().top"
                            + " - document.getElementById('creating-name-help').getBoundingClientRect().bottom");
            assertThat(gap).isGreaterThanOrEqualTo(5);
            assertThat(visit.dialog().locator("legend")).hasCSS("padding-left", "0px");
            visit.inDialog("Cancel").click();
            double higher = number(visit, """
                    (() => {
                      const top = (node) => {
                        const range = document.createRange();
                        range.selectNodeContents(node);
                        return range.getBoundingClientRect().bottom;
                      };
                      const row = document.querySelector("tbody tr");
                      return top(row.querySelector(".acts button").firstChild) - top(row.querySelector("td time"));
                    })()""");
            assertThat(Math.abs(higher)).isLessThanOrEqualTo(2);
        }
    }

    private static double number(PageVisit visit, String script) {
        return ((Number) visit.page().evaluate(script)).doubleValue();
    }

    @ParameterizedTest
    @CsvSource({"1280", "320"})
    void listKeepsTableRolesOnNarrowScreens(int width) {
        try (PageVisit visit = as("Admin", "north", options -> options.setViewportSize(width, 800))
                .seesKeys()) {
            Locator table = visit.page().getByRole(AriaRole.TABLE, new Page.GetByRoleOptions().setName("API Keys"));
            int keys = portal.signedIn("Admin", "north").keys().size();
            assertThat(table.getByRole(AriaRole.ROW)).hasCount(keys + 1);
            // Other browsers drop the implicit role when CSS changes the display of a table.
            assertThat(table).hasAttribute("role", "table");
            assertThat(table.getByRole(AriaRole.COLUMNHEADER)).hasText(new String[] {
                "Name", "Owner", "Scopes", "Hint", "Created", "Last used", "Expires", "Actions"
            });
            assertThat(table.getByRole(AriaRole.ROWHEADER)).hasCount(keys);
            assertThat(table.getByRole(AriaRole.CELL)).hasCount(7 * keys);
        }
    }

    @Test
    void rowButtonsNameTheirKey() {
        try (PageVisit visit = admin()) {
            List<String> names = visit.page().locator("tbody button").all().stream()
                    .map(button -> button.textContent())
                    .toList();
            assertThat(names)
                    .doesNotHaveDuplicates()
                    .allMatch(name -> name.matches("(?s)[\\w ]+ .+, hint [0-9a-z]{4}"));
            assertThat(visit.act("revoke", SeededKeys.WIDE))
                    .hasAccessibleName(Pattern.compile("Revoke Payroll export, hint [0-9a-z]{4}"));
        }
    }

    @Test
    void resultsAreAnnouncedInExistingLiveRegions() {
        try (PageVisit visit = admin()) {
            assertThat(visit.page().locator("#said")).hasRole(AriaRole.STATUS);
            assertThat(visit.page().locator("#state")).hasRole(AriaRole.STATUS);
            assertThat(visit.page().locator("#trouble")).hasRole(AriaRole.ALERT);
            visit.act("revoke", SeededKeys.WIDE).click();
            assertThat(visit.dialog()).hasRole(AriaRole.ALERTDIALOG);
            assertThat(visit.dialog()).hasAccessibleName("Revoke Payroll export?");
            assertThat(visit.dialog().locator(".trouble")).hasRole(AriaRole.ALERT);
            visit.inDialog("Keep it").click();
            visit.create("Said", "read:people");
            visit.secret();
            assertThat(visit.dialog().locator("#copied")).hasRole(AriaRole.STATUS);
            assertThat(visit.dialog()).hasAccessibleName("Your new API key");
        }
    }

    @ParameterizedTest
    @CsvSource({"320", "900", "1280"})
    void nothingOverflowsTheScreen(int width) {
        portal.signedIn("Admin", "north").create(LONG, "read:people", "write:interviews");
        try (PageVisit visit = as("Admin", "north", options -> options.setViewportSize(width, 568))
                .seesKeys()) {
            assertThat(visit.row(LONG)).isVisible();
            assertThat(overflowing(visit)).isEmpty();
            for (String action : List.of("rotate", "edit", "suspend", "revoke")) {
                visit.act(action, LONG).click();
                assertThat(overflowing(visit)).as(action).isEmpty();
                visit.page().keyboard().press("Escape");
            }
            visit.create("Narrow", "read:people");
            visit.secret();
            assertThat(overflowing(visit)).as("shown").isEmpty();
            visit.inDialog("I have stored it").click();
            visit.button("Create API key").click();
            assertThat(overflowing(visit)).as("create").isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"مفتاح المدرسة 2026", "Schlüssel für Ärzte", "鍵の管理", "กุญแจ", "שלום (בית ספר)", "👩🏽‍🏫 Lehrerin"})
    void namesOfAllScriptsAreIsolated(String name) {
        try (PageVisit visit = admin()) {
            visit.create(name, "read:people");
            visit.secret();
            visit.inDialog("I have stored it").click();
            assertThat(visit.row(name)).isVisible();
            visit.act("revoke", name).click();
            List<Locator> places = List.of(
                    visit.row(name).locator(".name bdi"),
                    visit.act("revoke", name).locator("bdi"),
                    visit.dialog().locator("h2 bdi"),
                    visit.page().locator("#said bdi"));
            for (Locator place : places) {
                assertThat(place).hasText(name);
                assertThat(place).hasCSS("unicode-bidi", "isolate");
            }
        }
    }

    @Test
    void nameFieldFollowsTheTextDirection() {
        try (PageVisit visit = admin()) {
            visit.button("Create API key").click();
            assertThat(visit.field("Name")).hasCSS("direction", "ltr");
            visit.field("Name").fill(SeededKeys.ARABIC);
            assertThat(visit.field("Name")).hasCSS("direction", "rtl");
        }
    }

    /** Returns the elements that overflow the window or their dialog. */
    private static List<?> overflowing(PageVisit visit) {
        return (List<?>) visit.page().evaluate("""
                () => [document.documentElement, ...document.querySelectorAll("dialog[open]")]
                    .filter((one) => one.scrollWidth > one.clientWidth || one.clientWidth > innerWidth)
                    .map((one) => `${one.id || one.tagName}: ${one.scrollWidth} in ${one.clientWidth}`)""");
    }

    private static void tabTo(PageVisit visit, String id) {
        for (int i = 0; i < 10 && !visit.focused().equals(id); i++) {
            visit.page().keyboard().press("Tab");
        }
        assertThat(visit.focused()).isEqualTo(id);
    }
}
