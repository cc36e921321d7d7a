package dev.keywright.examples.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keywright.examples.portal.SeededKeys.ENDING;
import static dev.keywright.examples.portal.SeededKeys.IDLE;
import static dev.keywright.examples.portal.SeededKeys.ROTATED;
import static dev.keywright.examples.portal.SeededKeys.WIDE;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import org.junit.jupiter.api.Test;

/** What the list says of keys, and what stands in its place. */
class KeyListBrowserIT extends InBrowser {

    @Test
    void rowSaysNameScopesHintCreatedAndLastUsed() {
        try (Visit visit = admin()) {
            Locator row = visit.row(WIDE);
            assertThat(row.locator(".scopes")).containsText("read:people");
            assertThat(row.locator(".scopes")).containsText("write:people");
            assertThat(row.locator("td[data-label=Hint]").innerText()).matches("…[0-9a-z]{4}");
            assertThat(row.locator("td[data-label=Created]").innerText()).matches("\\d{1,2} \\p{L}{3,4} \\d{4}");
            assertThat(row.locator("td[data-label='Last used']")).hasText("5 min ago");
        }
    }

    @Test
    void whatTheReportsSayStandsBesideTheName() {
        try (Visit visit = admin()) {
            assertThat(visit.row(IDLE).locator(".notes")).hasText("not used for 40 days");
            assertThat(visit.row(WIDE).locator(".notes")).hasText("never used write:people");
            assertThat(visit.row(ENDING).locator(".notes")).hasText("expires in 6 days");
        }
    }

    @Test
    void rotatedKeySaysWhenTheOldOneWasLastUsed() {
        try (Visit visit = admin()) {
            Locator both = visit.page()
                    .locator("tbody tr", new com.microsoft.playwright.Page.LocatorOptions().setHasText(ROTATED));
            assertThat(both).hasCount(2);
            assertThat(both.nth(0).locator(".notes")).containsText("old key");
            assertThat(both.nth(1).locator(".notes")).hasText("rotated: the old key was last used 2 h ago");
        }
    }
}
