package dev.keywright.examples.portal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcDataSource;

/** An H2 database in one file, behind a pool of connections. */
final class Database {

    /**
     * {@code DB_CLOSE_ON_EXIT}: the portal closes the database itself, after its last request. {@code WRITE_DELAY}: H2
     * would answer a commit half a second before it is written, and a revocation must not be lost in between. {@code
     * TRACE_LEVEL_FILE}: no file beside the database in which H2 notes what failed. {@code async:}, below: a thread that is
     * interrupted while it reads or writes would close the file for all.
     */
    private static final String SETTINGS = ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;TRACE_LEVEL_FILE=0";

    private Database() {}

    /** {@return the pool; to be closed, which closes the database} */
    @SuppressWarnings("try") // The first connection is not used: it holds the file until the pool does.
    static HikariDataSource open(Path folder) {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:async:" + folder.resolve("keys") + SETTINGS);
        h2.setUser("portal");
        h2.setPassword("");
        // What is wrong with the file shows on a plain connection; the pool would log it with a stack trace.
        try (Connection first = h2.getConnection()) {
            DataFolder.closeToOthers(folder.resolve("keys.mv.db"));
            HikariConfig config = new HikariConfig();
            config.setDataSource(h2);
            return new HikariDataSource(config);
        } catch (SQLException e) {
            boolean inUse = e.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1;
            throw new CannotStart(
                    inUse
                            ? "The data folder " + folder + " is in use by another portal."
                            : "The database in " + folder
                                    + " cannot be opened: its file is damaged, not writable, or not a"
                                    + " database of this portal.",
                    e);
        }
    }
}
