package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keywright.KeyOwner;
import dev.keywright.Revocation;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.NewKey;
import dev.keywright.servlet.RawHttpClient.Reply;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Revocation of several keys, and of all keys of a district. */
@Tag("long")
class RevocationTest extends ManagementTest {

    private static final String REASON = "{\"reason\":\"the laptop was stolen\"}";
    private static final String EMPTY =
            "the body must not be empty: send one JSON object, with Content-Type: application/json";
    private static final String IDS = "ids must have 1 to 1000 ids";

    @Test
    void severalKeysAreRevokedWithOneReason() {
        IssuedKey active = keys.active("north");
        IssuedKey expired = keys.expired("north");
        IssuedKey unaffected = keys.active("north");
        String body = "{\"reason\":\"cleaning up\",\"ids\":[\"" + active.key().id() + "\",\""
                + expired.key().id() + "\",\"" + active.key().id() + "\"]}";
        Reply reply = post("/revoke", body);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(OK);
        for (IssuedKey revoked : List.of(active, expired)) {
            Revocation revocation = current(revoked).revocation().orElseThrow();
            assertThat(revocation.reason()).isEqualTo("cleaning up");
            assertThat(revocation.by().toString()).isEqualTo("person:ada");
        }
        assertThat(works(active)).isFalse();
        assertThat(works(unaffected)).isTrue();
        assertThat(post("/revoke", body)).isEqualTo(reply);
    }

    @Test
    void unknownIdPreventsRevocationOfAll() {
        IssuedKey mine = keys.active("north");
        IssuedKey theirs = keys.active("south");
        Reply rejected = revoke(List.of(mine.key().id(), theirs.key().id()));
        assertThat(rejected.status()).isEqualTo(404);
        assertThat(rejected.body()).isEqualTo(NOT_FOUND);
        assertThat(revoke(List.of(mine.key().id(), "key_0000000000000000"))).isEqualTo(rejected);
        assertThat(revoke(List.of("../x", mine.key().id()))).isEqualTo(rejected);
        assertThat(revoke(List.of("", mine.key().id()))).isEqualTo(rejected);
        assertThat(works(mine) && works(theirs)).isTrue();
    }

    @Test
    void atMostAThousandIdsAreAccepted() {
        List<String> thousand = IntStream.range(0, 1000)
                .mapToObj(i -> "k".repeat(60) + (1000 + i))
                .toList();
        assertThat(revoke(thousand).status()).isEqualTo(404);
        Reply tooMany =
                revoke(Stream.concat(thousand.stream(), Stream.of("one")).toList());
        assertThat(tooMany.status()).isEqualTo(400);
        assertThat(tooMany.body()).isEqualTo(error(IDS));
        Reply tooLarge = post("/revoke", "{\"ids\":[\"x\"]}" + " ".repeat(128 * 1024));
        assertThat(tooLarge.status()).isEqualTo(400);
        assertThat(tooLarge.body()).isEqualTo(error("the body must not be larger than 128 KiB"));
    }

    static Stream<Arguments> invalidLists() {
        return Stream.of(
                arguments("", EMPTY),
                arguments("[\"key_1\"]", "the body must be a JSON object"),
                arguments("{}", "ids is required"),
                arguments("{\"reason\":\"x\"}", "ids is required"),
                arguments("{\"ids\":[]}", IDS),
                arguments("{\"ids\":\"key_1\"}", "ids must be an array of strings"),
                arguments("{\"ids\":[1]}", "ids must be an array of strings"),
                arguments("{\"ids\":null}", "ids must be an array of strings"),
                arguments("{\"ids\":[\"ID\"],\"reason\":7}", "reason must be a string"),
                arguments("{\"ids\":[\"ID\"],\"reason\":null}", "reason must not be null: leave it out instead"),
                arguments(
                        "{\"ids\":[\"ID\"],\"tenant\":\"south\"}", "the body must have no members but ids and reason"));
    }

    @ParameterizedTest
    @MethodSource("invalidLists")
    void invalidListIsRejectedWithASentence(String body, String sentence) {
        IssuedKey issued = keys.active("north");
        Reply reply = post("/revoke", body.replace("ID", issued.key().id().value()));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(error(sentence));
        assertThat(current(issued)).isEqualTo(issued.key());
    }

    @Test
    void revokeAllAffectsOnlyOneDistrict() {
        List<IssuedKey> mine = List.of(keys.active("north"), keys.active("north"));
        keys.revoked("north");
        IssuedKey theirs = keys.active("south");
        Reply reply = post("/revoke-all", REASON);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("{\"revoked\":2}");
        assertThat(mine)
                .allSatisfy(key -> assertThat(
                                current(key).revocation().orElseThrow().reason())
                        .isEqualTo("the laptop was stolen"));
        assertThat(works(theirs)).isTrue();
        assertThat(post("/revoke-all", REASON).body()).isEqualTo("{\"revoked\":0}");
        assertThat(works(keys.active("north"))).isTrue();
    }

    @Test
    void unfitReasonDoesNotPreventRevocation() {
        IssuedKey one = keys.active("north");
        String unfit = "a\\nb " + one.secret().reveal();
        String body = "{\"ids\":[\"" + one.key().id() + "\"],\"reason\":\"" + unfit + "\"}";
        assertThat(post("/revoke", body).status()).isEqualTo(200);
        assertThat(current(one).revocation().orElseThrow().reason())
                .isEqualTo("a b …" + one.key().hint());

        IssuedKey other = keys.active("north");
        String tooLong = "{\"reason\":\"" + "x".repeat(201) + "\"}";
        assertThat(post("/revoke-all", tooLong).body()).isEqualTo("{\"revoked\":1}");
        assertThat(works(other)).isFalse();
    }

    static Stream<Arguments> invalidReasons() {
        return Stream.of(
                arguments("", EMPTY),
                arguments("{}", "reason is required"),
                arguments("{\"reason\":\"\"}", "reason must not be blank"),
                arguments("{\"reason\":\" \"}", "reason must not be blank"),
                arguments("{\"reason\":null}", "reason must be a string"),
                arguments("{\"reason\":[\"x\"]}", "reason must be a string"),
                arguments("{\"reason\":\"x\",\"dry_run\":true}", "the body must have no members but reason"));
    }

    @ParameterizedTest
    @MethodSource("invalidReasons")
    void revokeAllRequiresAReason(String body, String sentence) {
        IssuedKey issued = keys.active("north");
        Reply reply = post("/revoke-all", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(error(sentence));
        assertThat(current(issued)).isEqualTo(issued.key());
    }

    @Test
    void revokeOwnedAffectsOneOwnerOfOneDistrict() {
        IssuedKey owned = owned("north", "person:u12");
        List<IssuedKey> others = List.of(
                owned("north", "person:u1"),
                owned("north", "service:u12"),
                owned("south", "person:u12"),
                keys.active("north"));
        Reply reply = post("/revoke-owned", "{\"owner\":\"person:u12\",\"reason\":\"left\"}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("{\"revoked\":1}");
        assertThat(current(owned).revocation().orElseThrow().reason()).isEqualTo("left");
        assertThat(works(owned)).isFalse();
        assertThat(others).allMatch(this::works);
        assertThat(post("/revoke-owned", "{\"owner\":\"person:u12\",\"reason\":\"left\",\"also_created\":false}")
                        .body())
                .isEqualTo("{\"revoked\":0}");
    }

    @Test
    void revokeOwnedIncludesCreatedKeysOnRequest() {
        IssuedKey created = keys.active("north");
        IssuedKey ownedAndCreated = owned("north", "person:admin of north");
        IssuedKey unaffected = owned("south", "person:admin of north");
        String body = "{\"owner\":\"person:admin of north\",\"reason\":\"left\",\"also_created\":true}";
        assertThat(post("/revoke-owned", body).body()).isEqualTo("{\"revoked\":2}");
        assertThat(works(created) || works(ownedAndCreated)).isFalse();
        assertThat(works(unaffected)).isTrue();
    }

    static Stream<Arguments> invalidOwners() {
        String start = "{\"owner\":\"person:admin of north\"";
        return Stream.of(
                arguments("", EMPTY),
                arguments("{\"reason\":\"x\"}", "owner is required"),
                arguments("{\"reason\":\"x\",\"owner\":null}", "owner must be a string"),
                arguments("{\"reason\":\"x\",\"owner\":\"ada\"}", "owner must be person:<id> or service:<name>"),
                arguments(start + "}", "reason is required"),
                arguments(start + ",\"reason\":\" \"}", "reason must not be blank"),
                arguments(start + ",\"reason\":\"x\",\"also_created\":1}", "also_created must be true or false"),
                arguments(start + ",\"reason\":\"x\",\"also_created\":\"true\"}", "also_created must be true or false"),
                arguments(
                        start + ",\"reason\":\"x\",\"also_created\":null}",
                        "also_created must not be null: leave it out instead"),
                arguments(
                        start + ",\"reason\":\"x\",\"dry_run\":true}",
                        "the body must have no members but owner, reason and also_created"),
                arguments(
                        "{\"owner\":\"service:x\",\"reason\":\"x\",\"also_created\":true}",
                        "also_created must not be true for a service, which creates no keys"));
    }

    @ParameterizedTest
    @MethodSource("invalidOwners")
    void invalidOwnerIsRejectedWithASentence(String body, String sentence) {
        IssuedKey issued = owned("north", "person:admin of north");
        Reply reply = post("/revoke-owned", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(error(sentence));
        assertThat(current(issued)).isEqualTo(issued.key());
    }

    private IssuedKey owned(String tenant, String owner) {
        return apiKeys.managedBy(keys.admin(tenant))
                .issue(NewKey.named("Owned").allowing("read:people").ownedBy(KeyOwner.parse(owner)));
    }

    @Test
    void unsupportedParameterIsRejected() {
        IssuedKey issued = keys.active("north");
        for (ManagementRequest request : ManagementRequest.naming(issued.key().id())) {
            if (!request.method().equals("GET")) {
                Reply reply = client.send(
                        request.method(),
                        request.path() + "?dry_run=true",
                        request.body(),
                        "Authorization: Bearer " + TestBackend.ADMIN);
                assertThat(reply.status()).isEqualTo(400);
                assertThat(reply.body()).isEqualTo(error("the query must have no parameters"));
            }
        }
        assertThat(post("/revoke-all?dry_run=true", REASON).status()).isEqualTo(400);
        assertThat(current(issued)).isEqualTo(issued.key());
    }

    private Reply revoke(List<?> ids) {
        String list = ids.stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(","));
        return post("/revoke", "{\"ids\":[" + list + "]}");
    }
}
