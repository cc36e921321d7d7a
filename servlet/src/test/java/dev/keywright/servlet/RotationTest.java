package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyQuery;
import dev.keywright.servlet.RawHttpClient.Reply;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("long")
class RotationTest extends ManagementTest {

    @Test
    void bothKeysWorkDuringTheOverlap() {
        IssuedKey old = keys.active("north", "write:people", "read:people");
        Reply reply = rotate(old, "24");
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body())
                .matches("\\{\"id\":\"key_[^\"]+\",\"name\":\"Key for a test\",\"key\":\"ck_[0-9a-z]{32}\","
                        + "\"hint\":\"[0-9a-z]{4}\",\"scopes\":\\[\"write:people\",\"read:people\"],\"created_at\":"
                        + NOW + ",\"predecessor\":\"" + old.key().id() + "\",\"predecessor_expires_at\":"
                        + (NOW + 24 * HOUR) + "}");
        assertThat(get("").body())
                .contains("\"successor\":\"" + member(reply, "id") + "\"", "\"expires_at\":" + (NOW + 24 * HOUR));
        keys.clock().advance(Duration.ofHours(24).minusMillis(1));
        assertThat(works(old) && works(member(reply, "key"))).isTrue();
        keys.clock().advance(Duration.ofMillis(1));
        assertThat(works(old)).isFalse();
        assertThat(works(member(reply, "key"))).isTrue();
    }

    @Test
    void withoutOverlapTheOldKeyIsRevokedImmediately() {
        IssuedKey old = expiringIn(Duration.ofHours(1));
        Reply reply = rotate(old, "0");
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body()).contains("\"expires_at\":").doesNotContain("predecessor_expires_at");
        assertThat(works(old)).isFalse();
        assertThat(works(member(reply, "key"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1.5,5400000", "0.25,900000", "1e1,36000000", "0.0000025,9", "8784,31622400000"})
    void overlapAcceptsFractionsOfHoursInWholeMilliseconds(String hours, long millis) {
        assertThat(member(rotate(keys.active("north"), hours), "predecessor_expires_at"))
                .isEqualTo("" + (NOW + millis));
    }

    @Test
    void rotationNeverExtendsTheOldKey() {
        IssuedKey old = expiringIn(Duration.ofHours(1));
        assertThat(member(rotate(old, "24"), "predecessor_expires_at")).isEqualTo("" + (NOW + HOUR));
    }

    static Stream<Arguments> invalidOverlaps() {
        String number = "overlap_hours must be a number that amounts to whole milliseconds";
        return Stream.of(
                arguments("{}", "overlap_hours is required"),
                arguments("{\"overlap_hours\":null}", number),
                arguments("{\"overlap_hours\":\"24\"}", number),
                arguments("{\"overlap_hours\":true}", number),
                arguments("{\"overlap_hours\":[24]}", number),
                arguments("{\"overlap_hours\":0.0000001}", number),
                arguments("{\"overlap_hours\":1e30}", number),
                arguments("{\"overlap_hours\":1e2147483647}", number),
                arguments("{\"overlap_hours\":1e-2147483647}", number),
                arguments("{\"overlap_hours\":1e9999999999}", number),
                arguments("{\"overlap_hours\":-1}", "overlap_hours must not be negative, or longer than 366 days"),
                arguments("{\"overlap_hours\":8784.5}", "overlap_hours must not be negative, or longer than 366 days"),
                arguments(
                        "{\"overlap_hours\":1,\"name\":\"SENT\"}",
                        "the body must have no members but overlap_hours and prefix"),
                arguments("", "the body must not be empty: send one JSON object, with Content-Type: application/json"),
                arguments("24", "the body must be a JSON object"));
    }

    @ParameterizedTest
    @MethodSource("invalidOverlaps")
    void invalidOverlapIsRejectedWithASentence(String body, String sentence) {
        IssuedKey issued = keys.active("north");
        Reply reply = post("/" + issued.key().id() + "/rotate", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(error(sentence));
        assertThat(north.stream(KeyQuery.active()).toList()).containsExactly(issued.key());
    }

    @Test
    void rotatedOrInactiveKeyCannotBeRotated() {
        IssuedKey rotated = keys.active("north");
        String successor = member(rotate(rotated, "24"), "id");
        for (Object id : List.of(
                rotated.key().id(),
                successor,
                keys.revoked("north").key().id(),
                keys.expired("north").key().id())) {
            Reply reply = post("/" + id + "/rotate", "{\"overlap_hours\":1}");
            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.body()).startsWith("{\"error\":\"the API key ");
        }
        assertThat(north.stream(KeyQuery.active()).toList()).hasSize(2);
    }

    @Test
    void progressReportsLastUseAndWhetherCompletionIsSafe() {
        IssuedKey old = keys.active("north");
        String successor = member(rotate(old, "48"), "id");
        String secret = old.secret().reveal();
        apiKeys.verify(secret);
        keys.clock().advance(Duration.ofHours(1));
        Reply used = progress(old.key().id(), "25");
        assertThat(used.status()).isEqualTo(200);
        assertThat(used.body())
                .isEqualTo("{\"predecessor\":" + get("/" + old.key().id()).body() + ",\"successor\":"
                        + get("/" + successor).body()
                        + ",\"safe_to_end\":false,\"sentence\":\"the old key was last used"
                        + " at 2025-03-10T00:00:00Z and expires at 2025-03-12T00:00:00Z; the new key was never"
                        + " used; it is not yet safe to end the old key now\"}");
        assertThat(progress(successor, "25").body()).isEqualTo(used.body());
    }

    @Test
    void progressIsSafeOnceOnlyTheSuccessorIsUsed() {
        IssuedKey old = keys.active("north");
        Reply rotated = rotate(old, "48");
        apiKeys.verify(old.secret().reveal());
        keys.clock().advance(Duration.ofMinutes(90));
        apiKeys.verify(member(rotated, "key"));
        assertThat(progress(old.key().id(), "1.6").body()).contains("\"safe_to_end\":false");
        assertThat(progress(old.key().id(), "1.5").body())
                .endsWith("\"safe_to_end\":true,\"sentence\":\"the old key was last used at 2025-03-10T00:00:00Z and"
                        + " expires at 2025-03-12T00:00:00Z; the new key was last used at 2025-03-10T01:30:00Z;"
                        + " it is safe to end the old key now\"}");
    }

    @Test
    void earlyCompletionIsIdempotent() {
        IssuedKey old = keys.active("north");
        Reply rotated = rotate(old, "48");
        for (int i = 0; i < 2; i++) {
            Reply reply = send("DELETE", "/" + old.key().id() + "/rotation", "");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).isEqualTo(OK);
        }
        assertThat(works(old)).isFalse();
        assertThat(works(member(rotated, "key"))).isTrue();
        assertThat(progress(old.key().id(), "0").body())
                .endsWith("\"safe_to_end\":true,\"sentence\":\"the old key was revoked at 2025-03-10T00:00:00Z and no"
                        + " longer works\"}");
    }

    @Test
    void unrotatedKeyHasNoRotation() {
        IssuedKey issued = keys.active("north");
        for (Reply reply : List.of(
                progress(issued.key().id(), "1"),
                send("DELETE", "/" + issued.key().id() + "/rotation", ""))) {
            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.body()).contains("not");
        }
        assertThat(works(issued)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/rotation", "/rotation?"})
    void quietHoursAreRequired(String below) {
        Reply reply = get("/" + keys.active("north").key().id() + below);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(error("quiet_hours is required"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quiet_hours=|quiet_hours must be a number that amounts to whole milliseconds",
                "quiet_hours=a|quiet_hours must be a number that amounts to whole milliseconds",
                "quiet_hours=0x1|quiet_hours must be a number that amounts to whole milliseconds",
                "quiet_hours=1e99|quiet_hours must be a number that amounts to whole milliseconds",
                "quiet_hours=-1|quiet_hours must not be negative",
                "quiet_hours=1&quiet_hours=1|quiet_hours must be given once",
                "days=1|the query must have no parameters but quiet_hours"
            })
    void invalidQuietHoursAreRejectedWithASentence(String query, String sentence) {
        IssuedKey old = keys.active("north");
        rotate(old, "1");
        Reply reply = get("/" + old.key().id() + "/rotation?" + query);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(error(sentence));
    }

    private Reply rotate(IssuedKey issued, String hours) {
        return post("/" + issued.key().id() + "/rotate", "{\"overlap_hours\":" + hours + "}");
    }

    private Reply progress(Object id, String hours) {
        return get("/" + id + "/rotation?quiet_hours=" + hours);
    }
}
