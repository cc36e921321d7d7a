package dev.keywright.benchmarks.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Histories written by hand: on a clock that begins at 0, key 0 is issued from 10 to 20, mostly. */
class JudgeTest {

    private static final Duration LEASE = Duration.ofNanos(50);
    private static final Event ISSUED = change(What.ISSUED, 10, 20);
    private static final Event END_BEGUN = change(What.END_BEGUN, 100, 100);
    private static final Event ENDED = change(What.ENDED, 100, 200);

    private static Event change(What what, long begun, long returned) {
        return new Event(what, Way.REVOKE.number(), 0, 0, begun, returned);
    }

    private static Event hit(What what, long begun, long returned) {
        return new Event(what, Event.HIT, 1, 0, begun, returned);
    }

    private static Event lookUp(What what, long begun, long returned) {
        return new Event(what, Event.STORE, 1, 0, begun, returned);
    }

    private static Findings judged(Event... events) throws IOException {
        return Judge.judge(each -> List.of(events).forEach(each), LEASE);
    }

    private static void assertRight(Event... events) throws IOException {
        assertThat(judged(events).first()).isEmpty();
    }

    private static void assertWrong(String what, Event... events) throws IOException {
        assertThat(judged(events).first()).singleElement().asString().contains(what);
        assertThat(judged(events).count()).isOne();
    }

    @Test
    void acceptanceThatBeganAfterTheReturnIsWrong() throws IOException {
        assertWrong("ACCEPTED from the cache of node 1", ISSUED, END_BEGUN, ENDED, hit(What.ACCEPTED, 201, 202));
        assertWrong("ACCEPTED by a look-up of node 1", ISSUED, END_BEGUN, ENDED, lookUp(What.ACCEPTED, 201, 202));
        assertWrong("after its end had returned", ISSUED, END_BEGUN, ENDED, hit(What.ACCEPTED_WITH_SCOPE, 201, 202));
    }

    @Test
    void orderOfTheJournalsDoesNotMatter() throws IOException {
        assertWrong("after its end had returned", hit(What.ACCEPTED, 201, 202), ENDED, END_BEGUN, ISSUED);
    }

    @Test
    void whatBeganBeforeTheReturnMayBeAnsweredInEitherWayHoweverLateItIs() throws IOException {
        assertRight(
                ISSUED,
                END_BEGUN,
                ENDED,
                hit(What.ACCEPTED, 199, 5000),
                hit(What.ACCEPTED, 150, 160),
                hit(What.REJECTED, 150, 160),
                lookUp(What.REJECTED, 90, 101));
    }

    @Test
    void endThatHasNotReturnedLeavesBothOpenForEver() throws IOException {
        assertRight(ISSUED, END_BEGUN, hit(What.ACCEPTED, 9000, 9001), hit(What.REJECTED, 9002, 9003));
    }

    @Test
    void ofSeveralEndsTheFirstThatReturnedCounts() throws IOException {
        Event again = change(What.END_BEGUN, 110, 110);
        Event sooner = change(What.ENDED, 110, 150);

        assertWrong(
                "after its end had returned", ISSUED, END_BEGUN, ENDED, again, sooner, hit(What.ACCEPTED, 151, 152));
    }

    @Test
    void rejectionOfAKeyThatLivedAllThroughIsWrong() throws IOException {
        assertWrong("rejected while it lived", ISSUED, lookUp(What.REJECTED, 21, 22));
        assertWrong("rejected while it lived", ISSUED, END_BEGUN, ENDED, hit(What.REJECTED, 21, 99));
    }

    @Test
    void keyThatIsYetToComeMayBeRejected() throws IOException {
        assertRight(ISSUED, lookUp(What.REJECTED, 5, 6), hit(What.REJECTED, 15, 30));
        assertThat(judged(ISSUED, hit(What.REJECTED, 5, 6)).hitsTooEarly()).isOne();
    }

    @Test
    void acceptanceForAScopeThatWasTakenIsWrong() throws IOException {
        Event begun = change(What.TAKE_BEGUN, 50, 50);
        Event taken = change(What.TAKEN, 50, 60);

        assertWrong("a scope that had been taken", ISSUED, begun, taken, hit(What.ACCEPTED_WITH_SCOPE, 61, 62));
        assertRight(
                ISSUED,
                begun,
                taken,
                hit(What.ACCEPTED_WITH_SCOPE, 55, 62),
                hit(What.MISSING_SCOPE, 55, 62),
                hit(What.ACCEPTED, 61, 62));
    }

    @Test
    void rejectionForAScopeThatItHadIsWrong() throws IOException {
        Event begun = change(What.TAKE_BEGUN, 50, 50);
        Event taken = change(What.TAKEN, 50, 60);
        Event givesBack = change(What.GIVE_BEGUN, 70, 70);
        Event given = change(What.GIVEN, 70, 80);

        assertWrong("for a scope that it had", ISSUED, hit(What.MISSING_SCOPE, 30, 31));
        assertWrong("for a scope that it had", ISSUED, begun, taken, hit(What.MISSING_SCOPE, 30, 49));
        assertWrong("for a scope that it had", ISSUED, begun, taken, givesBack, given, hit(What.MISSING_SCOPE, 81, 82));
        assertRight(
                ISSUED,
                begun,
                taken,
                givesBack,
                given,
                hit(What.MISSING_SCOPE, 79, 82),
                hit(What.ACCEPTED_WITH_SCOPE, 75, 76),
                hit(What.ACCEPTED_WITH_SCOPE, 81, 82));
    }

    @Test
    void changeThatHasNotReturnedLeavesTheScopeOpen() throws IOException {
        assertRight(
                ISSUED,
                change(What.TAKE_BEGUN, 50, 50),
                hit(What.MISSING_SCOPE, 500, 501),
                hit(What.ACCEPTED_WITH_SCOPE, 600, 601));
    }

    @Test
    void unansweredVerificationIsNeverWrong() throws IOException {
        assertRight(ISSUED, lookUp(What.UNANSWERED, 30, 31));
    }

    @Test
    void hitsNearAReturnAreCounted() throws IOException {
        Findings findings = judged(
                ISSUED,
                END_BEGUN,
                ENDED,
                hit(What.ACCEPTED, 149, 150),
                hit(What.ACCEPTED, 151, 152),
                lookUp(What.REJECTED, 190, 191),
                lookUp(What.REJECTED, 210, 211),
                hit(What.REJECTED, 220, 221),
                hit(What.REJECTED, 251, 252));

        assertThat(findings.hitsBefore()).isOne();
        assertThat(findings.acceptancesBeforeElsewhere()).isOne();
        assertThat(findings.hitsAfter()).isOne();
        assertThat(findings.hitsAfterElsewhere()).isOne();
        assertThat(findings.nearest()).isEqualTo(20);
        assertThat(findings.late()).isEqualTo(3);
        assertThat(findings.of(Way.REVOKE)).isOne();
    }

    @ParameterizedTest
    @EnumSource(
            value = What.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NOTHING"})
    void journalGivesBackWhatWasWritten(What what, @TempDir Path folder) throws IOException {
        List<Event> written = new ArrayList<>();
        try (Journal journal = new Journal(folder.resolve("1-0.journal"))) {
            // More than is mapped at a time.
            for (int i = 0; i < 40_000; i++) {
                Event event = new Event(what, i % 7, i % 16, i, Long.MAX_VALUE - i, Long.MIN_VALUE + i);
                journal.add(event);
                written.add(event);
            }
        }

        List<Event> read = new ArrayList<>();
        Judge.journals(folder).read(read::add);

        assertThat(read).isEqualTo(written);
    }
}
