package dev.keywright.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.testkit.SettableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BrowserSessionsTest {

    private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");

    private final DemoPerson admin = DemoPerson.all().get(0);
    private final DemoPerson mentor = DemoPerson.all().get(3);
    private final SettableClock clock = SettableClock.at(START);
    private final BrowserSessions sessions = new BrowserSessions(new SecureRandom(), clock);

    @Test
    void eachSessionBelongsToThePersonWhoStartedIt() {
        String first = sessions.start(admin);
        String second = sessions.start(mentor);
        assertThat(sessions.find(first)).contains(admin);
        assertThat(sessions.find(second)).contains(mentor);
        assertThat(sessions.find("")).isEmpty();
    }

    @Test
    void sessionExpiresAfterAWorkingDay() {
        String session = sessions.start(admin);
        clock.set(START.plus(BrowserSessions.MAX_AGE).minusMillis(1));
        assertThat(sessions.find(session)).contains(admin);
        clock.set(START.plus(BrowserSessions.MAX_AGE));
        assertThat(sessions.find(session)).isEmpty();
    }

    @Test
    void signOutEndsOnlyOneSession() {
        String here = sessions.start(admin);
        String there = sessions.start(admin);
        sessions.end(here);
        assertThat(sessions.find(here)).isEmpty();
        assertThat(sessions.find(there)).contains(admin);
    }

    @Test
    void anotherSessionEvictsTheOldest() {
        String oldest = sessions.start(admin);
        String second = sessions.start(admin);
        clock.set(START.plus(Duration.ofMinutes(1)));
        for (int i = 2; i < BrowserSessions.MAX_SESSIONS; i++) {
            sessions.start(mentor);
        }
        assertThat(sessions.find(oldest)).contains(admin);
        sessions.start(mentor);
        assertThat(sessions.find(oldest)).isEmpty();
        assertThat(sessions.find(second)).contains(admin);
    }
}
