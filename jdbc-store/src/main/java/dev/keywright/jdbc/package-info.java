/**
 * Store of API keys in a relational database: H2, MariaDB, MySQL, PostgreSQL or SQLite.
 *
 * <p>{@link dev.keywright.jdbc.JdbcKeyStore} stores keys in five tables, which {@link dev.keywright.jdbc.JdbcSchema} installs;
 * migration tools run the schema file in {@code META-INF/keywright/jdbc/} of this jar instead.
 *
 * <p>All statements are in the enum {@code Sql}, in SQL that every database accepts. The differences of a database are in a
 * subclass of {@code Dialect} and a schema file.
 */
@NullMarked
package dev.keywright.jdbc;

import org.jspecify.annotations.NullMarked;
