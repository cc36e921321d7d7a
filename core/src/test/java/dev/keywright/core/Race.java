package dev.keywright.core;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;

/** What several threads do at once on an {@link InterleavedNode}, all of whose interleavings are to be tried. */
enum Race {
    REVOKED_WHILE_REMEMBERED("verify 0", "revoke 0, verify 0 | beat, beat"),
    REVOKED_BEHIND_A_SLOW_POLL("verify 0", "revoke 0 | beat"),
    REVOKED_WHILE_A_MISS_IS_UNDER_WAY("", "verify 0 | revoke 0, beat, verify 0"),
    FILLED_AFTER_IT_WAS_REVOKED("revoke 0, beat", "fillLate 0 | verify 0, verify 0"),
    FILLED_WHILE_IT_IS_FORGOTTEN("revoke 0", "fillLate 0 | beat"),
    REVOKED_WHILE_OTHERS_ARE_FILLED("verify 0", "verify 1, verify 0 | revoke 0, verify 0 | beat, beat"),
    POLLED_AFTER_THE_LEASE_HAD_ENDED("verify 0, revoke 0", "verify 0 | beat"),
    OUT_OF_LEASE("verify 0, later, later", "verify 0, verify 1 | verify 0"),
    REVOKED_WHILE_THE_LEASE_ENDS("verify 0", "later, verify 0, verify 0 | revoke 0 | beat"),
    INSERTED_WHILE_KNOWN_AS_UNKNOWN("verify 2", "insert, verify 2 | beat, beat"),
    INSERTED_WHILE_A_MISS_IS_UNDER_WAY("", "verify 2 | insert, verify 2 | beat"),
    CLOSED_WHILE_IT_BEATS("verify 0", "close, verify 0 | beat, beat | verify 0"),
    CROWDED("verify 0", "verify 1, verify 0 | verify 0, verify 1 | revoke 1, beat");

    private final String before;
    private final String threads;

    /** Operations are told apart by commas, threads by bars. */
    Race(String before, String threads) {
        this.before = before;
        this.threads = threads;
    }

    /** What is checked at the end is an operation too. Afterwards, each key is verified once more. */
    ExecutionScenario scenario() {
        return new ExecutionScenario(
                operations(before),
                Pattern.compile("\\|")
                        .splitAsStream(threads)
                        .map(Race::operations)
                        .toList(),
                operations("verify 0, verify 1, verify 2"),
                operation("whatIsRememberedCanBeForgotten"));
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
