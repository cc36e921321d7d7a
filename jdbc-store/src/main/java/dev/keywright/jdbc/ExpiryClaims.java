package dev.keywright.jdbc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.keywright.StoreUnavailableException;
import dev.keywright.spi.StoredKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims keys that expire soon, for one warning at a time. Thread-safe.
 *
 * <p>Maintenance claims every minute, and most keys of a warning's window are claimed already. So this class remembers its progress
 * for each warning, and then reads only the keys whose expiry has come within the warning since, and the keys that were inserted
 * or changed since. It reads all keys of the window again every hour, which finds rows that were edited by hand, or were written
 * after a fail-over that lost commits.
 */
final class ExpiryClaims {

    private static final Logger LOG = LoggerFactory.getLogger(ExpiryClaims.class);

    private static final Duration MAX_AGE = Duration.ofHours(1);

    private static final int INACTIVE_AT_COLUMN = Sql.Fragments.KEY_COLUMNS + Sql.Fragments.USAGE_COLUMNS + 1;

    private final Database database;
    private final Map<Duration, Progress> progress = new ConcurrentHashMap<>();

    ExpiryClaims(Database database) {
        this.database = database;
    }

    /**
     * Progress of the claims for one warning: as of a revision, all keys that expire up to an instant were claimed.
     *
     * @param since when the claims last began with the first key of the window
     */
    private record Progress(long upTo, long revision, Instant since) {}

    /** Result of a transaction. The progress is absent if it did not change. */
    private record Claims(List<StoredKey> keys, Optional<Progress> progress) {}

    /** Key that expires soon. The id is decoded as ISO-8859-1, since it may be damaged; the key is empty if it is unreadable. */
    private record ExpiringRow(String id, long inactiveAt, Optional<StoredKey> key) {}

    /**
     * Claims keys. If other nodes claim some of them at the same time, waits for them, and searches for further keys. A damaged key
     * is claimed too, and only logged: it must not block the notifications of other keys.
     */
    List<StoredKey> claim(Instant now, Duration warning, int limit) {
        Claims claims = database.writeWithoutRevision(runner -> claim(runner, now, warning, limit));
        claims.progress().ifPresent(reached -> progress.put(warning, reached));
        return claims.keys();
    }

    private Claims claim(StatementRunner runner, Instant now, Duration warning, int limit) throws SQLException {
        // First: keys that are written later have a higher revision.
        long revision = database.readCoherence(runner).revision();
        long millis = warning.toMillis();
        long until = now.toEpochMilli() + millis;
        List<StoredKey> claimed = new ArrayList<>();
        Progress before = progress(warning, now, revision);
        long from = now.toEpochMilli();
        if (before != null) {
            long upTo = Math.min(before.upTo(), until);
            if (claimFound(claimed, runner, millis, limit, Sql.FIND_CHANGED_EXPIRING, before.revision(), from, upTo)
                    .isPresent()) {
                return new Claims(claimed, Optional.empty());
            }
            from = Math.max(from, before.upTo());
        }
        Optional<Long> last = claimFound(claimed, runner, millis, limit, Sql.FIND_EXPIRING, from, until);
        // Further keys may expire at the same instant as the last one.
        long reached = last.map(inactiveAt -> inactiveAt - 1).orElse(until);
        return new Claims(claimed, Optional.of(new Progress(reached, revision, before == null ? now : before.since())));
    }

    /** Returns the progress for a warning; null if all keys have to be read. */
    private @Nullable Progress progress(Duration warning, Instant now, long revision) {
        Progress last = progress.get(warning);
        return last == null
                        || revision < last.revision()
                        || now.isBefore(last.since())
                        || !now.isBefore(last.since().plus(MAX_AGE))
                ? null
                : last;
    }

    /** Claims the keys that a query finds, up to the limit. If it is reached, returns when the last key that was found expires. */
    private static Optional<Long> claimFound(
            List<StoredKey> claimed, StatementRunner runner, long warning, int limit, Sql find, Object... range)
            throws SQLException {
        while (true) {
            int wanted = limit - claimed.size();
            List<ExpiringRow> found = runner.query(
                    ExpiryClaims::read,
                    find,
                    Stream.concat(Stream.of(range), Stream.of(warning, wanted)).toArray());
            Optional<Long> last = found.stream().map(ExpiringRow::inactiveAt).max(Comparator.naturalOrder());
            // In the lock order of UsageStatements.record, so that the two cannot deadlock.
            found.sort(Comparator.comparing(ExpiringRow::id));
            for (ExpiringRow row : found) {
                if (runner.update(Sql.CLAIM_EXPIRING, warning, row.id().getBytes(ISO_8859_1), warning) > 0) {
                    row.key().ifPresent(claimed::add);
                }
            }
            if (found.size() < wanted) {
                return Optional.empty();
            }
            if (claimed.size() == limit) {
                return last;
            }
        }
    }

    private static ExpiringRow read(ResultSet row) throws SQLException {
        String id = new String(row.getBytes(1), ISO_8859_1);
        long inactiveAt = row.getLong(INACTIVE_AT_COLUMN);
        try {
            return new ExpiringRow(id, inactiveAt, Optional.of(UsageStatements.read(row)));
        } catch (StoreUnavailableException damaged) {
            LOG.warn("Expiry notification skipped: {}", damaged.getMessage());
            return new ExpiringRow(id, inactiveAt, Optional.empty());
        }
    }
}
