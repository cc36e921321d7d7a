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
 * Visit to the portal in a new browser context. Records errors and warnings of the browser, and requests to other hosts; {@link
 * #close} asserts that there were none.
 */
final class PageVisit implements AutoCloseable {

    private static final String RECORD_VIOLATIONS = """
            window.violations = [];
            document.addEventListener("securitypolicyviolation",
              (event) => window.violations.push(event.violatedDirective + " " + event.blockedURI));
            """;

    private final URI portal;
    private final BrowserContext context;
    private final Page page;
    private final List<String> errors = new ArrayList<>();
    private final List<String> foreignRequests = new ArrayList<>();

    PageVisit(Browser browser, URI portal, Consumer<Browser.NewContextOptions> settings) {
        Browser.NewContextOptions options = new Browser.NewContextOptions().setBaseURL(portal.toString());
        options.setLocale("en-GB").setPermissions(List.of("clipboard-read", "clipboard-write"));
        settings.accept(options);
        this.portal = portal;
        this.context = browser.newContext(options);
        context.addInitScript(RECORD_VIOLATIONS);
        context.onRequest(request -> {
            if (!request.url().startsWith(portal.toString())) {
                foreignRequests.add(request.url());
            }
        });
        context.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                errors.add(message.text());
            }
        });
        context.onWebError(error -> errors.add(error.error()));
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

    /** Signs in by the form and waits for the page of keys. */
    PageVisit signIn(String token) {
        page.navigate("/settings/api-keys");
        page.getByLabel("Session token").fill(token);
        button("Sign in").click();
        page.waitForURL("**/settings/api-keys");
        return this;
    }

    /** Waits until the list is shown. */
    PageVisit seesKeys() {
        PlaywrightAssertions.assertThat(page.getByRole(AriaRole.TABLE)).isVisible();
        return this;
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** Returns the row of the first key with a name. */
    Locator row(String name) {
        return page.locator("tbody tr")
                .filter(new Locator.FilterOptions().setHas(page.locator(".name").getByText(name, exact())))
                .first();
    }

    Locator act(String action, String name) {
        return row(name).locator("[data-act=" + action + "]");
    }

    /** Returns the open dialog. */
    Locator dialog() {
        return page.locator("dialog[open]");
    }

    Locator inDialog(String button) {
        return dialog().getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(button).setExact(true));
    }

    /** Returns a field of the open dialog. */
    Locator field(String label) {
        return dialog().getByLabel(label, new Locator.GetByLabelOptions().setExact(label.indexOf(':') < 0));
    }

    /** Returns the text of the new key. */
    String secret() {
        PlaywrightAssertions.assertThat(page.locator("#secret")).containsText("ck_");
        return page.locator("#secret").textContent();
    }

    /** Fills in and submits the form for a new key. */
    void create(String name, String... scopes) {
        button("Create API key").click();
        field("Name").fill(name);
        for (String scope : scopes) {
            field(scope).check();
        }
        inDialog("Create API key").click();
    }

    /** Returns the id, action or text of the focused element. */
    String focused() {
        return (String)
                page.evaluate(
                        "() => document.activeElement.id || document.activeElement.dataset.act || document.activeElement.textContent.trim()");
    }

    /** Intercepts the requests to a path. */
    void intercept(String path, Consumer<Route> handler) {
        page.route(url -> URI.create(url).getPath().matches(path), handler);
    }

    /** Clears the expected errors; asserts that all recorded errors are of this kind. */
    void expectErrors(String kind) {
        assertThat(errors).isNotEmpty().allMatch(error -> error.contains(kind));
        errors.clear();
    }

    /** Returns and clears the recorded violations of the content security policy. */
    List<?> expectViolations() {
        return (List<?>) page.evaluate("() => window.violations.splice(0)");
    }

    /** Clears the expected requests to other hosts; asserts that all go to this address. */
    void expectRequestsTo(String address) {
        assertThat(foreignRequests).isNotEmpty().allMatch(url -> url.startsWith(address));
        foreignRequests.clear();
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
        assertThat(errors).as("errors of the browser").isEmpty();
        assertThat(foreignRequests).as("requests to other hosts").isEmpty();
        assertThat((List<?>) violations)
                .as("violations of the content security policy")
                .isEmpty();
    }
}
