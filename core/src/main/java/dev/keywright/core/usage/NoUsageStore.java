package dev.keywright.core.usage;

import dev.keywright.spi.StoredKey;
import dev.keywright.spi.UsageDelta;
import dev.keywright.spi.UsageStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stands in for the usage store of a key store that has none: drops usage, and claims no expiring keys. */
public final class NoUsageStore implements UsageStore {

    private static final Logger log = LoggerFactory.getLogger(NoUsageStore.class);

    /** Logs the effect, once for each store. */
    public NoUsageStore() {
        log.warn(
                "The API key store keeps no usage: last uses and use counts stay empty, reports treat every key as unused,"
                        + " and expiring keys are not announced");
    }

    @Override
    public void recordUsage(List<UsageDelta> usage) {}

    @Override
    public List<StoredKey> claimExpiring(Instant now, Duration warning, int limit) {
        return List.of();
    }
}
