package dev.keywright.core;

import dev.keywright.ApiKey;
import dev.keywright.KeyVerifier;
import dev.keywright.Rejected;
import dev.keywright.Scope;
import dev.keywright.Verification;
import dev.keywright.Verified;
import dev.keywright.spi.Digest;
import dev.keywright.spi.KeyStore;
import dev.keywright.spi.StoredKey;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies keys against the store, with one look-up each.
 *
 * <ol>
 *   <li>What has not the shape of a key is malformed.
 *   <li>For each pepper, the newest first, whose check characters fit: digest the text, and look the digest up. Where none
 *       fits, the text is malformed, and the store was not asked; where none is found, the key is unknown.
 *   <li>A key that was revoked, or has ended, or lacks the scope, is rejected for the first of these.
 * </ol>
 */
final class StoreVerifier implements KeyVerifier {

    private static final Logger log = LoggerFactory.getLogger(StoreVerifier.class);

    private final KeyStore store;
    private final List<Pepper> peppers;
    private final Clock clock;

    StoreVerifier(KeyStore store, List<Pepper> peppers, Clock clock) {
        this.store = store;
        this.peppers = peppers;
        this.clock = clock;
    }

    @Override
    public boolean claims(String token) {
        return token.startsWith(KeyText.PREFIX);
    }

    @Override
    public Verification verify(String token) {
        return verdict(token, null);
    }

    @Override
    public Verification verify(String token, Scope required) {
        return verdict(token, Objects.requireNonNull(required));
    }

    private Verification verdict(String token, @Nullable Scope required) {
        if (!KeyText.isWellShaped(token)) {
            return Rejected.malformed();
        }
        Verification verdict = Rejected.malformed();
        for (Pepper pepper : peppers) {
            if (pepper.check().fit(token)) {
                Optional<ApiKey> found = lookUp(pepper.digest(token));
                if (found.isPresent()) {
                    return judge(found.get(), required);
                }
                verdict = Rejected.unknown();
            }
        }
        return verdict;
    }

    private Optional<ApiKey> lookUp(Digest digest) {
        // Compared again, in constant time: a store whose collation took another row for this one must not decide.
        return store.findByDigest(digest)
                .filter(stored -> stored.digest().equals(digest))
                .map(StoredKey::key);
    }

    private Verification judge(ApiKey key, @Nullable Scope required) {
        return switch (key.stateAt(clock.instant())) {
            case REVOKED -> rejected(Rejected.revoked(key));
            case EXPIRED -> rejected(Rejected.expired(key));
            case ACTIVE ->
                required == null || key.scopes().contains(required)
                        ? Verified.of(key)
                        : rejected(Rejected.missingScope(key, required));
        };
    }

    /** Whoever presented the key is not told why it is rejected; whoever runs the host can be. */
    private static Rejected rejected(Rejected rejected) {
        log.debug("{}", rejected);
        return rejected;
    }
}
