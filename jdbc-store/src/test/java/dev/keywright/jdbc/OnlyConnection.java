package dev.keywright.jdbc;

import java.sql.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A data source that hands out the same connection again and again, and counts how often. To close it does nothing. */
record OnlyConnection(Connection connection, AtomicInteger borrowed) {

    OnlyConnection(Connection connection) {
        this(connection, new AtomicInteger());
    }

    DataSource source() {
        return Tampered.wrap(DataSource.class, H2.at("jdbc:h2:mem:never-opened"), (method, args, real) -> {
            borrowed.incrementAndGet();
            return Tampered.wrap(
                    Connection.class,
                    connection,
                    (inner, innerArgs, realInner) -> inner.equals("close") ? null : realInner.call());
        });
    }
}
