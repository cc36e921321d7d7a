package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keywright.ApiKey;
import dev.keywright.KeyAttributes;
import dev.keywright.KeyId;
import dev.keywright.KeyOwner;
import dev.keywright.Verified;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.KeyQuery;
import dev.keywright.servlet.RawHttpClient.Reply;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Owner, description and attributes of a key, and idempotent creation. */
class KeyDetailsTest extends ManagementTest {

    private static final String DETAILS = "\"owner\":\"person:u12\",\"description\":\"Nightly – 日本\","
            + "\"attributes\":{\"customer.id\":\"c 17\",\"plan\":\"pro\"}";
    private static final String START = "{\"name\":\"SENT\",\"scopes\":[\"read:people\"],";

    @Test
    void createdKeyHasItsDetails() {
        Reply created = post("", START + DETAILS + "}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body()).endsWith("\"created_at\":" + NOW + "," + DETAILS + "}");
        ApiKey key = only();
        assertThat(key.owner()).contains(KeyOwner.parse("person:u12"));
        assertThat(key.description()).contains("Nightly – 日本");
        assertThat(get("").body()).isEqualTo("[{" + plain(key) + "," + DETAILS + "}]");
        assertThat(get("/" + key.id()).body())
                .isEqualTo("{" + plain(key) + "," + DETAILS + ",\"version\":1,\"created_by\":\"person:ada\"}");
        assertThat(apiKeys.verify(member(created, "key")))
                .isInstanceOfSatisfying(
                        Verified.class,
                        verified ->
                                assertThat(verified.attributes().get("plan")).contains("pro"));
    }

    @Test
    void successorHasTheDetailsOfItsPredecessor() {
        Reply created = post("", START + DETAILS + "}");
        Reply rotated = post("/" + member(created, "id") + "/rotate", "{\"overlap_hours\":0}");
        assertThat(rotated.status()).isEqualTo(201);
        assertThat(rotated.body()).contains(DETAILS);
    }

    @Test
    void changeReplacesTheGivenDetailsOnly() {
        KeyId id = KeyId.of(member(post("", START + DETAILS + "}"), "id"));
        Reply changed = change(id, 1, "\"owner\":\"service:payroll\",\"attributes\":{\"plan\":\"basic\"}");
        assertThat(changed.body()).isEqualTo(get("/" + id).body());
        ApiKey key = north.get(id);
        assertThat(key.owner()).contains(KeyOwner.service("payroll"));
        assertThat(key.attributes()).isEqualTo(KeyAttributes.of(Map.of("plan", "basic")));
        assertThat(key.description()).contains("Nightly – 日本");
        assertThat(key.name().value()).isEqualTo("SENT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\""})
    void changeRemovesTheDetails(String description) {
        KeyId id = KeyId.of(member(post("", START + DETAILS + "}"), "id"));
        Reply changed = change(id, 1, "\"owner\":null,\"attributes\":{},\"description\":" + description);
        assertThat(changed.status()).isEqualTo(200);
        ApiKey key = north.get(id);
        assertThat(key.owner()).isEmpty();
        assertThat(key.description()).isEmpty();
        assertThat(key.attributes().isEmpty()).isTrue();
        assertThat(changed.body()).doesNotContain("owner", "description", "attributes");
    }

    static Stream<Arguments> invalidDetails() {
        String owner = "owner must be person:<id> or service:<name>";
        String control = " must not contain control characters, line breaks or halves of characters";
        String map = "attributes must be an object of strings that has each name once";
        String names = "attributes must have names of 1 to 40 characters from a-z0-9_.-";
        return Stream.of(
                arguments("\"owner\":7", "owner must be a string"),
                arguments("\"owner\":{\"person\":\"SENT\"}", "owner must be a string"),
                arguments("\"owner\":\"\"", owner),
                arguments("\"owner\":\"SENT\"", owner),
                arguments("\"owner\":\"Person:SENT\"", owner),
                arguments("\"owner\":\"job:SENT\"", owner),
                arguments("\"owner\":\"person:\"", "owner must not be blank"),
                arguments("\"owner\":\"person: \"", "owner must not be blank"),
                arguments("\"owner\":\"service:SENT\\u0007\"", "owner" + control),
                arguments("\"owner\":\"person:SENT\\u202e\"", "owner" + control),
                arguments(
                        "\"owner\":\"person:" + "x".repeat(129) + "\"", "owner must not be longer than 128 characters"),
                arguments("\"description\":[\"SENT\"]", "description must be a string"),
                arguments("\"description\":\" \"", "description must not be blank"),
                arguments("\"description\":\"SENT\\nSENT\"", "description" + control),
                arguments("\"description\":\"SENT\\ud800\"", "description" + control),
                arguments(
                        "\"description\":\"" + "x".repeat(1001) + "\"",
                        "description must not be longer than 1000 characters"),
                arguments("\"attributes\":\"SENT\"", map),
                arguments("\"attributes\":[\"SENT\"]", map),
                arguments("\"attributes\":[{\"plan\":\"SENT\"}]", map),
                arguments("\"attributes\":{\"plan\":7}", map),
                arguments("\"attributes\":{\"plan\":null}", map),
                arguments("\"attributes\":{\"plan\":{\"SENT\":\"x\"}}", map),
                arguments("\"attributes\":{\"plan\":[\"SENT\"]}", map),
                arguments("\"attributes\":{\"plan\":\"SENT\",\"pl\\u0061n\":\"SENT\"}", map),
                arguments("\"attributes\":{\"SENT\":\"x\"}", names),
                arguments("\"attributes\":{\"\":\"SENT\"}", names),
                arguments("\"attributes\":{\"" + "x".repeat(41) + "\":\"SENT\"}", names),
                arguments("\"attributes\":{\"plan\":\"\"}", "attributes: the value of plan must not be blank"),
                arguments("\"attributes\":{\"plan\":\"SENT\\u0000\"}", "attributes: the value of plan" + control),
                arguments(
                        "\"attributes\":{\"plan\":\"" + "x".repeat(201) + "\"}",
                        "attributes: the value of plan must not be longer than 200 characters"),
                arguments("\"attributes\":{" + attributes(17) + "}", "attributes must have at most 16 names"),
                arguments("\"attributes\":{" + "\"a\":{".repeat(3000), map));
    }

    private static String attributes(int count) {
        return Stream.iterate(1, i -> i + 1)
                .limit(count)
                .map(i -> "\"a" + i + "\":\"x\"")
                .reduce((first, second) -> first + "," + second)
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("invalidDetails")
    void invalidDetailIsRejectedWithASentence(String member, String sentence) {
        IssuedKey issued = keys.active("north");
        CapturedLog logged = new CapturedLog();
        for (Reply reply :
                List.of(post("", START + member + "}"), change(issued.key().id(), 1, member))) {
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.body()).isEqualTo(error(sentence));
            assertThat(reply.headers() + reply.body() + logged.text()).doesNotContain("SENT");
        }
        assertThat(only()).isEqualTo(issued.key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "description", "attributes", "environment"})
    void nullIsRejectedOnCreation(String member) {
        Reply reply = post("", START + "\"" + member + "\":null}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(error(member + " must not be null: leave it out instead"));
        assertThat(north.stream(KeyQuery.all())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"owner\":\"service:KEY\"",
                "\"description\":\"KEY\"",
                "\"attributes\":{\"token\":\"KEY\"}",
                "\"attributes\":{\"KEY\":\"x\"}"
            })
    void textOfAKeyIsRejected(String member) {
        IssuedKey issued = keys.active("north");
        String text = issued.secret().reveal();
        String withKey = member.replace("KEY", text);
        String name = member.substring(1, member.indexOf('"', 1));
        CapturedLog logged = new CapturedLog();
        for (Reply reply :
                List.of(post("", START + withKey + "}"), change(issued.key().id(), 1, withKey))) {
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.body()).startsWith("{\"error\":\"" + name + " must not ");
            assertThat(reply.headers() + reply.body() + logged.text()).doesNotContain(text.substring(4, 30));
        }
        assertThat(only()).isEqualTo(issued.key());
    }

    @Test
    void unknownEnvironmentIsRejected() {
        Reply reply = post("", START + "\"environment\":\"SENT\"}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).startsWith("{\"error\":\"environment must ").doesNotContain("SENT");
        assertThat(north.stream(KeyQuery.all())).isEmpty();
    }

    @Test
    void environmentCannotBeChanged() {
        IssuedKey issued = keys.active("north");
        assertThat(change(issued.key().id(), 1, "\"environment\":\"live\"").body())
                .isEqualTo(error("the body must have no members but version, name, scopes, owner, description and"
                        + " attributes"));
        assertThat(only()).isEqualTo(issued.key());
    }

    @Test
    void repeatedRequestCreatesNoSecondKey() {
        Reply created = create("Idempotency-Key: 8e03978e-40d5-43dd-bc93-6fbdbd9a5c5b");
        assertThat(created.status()).isEqualTo(201);
        for (String body :
                List.of(START + "\"description\":\"x\"}", "{\"name\":\"x\",\"scopes\":[\"write:people\"]}")) {
            Reply repeated = client.send(
                    "POST", "/api/keys", body, admin(), "idempotency-key: 8e03978e-40d5-43dd-bc93-6fbdbd9a5c5b");
            assertThat(repeated.status()).isEqualTo(409);
            assertThat(repeated.body())
                    .matches("\\{\"error\":\"[^\"]+\",\"id\":\"" + member(created, "id") + "\"}")
                    .doesNotContain("ck_");
        }
        assertThat(only().id().value()).isEqualTo(member(created, "id"));
        assertThat(create("Idempotency-Key: another").status()).isEqualTo(201);
        assertThat(create().status()).isEqualTo(201);
        assertThat(north.stream(KeyQuery.all())).hasSize(3);
    }

    @Test
    void idempotencyKeyBelongsToItsDistrict() {
        String name = "Idempotency-Key: 1";
        assertThat(create(name).status()).isEqualTo(201);
        Reply south = client.send(
                "POST",
                "/api/keys",
                START + "\"description\":\"x\"}",
                "Authorization: Bearer " + TestBackend.SOUTH,
                name);
        assertThat(south.status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SENT 1", "SENT, SENT", "SENTé", "SENT\tx"})
    @Tag("long")
    void invalidIdempotencyKeyIsRejected(String value) {
        assertRejectedHeader(
                "the header Idempotency-Key must be 1 to 255 visible ASCII characters, without spaces",
                "Idempotency-Key: " + value);
    }

    @Test
    void idempotencyKeyHasAMaximumLengthAndIsSentOnce() {
        String rule = "the header Idempotency-Key must be 1 to 255 visible ASCII characters, without spaces";
        assertRejectedHeader(rule, "Idempotency-Key: " + "x".repeat(256));
        assertRejectedHeader(
                "the header Idempotency-Key must be sent once", "Idempotency-Key: SENT", "Idempotency-Key: SENT");
        assertThat(create("Idempotency-Key: " + "x".repeat(255)).status()).isEqualTo(201);
    }

    private void assertRejectedHeader(String sentence, String... lines) {
        CapturedLog logged = new CapturedLog();
        Reply reply = create(lines);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(error(sentence));
        assertThat(reply.headers() + reply.body() + logged.text()).doesNotContain("SENT");
        assertThat(north.stream(KeyQuery.all())).isEmpty();
    }

    private Reply create(String... headerLines) {
        String[] all = Stream.concat(Stream.of(admin()), Stream.of(headerLines)).toArray(String[]::new);
        return client.send("POST", "/api/keys", "{\"name\":\"SENT\",\"scopes\":[\"read:people\"]}", all);
    }

    private static String admin() {
        return "Authorization: Bearer " + TestBackend.ADMIN;
    }

    private Reply change(KeyId id, long version, String members) {
        return send("PATCH", "/" + id, "{\"version\":" + version + "," + members + "}");
    }

    private ApiKey only() {
        List<ApiKey> all = north.stream(KeyQuery.all()).toList();
        assertThat(all).hasSize(1);
        return all.get(0);
    }
}
