package dev.keywright.jdbc;

import java.util.Locale;

/** Databases that {@link JdbcKeyStore} supports. */
public enum JdbcDialect {
    /** H2 inside this process, in its regular mode or another mode with LIMIT: MySQL, MariaDB, PostgreSQL, HSQLDB, DB2, LEGACY. */
    H2,
    /** MySQL 8.0 or later and MariaDB 10.6 or later, with InnoDB, through the driver of either. */
    MYSQL,
    /** PostgreSQL 14 or later, and compatible databases that meet the requirements in the documentation. */
    POSTGRESQL,
    /** SQLite 3.37 or later. */
    SQLITE;

    /**
     * Returns the dialect of a database.
     *
     * @param product the product name that the driver reports
     * @throws IllegalArgumentException if the database is not supported
     */
    static JdbcDialect of(String product) {
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "h2" -> H2;
            case "mysql", "mariadb" -> MYSQL;
            case "postgresql" -> POSTGRESQL;
            case "sqlite" -> SQLITE;
            default ->
                throw new IllegalArgumentException("unsupported database \"" + product
                        + "\": Keywright supports H2, MariaDB, MySQL, PostgreSQL and SQLite. If the database"
                        + " is compatible with one of these, name it: JdbcOptions.defaults().dialect(…)");
        };
    }
}
