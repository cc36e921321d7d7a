package dev.keywright.core.event;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
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

/**
 * Where events go: each at once into the {@linkplain LoggingListener log}, and then to what each listener {@linkplain ListenerQueue
 * has waiting}. Whoever tells of an event neither waits for a listener nor sees what one throws; nor what the log throws:
 * the key is issued or revoked by then, and the secret of an issued one would be lost with an exception.
 *
 * <p>Safe for use by many threads.
 */
public final class EventPublisher implements KeyListener, AutoCloseable {

    /** For all listeners together. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

    private final LoggingListener eventLog = new LoggingListener();
    private final List<ListenerQueue> deliveries;
    private final MonotonicTime time;
    private final RejectionThrottle rejections;
    private final Throttle<Refusal> refusals;
    private final AtomicBoolean closed = new AtomicBoolean();

    public EventPublisher(List<KeyListener> listeners, MonotonicTime time) {
        this.deliveries = listeners.stream().map(ListenerQueue::new).toList();
        this.time = time;
        this.rejections = new RejectionThrottle(time, this);
        this.refusals = new Throttle<>(
                time, (refusal, heldBack) -> managementRefused(refusal.session(), refusal.why(), heldBack));
    }

    /** A management call that was refused. */
    private record Refusal(ManagementSession session, String why) {}

    /** The user whose refusals are counted together. */
    private record Refused(TenantId tenant, UserId user) {}

    @Override
    public void issued(ApiKey key) {
        tell(listener -> listener.issued(key));
    }

    @Override
    public void changed(ApiKey before, ApiKey after, Actor by) {
        tell(listener -> listener.changed(before, after, by));
    }

    @Override
    public void rotated(ApiKey predecessor, ApiKey successor) {
        tell(listener -> listener.rotated(predecessor, successor));
    }

    @Override
    public void revoked(ApiKey key) {
        tell(listener -> listener.revoked(key));
    }

    @Override
    public void revokedAll(TenantId tenant, long keys, Revocation revocation) {
        tell(listener -> listener.revokedAll(tenant, keys, revocation));
    }

    @Override
    public void revokedCreatedBy(TenantId tenant, UserId creator, long keys, Revocation revocation) {
        tell(listener -> listener.revokedCreatedBy(tenant, creator, keys, revocation));
    }

    @Override
    public void expiring(ApiKey key) {
        tell(listener -> listener.expiring(key));
    }

    @Override
    public void barrierPassed(Duration wait) {
        tell(listener -> listener.barrierPassed(wait), ListenerQueue::addIfRoomy);
    }

    @Override
    public void managementRefused(ManagementSession session, String why, long heldBack) {
        tell(listener -> listener.managementRefused(session, why, heldBack), ListenerQueue::addIfRoomy);
    }

    @Override
    public void verificationRejected(Rejected rejected, long heldBack) {
        tell(listener -> listener.verificationRejected(rejected, heldBack), ListenerQueue::addIfRoomy);
    }

    /** As {@link #verificationRejected}, for each rejection there is: most of them are held back. */
    public void rejected(Rejected rejected) {
        rejections.add(rejected);
    }

    /** As {@link #managementRefused}, for each refusal: most of them are held back. */
    public void refused(ManagementSession session, String why) {
        refusals.add(Refused.class, new Refused(session.tenant(), session.user()), new Refusal(session, why));
    }

    /** Tells what has been held back for a minute, and was not followed by anything that told of it; call it now and then. */
    public void tellHeldBack() {
        rejections.tellHeldBack();
        refusals.tellHeldBack();
    }

    /** {@return how many events can be told before a listener would miss one} */
    public int room() {
        return deliveries.stream().mapToInt(ListenerQueue::room).min().orElse(Integer.MAX_VALUE);
    }

    private void tell(Consumer<KeyListener> event) {
        tell(event, ListenerQueue::add);
    }

    private void tell(Consumer<KeyListener> event, BiConsumer<ListenerQueue, Consumer<KeyListener>> add) {
        Quietly.run(() -> event.accept(eventLog));
        deliveries.forEach(delivery -> add.accept(delivery, event));
    }

    /**
     * Tells what is held back, delivers what waits for as long as our patience lasts, and stops the threads: a listener
     * that goes on for ever is interrupted, and left to itself. What happens afterwards goes into the log alone. Closing
     * again does nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        long begun = time.nanoTime();
        rejections.tellAllHeldBack();
        refusals.tellAllHeldBack();
        deliveries.forEach(ListenerQueue::takeNoMore);
        deliveries.forEach(delivery -> delivery.end(PATIENCE - (time.nanoTime() - begun)));
    }
}
