package dev.keywright.core.cache;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;

/** Concurrent operations on an {@link InterleavedNode}, whose interleavings are explored. */
enum Race {
    REVOKED_WHILE_CACHED("verify 0", "revoke 0, verify 0 | poll, poll"),
    REVOKED_DURING_A_SLOW_POLL("verify 0", "revoke 0 | poll"),
    REVOKED_DURING_A_MISS("", "verify 0 | revoke 0, poll, verify 0"),
    FILLED_AFTER_IT_WAS_REVOKED("commit 0, poll, awaitBarrier 0", "fillLate 0 | verify 0, verify 0"),
    FILLED_DURING_ITS_EVICTION("commit 0", "fillLate 0 | poll", "awaitBarrier 0, "),
    REVOKED_WHILE_OTHERS_ARE_FILLED("verify 0", "verify 1, verify 0 | revoke 0, verify 0 | poll, poll"),
    POLLED_AFTER_A_LAPSE("verify 0, revoke 0", "verify 0 | poll"),
    OUT_OF_LEASE("verify 0, later, later", "verify 0, verify 1 | verify 0"),
    REVOKED_WHILE_THE_LEASE_EXPIRES("verify 0", "later, verify 0, verify 0 | revoke 0 | poll"),
    INSERTED_WHILE_CACHED_AS_UNKNOWN("verify 2", "insert 2, verify 2 | poll, poll"),
    INSERTED_DURING_A_MISS("", "verify 2 | insert 2, verify 2 | poll"),
    CLOSED_DURING_A_POLL("verify 0", "close, verify 0 | poll, poll | verify 0"),
    REVOKED_WITH_ITS_TENANT("verify 0", "revokeAll, verify 0 | poll, poll"),
    FILLED_DURING_THE_EVICTION_OF_ITS_TENANT("commitAll", "fillLate 0 | poll", "awaitBarrier 0, "),
    RECHECKED_DURING_ITS_REVOCATION("verify 0", "recheck 0, recheck 0 | revoke 0, recheck 0 | poll, poll"),
    RECHECKED_WITHOUT_AN_ENTRY("", "recheck 0, verify 0 | revoke 0, recheck 0, verify 0 | poll"),
    CACHE_FULL("verify 0", "verify 1, verify 0 | verify 0, verify 1 | revoke 1, poll");

    private final String before;
    private final String threads;
    private final String after;

    /** Creates a race; operations are separated by commas, threads by bars. */
    Race(String before, String threads) {
        this(before, threads, "");
    }

    Race(String before, String threads, String after) {
        this.before = before;
        this.threads = threads;
        this.after = after;
    }

    /** Whether the race is about a fill, so that the kind of the text may matter. */
    boolean isAboutFills() {
        return name().startsWith("FILLED") || name().contains("MISS") || name().contains("UNKNOWN");
    }

    /**
     * {@return the scenario} Afterwards, each key is verified once more; the validation at the end is an operation too.
     *
     * @param imported whether the race is about an imported key instead of an issued one
     */
    ExecutionScenario scenario(boolean imported) {
        UnaryOperator<String> about = imported ? Race::neighbors : UnaryOperator.identity();
        return new ExecutionScenario(
                operations(about.apply(before)),
                Pattern.compile("\\|")
                        .splitAsStream(about.apply(threads))
                        .map(Race::operations)
                        .toList(),
                operations(about.apply(after + "verify 0, verify 1, verify 2, verify 3")),
                operation("cachedKeysCanBeEvicted"));
    }

    /** Replaces the number of each key by that of its neighbor, which is of the other kind. */
    private static String neighbors(String operations) {
        return Pattern.compile("[0-3]")
                .matcher(operations)
                .replaceAll(key -> String.valueOf(Integer.parseInt(key.group()) ^ 1));
    }

    private static List<Actor> operations(String names) {
        return Pattern.compile(",")
                .splitAsStream(names)
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .map(Race::operation)
                .toList();
    }

    private static Actor operation(String words) {
        List<String> parts = Pattern.compile(" ").splitAsStream(words).toList();
        List<Object> arguments =
                parts.stream().skip(1).<Object>map(Integer::valueOf).toList();
        Method method = Arrays.stream(InterleavedNode.class.getMethods())
                .filter(m -> m.getName().equals(parts.get(0)))
                .findAny()
                .orElseThrow();
        return new Actor(method, arguments);
    }
}
