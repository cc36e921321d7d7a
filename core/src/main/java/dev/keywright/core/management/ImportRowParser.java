package dev.keywright.core.management;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.InvalidRequestException;
import dev.keywright.InvalidRequestException.Field;
import dev.keywright.KeyName;
import dev.keywright.Scopes;
import dev.keywright.TenantId;
import dev.keywright.core.format.ImportTextFormat;
import dev.keywright.core.format.ImportTextFormats;
import dev.keywright.core.format.KeyGenerator;
import dev.keywright.core.format.PepperKeys;
import dev.keywright.core.format.PepperSet;
import dev.keywright.management.ImportedKey;
import dev.keywright.spi.Digest;
import dev.keywright.spi.ImportCandidate;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Checks rows of an import, each by itself, and turns them into keys for the store. */
final class ImportRowParser {

    private static final int MAX_HINT_LENGTH = 8;

    private final ImportTextFormats formats;
    private final PepperSet peppers;
    private final IssuePolicy policy;
    private final KeyGenerator generator;
    private final Clock clock;

    ImportRowParser(
            ImportTextFormats formats, PepperSet peppers, IssuePolicy policy, KeyGenerator generator, Clock clock) {
        this.formats = formats;
        this.peppers = peppers;
        this.policy = policy;
        this.generator = generator;
        this.clock = clock;
    }

    /**
     * {@return the key of the row}
     *
     * @throws IllegalArgumentException for the first rule that the row breaks
     * @throws InvalidRequestException likewise, if a field of the request breaks it
     */
    ImportCandidate parse(ImportedKey row, Actor actor) {
        List<ImportTextFormat> sameDigest = formats(row.prefix());
        ImportTextFormat format = sameDigest.get(0);
        byte[] foreignDigest = format.algorithm()
                .parse(row.digest())
                .orElseThrow(() -> new IllegalArgumentException(
                        "digest must be a " + format.algorithm().name() + " in hexadecimal or base64"));
        PepperKeys pepper = peppers.issuing();
        StoredKey key = StoredKey.unsaved(
                        key(row, sameDigest, actor),
                        pepper.imported(format.algorithm(), foreignDigest),
                        pepper.id(),
                        format.marker())
                .imported(format.marker());
        return new ImportCandidate(key, digestsUnderOtherPeppers(format, foreignDigest));
    }

    /** {@return the formats with this prefix, which all have the same digest} */
    private List<ImportTextFormat> formats(String prefix) {
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException(
                    "prefix must not be empty: keys without one cannot be distinguished from other tokens");
        }
        List<ImportTextFormat> found = formats.withMarker(prefix);
        if (found.isEmpty()) {
            throw new IllegalArgumentException("prefix must be that of a format which is accepted here");
        }
        return found;
    }

    private ApiKey key(ImportedKey row, List<ImportTextFormat> sameDigest, Actor actor) {
        Instant now = clock.instant();
        Optional<Instant> expiresAt = expiresAt(row, now);
        Scopes scopes = Scopes.of(row.scopes().toArray(String[]::new));
        policy.scopeCatalog().requireOffered(scopes);
        policy.requireNoKeyIn(Field.NAME, row.name());
        return StoredValues.keyBuilder()
                .id(generator.id())
                .tenant(tenant(row))
                .name(KeyName.of(row.name()))
                .hint(hint(row, sameDigest))
                .scopes(scopes)
                .createdAt(now)
                .createdBy(actor)
                .expiresAt(expiresAt.orElse(null))
                .lifetime(IssuePolicy.lifetime(now, expiresAt))
                .build();
    }

    private Optional<Instant> expiresAt(ImportedKey row, Instant now) {
        Optional<Instant> requested = row.expiresAt().map(expiry -> expiry.truncatedTo(ChronoUnit.MILLIS));
        requested
                .filter(expiry -> !expiry.isAfter(now) || expiry.isAfter(IssuePolicy.LATEST))
                .ifPresent(expiry -> {
                    throw new InvalidRequestException(
                            Field.EXPIRES_AT, "must lie in the future, and not after the year 9999");
                });
        return policy.expiry(requested, now);
    }

    private static TenantId tenant(ImportedKey row) {
        try {
            return TenantId.of(row.tenant());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("tenant must be the id of a tenant");
        }
    }

    /** {@return the hint, which is at most a quarter of the shortest secret, so that the rest cannot be guessed} */
    private static String hint(ImportedKey row, List<ImportTextFormat> sameDigest) {
        int minSecret =
                sameDigest.stream().mapToInt(ImportTextFormat::minLength).min().orElseThrow();
        int max = Math.min(MAX_HINT_LENGTH, minSecret / 4);
        boolean fits = sameDigest.stream().anyMatch(format -> format.isInAlphabet(row.hint()));
        if (row.hint().isBlank() || row.hint().length() > max || !fits) {
            throw new IllegalArgumentException(
                    "hint must be the last characters of the key: at least one, and at most " + max);
        }
        return row.hint();
    }

    private List<Digest> digestsUnderOtherPeppers(ImportTextFormat format, byte[] foreignDigest) {
        return peppers.accepted().stream()
                .map(pepper -> pepper.imported(format.algorithm(), foreignDigest))
                .toList();
    }
}
