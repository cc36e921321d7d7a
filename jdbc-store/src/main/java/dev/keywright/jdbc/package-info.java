/**
 * API keys in a relational database.
 *
 * <p>{@link dev.keywright.jdbc.JdbcKeyStore} keeps them, in five tables that {@link dev.keywright.jdbc.JdbcSchema}
 * installs; whoever migrates databases with a tool of their own points it at {@code META-INF/keywright/jdbc/h2} in this
 * jar instead. H2 is supported.
 *
 * <p>The statements are together in one class, in SQL that databases agree on. What a database does in its own way is a
 * small class of its own, and its schema a file.
 */
@NullMarked
package dev.keywright.jdbc;

import org.jspecify.annotations.NullMarked;
