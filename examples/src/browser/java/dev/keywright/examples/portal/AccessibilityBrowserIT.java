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

/** That the page can be used without a mouse, without seeing it, in the dark, and on the smallest screen. */
class AccessibilityBrowserIT extends BrowserTest {

    private static final String LONG =
            "Überlanger-Name-ohne-eine-einzige-Lücke-".repeat(3).substring(0, 100);

    @ParameterizedTest
    @CsvSource({"LIGHT, 1280", "DARK, 1280", "LIGHT, 320", "DARK, 320"})
    void axeFindsNothingInAnyState(ColorScheme scheme, int width) {
        Consumer<Browser.NewContextOptions> how =
                options -> options.setColorScheme(scheme).setViewportSize(width, 800);
        List<Object> faults = new ArrayList<>();
        try (PageVisit visit = visit(how)) {
            visit.page().navigate("/sign-in");
            faults.addAll(Axe.faults(visit.page()));
            visit.page().getByLabel("Session token").fill("0123");
            visit.button("Sign in").click();
            faults.addAll(Axe.faults(visit.page()));
            visit.expectComplaints("403");
            visit.signIn(portal.sessionToken("Admin", "north")).seesKeys();
            faults.addAll(Axe.faults(visit.page()));
            for (String what : List.of("rotate", "rename", "revoke")) {
                visit.act(what, SeededKeys.WIDE).click();
                faults.addAll(Axe.faults(visit.page()));
                visit.page().keyboard().press("Escape");
            }
            visit.button("Create API key").click();
            visit.field("Ends").selectOption("day");
            visit.inDialog("Create API key").click();
            faults.addAll(Axe.faults(visit.page()));
            visit.inDialog("Cancel").click();
            visit.create("For axe", "read:people");
            visit.secret();
            faults.addAll(Axe.faults(visit.page()));
            visit.page().keyboard().press("Escape");
            faults.addAll(Axe.faults(visit.page()));
            visit.inDialog("I have stored it").click();
            assertThat(visit.page().locator("#said")).not().isEmpty();
            faults.addAll(Axe.faults(visit.page()));
            assertThat(Axe.passed(visit.page())).isGreaterThan(20);
        }
        faults.addAll(inOtherStates(how));
        assertThat(faults).isEmpty();
    }

    private static List<Object> inOtherStates(Consumer<Browser.NewContextOptions> how) {
        List<Object> faults = new ArrayList<>();
        try (PageVisit empty = as("Admin", "south", how)) {
            assertThat(empty.page().locator("#state")).containsText("No API keys yet");
            faults.addAll(Axe.faults(empty.page()));
        }
        try (PageVisit mentor = as("Mentor", "north", how)) {
            assertThat(mentor.page().locator("#state")).containsText("You may not manage API keys");
            faults.addAll(Axe.faults(mentor.page()));
            mentor.expectComplaints("403");
        }
        try (PageVisit broken = visit(how)) {
            broken.answer("/api/keys", Route::abort);
            broken.signIn(portal.sessionToken("Admin", "north"));
            assertThat(broken.page().locator("#trouble")).containsText("could not be loaded");
            faults.addAll(Axe.faults(broken.page()));
            broken.expectComplaints("ERR_FAILED");
        }
        try (PageVisit loading = visit(how)) {
            loading.answer("/api/keys", route -> {});
            loading.signIn(portal.sessionToken("Admin", "north"));
            assertThat(loading.page().locator("#state")).containsText("Loading");
            faults.addAll(Axe.faults(loading.page()));
        }
        return faults;
    }

    @Test
    void axeFindsWhatIsWrong() {
        try (PageVisit visit = admin()) {
            visit.page()
                    .evaluate("() => { document.querySelector('h1').textContent = ''; "
                            + "document.body.append(document.createElement('button')); "
                            + "document.documentElement.removeAttribute('lang'); }");
            assertThat(Axe.faults(visit.page()).toString()).contains("button-name", "html-has-lang", "empty-heading");
        }
    }

    @Test
    void keyIsCreatedWithTheKeyboardAlone() {
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
            visit.act("rename", SeededKeys.WIDE).focus();
            visit.page().keyboard().press("Enter");
            assertThat(visit.field("Name")).isFocused();
            for (int i = 0; i < 8; i++) {
                visit.page().keyboard().press("Tab");
                assertThat(visit.page()
                                .evaluate("document.activeElement === document.body "
                                        + "|| document.getElementById('renaming').contains(document.activeElement)"))
                        .isEqualTo(true);
            }
            visit.inDialog("Cancel").focus();
            assertThat(visit.page().evaluate("getComputedStyle(document.activeElement).outlineStyle"))
                    .isEqualTo("solid");
            visit.page().keyboard().press("Escape");
            assertThat(visit.act("rename", SeededKeys.WIDE)).isFocused();
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
            // Chromium knows that it is one; where others would not, it says so.
            assertThat(table).hasAttribute("role", "table");
            assertThat(table.getByRole(AriaRole.COLUMNHEADER))
                    .hasText(new String[] {"Name", "Scopes", "Hint", "Created", "Last used", "Expires", "Actions"});
            assertThat(table.getByRole(AriaRole.ROWHEADER)).hasCount(keys);
            assertThat(table.getByRole(AriaRole.CELL)).hasCount(6 * keys);
        }
    }

    @Test
    void rowButtonsNameTheirKey() {
        try (PageVisit visit = admin()) {
            List<String> names = visit.page().locator("tbody button").all().stream()
                    .map(button -> button.textContent())
                    .toList();
            assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("(?s)\\w+ .+, hint [0-9a-z]{4}"));
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
    void nothingIsWiderThanTheScreen(int width) {
        portal.signedIn("Admin", "north").create(LONG, "read:people", "write:interviews");
        try (PageVisit visit = as("Admin", "north", options -> options.setViewportSize(width, 568))
                .seesKeys()) {
            assertThat(visit.row(LONG)).isVisible();
            assertThat(tooWide(visit)).isEmpty();
            for (String what : List.of("rotate", "rename", "revoke")) {
                visit.act(what, LONG).click();
                assertThat(tooWide(visit)).as(what).isEmpty();
                visit.page().keyboard().press("Escape");
            }
            visit.create("Narrow", "read:people");
            visit.secret();
            assertThat(tooWide(visit)).as("shown").isEmpty();
            visit.inDialog("I have stored it").click();
            visit.button("Create API key").click();
            assertThat(tooWide(visit)).as("create").isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"مفتاح المدرسة 2026", "Schlüssel für Ärzte", "鍵の管理", "กุญแจ", "שלום (בית ספר)", "👩🏽‍🏫 Lehrerin"})
    void nameOfAnyScriptIsKeptAndTurnsNothingAround(String name) {
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

    /** What is wider than the window, or than the dialog that it stands in. */
    private static List<?> tooWide(PageVisit visit) {
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
