package dev.keywright.core;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyListener;
import dev.keywright.Rejected;
import dev.keywright.Revocation;
import dev.keywright.Session;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Where events go: each at once into the {@linkplain EventLog log}, and then to what each listener {@linkplain Delivery
 * has waiting}. Whoever tells of an event neither waits for a listener nor sees what one throws; nor what the log throws:
 * the key is issued or revoked by then, and the secret of an issued one would be lost with an exception.
 *
 * <p>Safe for use by many threads.
 */
final class Events implements KeyListener, AutoCloseable {

    /** For all listeners together. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

    private final EventLog eventLog = new EventLog();
    private final List<Delivery> deliveries;
    private final MonotonicTime time;
    private final Rejections rejections;
    private final Throttle<Refusal> refusals;
    private final AtomicBoolean closed = new AtomicBoolean();

    Events(List<KeyListener> listeners, MonotonicTime time) {
        this.deliveries = listeners.stream().map(Delivery::new).toList();
        this.time = time;
        this.rejections = new Rejections(time, this);
        this.refusals = new Throttle<>(
                time, (refusal, heldBack) -> managementRefused(refusal.session(), refusal.why(), heldBack));
    }

    /** A management call that was refused. */
    private record Refusal(Session session, String why) {}

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
    public void waited(Duration wait) {
        tell(listener -> listener.waited(wait), Delivery::addIfRoomy);
    }

    @Override
    public void managementRefused(Session session, String why, long heldBack) {
        tell(listener -> listener.managementRefused(session, why, heldBack), Delivery::addIfRoomy);
    }

    @Override
    public void verificationRejected(Rejected rejected, long heldBack) {
        tell(listener -> listener.verificationRejected(rejected, heldBack), Delivery::addIfRoomy);
    }

    /** As {@link #verificationRejected}, for each rejection there is: most of them are held back. */
    void rejected(Rejected rejected) {
        rejections.add(rejected);
    }

    /** As {@link #managementRefused}, for each refusal: most of them are held back. */
    void refused(Session session, String why) {
        refusals.add(Refused.class, new Refused(session.tenant(), session.user()), new Refusal(session, why));
    }

    /** Tells what has been held back for a minute, and was not followed by anything that told of it; call it now and then. */
    void tellHeldBack() {
        rejections.tellHeldBack();
        refusals.tellHeldBack();
    }

    /** {@return how many events can be told before a listener would miss one} */
    int room() {
        return deliveries.stream().mapToInt(Delivery::room).min().orElse(Integer.MAX_VALUE);
    }

    private void tell(Consumer<KeyListener> event) {
        tell(event, Delivery::add);
    }

    private void tell(Consumer<KeyListener> event, BiConsumer<Delivery, Consumer<KeyListener>> add) {
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
        deliveries.forEach(Delivery::takeNoMore);
        deliveries.forEach(delivery -> delivery.end(PATIENCE - (time.nanoTime() - begun)));
    }
}
