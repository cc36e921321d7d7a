package dev.keywright.core.management;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.KeyName;
import dev.keywright.Scopes;
import dev.keywright.TenantId;
import dev.keywright.core.ImportFormat;
import dev.keywright.core.Pepper;
import dev.keywright.management.ImportProgress;
import dev.keywright.management.ImportReport;
import dev.keywright.management.ImportedKey;
import dev.keywright.spi.Digest;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import dev.keywright.spi.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One import.
 *
 * <ol>
 *   <li>Each row is looked at by itself, and refused with the first rule that it breaks; so is one whose digest stood in an
 *       earlier row.
 *   <li>The others are added 200 at a time, in one write, which leaves out every key whose text is stored already,
 *       under whichever live pepper.
 * </ol>
 */
final class KeyImporter {

    /** Far fewer than a write may have: every other writer of the store waits for this one. */
    private static final int BATCH = 200;

    private static final int LONGEST_HINT = 8;

    private final Actor actor;
    private final Means means;
    private final Consumer<ImportProgress> progress;

    private final Set<Digest> seen = new HashSet<>();
    private final List<Row> batch = new ArrayList<>();
    private final List<ImportReport.RefusedRow> refused = new ArrayList<>();
    private long imported;
    private long alreadyThere;
    private Duration lease = Duration.ZERO;

    /** A row that is good by itself. */
    private record Row(long number, ImportCandidate candidate) {}

    KeyImporter(Actor actor, Means means, Consumer<ImportProgress> progress) {
        this.actor = actor;
        this.means = means;
        this.progress = progress;
    }

    ImportReport run(Iterable<ImportedKey> rows) {
        long number = 0;
        for (ImportedKey row : rows) {
            number++;
            take(number, row);
            if (number % BATCH == 0) {
                write(number);
            }
        }
        if (number % BATCH != 0 || number == 0) {
            write(number);
        }
        // Whoever presented one of these keys before may have been told that there is none, and a cache have kept that.
        means.barrier().await(lease);
        refused.sort(Comparator.comparingLong(ImportReport.RefusedRow::row));
        return ImportReport.of(imported, alreadyThere, refused);
    }

    private void take(long number, ImportedKey row) {
        try {
            List<ImportFormat> formats = formats(row.prefix());
            ImportFormat format = formats.get(0);
            byte[] foreign = format.digest()
                    .read(row.digest())
                    .orElseThrow(() -> new IllegalArgumentException(
                            "digest must be a " + format.digest().algorithm() + " in hexadecimal or base64"));
            StoredKey key = key(row, formats, foreign);
            if (!seen.add(key.digest())) {
                throw new IllegalArgumentException("digest must not be that of an earlier row");
            }
            batch.add(new Row(number, new ImportCandidate(key, underOtherPeppers(format, foreign))));
        } catch (IllegalArgumentException | InvalidRequestException e) {
            refuse(number, Objects.requireNonNull(e.getMessage()));
        }
    }

    /** {@return the formats with this prefix: each has the same digest} */
    private List<ImportFormat> formats(String prefix) {
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException(
                    "prefix must be given: without one, such keys cannot be told from other tokens");
        }
        List<ImportFormat> formats = means.keyFinder().formats().marked(prefix);
        if (formats.isEmpty()) {
            throw new IllegalArgumentException("prefix must be that of a format which is accepted here");
        }
        return formats;
    }

    private StoredKey key(ImportedKey row, List<ImportFormat> formats, byte[] foreign) {
        ImportFormat format = formats.get(0);
        Pepper pepper = means.keyFinder().peppers().issuing();
        Instant now = means.now();
        Optional<Instant> end = end(row, now);
        Scopes scopes = Scopes.of(row.scopes().toArray(String[]::new));
        means.policy().scopeCatalog().requireOffered(scopes);
        means.refuseKeyIn(Field.NAME, row.name());
        ApiKey key = StoredValues.keyBuilder()
                .id(means.keyGenerator().id())
                .tenant(tenant(row))
                .name(KeyName.of(row.name()))
                .hint(hint(row, formats))
                .scopes(scopes)
                .createdAt(now)
                .createdBy(actor)
                .expiresAt(end.orElse(null))
                .lifetime(KeyIssuer.lifetime(now, end))
                .build();
        return StoredKey.unsaved(key, pepper.imported(format.digest(), foreign), pepper.id())
                .imported(format.mark());
    }

    private static TenantId tenant(ImportedKey row) {
        try {
            return TenantId.of(row.tenant());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("tenant must be the id of a tenant", e);
        }
    }

    /** What is shown to people must leave enough to guess. */
    private static String hint(ImportedKey row, List<ImportFormat> formats) {
        int shortest = formats.stream().mapToInt(ImportFormat::minLength).min().orElseThrow();
        int longest = Math.min(LONGEST_HINT, shortest / 4);
        boolean fits = formats.stream().anyMatch(format -> format.isMadeOf(row.hint()));
        if (row.hint().isBlank() || row.hint().length() > longest || !fits) {
            throw new IllegalArgumentException(
                    "hint must be the last characters of the key: at least one, and at most " + longest);
        }
        return row.hint();
    }

    private Optional<Instant> end(ImportedKey row, Instant now) {
        Optional<Instant> asked = row.expiresAt().map(end -> end.truncatedTo(ChronoUnit.MILLIS));
        asked.filter(end -> !end.isAfter(now) || end.isAfter(IssuePolicy.LATEST))
                .ifPresent(end -> {
                    throw new InvalidRequestException(
                            Field.EXPIRES_AT, "must lie in the future, and not after the year 9999");
                });
        return means.policy().expiry(asked, now);
    }

    private List<Digest> underOtherPeppers(ImportFormat format, byte[] foreign) {
        return means.keyFinder().peppers().accepted().stream()
                .map(pepper -> pepper.imported(format.digest(), foreign))
                .toList();
    }

    private void write(long done) {
        if (!batch.isEmpty()) {
            List<WriteResult> written =
                    means.store().insertAll(batch.stream().map(Row::candidate).toList());
            for (int i = 0; i < batch.size(); i++) {
                Row row = batch.get(i);
                StoredKey there = written.get(i).key().orElseThrow();
                lease = written.get(i).lease();
                if (written.get(i).changed()) {
                    imported++;
                    means.events().issued(there.key());
                } else {
                    found(row.number(), row.candidate().key(), there);
                }
            }
            batch.clear();
        }
        progress.accept(new ImportProgress(done, imported, alreadyThere, refused.size()));
    }

    private void found(long number, StoredKey mine, StoredKey there) {
        if (there.key().tenant().equals(mine.key().tenant())) {
            alreadyThere++;
        } else {
            refuse(number, "digest must not be that of another tenant's key");
        }
    }

    private void refuse(long number, String reason) {
        refused.add(new ImportReport.RefusedRow(number, reason));
    }
}
