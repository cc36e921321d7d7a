package dev.keywright.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.KeyName;
import dev.keywright.Rejected;
import dev.keywright.Revocation;
import dev.keywright.Scope;
import dev.keywright.Scopes;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.core.CapturedLog;
import dev.keywright.core.SampleKeys;
import dev.keywright.internal.ValueAccess;
import dev.keywright.management.Job;
import dev.keywright.management.KeyListener;
import dev.keywright.management.ManagementSession;
import dev.keywright.spi.StoredValues;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

class LoggingListenerTest {

    private static final Instant AT = Instant.parse("2025-03-10T08:00:00.250Z");
    private static final Actor GRACE = Actor.person(UserId.of("grace"));
    private static final ApiKey KEY = SampleKeys.key("north", "key_1");
    private static final ApiKey REVOKED = StoredValues.keyBuilder(KEY)
            .revocation(new Revocation(AT, GRACE, "left the district"))
            .build();

    @Test
    void issuedKeyIsOneLine() {
        assertThat(lineOf(listener -> listener.issued(KEY)))
                .isEqualTo(
                        "INFO dev.keywright.events - event=key.issued tenant=\"north\" key=key_1"
                                + " name=\"Reporting Script\" hint=\"o5p6\" scopes=\"read:people write:people\" by=\"person:ada\"");
    }

    @Test
    void issuedKeyIsLoggedWithItsExpiry() {
        ApiKey key = StoredValues.keyBuilder(KEY).expiresAt(AT).build();

        assertThat(lineOf(listener -> listener.issued(key)))
                .endsWith(" by=\"person:ada\" expires_at=2025-03-10T08:00:00.250Z");
    }

    @Test
    void changeIsLoggedWithPreviousValues() {
        ApiKey renamed =
                StoredValues.keyBuilder(KEY).name(KeyName.of("Payroll")).build();
        ApiKey narrowed =
                StoredValues.keyBuilder(KEY).scopes(Scopes.of("read:people")).build();

        assertThat(lineOf(listener -> listener.changed(KEY, renamed, GRACE)))
                .isEqualTo("INFO dev.keywright.events - event=key.changed tenant=\"north\" key=key_1"
                        + " name=\"Payroll\" hint=\"o5p6\" scopes=\"read:people write:people\""
                        + " name_before=\"Reporting Script\" by=\"person:grace\"");
        assertThat(lineOf(listener -> listener.changed(KEY, narrowed, GRACE)))
                .endsWith(" scopes=\"read:people\" scopes_before=\"read:people write:people\" by=\"person:grace\"");
    }

    @Test
    void rotationIsLoggedWithBothKeysAndExpiry() {
        ApiKey successor = SampleKeys.builder("north", "key_2")
                .hint("q7r8")
                .createdBy(Actor.job(new Job("nightly")))
                .build();
        ApiKey predecessor = StoredValues.keyBuilder(KEY).expiresAt(AT).build();

        assertThat(lineOf(listener -> listener.rotated(predecessor, successor)))
                .isEqualTo("INFO dev.keywright.events - event=key.rotated tenant=\"north\" key=key_1"
                        + " name=\"Reporting Script\" hint=\"o5p6\" successor=key_2 successor_hint=\"q7r8\""
                        + " by=\"job:nightly\" expires_at=2025-03-10T08:00:00.250Z");
        assertThat(lineOf(listener -> listener.rotated(REVOKED, successor)))
                .endsWith(" by=\"job:nightly\" revoked_at=2025-03-10T08:00:00.250Z");
    }

    @Test
    void revocationIsLoggedWithActorReasonAndTime() {
        assertThat(lineOf(listener -> listener.revoked(REVOKED)))
                .isEqualTo("INFO dev.keywright.events - event=key.revoked tenant=\"north\" key=key_1"
                        + " name=\"Reporting Script\" hint=\"o5p6\" reason=\"left the district\" by=\"person:grace\""
                        + " revoked_at=2025-03-10T08:00:00.250Z");
    }

    @Test
    void revocationOfAllKeysIsLoggedWithTheirNumber() {
        assertThat(lineOf(listener ->
                        listener.revokedAll(TenantId.of("north"), 12, new Revocation(AT, StoredValues.holder(), ""))))
                .isEqualTo("INFO dev.keywright.events - event=keys.revoked_all tenant=\"north\" keys=12 reason=\"\""
                        + " by=\"holder\" revoked_at=2025-03-10T08:00:00.250Z");
    }

    @Test
    void expiringKeyIsAWarning() {
        ApiKey key = StoredValues.keyBuilder(KEY).expiresAt(AT).build();

        assertThat(lineOf(listener -> listener.expiring(key, Duration.ofDays(7))))
                .isEqualTo(
                        "WARN dev.keywright.events - event=key.expiring tenant=\"north\" key=key_1"
                                + " name=\"Reporting Script\" hint=\"o5p6\" expires_at=2025-03-10T08:00:00.250Z warning=PT168H");
    }

    @Test
    void refusalIsAWarning() {
        ManagementSession session = ManagementSession.of(TenantId.of("north"), UserId.of("mo"));

        assertThat(lineOf(listener -> listener.managementRefused(session, "you may not", 3)))
                .isEqualTo("WARN dev.keywright.events - event=management.refused tenant=\"north\" user=\"mo\""
                        + " why=\"you may not\" held_back=3");
    }

    @Test
    void rejectionIsAWarningWithItsKeyIfAny() {
        assertThat(lineOf(listener ->
                        listener.verificationRejected(ValueAccess.get().malformed(), 7)))
                .isEqualTo("WARN dev.keywright.events - event=verification.rejected reason=malformed held_back=7");
        assertThat(lineOf(listener ->
                        listener.verificationRejected(ValueAccess.get().malformed(), 7)))
                .isEqualTo("WARN dev.keywright.events - event=verification.rejected reason=malformed held_back=7");
        assertThat(lineOf(listener -> listener.verificationRejected(
                        ValueAccess.get().missingScope(KEY, Scope.of("read:interviews")), 0)))
                .isEqualTo("WARN dev.keywright.events - event=verification.rejected tenant=\"north\" key=key_1"
                        + " name=\"Reporting Script\" hint=\"o5p6\" reason=missing_scope"
                        + " missing_scope=\"read:interviews\" held_back=0");
    }

    @Test
    void nameCannotForgeAField() {
        ApiKey key = StoredValues.keyBuilder(KEY)
                .name(KeyName.of("x\" by=\"person:root\\\u200E\u200F\u061C"))
                .build();

        assertThat(lineOf(listener -> listener.issued(key)))
                .contains(" name=\"x\\\" by=\\\"person:root\\\\\\u200E\\u200F\\u061C\" hint=");
    }

    @Test
    void textCannotForgeALine() {
        ManagementSession session = ManagementSession.of(TenantId.of("north"), UserId.of("mo"));

        // Line ends, bidirectional controls, invisible characters, an unpaired surrogate, and the C1 control for a
        // next line.
        String evil = "a\r\nevent=b\u2028\u2029\u0085\u202E\u2066\0\u001B[2K\uD800\uE000\uFEFF\uDB40\uDC41";

        assertThat(lineOf(listener -> listener.managementRefused(session, evil, 0)))
                .endsWith(
                        " why=\"a\\u000D\\u000Aevent=b\\u2028\\u2029\\u0085\\u202E\\u2066\\u0000\\u001B[2K\\uD800\\uE000"
                                + "\\uFEFF\\uDB40\\uDC41\" held_back=0");
    }

    @Test
    void namesOfAllScriptsStayReadable() {
        ApiKey key = StoredValues.keyBuilder(KEY)
                .name(KeyName.of("Übersicht 報告 отчёт تقرير 🗝"))
                .build();

        assertThat(lineOf(listener -> listener.issued(key))).contains(" name=\"Übersicht 報告 отчёт تقرير 🗝\" ");
    }

    @Test
    void noLineContainsAKey() {
        String text = "ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4hy8x";
        ManagementSession session = ManagementSession.of(TenantId.of("north of " + text), UserId.of("mo: " + text));
        ApiKey key = SampleKeys.builder("north of " + text, "key_1")
                .name(KeyName.of(text))
                .createdBy(Actor.person(session.user()))
                .revocation(new Revocation(AT, GRACE, "leaked: " + text))
                .build();

        assertThat(List.of(
                        lineOf(listener -> listener.issued(key)),
                        lineOf(listener -> listener.revoked(key)),
                        lineOf(listener -> listener.changed(KEY, key, GRACE)),
                        lineOf(listener -> listener.changed(key, KEY, GRACE)),
                        lineOf(listener -> listener.rotated(key, key)),
                        lineOf(listener -> listener.expiring(key, Duration.ofDays(7))),
                        lineOf(listener ->
                                listener.verificationRejected(ValueAccess.get().revoked(key), 0)),
                        lineOf(listener -> listener.managementRefused(session, text, 0))))
                .allSatisfy(line ->
                        assertThat(line).contains("=\"[has an API key in it]\"").doesNotContain(text.substring(3, 31)));
    }

    @Test
    void noLineIsBuiltIfTheLevelIsDisabled() {
        LoggingListener log = new LoggingListener(NOPLogger.NOP_LOGGER, text -> false);
        ApiKey key = mock(ApiKey.class);
        ManagementSession session = mock(ManagementSession.class);
        Rejected rejected = mock(Rejected.class);

        log.issued(key);
        log.changed(key, key, GRACE);
        log.rotated(key, key);
        log.revoked(key);
        log.expiring(key, Duration.ofDays(7));
        log.managementRefused(session, "", 0);
        log.verificationRejected(rejected, 0);

        verifyNoInteractions(key, session, rejected);
    }

    private static String lineOf(Consumer<KeyListener> event) {
        try (CapturedLog log = new CapturedLog()) {
            event.accept(new LoggingListener(text -> text.contains("ck_a1b2")));
            String all = log.toString();
            assertThat(all.lines()).hasSize(1);
            return all.strip().substring(all.indexOf("] ") + 2);
        }
    }
}
