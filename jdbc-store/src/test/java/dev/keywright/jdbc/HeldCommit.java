package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;

/** A transaction that has done all that it does, and does not commit until a test lets it. */
final class HeldCommit {

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** A data source whose commits are held. */
    DataSource on(DataSource real) {
        return Tampered.connections(real, (method, args, call) -> {
            if (method.equals("commit")) {
                hold();
            }
            return call.call();
        });
    }

    /** Holds the calling thread, which is about to commit. */
    void hold() throws InterruptedException {
        reached.countDown();
        assertThat(Wire.happens(released)).isTrue();
    }

    void awaitReached() throws InterruptedException {
        assertThat(Wire.happens(reached)).isTrue();
    }

    void release() {
        released.countDown();
    }
}
