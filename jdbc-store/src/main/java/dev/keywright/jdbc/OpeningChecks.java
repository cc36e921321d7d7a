package dev.keywright.jdbc;

import dev.keywright.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Checks the data source and the database when a store is opened, and refuses those on which the store could not keep its promises.
 * Each refusal names the reason and the cure. The checks inspect one connection; a pool whose connections differ can pass.
 */
final class OpeningChecks {

    /** One character of each assigned plane of Unicode, and some that are often lost. */
    private static final String EVERY_PLANE = new StringBuilder("k\u00e9\u0416\u05d0\u20ac\u4e2d\ufffd")
            .appendCodePoint(0x1F511)
            .appendCodePoint(0x2A6D6)
            .appendCodePoint(0x30EDD)
            .appendCodePoint(0xE0100)
            .appendCodePoint(0xF0000)
            .appendCodePoint(0x10FFFD)
            .toString();

    /** Interface of the connections in Spring that are shared between callers. */
    private static final String SPRING_PROXY = "org.springframework.jdbc.datasource.ConnectionProxy";

    private OpeningChecks() {}

    /**
     * Returns the product name that the driver reports.
     *
     * @throws IllegalStateException if the data source is a proxy of Spring's whose connections depend on the calling thread
     * @throws StoreUnavailableException if the data source returns no connection
     */
    static String product(DataSource source) {
        try (Connection connection = BorrowedConnection.connection(Objects.requireNonNull(source))) {
            if (isSpringProxy(source, connection)) {
                throw new IllegalStateException(
                        "the data source (" + source.getClass().getName()
                                + ") is a proxy of Spring's, whose connections depend on the transaction of the"
                                + " calling thread: a lookup in it could miss a revocation. Give Keywright the"
                                + " DataSource behind it (getTargetDataSource()), or a pool of its own");
            }
            return connection.getMetaData().getDatabaseProductName();
        } catch (SQLException e) {
            throw BorrowedConnection.unreachable(e);
        }
    }

    /**
     * Checks the connection, the settings of the database, and the tables.
     *
     * @return warnings about the settings of the database, as sentences for the log
     * @throws IllegalStateException if the store cannot use the tables, or a database with these settings
     * @throws StoreUnavailableException if the connection may lead to a replica, or has dirty reads
     */
    static List<String> check(BorrowedConnection connection, Dialect dialect) throws SQLException {
        DatabaseInspector inspector = connection.inspector();
        if (inspector.isReadOnly() || dialect.isReplica(inspector)) {
            throw new StoreUnavailableException(
                    "the data source leads to a replica, which may lag behind, or hands out read-only connections,"
                            + " which may lead to one: give Keywright a DataSource of its own that writes to the primary",
                    null);
        }
        if (connection.transaction().hasDirtyReads()) {
            throw new StoreUnavailableException(
                    "the data source hands out connections at READ UNCOMMITTED, which read uncommitted changes:"
                            + " give Keywright a DataSource of its own, at READ COMMITTED or above",
                    null);
        }
        refuseIf(dialect.unusable(inspector));
        SchemaValidator validator = new SchemaValidator(connection, SchemaFile.of(dialect));
        refuseIf(validator.defect().map(SchemaValidator.Defect::message));
        refuseIf(validator.uniquenessDefect().map(SchemaValidator.Defect::message));
        refuseIf(dialect.lossyColumn(inspector));
        if (!dialect.keepsText(inspector, EVERY_PLANE)) {
            refuseIf(Optional.of(dialect.lossyText(inspector)));
        }
        return dialect.warnings(inspector);
    }

    private static void refuseIf(Optional<String> reason) {
        reason.ifPresent(message -> {
            throw new IllegalStateException(message);
        });
    }

    /**
     * Returns whether the connection is a proxy of Spring's: one that joins the transaction of its thread, one that chooses its
     * target when it is first used, or one that is shared. Proxies of other libraries are unwrapped.
     */
    private static boolean isSpringProxy(DataSource source, Connection connection) {
        return implementsByName(connection.getClass(), SPRING_PROXY)
                || Stream.of(
                                source.getClass().getClassLoader(),
                                connection.getClass().getClassLoader(),
                                Thread.currentThread().getContextClassLoader())
                        .anyMatch(loader -> wraps(connection, SPRING_PROXY, loader));
    }

    private static boolean implementsByName(@Nullable Class<?> type, String name) {
        return type != null
                && (type.getName().equals(name)
                        || implementsByName(type.getSuperclass(), name)
                        || Stream.of(type.getInterfaces()).anyMatch(each -> implementsByName(each, name)));
    }

    private static boolean wraps(Connection connection, String name, @Nullable ClassLoader loader) {
        try {
            return connection.isWrapperFor(Class.forName(name, false, loader));
        } catch (ClassNotFoundException | LinkageError | SQLException | RuntimeException e) {
            // Spring is not on the class path, or the driver cannot unwrap.
            return false;
        }
    }
}
