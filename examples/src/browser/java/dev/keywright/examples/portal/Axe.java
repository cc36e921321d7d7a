package dev.keywright.examples.portal;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Checks the accessibility of a page with all rules of axe: WCAG 2.2 AA and best practices. Writes a line for each check to {@code
 * target/axe.txt}.
 */
final class Axe {

    private static final String SCRIPT = script();
    private static final List<String> CHECKS = new ArrayList<>();

    private Axe() {}

    /**
     * Returns a line for each violation, and for each incomplete check except that of contrast: for the text of a dialog, axe also
     * considers the background below the dialog.
     */
    static List<?> violations(Page page) {
        page.evaluate(SCRIPT);
        Map<?, ?> result = (Map<?, ?>) page.evaluate("""
                async () => {
                  const result = await axe.run(document, { resultTypes: ["violations", "incomplete"] });
                  const lines = (rules) => rules.flatMap((rule) => rule.nodes.map((node) =>
                      rule.id + ": " + node.target + ": " + node.failureSummary));
                  const incomplete = result.incomplete.filter((rule) => rule.id !== "color-contrast");
                  const dialog = document.querySelector("dialog[open] h2");
                  const dark = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
                  return {
                    violations: lines(result.violations).concat(lines(incomplete)),
                    line: `${document.title}, ${dialog ? dialog.textContent : "no dialog"}, ${dark}, ${innerWidth} px wide: `
                        + `${result.passes.length} rules passed, ${result.violations.length} violated, incomplete: `
                        + (result.incomplete.map((rule) => rule.id).join(", ") || "none"),
                  };
                }""");
        CHECKS.add((String) result.get("line"));
        try {
            Files.write(Path.of("target", "axe.txt"), CHECKS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (List<?>) result.get("violations");
    }

    /** Returns the number of rules that passed: zero would mean that nothing was checked. */
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
