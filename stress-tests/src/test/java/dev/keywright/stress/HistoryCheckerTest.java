package dev.keywright.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Histories written by hand, on a clock that starts at 0. */
class HistoryCheckerTest {

    private static final Duration LEASE = Duration.ofNanos(50);
    private static final int SCOPE = Event.HAS_SCOPE;
    private static final Event ISSUED = write(EventType.ISSUED, SCOPE, 10, 20, 1);
    private static final Event REVOCATION_BEGUN = write(EventType.REVOCATION_BEGUN, 0, 100, 100, 0);
    private static final Event REVOKED = write(EventType.REVOKED, RevokedBy.REVOKE.number(), 100, 200, 0);
    private static final Event CHANGE_BEGUN = write(EventType.CHANGE_BEGUN, 0, 50, 50, 2);
    private static final Event SCOPE_REMOVED = write(EventType.CHANGED, 0, 50, 60, 2);

    private static Event write(EventType type, int detail, long begun, long returned, int version) {
        return new Event(type, detail, 0, 0, begun, returned, version);
    }

    /** A cached result of the other node. */
    private static Event hit(EventType type, int flags, long begun, long returned, int version) {
        return new Event(type, Event.HIT | flags, 1, 0, begun, returned, version);
    }

    private static Event accepted(long begun, long returned) {
        return hit(EventType.ACCEPTED, SCOPE, begun, returned, 1);
    }

    private static Event rejected(long begun, long returned) {
        return hit(EventType.REJECTED, 0, begun, returned, 0);
    }

    private static Event missingScope(long begun, long returned) {
        return hit(EventType.MISSING_SCOPE, Event.FOR_SCOPE, begun, returned, 0);
    }

    private static Findings check(Event... events) throws IOException {
        return HistoryChecker.check(each -> List.of(events).forEach(each), LEASE);
    }

    private static void assertRight(Event... events) throws IOException {
        assertThat(check(events).violations()).isEmpty();
    }

    private static void assertWrong(String violation, Event... events) throws IOException {
        assertThat(check(events).violations()).singleElement().asString().contains(violation);
    }

    @Test
    void acceptanceAfterTheEndIsWrong() throws IOException {
        assertWrong("accepted after its revocation", ISSUED, REVOCATION_BEGUN, REVOKED, accepted(201, 202));
        assertWrong("accepted after its revocation", accepted(201, 202), REVOKED, REVOCATION_BEGUN, ISSUED);
    }

    @Test
    void callsThatOverlapTheEndMaySeeEither() throws IOException {
        assertRight(
                ISSUED,
                REVOCATION_BEGUN,
                REVOKED,
                accepted(199, 5000),
                accepted(150, 160),
                rejected(150, 160),
                rejected(90, 101));
        assertRight(ISSUED, REVOCATION_BEGUN, accepted(9000, 9001), rejected(9002, 9003));
    }

    @Test
    void firstReturnedEndCounts() throws IOException {
        Event again = write(EventType.REVOCATION_BEGUN, 0, 110, 110, 0);
        Event sooner = write(EventType.REVOKED, 0, 110, 150, 0);

        assertWrong(
                "accepted after its revocation", ISSUED, REVOCATION_BEGUN, REVOKED, again, sooner, accepted(151, 152));
    }

    @Test
    void rejectionOfAnActiveKeyIsWrong() throws IOException {
        assertWrong("rejected while it was active", ISSUED, rejected(21, 22));
        assertWrong("rejected while it was active", ISSUED, REVOCATION_BEGUN, REVOKED, rejected(21, 99));
        assertRight(ISSUED, rejected(5, 6), rejected(15, 30));
    }

    @Test
    void acceptanceForARemovedScopeIsWrong() throws IOException {
        Event stale = hit(EventType.ACCEPTED, SCOPE | Event.FOR_SCOPE, 61, 62, 1);
        Event overlapping = hit(EventType.ACCEPTED, SCOPE | Event.FOR_SCOPE, 55, 62, 1);

        assertWrong("a scope that was removed", ISSUED, CHANGE_BEGUN, SCOPE_REMOVED, stale);
        assertRight(ISSUED, CHANGE_BEGUN, SCOPE_REMOVED, overlapping, missingScope(55, 62));
    }

    @Test
    void rejectionForAnExistingScopeIsWrong() throws IOException {
        Event added = write(EventType.CHANGED, SCOPE, 70, 80, 3);

        assertWrong("a scope that it had", ISSUED, missingScope(30, 31));
        assertWrong("a scope that it had", ISSUED, CHANGE_BEGUN, SCOPE_REMOVED, added, missingScope(81, 82));
        assertRight(ISSUED, CHANGE_BEGUN, SCOPE_REMOVED, added, missingScope(79, 82));
    }

    @Test
    void unansweredChangeLeavesTheScopeOpen() throws IOException {
        assertRight(
                ISSUED,
                CHANGE_BEGUN,
                missingScope(500, 501),
                hit(EventType.ACCEPTED, SCOPE | Event.FOR_SCOPE, 600, 601, 1));
    }

    @Test
    void acceptanceOfAnOldVersionIsWrong() throws IOException {
        assertWrong("older than one that was returned", ISSUED, CHANGE_BEGUN, SCOPE_REMOVED, accepted(61, 62));
        assertWrong(
                "other scopes than version 2",
                ISSUED,
                CHANGE_BEGUN,
                SCOPE_REMOVED,
                hit(EventType.ACCEPTED, SCOPE, 61, 62, 2));
    }

    @Test
    void twoChangesToOneVersionAreALostUpdate() throws IOException {
        assertWrong("a lost update", ISSUED, SCOPE_REMOVED, write(EventType.CHANGED, SCOPE, 55, 65, 2));
    }

    @Test
    void refusalOfTheCurrentVersionIsWrong() throws IOException {
        Event refused = write(EventType.CHANGE_REFUSED, 0, 70, 75, 2);

        assertWrong("which was the current one", ISSUED, CHANGE_BEGUN, SCOPE_REMOVED, refused);
        assertRight(ISSUED, CHANGE_BEGUN, SCOPE_REMOVED, write(EventType.CHANGED, SCOPE, 65, 72, 3), refused);
        assertRight(ISSUED, write(EventType.CHANGE_REFUSED, 0, 70, 75, 3));
    }

    @Test
    void listsShowActiveKeysOnly() throws IOException {
        assertWrong("missing in a list", ISSUED, write(EventType.UNLISTED, 0, 21, 22, 0));
        assertWrong("listed as active", ISSUED, REVOCATION_BEGUN, REVOKED, write(EventType.LISTED, SCOPE, 201, 202, 1));
        assertRight(ISSUED, REVOCATION_BEGUN, REVOKED, write(EventType.UNLISTED, 0, 21, 150, 0));
    }

    @Test
    void usageIsTheNumberOfAcceptances() throws IOException {
        assertRight(ISSUED, accepted(21, 22), write(EventType.USAGE, 0, 30, 30, 1));
        assertWrong("accepted 1 times", ISSUED, accepted(21, 22), write(EventType.USAGE, 0, 30, 30, 2));
        assertWrong("accepted 1 times", ISSUED, accepted(21, 22), write(EventType.USAGE, 0, 30, 30, 0));
        assertRight(ISSUED, accepted(21, 22), REVOCATION_BEGUN, REVOKED, write(EventType.USAGE, 0, 300, 300, 0));
    }

    @Test
    void hitsNearTheEndAreCounted() throws IOException {
        Findings findings = check(
                ISSUED,
                REVOCATION_BEGUN,
                REVOKED,
                rejected(5, 6),
                accepted(149, 150),
                accepted(151, 152),
                rejected(220, 221),
                rejected(251, 252));

        assertThat(findings.count(Findings.Coverage.CACHED_BEFORE_IMPORT)).isOne();
        assertThat(findings.count(Findings.Coverage.HITS_BEFORE_REVOCATION)).isOne();
        assertThat(findings.count(Findings.Coverage.ACCEPTED_BEFORE_REVOCATION_ELSEWHERE))
                .isOne();
        assertThat(findings.count(Findings.Coverage.HITS_AFTER_REVOCATION_ELSEWHERE))
                .isOne();
        assertThat(findings.count(Findings.Coverage.AFTER_REVOCATION)).isEqualTo(2);
        assertThat(findings.soonestHit()).isEqualTo(20);
        assertThat(findings.count(RevokedBy.REVOKE)).isOne();
    }

    @Test
    void journalReturnsWhatWasWritten(@TempDir Path directory) throws IOException {
        List<Event> written = new ArrayList<>();
        EventType[] types = EventType.values();
        try (Journal journal = new Journal(directory.resolve("1-0.journal"))) {
            // More than one chunk.
            for (int i = 0; i < 40_000; i++) {
                Event event = new Event(
                        types[1 + i % (types.length - 1)],
                        i % 7,
                        i % 16,
                        i,
                        Long.MAX_VALUE - i,
                        Long.MIN_VALUE + i,
                        -i);
                journal.add(event);
                written.add(event);
            }
        }

        List<Event> read = new ArrayList<>();
        Journal.readAll(directory, read::add);

        assertThat(read).isEqualTo(written);
    }
}
