package dev.keywright.benchmarks.life;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.Revocation;
import dev.keywright.management.KeyChange;
import dev.keywright.spi.StoredValues;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Something that is done to a key: what it makes of the key, and what rightly keeps it from being done. */
sealed interface Deed permits Deed.Change, Deed.Rotate, Deed.Revoke, Deed.EndRotation {

    /** {@return whether the row shows that it was this that made it} */
    boolean made(ApiKey row);

    /**
     * What it should have made of a key.
     *
     * @param before the key as it was
     * @param after what was made of it, for what only the library could choose: an id, an instant within the span
     * @param span when it was done
     * @return the key as it should be; null where this should not have been done to the key
     */
    ApiKey.@Nullable Builder of(ApiKey before, ApiKey after, Span span);

    /**
     * Whether a key is rightly refused.
     *
     * @param rule for which reason
     * @param state the key as it may have been
     * @param attempt when, and what was known before
     * @return whether it is
     */
    boolean isRefusedBy(KeyConflictException.Rule rule, ApiKey state, Attempt attempt);

    /**
     * Somebody renames or re-scopes a key.
     *
     * @param wanted what they want, of which version
     */
    record Change(KeyChange wanted) implements Deed {

        @Override
        public boolean made(ApiKey row) {
            return true;
        }

        @Override
        public ApiKey.@Nullable Builder of(ApiKey before, ApiKey after, Span span) {
            return before.version() == wanted.version() && span.mayWork(before)
                    ? StoredValues.keyBuilder(before)
                            .name(wanted.name().orElse(before.name()))
                            .scopes(wanted.scopes().orElse(before.scopes()))
                    : null;
        }

        @Override
        public boolean isRefusedBy(KeyConflictException.Rule rule, ApiKey state, Attempt attempt) {
            return switch (rule) {
                case REVOKED -> state.revocation().isPresent();
                case EXPIRED -> attempt.span().mayHaveExpired(state);
                case VERSION -> attempt.span().mayWork(state) && state.version() != wanted.version();
                case ROTATED, NOT_ROTATED, TOO_MANY_KEYS -> false;
            };
        }

        @Override
        public String toString() {
            return "Change[of version " + wanted.version()
                    + wanted.name().map(name -> ", to " + name).orElse("")
                    + wanted.scopes().map(scopes -> ", to " + scopes).orElse("") + "]";
        }
    }

    /** Somebody rotates a key. Which key takes its place is known afterwards. */
    final class Rotate implements Deed {

        /** How often the library tries again where somebody else has changed the key in between. */
        private static final int ATTEMPTS = 10;

        private final Actor by;
        private final Duration overlap;
        private final boolean predecessorMayWork;
        private final Optional<KeyId> deadSuccessor;
        private final BiPredicate<KeyId, Span> mustWork;
        private @Nullable ApiKey successor;

        /**
         * Takes the parts.
         *
         * @param by who does so
         * @param overlap for how long both keys are to work
         * @param predecessorMayWork whether the key took the place of one that may still work
         * @param deadSuccessor the key that it was rotated to before, where that was known to be dead before this began
         * @param mustWork whether a key must have worked
         */
        Rotate(
                Actor by,
                Duration overlap,
                boolean predecessorMayWork,
                Optional<KeyId> deadSuccessor,
                BiPredicate<KeyId, Span> mustWork) {
            this.by = by;
            this.overlap = overlap;
            this.predecessorMayWork = predecessorMayWork;
            this.deadSuccessor = deadSuccessor;
            this.mustWork = mustWork;
        }

        /** Says which key takes the place of the old one. */
        void to(ApiKey key) {
            successor = key;
        }

        @Override
        public boolean made(ApiKey row) {
            return true;
        }

        @Override
        public ApiKey.@Nullable Builder of(ApiKey before, ApiKey after, Span span) {
            ApiKey next = Objects.requireNonNull(successor);
            boolean rotated =
                    before.successor().filter(id -> mustWork.test(id, span)).isPresent();
            if (rotated || !span.mayWork(before) || !isRight(next, before, span)) {
                return null;
            }
            Instant now = next.createdAt();
            ApiKey.Builder ending = StoredValues.keyBuilder(before).successor(next.id());
            if (overlap.isZero()) {
                return ending.revocation(new Revocation(now, by, "rotated"));
            }
            Instant end = now.plus(overlap);
            return ending.expiresAt(before.expiresAt().filter(end::isAfter).orElse(end));
        }

        private boolean isRight(ApiKey next, ApiKey before, Span span) {
            Instant now = next.createdAt();
            Optional<Instant> end = before.lifetime().map(now::plus);
            ApiKey expected = StoredValues.keyBuilder()
                    .id(next.id())
                    .hint(next.hint())
                    .tenant(before.tenant())
                    .name(before.name())
                    .scopes(before.scopes())
                    .createdAt(now)
                    .createdBy(by)
                    .expiresAt(end.orElse(null))
                    .lifetime(before.lifetime().orElse(null))
                    .predecessor(before.id())
                    .build();
            return span.holds(now) && next.equals(expected);
        }

        @Override
        public boolean isRefusedBy(KeyConflictException.Rule rule, ApiKey state, Attempt attempt) {
            Span span = attempt.span();
            return switch (rule) {
                case REVOKED -> state.revocation().isPresent();
                case EXPIRED -> span.mayHaveExpired(state);
                case ROTATED -> span.mayWork(state) && (predecessorMayWork || hasAnotherSuccessor(state));
                case VERSION -> state.version() >= attempt.look().least() + ATTEMPTS;
                case NOT_ROTATED, TOO_MANY_KEYS -> false;
            };
        }

        private boolean hasAnotherSuccessor(ApiKey state) {
            return state.successor().isPresent() && !state.successor().equals(deadSuccessor);
        }

        @Override
        public String toString() {
            return "Rotate[overlap=" + overlap + (successor == null ? "]" : ", to=" + successor.id() + "]");
        }
    }

    /**
     * Somebody revokes a key, alone or among others.
     *
     * @param by who
     * @param reason why; the two are not the same for any other revocation
     */
    record Revoke(Actor by, String reason) implements Deed {

        @Override
        public boolean made(ApiKey row) {
            return row.revocation()
                    .filter(it -> it.by().equals(by) && it.reason().equals(reason))
                    .isPresent();
        }

        @Override
        public ApiKey.@Nullable Builder of(ApiKey before, ApiKey after, Span span) {
            Optional<Instant> at = after.revocation().map(Revocation::at).filter(span::holds);
            return before.revocation().isEmpty() && at.isPresent()
                    ? StoredValues.keyBuilder(before).revocation(new Revocation(at.get(), by, reason))
                    : null;
        }

        @Override
        public boolean isRefusedBy(KeyConflictException.Rule rule, ApiKey state, Attempt attempt) {
            return false;
        }
    }

    /**
     * Somebody ends a rotation: a revocation that only a key with a successor can suffer.
     *
     * @param revocation what it comes to
     */
    record EndRotation(Revoke revocation) implements Deed {

        /** Takes who does so. */
        EndRotation(Actor by) {
            this(new Revoke(by, "rotation ended"));
        }

        @Override
        public boolean made(ApiKey row) {
            return revocation.made(row);
        }

        @Override
        public ApiKey.@Nullable Builder of(ApiKey before, ApiKey after, Span span) {
            return before.successor().isPresent() ? revocation.of(before, after, span) : null;
        }

        @Override
        public boolean isRefusedBy(KeyConflictException.Rule rule, ApiKey state, Attempt attempt) {
            return rule == KeyConflictException.Rule.NOT_ROTATED
                    && state.successor().isEmpty();
        }
    }
}
