package dev.keywright.benchmarks.coherence;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run comes to.
 *
 * @param findings what its history says
 * @param caches what the caches of all its processes have counted, together
 * @param processes how many processes there were; each begins without a lease, and counts that as one that has lapsed
 * @param befallen how often which trouble has befallen it
 */
record Report(Findings findings, Board.Counters caches, int processes, Map<Trouble, Integer> befallen) {

    /** {@return what the run has not touched, so that it proves nothing} */
    List<String> untouched() {
        List<String> missing = new ArrayList<>();
        coverage().forEach((what, times) -> {
            if (times <= 0) {
                missing.add(what);
            }
        });
        return missing;
    }

    /** {@return what must have happened, and how often it has} */
    Map<String, Long> coverage() {
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("hits less than a lease before a return", findings.hitsBefore());
        all.put("  that accepted, on another node", findings.acceptancesBeforeElsewhere());
        all.put("hits less than a lease after a return", findings.hitsAfter());
        all.put("  on another node", findings.hitsAfterElsewhere());
        all.put("acceptances of keys that lived", findings.acceptedWhileLive());
        all.put("rejections from a cache of what was imported later", findings.hitsTooEarly());
        all.put("rejections for a scope that was taken", findings.of(What.MISSING_SCOPE));
        all.put("scopes that were given back", findings.of(What.GIVEN));
        all.put("verifications without an answer", findings.of(What.UNANSWERED));
        all.put("look-ups without a lease", caches.readThroughs());
        all.put("lapses", caches.lapses() - processes);
        all.put("polls that failed", caches.failures());
        for (Way way : Way.values()) {
            all.put("keys ended by " + way, findings.of(way));
        }
        for (Trouble trouble : Trouble.values()) {
            all.put(trouble.toString(), (long) befallen.getOrDefault(trouble, 0));
        }
        return all;
    }

    /** {@return 0 if all was right, 1 if something was wrong, and 3 if nothing was, but the run proves nothing} */
    int print(PrintStream out) {
        line(out, "keys issued", findings.of(What.ISSUED));
        line(out, "keys whose end has returned", findings.ended());
        line(out, "verifications answered from a cache", findings.hits());
        line(out, "verifications answered by a look-up", findings.askedOfTheStore());
        line(out, "verifications begun after the end returned", findings.late());
        // Not asked for below: only a write to the key itself, or to its tenant, refuses one, which is rare.
        line(out, "lookups that were not cached", caches.refusedFills());
        out.printf(Locale.ROOT, "%,14.1f  µs after a return: the soonest hit%n", findings.nearest() / 1e3);
        out.println("what has happened:");
        coverage().forEach((what, times) -> line(out, what, times));
        out.printf(Locale.ROOT, "WRONG: %,d%n", findings.count());
        findings.first().forEach(out::println);
        if (findings.count() > 0) {
            return 1;
        }
        if (!untouched().isEmpty()) {
            out.println("THIS PROVES NOTHING: it never came to " + untouched());
            return 3;
        }
        return 0;
    }

    private static void line(PrintStream out, String what, long times) {
        out.printf(Locale.ROOT, "%,14d  %s%n", times, what);
    }
}
