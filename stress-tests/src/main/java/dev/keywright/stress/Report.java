package dev.keywright.stress;

import dev.keywright.stress.Findings.Coverage;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The result of a run.
 *
 * @param findings the result of the check
 * @param caches the cache statistics of all processes, summed
 * @param processes how many processes there were; each starts without a lease, which counts as one lapse
 * @param disruptions how often each disruption happened; empty if the store has none by design
 */
record Report(Findings findings, SharedKeys.Counters caches, int processes, Map<Disruption, Integer> disruptions) {

    /** {@return the events without which the run proves nothing, with their counts} */
    Map<String, Long> coverage() {
        Map<String, Long> all = new LinkedHashMap<>();
        for (Coverage kind : Coverage.values()) {
            all.put(kind.text, findings.count(kind));
        }
        all.put("rejections for a missing scope", findings.count(EventType.MISSING_SCOPE));
        all.put("changes", findings.count(EventType.CHANGED));
        all.put("changes refused for their version", findings.count(EventType.CHANGE_REFUSED));
        all.put("keys listed or read", findings.count(EventType.LISTED));
        for (RevokedBy revokedBy : RevokedBy.values()) {
            if (revokedBy != RevokedBy.REVOKE_AFTER_KILL || !disruptions.isEmpty()) {
                all.put("keys revoked by " + revokedBy, findings.count(revokedBy));
            }
        }
        if (!disruptions.isEmpty()) {
            all.put("verifications without an answer", findings.count(EventType.UNANSWERED));
            all.put("lookups without a lease", caches.readThroughs());
            all.put("lapsed leases", caches.lapses() - processes);
            all.put("failed polls", caches.failures());
            for (Disruption disruption : Disruption.values()) {
                all.put(disruption.name(), (long) disruptions.getOrDefault(disruption, 0));
            }
        } else {
            all.put("usage counts compared", findings.count(EventType.USAGE));
        }
        return all;
    }

    /** Prints the report, and returns the exit code: 0 for success, 1 for violations, 3 for insufficient coverage. */
    int print(PrintStream out) {
        line(out, "keys issued", findings.count(EventType.ISSUED));
        line(out, "keys revoked", findings.revokedCount());
        // Not required: only a concurrent write to the same key or tenant refuses a fill, which is rare.
        line(out, "lookups that were not cached", caches.refusedFills());
        out.printf(
                Locale.ROOT,
                "%,14.1f  µs from a revocation to the soonest cached rejection%n",
                findings.soonestHit() / 1e3);
        out.println("coverage:");
        coverage().forEach((event, count) -> line(out, event, count));
        out.printf(Locale.ROOT, "VIOLATIONS: %,d%n", findings.violationCount());
        findings.violations().forEach(out::println);
        if (findings.violationCount() > 0) {
            return 1;
        }
        List<String> missing = coverage().entrySet().stream()
                .filter(entry -> entry.getValue() <= 0)
                .map(Map.Entry::getKey)
                .toList();
        if (!missing.isEmpty()) {
            out.println("INSUFFICIENT COVERAGE: there were no " + missing);
            return 3;
        }
        return 0;
    }

    private static void line(PrintStream out, String name, long count) {
        out.printf(Locale.ROOT, "%,14d  %s%n", count, name);
    }
}
