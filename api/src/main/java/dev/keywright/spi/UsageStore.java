package dev.keywright.spi;

import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The part of a {@link KeyStore} on which no verification depends: usage, and claims of expiring keys. Optional. The rules
 * for threads and failures are those of {@link KeyStore}; no method takes a revision or changes a version.
 */
public interface UsageStore {

    /**
     * Adds to the usage of keys, atomically: counts add up, scopes are united, and the last use never moves back. Of more
     * than 200 scopes a store may drop those that became known first. Usage is recorded in whatever state the key is, since
     * it dates from a time when the key was active. Missing keys are ignored.
     *
     * @param usage the usage to add, no key twice; at most 1000
     * @throws StoreUnavailableException if the store cannot write; then nothing has changed
     * @throws OutcomeUnknownException if the commit was not acknowledged
     */
    void recordUsage(List<UsageDelta> usage);

    /**
     * Claims keys of all tenants that expire soon, for one warning. Each key is claimed by one caller for a warning, and never
     * again for this one or a longer one, even if its expiry has changed since. So a key that expires within a day is not
     * claimed afterwards for the warning of 30 days.
     *
     * @param now the instant at which the keys must be active
     * @param warning the time before the expiry, in whole milliseconds: keys that expire after now, and not later than this time
     *     after now, are claimed
     * @param limit the maximum number of keys, at least 1
     * @return the keys, each with its usage; fewer than the limit only if no more are left
     * @throws StoreUnavailableException if the store cannot write; then no key was claimed
     * @throws OutcomeUnknownException if the commit was not acknowledged
     */
    List<StoredKey> claimExpiring(Instant now, Duration warning, int limit);
}
