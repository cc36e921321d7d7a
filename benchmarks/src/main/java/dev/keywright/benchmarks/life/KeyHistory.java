package dev.keywright.benchmarks.life;

import dev.keywright.ApiKey;
import dev.keywright.KeyConflictException;
import dev.keywright.Secret;
import dev.keywright.spi.StoredValues;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that was done to one key: what it can be, for whoever asks now. Safe for use by many threads; nobody holds its lock
 * while the library is asked, so that changes of one key race as they like.
 *
 * <ol>
 *   <li>Each change is noted before it is begun, and again when it is answered. The answer says which version it made. Two
 *       that made the same one are a fault, and so is one that made a version which was answered before it was begun.
 *   <li>As soon as the version before is known, the row is compared with what the change should have made of that one.
 *   <li>Whoever reads the key has looked here before: it must not be an earlier version than was answered by then, and it
 *       must be, in every respect, what that version was.
 *   <li>Who is refused must be refused for what the key was at some time in between.
 * </ol>
 */
final class KeyHistory {

    /** A version, and who made it. */
    private record Made(Attempt by, ApiKey row) {}

    private final Model model;
    private final TenantHistory tenant;
    private final Secret secret;
    private final @Nullable KeyHistory predecessor;
    private final ApiKey first;
    private final long bornFrom;
    private final long bornTo;
    private final UseHistory uses = new UseHistory();

    private final SortedMap<Long, Made> made = new TreeMap<>();
    private final List<Attempt> attempts = new ArrayList<>(0);
    private final List<Attempt> underWay = new ArrayList<>(0);
    private final List<Expectation> open = new ArrayList<>(0);
    private long proven = 1;
    private long least = 1;
    private boolean dead;

    /**
     * Begins with a new key.
     *
     * @param model where it belongs
     * @param tenant whose key
     * @param secret its text
     * @param predecessor the key whose place it took; null where there is none
     * @param first the key
     * @param bornFrom the tick before it was asked for
     */
    KeyHistory(
            Model model,
            TenantHistory tenant,
            Secret secret,
            @Nullable KeyHistory predecessor,
            ApiKey first,
            long bornFrom) {
        this.model = model;
        this.tenant = tenant;
        this.secret = secret;
        this.predecessor = predecessor;
        this.first = first;
        this.bornFrom = bornFrom;
        this.bornTo = model.tick();
    }

    /** {@return what is known of the key now, for somebody who is about to ask for it} */
    synchronized Look look() {
        return look(model.tick(), model.now());
    }

    /** {@return what was known of it when it was asked for} */
    Look birth() {
        return new Look(bornFrom, first.createdAt(), 1, false, false, 0);
    }

    private Look look(long tick, Instant from) {
        return new Look(tick, from, least, dead, !underWay.isEmpty(), attempts.size());
    }

    /** Notes that somebody is about to change the key. */
    synchronized Attempt begin(Deed deed) {
        return begin(deed, model.tick(), model.now());
    }

    /** Notes that somebody is changing the key, since some time ago. */
    synchronized Attempt begin(Deed deed, long tick, Instant from) {
        Attempt attempt = new Attempt(deed, look(tick, from));
        if (!underWay.isEmpty()) {
            model.tally().count("changes that overlapped another one of their key");
        }
        attempts.add(attempt);
        underWay.add(attempt);
        return attempt;
    }

    /** Notes the answer to a change: the key as it now is, whoever made it so. */
    synchronized void answered(Attempt attempt, ApiKey answer) {
        ApiKey row = unused(answer);
        if (attempt.deed().made(row)) {
            end(attempt, "made version " + row.version());
            make(attempt, row);
        } else {
            end(attempt, "changed nothing, version " + row.version());
            saw(attempt.look(), row, "the answer to " + attempt);
        }
        settle();
    }

    /** Notes that a change was refused. */
    synchronized void refused(Attempt attempt, KeyConflictException.Rule rule) {
        end(attempt, "refused, " + rule);
        model.tally().check();
        expect(new Expectation.Refusal(attempt, rule));
        settle();
    }

    /** Notes that a change failed as it must not. */
    synchronized void failed(Attempt attempt, RuntimeException how) {
        end(attempt, "failed, " + how);
        fault("an unforeseen failure: " + how);
    }

    /** Notes that the key was revoked, by somebody who is not told the version. */
    synchronized void isDead() {
        dead = true;
    }

    private void end(Attempt attempt, String outcome) {
        attempt.end(model.tick(), model.now(), outcome);
        underWay.remove(attempt);
    }

    private void make(Attempt attempt, ApiKey row) {
        model.tally().check();
        long version = row.version();
        if (version <= attempt.look().least()) {
            fault(attempt + " made a version that was there before it was begun");
        } else if (made.putIfAbsent(version, new Made(attempt, row)) != null) {
            fault("both " + attempt + " and " + made.get(version));
        } else {
            least = Math.max(least, version);
            dead |= row.revocation().isPresent();
            prove();
        }
    }

    private void prove() {
        for (Made next = made.get(proven + 1); next != null; next = made.get(proven + 1)) {
            ApiKey before = row(proven);
            Attempt by = next.by();
            ApiKey.Builder right = by.deed().of(before, next.row(), by.span());
            model.tally().check();
            if (right == null) {
                fault(by + " should not have been done to " + text(before));
            } else if (!right.version(proven + 1).build().equals(next.row())) {
                fault(by + " made of " + text(before) + " " + text(next.row()));
            }
            proven++;
        }
    }

    /**
     * Compares what somebody was shown.
     *
     * @param look what was known before they asked
     * @param shown the key as they were shown it
     * @param how what they asked
     */
    synchronized void saw(Look look, ApiKey shown, String how) {
        model.tally().check();
        ApiKey row = unused(shown);
        if (row.version() < look.least()) {
            fault(how + " goes by version " + row.version() + ", although version " + look.least()
                    + " had been answered before it began at " + look.tick());
        } else if (look.dead() && row.revocation().isEmpty()) {
            fault(how + " goes by version " + row.version()
                    + ", which is not revoked, although it had been answered that the key is, before it began at "
                    + look.tick());
        } else {
            expect(new Expectation.Sight(model.tick(), row, how));
        }
    }

    /** {@return whether somebody was changing the key at some time since the look} */
    synchronized boolean wasChangedSince(Look look) {
        return look.busy() || attempts.size() > look.begun();
    }

    private void expect(Expectation expectation) {
        if (!isSettled(expectation)) {
            open.add(expectation);
        }
    }

    private void settle() {
        open.removeIf(this::isSettled);
    }

    private boolean isSettled(Expectation expectation) {
        Expectation.Verdict verdict = expectation.in(this);
        boolean mayStillBeRight = verdict == Expectation.Verdict.OPEN
                && underWay.stream().anyMatch(attempt -> attempt.begun() < expectation.tick());
        if (verdict != Expectation.Verdict.RIGHT && !mayStillBeRight) {
            fault(expectation.toString());
        }
        return !mayStillBeRight;
    }

    /** {@return up to which version it is known how each followed from the one before} */
    long proven() {
        return proven;
    }

    /** {@return a version that is known} */
    synchronized ApiKey row(long version) {
        return version == 1 ? first : Objects.requireNonNull(made.get(version)).row();
    }

    /** {@return what the key was from a version on, as far as it was made by something begun before a tick} */
    Stream<ApiKey> rowsBetween(long version, long tick) {
        Stream<ApiKey> later = made.tailMap(version).values().stream()
                .filter(version2 -> version2.by().begun() < tick)
                .map(Made::row);
        return version == 1 ? Stream.concat(Stream.of(first), later) : later;
    }

    /** {@return the latest version that was answered} */
    synchronized ApiKey latest() {
        return row(least);
    }

    /** Whether the key may have worked at an instant, for all that had been answered by now. */
    synchronized boolean mayWork(Instant now) {
        return !dead && new Span(now, now).mayWork(latest());
    }

    /** {@return the key, where nobody is changing it} */
    synchronized Optional<ApiKey> settled() {
        return underWay.isEmpty() && (!dead || latest().revocation().isPresent())
                ? Optional.of(latest())
                : Optional.empty();
    }

    /** {@return whether it is known that the key is revoked} */
    synchronized boolean isKnownDead() {
        return dead;
    }

    /** {@return who revoked the key, and when they had begun; empty where nobody has} */
    synchronized Optional<Attempt> revokedBy() {
        ApiKey row = latest();
        return row.revocation().isPresent()
                ? Optional.of(Objects.requireNonNull(made.get(least)).by())
                : Optional.empty();
    }

    /** Says that something is not as it must be. */
    void fault(String what) {
        model.faults().add(what, this);
    }

    Secret secret() {
        return secret;
    }

    TenantHistory tenant() {
        return tenant;
    }

    ApiKey first() {
        return first;
    }

    Optional<KeyHistory> predecessor() {
        return Optional.ofNullable(predecessor);
    }

    /** {@return the tick before it was asked for} */
    long bornFrom() {
        return bornFrom;
    }

    /** {@return the tick after it had been answered} */
    long bornTo() {
        return bornTo;
    }

    UseHistory uses() {
        return uses;
    }

    /** {@return the key as it is where nobody asks how it was used} */
    static ApiKey unused(ApiKey key) {
        return key.usage().isEmpty()
                ? key
                : StoredValues.keyBuilder(key).usage(null).build();
    }

    /** {@return a version in a line} */
    static String text(ApiKey row) {
        return "version " + row.version() + " (" + row.name() + ", " + row.scopes()
                + row.expiresAt().map(end -> ", ends " + end).orElse("")
                + row.successor().map(id -> ", rotated to " + id).orElse("")
                + row.revocation().map(revocation -> ", " + revocation).orElse("") + ")";
    }

    /** {@return the history for people} */
    @Override
    public synchronized String toString() {
        String births =
                "[" + bornFrom + "…" + bornTo + "] issued: " + first.id() + " of " + first.tenant() + ", " + text(first)
                        + first.predecessor().map(id -> ", in place of " + id).orElse("");
        return Stream.concat(Stream.of(births), attempts.stream().map(Attempt::toString))
                .collect(Collectors.joining("\n    ", "    ", ""));
    }
}
