package dev.keywright.benchmarks.coherence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges a history.
 *
 * <ol>
 *   <li>It reads what was done to each key, on all nodes.
 *   <li>It reads all verifications. One is wrong if it accepts a key and began after an end of that key had returned, or a scope
 *       after it was taken away; or if it rejects a key that lived from before it began until after it returned.
 * </ol>
 */
final class Judge {

    private final long lease;
    private final List<@Nullable KeyHistory> keys = new ArrayList<>();
    private final Findings findings = new Findings();

    private Judge(Duration lease) {
        this.lease = lease.toNanos();
    }

    /** What can be read more than once. */
    @FunctionalInterface
    interface History {
        void read(Consumer<Event> each) throws IOException;
    }

    /** {@return what is to be said of a history; the lease says only what is near} */
    static Findings judge(History history, Duration lease) throws IOException {
        Judge judge = new Judge(lease);
        history.read(judge::hearChange);
        for (KeyHistory key : judge.keys) {
            if (key != null && key.hasEnded()) {
                judge.findings.ended(Way.of(key.way()));
            }
        }
        history.read(judge::hear);
        return judge.findings;
    }

    /** {@return the history that all journals in a folder come to} */
    static History journals(Path folder) throws IOException {
        List<Path> journals;
        try (Stream<Path> files = Files.list(folder)) {
            journals = files.filter(file -> file.toString().endsWith(".journal"))
                    .sorted()
                    .toList();
        }
        return each -> {
            for (Path journal : journals) {
                Journal.read(journal, each);
            }
        };
    }

    private void hearChange(Event event) {
        if (!event.what().isVerification()) {
            key(event.key()).add(event);
        }
    }

    private void hear(Event event) {
        KeyHistory key = key(event.key());
        findings.count(event, key, lease);
        @Nullable String wrong = event.what().isVerification() ? key.wrongWith(event) : null;
        if (wrong != null) {
            findings.wrong("key " + event.key() + " was " + wrong + ": " + event.what()
                    + (event.isHit() ? " from the cache of node " : " by a look-up of node ") + event.node() + ", "
                    + (event.returned() - event.begun()) / 1000 + " µs; seen from its beginning: "
                    + key.toString(event.begun()));
        }
    }

    private KeyHistory key(int number) {
        while (keys.size() <= number) {
            keys.add(null);
        }
        KeyHistory key = keys.get(number);
        if (key == null) {
            key = new KeyHistory();
            keys.set(number, key);
        }
        return key;
    }
}
