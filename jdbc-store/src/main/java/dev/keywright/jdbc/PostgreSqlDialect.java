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
    boolean isThere(SQLException e) {
        // A table or an index, a column, another object. Not 23505, which may also say that values are not unique.
        return List.of("42P07", "42701", "42710").contains(String.valueOf(e.getSQLState()));
    }

    /**
     * Also ends the transaction of a node that falls silent in the middle of it: all other writers wait for its lock. No
     * statement of the first line takes a snapshot, so that taking the revision is still the first that does.
     */
    @Override
    Optional<String> transaction(Duration timeout) {
        long millis = timeout.toMillis();
        return Optional.of("""
                SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE;
                SET LOCAL statement_timeout = %d;
                SET LOCAL idle_in_transaction_session_timeout = %d""".formatted(millis, millis));
    }

    @Override
    boolean isServer() {
        return true;
    }

    @Override
    boolean boundsTransactions() {
        return true;
    }

    /** Whatever it is told: at READ UNCOMMITTED it does as at READ COMMITTED. */
    @Override
    boolean hasDirtyReads() {
        return false;
    }

    @Override
    boolean isReplica(BorrowedConnection loan) throws SQLException {
        return loan.ask("SELECT CAST(pg_is_in_recovery() AS TEXT)").equals(Optional.of("true"));
    }

    @Override
    Optional<String> unusable(BorrowedConnection loan) throws SQLException {
        return loan.ask("SHOW server_encoding")
                .filter(encoding -> !encoding.equals("UTF8"))
                .map(encoding ->
                        "the PostgreSQL database has the encoding " + encoding + ", in which not every name, actor and"
                                + " reason can be stored, so that revocations could fail: create a database WITH ENCODING 'UTF8'"
                                + " TEMPLATE template0 for Keywright");
    }

    @Override
    List<String> warnings(BorrowedConnection loan) throws SQLException {
        return Stream.of(
                        loan.ask("SHOW synchronous_commit")
                                .filter("off"::equals)
                                .map(off -> "This PostgreSQL answers commits before they are on disk"
                                        + " (synchronous_commit = off), so that a crash may bring revoked API keys back to"
                                        + " life: switch it on for Keywright's user"),
                        loan.ask("SHOW fsync")
                                .filter("off"::equals)
                                .map(
                                        off ->
                                                "This PostgreSQL does not wait for its disk (fsync = off), so that a crash may"
                                                        + " bring revoked API keys back to life, or lose them all: switch it on"))
                .flatMap(Optional::stream)
                .toList();
    }
}
