package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keywright.ApiKey;
import dev.keywright.Scope;
import dev.keywright.Verified;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyQuery;
import dev.keywright.servlet.RawHttpClient.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of names and scopes, and expiry. */
@Tag("long")
class KeyChangeTest extends ManagementTest {

    private static final String TIME = "expires_at must be a time in Unix milliseconds, as a whole number";
    private static final String MEMBERS =
            "the body must have no members but version, name, scopes, owner, description and attributes";
    private static final String VERSION =
            "version must be the version that the API key was read with, as a whole number";

    @Test
    void renameAndRescopeApplyImmediately() {
        IssuedKey issued = keys.active("north", "read:people", "read:interviews");
        Reply renamed = change(issued, "{\"version\":1,\"name\":\"Löhne\"}");
        assertThat(renamed.status()).isEqualTo(200);
        assertThat(renamed.body())
                .isEqualTo("{" + plain(issued.key()).replace("Key for a test", "Löhne")
                        + ",\"version\":2,\"created_by\":\"person:admin of north\"}");
        Reply rescoped = change(issued, "{\"scopes\":[\"write:people\",\"read:people\"],\"version\":2}");
        assertThat(rescoped.body())
                .contains("\"name\":\"Löhne\"", "\"scopes\":[\"write:people\",\"read:people\"]", "\"version\":3");
        assertThat(apiKeys.verify(issued.secret().reveal(), Scope.of("write:people")))
                .isInstanceOf(Verified.class);
        assertThat(apiKeys.verify(issued.secret().reveal(), Scope.of("read:interviews")))
                .isNotInstanceOf(Verified.class);
        assertThat(change(issued, "{\"version\":3,\"name\":\"Both\",\"scopes\":[\"read:people\"]}")
                        .body())
                .isEqualTo(get("/" + issued.key().id()).body())
                .contains("\"name\":\"Both\"", "\"scopes\":[\"read:people\"]", "\"version\":4");
    }

    @Test
    void staleVersionIsAConflict() {
        IssuedKey issued = keys.active("north");
        change(issued, "{\"version\":1,\"name\":\"Theirs\"}");
        ApiKey theirs = current(issued);
        for (String version : List.of("1", "3", "0", "-1", "9223372036854775807")) {
            Reply stale = change(issued, "{\"version\":" + version + ",\"name\":\"Mine\"}");
            assertThat(stale.status()).isEqualTo(409);
            assertThat(stale.body()).contains("has been changed since it was read");
        }
        assertThat(current(issued)).isEqualTo(theirs);
    }

    @Test
    void inactiveKeyIsNotChanged() {
        for (IssuedKey inactive : List.of(keys.revoked("north"), keys.expired("north"))) {
            ApiKey before = current(inactive);
            Reply reply = change(inactive, "{\"version\":" + before.version() + ",\"name\":\"x\"}");
            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.body()).contains("the API key ");
            assertThat(current(inactive)).isEqualTo(before);
        }
    }

    static Stream<Arguments> invalidChanges() {
        return Stream.of(
                arguments("{}", "version is required"),
                arguments("{\"name\":\"SENT\"}", "version is required"),
                arguments("{\"version\":null,\"name\":\"SENT\"}", VERSION),
                arguments("{\"version\":\"1\",\"name\":\"SENT\"}", VERSION),
                arguments("{\"version\":1.5,\"name\":\"SENT\"}", VERSION),
                arguments("{\"version\":[1],\"name\":\"SENT\"}", VERSION),
                arguments("{\"version\":9223372036854775808,\"name\":\"SENT\"}", VERSION),
                arguments("{\"version\":" + "9".repeat(5000) + ",\"name\":\"SENT\"}", VERSION),
                arguments(
                        "{\"version\":1}", "the body must have a name, scopes, an owner, a description or attributes"),
                arguments("{\"version\":1,\"name\":\"\"}", "name must not be blank"),
                arguments("{\"version\":1,\"name\":null}", "name must not be null: leave it out instead"),
                arguments("{\"version\":1,\"scopes\":null}", "scopes must not be null: leave it out instead"),
                arguments("{\"version\":1,\"scopes\":[]}", "scopes must have at least one scope"),
                arguments("{\"version\":1,\"scopes\":\"read:people\"}", "scopes must be an array of strings"),
                arguments(
                        "{\"version\":1,\"scopes\":[\"SENT\"]}",
                        "scopes must be chosen from read:interviews, read:people, write:people"),
                arguments("{\"version\":1,\"name\":\"x\",\"expires_at\":1}", MEMBERS),
                arguments("{\"version\":1,\"tenant\":\"SENT\"}", MEMBERS),
                arguments("", "the body must not be empty: send one JSON object, with Content-Type: application/json"),
                arguments("{\"version\":1,\"version\":1,\"name\":\"x\"}", "version must be given once"));
    }

    @ParameterizedTest
    @MethodSource("invalidChanges")
    void invalidChangeIsRejectedWithASentence(String body, String sentence) {
        IssuedKey issued = keys.active("north", "write:people");
        CapturedLog logged = new CapturedLog();
        Reply reply = change(issued, body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(error(sentence));
        assertThat(current(issued)).isEqualTo(issued.key());
        assertThat(reply.headers() + reply.body() + logged.text()).doesNotContain("SENT");
    }

    @Test
    void keyExpiresAtTheRequestedTime() {
        long expiry = NOW + 5;
        Reply reply = create(expiry + "");
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body()).endsWith(",\"created_at\":" + NOW + ",\"expires_at\":" + expiry + "}");
        keys.clock().advance(Duration.ofMillis(4));
        assertThat(works(member(reply, "key"))).isTrue();
        keys.clock().advance(Duration.ofMillis(1));
        assertThat(works(member(reply, "key"))).isFalse();
        assertThat(get("").body()).isEqualTo("[]");
    }

    @Test
    void expiryMayBeInTheYear9999() {
        long last = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
        assertThat(create(last + "").status()).isEqualTo(201);
        assertThat(create(last + 1 + "").body()).isEqualTo(error("expires_at must not lie after the year 9999"));
        assertThat(create("9223372036854775807").body())
                .isEqualTo(error("expires_at must not lie after the year 9999"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "-1", "1741564799999", "1741564800000", "-9223372036854775808"})
    void expiryMustLieInTheFuture(String expiry) {
        assertNotCreated(expiry, "expires_at must lie in the future");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "\"1773100800000\"",
                "\"2026-03-10\"",
                "[1773100800000]",
                "{}",
                "1773100800000.5",
                "1e-1",
                "9223372036854775808",
                "1e400",
                "1e2147483647"
            })
    void expiryMustBeInWholeMilliseconds(String expiry) {
        assertNotCreated(expiry, TIME);
    }

    @Test
    void expiryOfThousandsOfDigitsIsRejectedByName() {
        assertNotCreated("1".repeat(16_000), TIME);
    }

    private void assertNotCreated(String expiry, String sentence) {
        Reply reply = create(expiry);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(error(sentence));
        assertThat(north.stream(KeyQuery.active()).toList()).isEmpty();
    }

    private Reply create(String expiry) {
        return post("", "{\"name\":\"Expiring\",\"scopes\":[\"read:people\"],\"expires_at\":" + expiry + "}");
    }

    private Reply change(IssuedKey issued, String body) {
        return send("PATCH", "/" + issued.key().id(), body);
    }
}
