package dev.keywright.jdbc;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What may be chosen about the tables and the database that they are in. The schema and the store must be given the same.
 *
 * <pre>{@code
 * JdbcOptions options = JdbcOptions.defaults().tablePrefix("portal_").timeout(Duration.ofSeconds(3));
 * JdbcSchema.install(dataSource, options);
 * KeyStore store = JdbcKeyStore.on(dataSource, options);
 * }</pre>
 *
 * <p>Immutable, and so safe for use by many threads.
 */
public final class JdbcOptions {

    /** The prefix that stands in the schema files. */
    static final String TABLE_PREFIX = "keywright_";

    /** Names that need no quotes in any database; short enough that the longest of ours fits into PostgreSQL's 63 bytes. */
    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,29}");

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private static final JdbcOptions DEFAULTS = new JdbcOptions(null, TABLE_PREFIX, Duration.ofSeconds(10));

    private final @Nullable JdbcDialect dialect;
    private final String tablePrefix;
    private final Duration timeout;

    private JdbcOptions(@Nullable JdbcDialect dialect, String tablePrefix, Duration timeout) {
        this.dialect = dialect;
        this.tablePrefix = tablePrefix;
        this.timeout = timeout;
    }

    /**
     * What holds where nothing was chosen.
     *
     * @return the dialect that the driver's name for the database stands for, the prefix {@code keywright_}, and ten seconds
     */
    public static JdbcOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Chooses the dialect, for a database whose driver gives it another name.
     *
     * @param dialect how the database speaks
     * @return these options with this dialect
     */
    public JdbcOptions dialect(JdbcDialect dialect) {
        return new JdbcOptions(Objects.requireNonNull(dialect), tablePrefix, timeout);
    }

    /**
     * Chooses what the names of the tables and of their indexes begin with, in place of {@code keywright_}.
     *
     * @param prefix a lower-case letter, and up to 29 lower-case letters, digits and underscores
     * @return these options with this prefix
     * @throws IllegalArgumentException if the prefix has other characters, or too many
     */
    public JdbcOptions tablePrefix(String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "a table prefix is a lower-case letter and up to 29 lower-case letters, digits and underscores");
        }
        return new JdbcOptions(dialect, prefix, timeout);
    }

    /**
     * Chooses how long a call may take, with all that it tries again and its wait for other writers of this process. The wait for
     * a connection is the data source's to bound. A call that takes longer is ended, and its connection given up if need be. Ten
     * seconds by default. Databases that run in this
     * process (H2, SQLite) know time-outs of their own for what they wait for, and go by these. PostgreSQL's driver takes its
     * {@code cancelSignalTimeout} longer for a look-up where nothing answers at all: ten seconds, unless its URL says less.
     *
     * @param timeout from a second to an hour
     * @return these options with this time-out
     * @throws IllegalArgumentException if it is shorter or longer
     */
    public JdbcOptions timeout(Duration timeout) {
        if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a time-out is a second at least, and an hour at most");
        }
        return new JdbcOptions(dialect, tablePrefix, timeout);
    }

    @Nullable JdbcDialect dialect() {
        return dialect;
    }

    String tablePrefix() {
        return tablePrefix;
    }

    Duration timeout() {
        return timeout;
    }
}
