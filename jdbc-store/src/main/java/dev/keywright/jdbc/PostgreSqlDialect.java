package dev.keywright.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL and its error codes.</a> */
final class PostgreSqlDialect extends Dialect {

    @Override
    String folder() {
        return "META-INF/keywright/jdbc/postgresql";
    }

    @Override
    boolean isDuplicate(SQLException e) {
        return "23505".equals(e.getSQLState());
    }

    @Override
    boolean isMissingTable(SQLException e) {
        return "42P01".equals(e.getSQLState());
    }

    @Override
    boolean alreadyExists(SQLException e) {
        // 42P07: table or index; 42710: other objects. Not 23505, which is also a violation of uniqueness.
        return List.of("42P07", "42710").contains(String.valueOf(e.getSQLState()));
    }

    /**
     * Also bounds the idle time of the transaction: all other writers would wait for the lock of a node that stops responding. None
     * of these statements takes a snapshot; taking the revision is still the first that does.
     */
    @Override
    Optional<String> transactionSettings(Duration timeout) {
        long millis = timeout.toMillis();
        return Optional.of("""
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE;
            SET LOCAL statement_timeout = %d;
            SET LOCAL idle_in_transaction_session_timeout = %d\
            """.formatted(millis, millis));
    }

    @Override
    boolean isServer() {
        return true;
    }

    @Override
    boolean boundsTransactions() {
        return true;
    }

    /** In PostgreSQL, READ UNCOMMITTED is the same as READ COMMITTED. */
    @Override
    boolean hasDirtyReads() {
        return false;
    }

    @Override
    boolean isReplica(DatabaseInspector inspector) throws SQLException {
        return inspector.value("SELECT CAST(pg_is_in_recovery() AS TEXT)").equals(Optional.of("true"));
    }

    @Override
    Optional<String> unusable(DatabaseInspector inspector) throws SQLException {
        return inspector
                .value("SHOW server_encoding")
                .filter(encoding -> !encoding.equals("UTF8"))
                .map(encoding -> "the PostgreSQL database has the encoding " + encoding
                        + ", which cannot store every name, actor and"
                        + " reason, so that revocations could fail: create a database WITH ENCODING 'UTF8'"
                        + " TEMPLATE template0 for Keywright");
    }

    @Override
    List<String> warnings(DatabaseInspector inspector) throws SQLException {
        return Stream.of(
                        inspector
                                .value("SHOW synchronous_commit")
                                .filter("off"::equals)
                                .map(off ->
                                        "PostgreSQL acknowledges commits before they are on disk (synchronous_commit ="
                                                + " off), so that a crash may undo revocations of API keys: switch it on"
                                                + " for Keywright's user"),
                        inspector
                                .value("SHOW fsync")
                                .filter("off"::equals)
                                .map(off ->
                                        "PostgreSQL does not wait for the disk (fsync = off), so that a crash may undo"
                                                + " revocations of API keys, or lose all keys: switch it on"))
                .flatMap(Optional::stream)
                .toList();
    }
}
