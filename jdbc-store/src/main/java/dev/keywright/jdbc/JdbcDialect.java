package dev.keywright.jdbc;

import java.util.Locale;

/** The databases that {@link JdbcKeyStore} keeps keys in. */
public enum JdbcDialect {
    /** H2 inside this process, in its own mode or in another that knows LIMIT: MySQL, MariaDB, PostgreSQL, HSQLDB, DB2, LEGACY. */
    H2,
    /** MySQL from 8.0 and MariaDB from 10.6 on, with InnoDB, through the driver of either. */
    MYSQL,
    /** PostgreSQL from 14 on, and what speaks its protocol and keeps what is asked of it in the documentation. */
    POSTGRESQL,
    /** SQLite from 3.37 on. */
    SQLITE;

    /**
     * The dialect of a database.
     *
     * @param product the name that its driver gives it
     * @throws IllegalArgumentException if none is known
     */
    static JdbcDialect of(String product) {
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "h2" -> H2;
            case "mysql", "mariadb" -> MYSQL;
            case "postgresql" -> POSTGRESQL;
            case "sqlite" -> SQLITE;
            default ->
                throw new IllegalArgumentException(
                        "Keywright keeps keys in H2, MariaDB, MySQL, PostgreSQL and SQLite; it does not know the database \""
                                + product + "\". If it speaks as one of these does, name that one:"
                                + " JdbcOptions.defaults().dialect(…)");
        };
    }
}
