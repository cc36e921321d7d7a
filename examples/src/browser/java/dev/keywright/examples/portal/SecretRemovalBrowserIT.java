package dev.keywright.examples.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After its dialog is closed, the text of a key is in no place that a script can read. */
class SecretRemovalBrowserIT extends BrowserTest {

    /**
     * Finds texts of keys in the document, in the storage of the browser, and in all objects that are reachable from the globals of
     * the page. Matches the pattern of keys: passing the key itself to the script would put it into the page.
     */
    private static final String PLACES_OF_KEYS = """
            async () => {
              const found = [];
              const look = (where, text) => /ck_[0-9a-z]{32}/.test(text) && found.push(where);
              look("document", document.documentElement.outerHTML);
              document.querySelectorAll("input, select, textarea").forEach((field) => look("field", field.value));
              look("selection", String(getSelection()));
              look("localStorage", JSON.stringify({ ...localStorage }));
              look("sessionStorage", JSON.stringify({ ...sessionStorage }));
              look("cookie", document.cookie);
              look("history", JSON.stringify(history.state));
              look("address", location.href + window.name + document.title + document.referrer);
              look("performance", JSON.stringify(performance.getEntries()));
              look("databases", JSON.stringify(await indexedDB.databases()));
              for (const name of await caches.keys()) {
                look("caches", name);
              }
              const seen = new Set();
              const next = [["window", window]];
              while (next.length > 0) {
                const [where, value] = next.pop();
                if (typeof value === "string") {
                  look(where, value);
                } else if (value !== null && ["object", "function"].includes(typeof value) && !seen.has(value)) {
                  seen.add(value);
                  for (const name of Reflect.ownKeys(value)) {
                    const property = Object.getOwnPropertyDescriptor(value, name);
                    look(where, String(name));
                    if (property && "value" in property) {
                      next.push([where + "." + String(name), property.value]);
                    }
                  }
                }
              }
              return found.concat(seen.size > 1000 ? [] : ["too few objects were searched: " + seen.size]);
            }""";

    @ParameterizedTest
    @ValueSource(strings = {"Create", "Rotate"})
    void dismissedKeyIsRemoved(String action) {
        try (PageVisit visit = admin()) {
            if (action.equals("Create")) {
                visit.create("To forget", "read:people");
            } else {
                portal.signedIn("Admin", "north").create("To rotate and forget", "read:people");
                visit.page().reload();
                visit.act("rotate", "To rotate and forget").click();
                visit.inDialog("Rotate").click();
            }
            assertThat(visit.page().locator("#secret")).containsText("ck_");
            assertThat(placesOfKeys(visit)).contains("document");
            visit.inDialog("Copy").click();
            assertThat(visit.page().locator("#copied")).hasText("Copied.");
            visit.inDialog("I have stored it").click();
            assertThat(visit.page().locator("#said")).not().isEmpty();

            assertThat(placesOfKeys(visit)).isEmpty();
            assertThat(visit.context().storageState()).doesNotContain("ck_");
            assertThat(HeapSnapshot.keys(visit.page())).isEmpty();
        }
    }

    @Test
    void escapeRemovesTheKey() {
        try (PageVisit visit = admin()) {
            visit.create("To escape from", "read:people");
            assertThat(visit.page().locator("#secret")).containsText("ck_");
            visit.page().keyboard().press("Escape");
            visit.page().keyboard().press("Escape");
            assertThat(visit.dialog()).hasCount(0);
            assertThat(placesOfKeys(visit)).isEmpty();
            assertThat(HeapSnapshot.keys(visit.page())).isEmpty();
        }
    }

    @Test
    void leavingThePageWarnsFirst() {
        try (PageVisit visit = admin()) {
            visit.create("To leave", "read:people");
            assertThat(visit.page().locator("#secret")).containsText("ck_");
            List<String> asked = new ArrayList<>();
            visit.page().onDialog(dialog -> {
                asked.add(dialog.type());
                dialog.accept();
            });
            // The warning for Escape does not replace this one.
            visit.page().keyboard().press("Escape");
            assertThat(visit.page().locator("#copied")).containsText("Press Escape once more");
            visit.page().navigate("/sign-in");
            assertThat(asked).containsExactly("beforeunload");
        }
    }

    /** Before anything else can run: a browser may freeze the page then, and thaw it one day. */
    @Test
    void leavingThePageRemovesTheKey() {
        try (PageVisit visit = admin()) {
            visit.create("To freeze", "read:people");
            visit.secret();
            Object left = visit.page().evaluate("""
                    () => {
                      dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
                      return document.getElementById("secret").textContent;
                    }""");
            assertThat(left).isEqualTo("");
            assertThat(visit.dialog()).hasCount(0);
            assertThat(placesOfKeys(visit)).isEmpty();
            assertThat(HeapSnapshot.keys(visit.page())).isEmpty();
        }
    }

    @Test
    void searchFindsPlantedKeys() {
        try (PageVisit visit = admin()) {
            String[] places = {
                "window.kept = { deep: [\"K\"] }",
                "document.title = \"K\"",
                "sessionStorage.kept = \"K\"",
                "history.replaceState({ kept: \"K\" }, \"\")",
            };
            String key = "ck_" + "0123456789abcdef".repeat(2);
            for (String place : places) {
                visit.page().evaluate("() => { " + place.replace("K", key) + " }");
                assertThat(placesOfKeys(visit)).as(place).isNotEmpty();
                visit.page()
                        .evaluate("() => { delete window.kept; sessionStorage.clear(); document.title = ''; "
                                + "history.replaceState(null, ''); }");
                assertThat(placesOfKeys(visit)).as("after " + place).isEmpty();
            }
            // A closure, which no property reaches.
            visit.page()
                    .evaluate("() => { const kept = ['ck_', '0123456789abcdef', '0123456789abcdef'].join(''); "
                            + "addEventListener('message', () => kept); }");
            assertThat(placesOfKeys(visit)).isEmpty();
            assertThat(HeapSnapshot.keys(visit.page())).contains(key);
        }
    }

    private static List<Object> placesOfKeys(PageVisit visit) {
        return List.copyOf((List<?>) visit.page().evaluate(PLACES_OF_KEYS));
    }
}
