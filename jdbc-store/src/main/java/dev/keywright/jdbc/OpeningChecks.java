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
 * Checks the data source and the database when a store is opened, and refuses those on which it could not keep its promises. Each
 * refusal names the reason and the cure. One connection is looked at; a pool whose connections differ from each other can pass.
 */
final class OpeningChecks {

    /** One character of each plane of Unicode that has any, and some that are easily lost. */
    private static final String EVERY_PLANE = new StringBuilder("k\u00e9\u0416\u05d0\u20ac\u4e2d\ufffd")
            .appendCodePoint(0x1F511)
            .appendCodePoint(0x2A6D6)
            .appendCodePoint(0x30EDD)
            .appendCodePoint(0xE0100)
            .appendCodePoint(0xF0000)
            .appendCodePoint(0x10FFFD)
            .toString();

    /** What connections of Spring implement that are not one caller's alone. */
    private static final String SPRING_PROXY = "org.springframework.jdbc.datasource.ConnectionProxy";

    private OpeningChecks() {}

    /**
     * Returns the name that the driver gives the database.
     *
     * @throws IllegalStateException if the data source hands out connections of a transaction of Spring's, where there is one
     * @throws StoreUnavailableException if no connection can be had
     */
    static String product(DataSource source) {
        try (Connection connection = BorrowedConnection.connection(Objects.requireNonNull(source))) {
            if (isSpringProxy(source, connection)) {
                throw new IllegalStateException(
                        "the data source (" + source.getClass().getName()
                                + ") is a proxy of Spring's, whose connections depend on the transaction that the calling thread is in: a"
                                + " lookup in it could miss a revocation. Give Keywright the DataSource behind it"
                                + " (getTargetDataSource()), or a pool of its own");
            }
            return connection.getMetaData().getDatabaseProductName();
        } catch (SQLException e) {
            throw BorrowedConnection.unreachable(e);
        }
    }

    /**
     * Checks everything but the name.
     *
     * @return what the operators should know about how the database is set, in sentences
     * @throws IllegalStateException if the tables or the settings of the database are not as they must be
     * @throws StoreUnavailableException if the connection is one that may lead to a replica, or sees what is not committed
     */
    static List<String> check(BorrowedConnection loan, Dialect dialect) throws SQLException {
        if (loan.isReadOnly() || dialect.isReplica(loan)) {
            throw new StoreUnavailableException(
                    "the data source leads to a replica, which may lag behind, or hands out read-only connections,"
                            + " which may do so: give Keywright a DataSource of its own that writes to the primary",
                    null);
        }
        if (loan.seesUncommitted()) {
            throw new StoreUnavailableException(
                    "the data source hands out connections at READ UNCOMMITTED, which see what may never be committed:"
                            + " give Keywright a DataSource of its own, at READ COMMITTED or above",
                    null);
        }
        refuseIf(dialect.unusable(loan));
        SchemaValidator inspection = new SchemaValidator(loan, SchemaFiles.of(dialect));
        Optional<SchemaValidator.Defect> defect = inspection.defect();
        refuseIf((defect.isPresent() ? defect : inspection.ambiguity()).map(SchemaValidator.Defect::sentence));
        refuseIf(dialect.lossyColumn(loan));
        if (!dialect.keepsText(loan, EVERY_PLANE)) {
            refuseIf(Optional.of(dialect.lossyText(loan)));
        }
        return dialect.warnings(loan);
    }

    private static void refuseIf(Optional<String> reason) {
        reason.ifPresent(sentence -> {
            throw new IllegalStateException(sentence);
        });
    }

    /**
     * Returns whether the connection is a proxy of Spring's: one that joins the transaction of its thread, one that chooses its
     * target when it is first used, or the only one that there is. Also found behind proxies of others, by asking for it.
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
            // Spring is not there, or the driver does not know what is behind it.
            return false;
        }
    }
}
