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
 * Looks for faults of accessibility, by all the rules that axe has: WCAG 2.2 AA, and good practice. A line on each look is left in
 * {@code target/axe.txt}.
 */
final class Axe {

    private static final String SCRIPT = script();
    private static final List<String> LOOKS = new ArrayList<>();

    private Axe() {}

    /**
     * A line for each fault that it finds in the page as it stands, and for each that it cannot rule out. Contrast is not among the
     * latter: behind the words of a dialog it sees what lies below the dialog, too, and does not say which it is.
     */
    static List<?> faults(Page page) {
        page.evaluate(SCRIPT);
        Map<?, ?> look = (Map<?, ?>) page.evaluate("""
                async () => {
                  const result = await axe.run(document, { resultTypes: ["violations", "incomplete"] });
                  const lines = (rules) => rules.flatMap((rule) => rule.nodes.map((node) =>
                      rule.id + ": " + node.target + ": " + node.failureSummary));
                  const untold = result.incomplete.filter((rule) => rule.id !== "color-contrast");
                  const dialog = document.querySelector("dialog[open] h2");
                  const dark = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
                  return {
                    faults: lines(result.violations).concat(lines(untold)),
                    line: `${document.title}, ${dialog ? dialog.textContent : "no dialog"}, ${dark}, ${innerWidth} px wide: `
                        + `${result.passes.length} rules kept, ${result.violations.length} broken, not decided: `
                        + (result.incomplete.map((rule) => rule.id).join(", ") || "none"),
                  };
                }""");
        LOOKS.add((String) look.get("line"));
        try {
            Files.write(Path.of("target", "axe.txt"), LOOKS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (List<?>) look.get("faults");
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
