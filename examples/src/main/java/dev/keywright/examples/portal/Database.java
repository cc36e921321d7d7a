package dev.keywright.examples.portal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcDataSource;

/** H2 database in one file, with a connection pool. */
final class Database {

    /**
     * {@code DB_CLOSE_ON_EXIT}: the portal closes the database itself, after the last request. {@code WRITE_DELAY}: by default
     * H2 acknowledges a commit half a second before it is durable, and a revocation must not be lost in between. {@code
     * TRACE_LEVEL_FILE}: disables the trace file. {@code async:}, below: with the default file system an interrupt of one
     * thread closes the file for all.
     */
    private static final String SETTINGS = ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;TRACE_LEVEL_FILE=0";

    /** HikariCP's default of 10 connections, and one that the change feed of the cache holds. */
    private static final int POOL_SIZE = 11;

    private Database() {}

    /** {@return the pool; closing it closes the database} */
    @SuppressWarnings("try") // The first connection is unused: it locks the file until the pool does.
    static HikariDataSource open(Path directory) {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:async:" + directory.resolve("keys") + SETTINGS);
        h2.setUser("portal");
        h2.setPassword("");
        // A damaged file fails on a plain connection; the pool would log a stack trace.
        try (Connection first = h2.getConnection()) {
            DataDirectory.restrictToOwner(directory.resolve("keys.mv.db"));
            HikariConfig config = new HikariConfig();
            config.setDataSource(h2);
            config.setMaximumPoolSize(POOL_SIZE);
            return new HikariDataSource(config);
        } catch (SQLException e) {
            boolean inUse = e.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1;
            throw new StartupException(
                    inUse
                            ? "The data directory " + directory + " is in use by another process."
                            : "Cannot open the database in " + directory
                                    + ": its file is damaged, not writable, or not a database of this portal.",
                    e);
        }
    }
}
