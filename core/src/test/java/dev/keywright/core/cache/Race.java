package dev.keywright.core.cache;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;

/** What several threads do at once on an {@link InterleavedNode}, all of whose interleavings are to be tried. */
enum Race {
    REVOKED_WHILE_REMEMBERED("verify 0", "revoke 0, verify 0 | beat, beat"),
    REVOKED_BEHIND_A_SLOW_POLL("verify 0", "revoke 0 | beat"),
    REVOKED_WHILE_A_MISS_IS_UNDER_WAY("", "verify 0 | revoke 0, beat, verify 0"),
    FILLED_AFTER_IT_WAS_REVOKED("commit 0, beat, waitOut 0", "fillLate 0 | verify 0, verify 0"),
    FILLED_WHILE_IT_IS_FORGOTTEN("commit 0", "fillLate 0 | beat", "waitOut 0, "),
    REVOKED_WHILE_OTHERS_ARE_FILLED("verify 0", "verify 1, verify 0 | revoke 0, verify 0 | beat, beat"),
    POLLED_AFTER_THE_LEASE_HAD_ENDED("verify 0, revoke 0", "verify 0 | beat"),
    OUT_OF_LEASE("verify 0, later, later", "verify 0, verify 1 | verify 0"),
    REVOKED_WHILE_THE_LEASE_ENDS("verify 0", "later, verify 0, verify 0 | revoke 0 | beat"),
    INSERTED_WHILE_KNOWN_AS_UNKNOWN("verify 2", "insert 2, verify 2 | beat, beat"),
    INSERTED_WHILE_A_MISS_IS_UNDER_WAY("", "verify 2 | insert 2, verify 2 | beat"),
    CLOSED_WHILE_IT_BEATS("verify 0", "close, verify 0 | beat, beat | verify 0"),
    REVOKED_WITH_ITS_TENANT("verify 0", "revokeAll, verify 0 | beat, beat"),
    FILLED_WHILE_ITS_TENANT_IS_FORGOTTEN("commitAll", "fillLate 0 | beat", "waitOut 0, "),
    RECHECKED_WHILE_IT_IS_REVOKED("verify 0", "recheck 0, recheck 0 | revoke 0, recheck 0 | beat, beat"),
    RECHECKED_WITHOUT_AN_ENTRY("", "recheck 0, verify 0 | revoke 0, recheck 0, verify 0 | beat"),
    CROWDED("verify 0", "verify 1, verify 0 | verify 0, verify 1 | revoke 1, beat");

    private final String before;
    private final String threads;
    private final String after;

    /** Operations are told apart by commas, threads by bars. */
    Race(String before, String threads) {
        this(before, threads, "");
    }

    Race(String before, String threads, String after) {
        this.before = before;
        this.threads = threads;
        this.after = after;
    }

    /** Whether it is about what is filled, so that the kind of the text may matter. */
    public boolean isAboutFills() {
        return name().startsWith("FILLED") || name().contains("MISS") || name().contains("UNKNOWN");
    }

    /**
     * {@return what is to be tried} What is checked at the end is an operation too. Afterwards, each key is verified once more.
     *
     * @param imported whether it is about an imported key, and the other one is issued; else the other way round
     */
    public ExecutionScenario scenario(boolean imported) {
        UnaryOperator<String> about = imported ? Race::exchanged : UnaryOperator.identity();
        return new ExecutionScenario(
                operations(about.apply(before)),
                Pattern.compile("\\|")
                        .splitAsStream(about.apply(threads))
                        .map(Race::operations)
                        .toList(),
                operations(about.apply(after + "verify 0, verify 1, verify 2, verify 3")),
                operation("whatIsRememberedCanBeForgotten"));
    }

    /** Each key's number is exchanged for that of its neighbour, which is of the other kind. */
    private static String exchanged(String operations) {
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
