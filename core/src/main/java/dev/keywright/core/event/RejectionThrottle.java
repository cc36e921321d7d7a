package dev.keywright.core.event;

import dev.keywright.ApiKey;
import dev.keywright.Rejected;
import dev.keywright.TenantId;
import dev.keywright.core.common.MonotonicTime;
import dev.keywright.management.KeyListener;

/**
 * Rejections of keys, {@linkplain Throttle throttled} for each tenant and reason. Texts that are no key have no tenant: they
 * share a slot for each reason. Thread-safe.
 */
final class RejectionThrottle {

    private final Throttle<Rejected> throttle;

    /** What has a slot of its own. */
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

    /** Tells what is held back in slots whose minute is over. */
    void tellHeldBack() {
        throttle.tellHeldBack();
    }

    /** Tells what is held back, at the end. */
    void tellAllHeldBack() {
        throttle.tellAllHeldBack();
    }
}
