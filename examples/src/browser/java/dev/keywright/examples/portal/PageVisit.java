package dev.keywright.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A person's visit to the portal, in a browser that knows nothing yet. It notes whatever the browser complains of, and whatever
 * is asked of anybody but the portal; closing it checks that there was none of either.
 */
final class PageVisit implements AutoCloseable {

    private static final String NOTE_VIOLATIONS = """
            window.violations = [];
            document.addEventListener("securitypolicyviolation",
              (event) => window.violations.push(event.violatedDirective + " " + event.blockedURI));
            """;

    private final URI portal;
    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();
    private final List<String> elsewhere = new ArrayList<>();

    PageVisit(Browser browser, URI portal, Consumer<Browser.NewContextOptions> how) {
        Browser.NewContextOptions options = new Browser.NewContextOptions().setBaseURL(portal.toString());
        options.setLocale("en-GB").setPermissions(List.of("clipboard-read", "clipboard-write"));
        how.accept(options);
        this.portal = portal;
        this.context = browser.newContext(options);
        context.addInitScript(NOTE_VIOLATIONS);
        context.onRequest(request -> {
            if (!request.url().startsWith(portal.toString())) {
                elsewhere.add(request.url());
            }
        });
        context.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        context.onWebError(error -> complaints.add(error.error()));
        this.page = context.newPage();
    }

    Page page() {
        return page;
    }

    BrowserContext context() {
        return context;
    }

    URI portal() {
        return portal;
    }

    /** Signs in as a person does, and waits for the keys, or for what stands in their place. */
    PageVisit signIn(String token) {
        page.navigate("/settings/api-keys");
        page.getByLabel("Session token").fill(token);
        button("Sign in").click();
        page.waitForURL("**/settings/api-keys");
        return this;
    }

    /** Waits until the list is there. */
    PageVisit seesKeys() {
        PlaywrightAssertions.assertThat(page.getByRole(AriaRole.TABLE)).isVisible();
        return this;
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** The row of the first key of a name. */
    Locator row(String name) {
        return page.locator("tbody tr")
                .filter(new Locator.FilterOptions().setHas(page.locator(".name").getByText(name, exact())))
                .first();
    }

    Locator act(String what, String name) {
        return row(name).locator("[data-act=" + what + "]");
    }

    /** The dialog that is open. */
    Locator dialog() {
        return page.locator("dialog[open]");
    }

    Locator inDialog(String button) {
        return dialog().getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(button).setExact(true));
    }

    /** A field of the open dialog. */
    Locator field(String label) {
        return dialog().getByLabel(label, new Locator.GetByLabelOptions().setExact(label.indexOf(':') < 0));
    }

    /** The key that is shown. */
    String secret() {
        PlaywrightAssertions.assertThat(page.locator("#secret")).containsText("ck_");
        return page.locator("#secret").textContent();
    }

    /** Fills in what a new key needs, and asks for it. */
    void create(String name, String... scopes) {
        button("Create API key").click();
        field("Name").fill(name);
        for (String scope : scopes) {
            field(scope).check();
        }
        inDialog("Create API key").click();
    }

    /** What has the focus, by its words or its id. */
    String focused() {
        return (String)
                page.evaluate(
                        "() => document.activeElement.id || document.activeElement.dataset.act || document.activeElement.textContent.trim()");
    }

    /** From here on, what is asked of these paths is answered so; the browser notes the failure, as it should. */
    void answer(String path, Consumer<Route> answer) {
        page.route(url -> URI.create(url).getPath().matches(path), answer);
    }

    /** Forgets complaints that were provoked on purpose, which must be all of this kind. */
    void expectComplaints(String kind) {
        assertThat(complaints).isNotEmpty().allMatch(complaint -> complaint.contains(kind));
        complaints.clear();
    }

    /** Gives back the violations of the policy that were provoked on purpose, and forgets them. */
    List<?> expectViolations() {
        return (List<?>) page.evaluate("() => window.violations.splice(0)");
    }

    /** Forgets requests that were made elsewhere on purpose, which must all go there. */
    void expectRequestsTo(String address) {
        assertThat(elsewhere).isNotEmpty().allMatch(url -> url.startsWith(address));
        elsewhere.clear();
    }

    private static Locator.GetByTextOptions exact() {
        return new Locator.GetByTextOptions().setExact(true);
    }

    @Override
    public void close() {
        Object violations = page.evaluate("window.violations");
        // A request that is intercepted while the context closes fails the test.
        page.unrouteAll();
        context.close();
        assertThat(complaints).as("what the browser complained of").isEmpty();
        assertThat(elsewhere).as("requests to anybody else").isEmpty();
        assertThat((List<?>) violations).as("violations of the policy").isEmpty();
    }
}
