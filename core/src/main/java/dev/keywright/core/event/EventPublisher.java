package dev.keywright.core.event;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyOwner;
import dev.keywright.Rejected;
import dev.keywright.Revocation;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.core.common.Quietly;
import dev.keywright.management.KeyListener;
import dev.keywright.management.ManagementSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Publishes events: each is logged immediately by the {@link LoggingListener}, and then added to the {@linkplain ListenerQueue queue}
 * of each listener. The caller neither waits for a listener nor gets its exceptions, nor those of the log: the key has been issued or
 * revoked by then, and an exception would lose the secret of an issued key.
 *
 * <p>Thread-safe.
 */
public final class EventPublisher implements KeyListener, AutoCloseable {

    /** Maximum time for the delivery of queued events on close, for all listeners together. */
    private static final long CLOSE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final LoggingListener eventLog;
    private final List<ListenerQueue> queues;
    private final MonotonicTime time;
    private final RejectionThrottle rejections;
    private final Throttle<Refusal> refusals;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Creates a publisher for listeners.
     *
     * @param isKeyIn whether a text contains the text of a key, so that it must not be in the log
     */
    public EventPublisher(List<KeyListener> listeners, MonotonicTime time, Predicate<String> isKeyIn) {
        this.eventLog = new LoggingListener(isKeyIn);
        this.queues = listeners.stream().map(ListenerQueue::new).toList();
        this.time = time;
        this.rejections = new RejectionThrottle(time, this);
        this.refusals = new Throttle<>(
                time, (refusal, heldBack) -> managementRefused(refusal.session(), refusal.why(), heldBack));
    }

    /** Refused management call. */
    private record Refusal(ManagementSession session, String why) {}

    /** Owner of refusals, which are throttled for each user of a tenant. */
    private record RefusedUser(TenantId tenant, UserId user) {}

    @Override
    public void issued(ApiKey key) {
        publish(listener -> listener.issued(key));
    }

    @Override
    public void changed(ApiKey before, ApiKey after, Actor by) {
        publish(listener -> listener.changed(before, after, by));
    }

    @Override
    public void rotated(ApiKey predecessor, ApiKey successor) {
        publish(listener -> listener.rotated(predecessor, successor));
    }

    @Override
    public void revoked(ApiKey key) {
        publish(listener -> listener.revoked(key));
    }

    @Override
    public void suspended(ApiKey key) {
        publish(listener -> listener.suspended(key));
    }

    @Override
    public void resumed(ApiKey key, Actor by) {
        publish(listener -> listener.resumed(key, by));
    }

    @Override
    public void revokedAll(TenantId tenant, long keys, Revocation revocation) {
        publish(listener -> listener.revokedAll(tenant, keys, revocation));
    }

    @Override
    public void revokedOwnedBy(TenantId tenant, KeyOwner owner, long keys, Revocation revocation) {
        publish(listener -> listener.revokedOwnedBy(tenant, owner, keys, revocation));
    }

    @Override
    public void revokedCreatedBy(TenantId tenant, UserId creator, long keys, Revocation revocation) {
        publish(listener -> listener.revokedCreatedBy(tenant, creator, keys, revocation));
    }

    @Override
    public void expiring(ApiKey key, Duration warning) {
        publish(listener -> listener.expiring(key, warning));
    }

    @Override
    public void barrierPassed(Duration wait) {
        publish(listener -> listener.barrierPassed(wait), ListenerQueue::addIfHalfEmpty);
    }

    @Override
    public void managementRefused(ManagementSession session, String why, long heldBack) {
        publish(listener -> listener.managementRefused(session, why, heldBack), ListenerQueue::addIfHalfEmpty);
    }

    @Override
    public void verificationRejected(Rejected rejected, long heldBack) {
        publish(listener -> listener.verificationRejected(rejected, heldBack), ListenerQueue::addIfHalfEmpty);
    }

    /** Publishes a rejection, throttled: most are held back, and counted by the next {@link #verificationRejected}. */
    public void rejected(Rejected rejected) {
        rejections.add(rejected);
    }

    /** Publishes a refusal, throttled: most are held back, and counted by the next {@link #managementRefused}. */
    public void refused(ManagementSession session, String why) {
        refusals.add(RefusedUser.class, new RefusedUser(session.tenant(), session.user()), new Refusal(session, why));
    }

    /** Publishes events that have been held back for a minute without a successor that counts them. To be called periodically. */
    public void publishHeldBack() {
        rejections.publishHeldBack();
        refusals.publishHeldBack();
    }

    /** {@return the number of events that can be published before a listener misses one} */
    public int remainingCapacity() {
        return queues.stream().mapToInt(ListenerQueue::remainingCapacity).min().orElse(Integer.MAX_VALUE);
    }

    private void publish(Consumer<KeyListener> event) {
        publish(event, ListenerQueue::add);
    }

    private void publish(Consumer<KeyListener> event, BiConsumer<ListenerQueue, Consumer<KeyListener>> add) {
        Quietly.run(() -> event.accept(eventLog));
        queues.forEach(queue -> add.accept(queue, event));
    }

    /**
     * Publishes events that are held back, delivers queued events for a limited time, and stops the threads. A listener that does not
     * return is interrupted and abandoned. Later events are only logged. Idempotent.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        long start = time.nanoTime();
        rejections.publishAllHeldBack();
        refusals.publishAllHeldBack();
        queues.forEach(ListenerQueue::shutdown);
        queues.forEach(queue -> queue.close(CLOSE_TIMEOUT_NANOS - (time.nanoTime() - start)));
    }
}
