package dev.keywright.jdbc;

import java.sql.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Data source that always hands out the same connection, ignores its close, and counts how often it was borrowed. */
record SingleConnection(Connection connection, AtomicInteger borrowed) {

    SingleConnection(Connection connection) {
        this(connection, new AtomicInteger());
    }

    DataSource source() {
        return InterceptedDataSource.intercept(
                DataSource.class, H2.at("jdbc:h2:mem:never-opened"), (method, args, real) -> {
                    borrowed.incrementAndGet();
                    return InterceptedDataSource.intercept(
                            Connection.class,
                            connection,
                            (inner, innerArgs, realInner) -> inner.equals("close") ? null : realInner.call());
                });
    }
}
