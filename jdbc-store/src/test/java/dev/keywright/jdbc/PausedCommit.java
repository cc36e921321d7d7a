package dev.keywright.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;

/** Pauses a transaction before its commit until a test releases it. */
final class PausedCommit {

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** Returns a data source whose commits are paused. */
    DataSource on(DataSource real) {
        return InterceptedDataSource.onConnections(real, (method, args, call) -> {
            if (method.equals("commit")) {
                pause();
            }
            return call.call();
        });
    }

    /** Pauses the calling thread, which is about to commit. */
    void pause() throws InterruptedException {
        reached.countDown();
        assertThat(TcpProxy.await(released)).isTrue();
    }

    void awaitReached() throws InterruptedException {
        assertThat(TcpProxy.await(reached)).isTrue();
    }

    void release() {
        released.countDown();
    }
}
