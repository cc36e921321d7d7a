package dev.keywright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keywright.management.Job;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.PageCursor;
import dev.keywright.spi.StoredValues;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that hosts keep in HTTP sessions can be serialized; a forged stream is refused. */
class SerializationTest {

    private static final Instant AT = Instant.parse("2025-03-10T08:00:00.250Z");
    private static final UserId ADA = UserId.of("ada");
    private static final ManagementSession SESSION =
            ManagementSession.of(TenantId.of("north"), ADA).withRoles("Admin").withPermissions("Settings");
    private static final ApiKey KEY = ApiKey.builder()
            .id(KeyId.of("key01"))
            .tenant(TenantId.of("north"))
            .name(KeyName.of("Reporting Script"))
            .hint("o5p6")
            .scopes(Scopes.of("read:people", "write:peopl2"))
            .createdAt(AT)
            .createdBy(Actor.person(ADA))
            .version(3)
            .expiresAt(AT.plusSeconds(1))
            .revocation(new Revocation(AT, Actor.job(new Job("nightly")), "left"))
            .predecessor(KeyId.of("key00"))
            .successor(KeyId.of("key02"))
            .suspension(new Suspension(AT, Actor.person(ADA), "traffic at night"))
            .environment("test")
            .owner(KeyOwner.service("payroll"))
            .description("Sends the weekly report")
            .attributes(KeyAttributes.of(Map.of("plan", "gold")))
            .usage(new KeyUsage(AT, 7, Set.of(Scope.of("read:people"))))
            .build();

    static Stream<Object> values() {
        return Stream.of(
                KeyId.of("key01"),
                TenantId.of("north"),
                ADA,
                new Job("nightly"),
                PageCursor.of("abc"),
                KeyName.of("Reporting Script"),
                KeyOwner.person(ADA),
                KeyAttributes.NONE,
                KeyAttributes.of(Map.of("plan", "gold", "customer", "c-17")),
                new Suspension(AT, Actor.person(ADA), ""),
                Scope.of("read:people"),
                Scopes.of("read:people", "write:people"),
                KEY,
                ApiKey.builder()
                        .id(KeyId.of("key01"))
                        .tenant(TenantId.of("north"))
                        .name(KeyName.of("Plain"))
                        .hint("o5p6")
                        .scopes(Scopes.of("read:people"))
                        .createdAt(AT)
                        .createdBy(StoredValues.holder())
                        .build());
    }

    @ParameterizedTest
    @MethodSource("values")
    void valueSurvivesSerialization(Object value) throws Exception {
        assertThat(deserialize(serialize(value))).isEqualTo(value);
    }

    @Test
    void deserializedScopesContainTheirScopes() throws Exception {
        Scopes scopes = (Scopes) deserialize(serialize(KEY.scopes()));
        assertThat(scopes.contains(Scope.of("read:people"))).isTrue();
        assertThat(scopes.contains(Scope.of("read:interviews"))).isFalse();
    }

    @Test
    void sessionSurvivesSerialization() throws Exception {
        ManagementSession read = (ManagementSession) deserialize(serialize(SESSION));
        assertThat(read).hasToString(SESSION.toString());
        assertThat(read.tenant()).isEqualTo(SESSION.tenant());
        assertThat(read.roles()).containsExactly("Admin");
        assertThat(read.permissions()).containsExactly("Settings");
    }

    @Test
    void unknownOutcomeKeepsItsKey() throws Exception {
        OutcomeUnknownException read =
                (OutcomeUnknownException) deserialize(serialize(new OutcomeUnknownException(KeyId.of("key01"), null)));
        assertThat(read.id()).contains(KeyId.of("key01"));
    }

    static Stream<Arguments> forgeries() {
        return Stream.of(
                arguments(KeyId.of("key01"), "key01", "key 1"),
                arguments(ADA, "ada", "a\0a"),
                arguments(Scopes.of("read:people", "read:peopl2"), "read:peopl2", "read:people"),
                arguments(KEY, "write:peopl2", "write peopl2"),
                arguments(SESSION, "north", "     "));
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void forgedValueIsRefused(Object value, String good, String bad) throws Exception {
        String stream = new String(serialize(value), StandardCharsets.ISO_8859_1);
        assertThat(stream).contains(good);
        byte[] forged = stream.replace(good, bad).getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> deserialize(forged)).isInstanceOfAny(IOException.class, RuntimeException.class);
    }

    private static byte[] serialize(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }

    private static Object deserialize(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        }
    }
}
