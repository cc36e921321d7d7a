package dev.keywright.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.keywright.ApiKeys;
import dev.keywright.Scope;
import dev.keywright.Secret;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.TenantKeys;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RedactionTest {

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore store = new InMemoryKeyStore();
    private final ApiKeys keys = fixture.keysIn(store);
    private final TenantKeys north = keys.managedBy(Fixture.ADMIN);

    @Test
    void noTypePrintsASecretOrADigest() {
        IssuedKey issued = Fixture.issue(north, "read:people");
        String text = issued.secret().reveal();

        assertThat(new Object[] {
                    issued,
                    issued.secret(),
                    issued.key(),
                    keys.verify(text),
                    keys.verify(text, Scope.of("write:people")),
                    store.find(issued.key().tenant(), issued.key().id()),
                    Fixture.PEPPER_KEYS.digest(text),
                    Fixture.PEPPER,
                    keys,
                    north
                })
                .extracting(Object::toString)
                .allSatisfy(printed -> assertThat(printed)
                        .doesNotContain(text.substring(3, 31))
                        .doesNotContain(hex(text)));
    }

    @Test
    void secretHasIdentityAndIsNotSerializable() {
        IssuedKey issued = Fixture.issue(north, "read:people");

        assertThat(issued.secret()).isNotEqualTo(Secret.of(issued.secret().reveal()));
        assertThat(issued.secret()).isNotInstanceOf(Serializable.class);
    }

    @Test
    void logContainsNoSecret() {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        String text;
        try {
            System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
            IssuedKey issued = Fixture.issue(north, "read:people");
            text = issued.secret().reveal();
            keys.verify(text);
            keys.verify(text.substring(1));
            north.revoke(issued.key().id(), "");
            keys.verify(text);
            assertThat(catchThrowable(
                            () -> keys.managedBy(ManagementSession.of(TenantId.of("north"), UserId.of("mo")))))
                    .isNotNull();
        } finally {
            System.setErr(before);
        }

        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains(
                        "event=key.issued",
                        "event=key.revoked",
                        "event=management.refused",
                        "event=verification.rejected")
                .doesNotContain(text.substring(3, 31))
                .doesNotContain(hex(text));
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(Fixture.PEPPER_KEYS.digest(text).bytes());
    }
}
