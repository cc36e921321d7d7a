package dev.keywright.core.event;

import dev.keywright.ApiKey;
import dev.keywright.Rejected;
import dev.keywright.TenantId;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.management.KeyListener;

/**
 * {@linkplain Throttle Throttles} rejections for each tenant and reason. Texts that belong to no key have no tenant, and share a slot
 * for each reason. Thread-safe.
 */
final class RejectionThrottle {

    private final Throttle<Rejected> throttle;

    /** Owner of a slot. */
    private record Owner(TenantId tenant, Rejected.Reason reason) {}

    RejectionThrottle(MonotonicTime time, KeyListener listener) {
        this.throttle = new Throttle<>(time, listener::verificationRejected);
    }

    void add(Rejected rejected) {
        ApiKey key = rejected.key().orElse(null);
        if (key == null) {
            throttle.add(rejected.reason(), rejected);
        } else {
            throttle.add(rejected.reason(), new Owner(key.tenant(), rejected.reason()), rejected);
        }
    }

    /** Publishes the rejections that are held back in slots whose minute is over. */
    void publishHeldBack() {
        throttle.publishHeldBack();
    }

    /** Publishes all rejections that are held back, before the throttle is closed. */
    void publishAllHeldBack() {
        throttle.publishAllHeldBack();
    }
}
