package dev.keywright.examples.portal;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Looks for faults of accessibility, by all the rules that axe has: WCAG 2.2 AA, and good practice. */
final class Axe {

    private static final String SCRIPT = script();

    private Axe() {}

    /** A line for each fault that it finds in the page as it stands. */
    static List<?> faults(Page page) {
        page.evaluate(SCRIPT);
        return (List<?>) page.evaluate("""
                async () => {
                  const result = await axe.run(document, { resultTypes: ["violations", "incomplete"] });
                  return result.violations.flatMap((rule) => rule.nodes.map((node) =>
                      rule.id + ": " + node.target + ": " + node.failureSummary));
                }""");
    }

    /** How many checks passed in the page as it stands: none would mean that nothing was looked at. */
    static int passed(Page page) {
        page.evaluate(SCRIPT);
        return (int) page.evaluate("async () => (await axe.run(document)).passes.length");
    }

    private static String script() {
        try (InputStream file = Axe.class.getResourceAsStream("/axe.min.js")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
