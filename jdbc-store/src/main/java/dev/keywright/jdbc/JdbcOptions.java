package dev.keywright.jdbc;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Options of the store and its schema, which must be given the same options.
 *
 * <pre>{@code
 * JdbcOptions options = JdbcOptions.defaults().tablePrefix("portal_").timeout(Duration.ofSeconds(3));
 * JdbcSchema.install(dataSource, options);
 * KeyStore store = JdbcKeyStore.on(dataSource, options);
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class JdbcOptions {

    /** Table prefix in the schema files. */
    static final String TABLE_PREFIX = "keywright_";

    /** Valid without quotes in every database. The longest name of the schema fits the 63 bytes of PostgreSQL. */
    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,29}");

    private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

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
     * Returns the default options: the dialect of the product name that the driver reports, the table prefix {@code keywright_}, and
     * a time-out of ten seconds.
     *
     * @return the default options
     */
    public static JdbcOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Sets the dialect, for a compatible database whose driver reports another product name.
     *
     * @param dialect the dialect
     * @return a copy of these options with this dialect
     */
    public JdbcOptions dialect(JdbcDialect dialect) {
        return new JdbcOptions(Objects.requireNonNull(dialect), tablePrefix, timeout);
    }

    /**
     * Sets the prefix of the names of tables and indexes; {@code keywright_} by default.
     *
     * @param prefix a lower-case letter, then up to 29 lower-case letters, digits and underscores
     * @return a copy of these options with this prefix
     * @throws IllegalArgumentException if the prefix has other characters or is longer
     */
    public JdbcOptions tablePrefix(String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "tablePrefix must be a lower-case letter, then up to 29 lower-case letters, digits and"
                            + " underscores");
        }
        return new JdbcOptions(dialect, prefix, timeout);
    }

    /**
     * Sets the time-out of a call, including retries and the wait for other writers of this process; ten seconds by default. A call
     * that exceeds it is cancelled, and its connection aborted if necessary. The data source bounds the wait for a connection.
     * Databases inside this process (H2, SQLite) use their own lock time-outs instead. For a lookup on a server that does not
     * respond at all, PostgreSQL's driver takes its {@code cancelSignalTimeout} in addition: ten seconds, unless the URL sets less.
     *
     * @param timeout the time-out; one second to one hour
     * @return a copy of these options with this time-out
     * @throws IllegalArgumentException if the time-out is shorter or longer
     */
    public JdbcOptions timeout(Duration timeout) {
        if (timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("timeout must be 1 second to 1 hour, was " + timeout);
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
