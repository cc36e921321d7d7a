package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.keywright.ApiKeys;
import dev.keywright.IssuedKey;
import dev.keywright.KeyId;
import dev.keywright.KeywrightException;
import dev.keywright.NotYetEverywhere;
import dev.keywright.OutcomeUnknown;
import dev.keywright.Revocation;
import dev.keywright.StoreUnavailable;
import dev.keywright.Verified;
import dev.keywright.servlet.Wire.Reply;
import dev.keywright.testkit.TestKeys;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("containers")
class LeakedKeyServletTest {

    private static final String PATH = "/api/leaked-keys";
    private static final String NOT_JSON = "the body must be valid JSON";
    private static final String UNKNOWN = "the body must have no members but key and reason";

    private final TestKeys keys = TestKeys.offering("read:people", "write:people");
    private final ApiKeys apiKeys = keys.apiKeys();

    private TestBackend backend = TestBackend.takingLeakedKeys(apiKeys);
    private Wire wire = new Wire(backend);

    @AfterEach
    void stop() {
        backend.close();
    }

    @Test
    void whoeverHasFoundAKeyEndsItWithoutASession() {
        IssuedKey leaked = keys.active("north");
        IssuedKey other = keys.active("north");
        Reply reply = report(leaked.secret().reveal(), "in a public repository");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("{\"ok\":true}");
        assertThat(works(leaked)).isFalse();
        assertThat(works(other)).isTrue();
        Revocation revocation = apiKeys.managedBy(keys.admin("north"))
                .get(leaked.key().id())
                .revocation()
                .orElseThrow();
        assertThat(revocation.by().toString()).isEqualTo("holder");
        assertThat(revocation.reason()).isEqualTo("in a public repository");
    }

    @Test
    void reasonNeedNotBeSaidAndBlanksAroundTheKeyDoNoHarm() {
        IssuedKey leaked = keys.active("north");
        assertThat(post("{\"key\":\" " + leaked.secret().reveal() + "\\n\"}").status())
                .isEqualTo(200);
        assertThat(works(leaked)).isFalse();
    }

    @Test
    void answerDoesNotTellWhetherThereWasSuchAKey() {
        String active = keys.active("north").secret().reveal();
        Reply reply = report(active, "found");
        for (String other : List.of(
                active,
                keys.unknown().reveal(),
                keys.revoked("north").secret().reveal(),
                keys.expired("south").secret().reveal(),
                active.substring(0, 34) + "0",
                "ck_",
                "hello",
                "",
                "x".repeat(10_000))) {
            assertThat(report(other, "found")).isEqualTo(reply);
        }
    }

    static Stream<Arguments> badBodies() {
        return Stream.of(
                arguments("", "the body must not be empty: send one JSON object, with Content-Type: application/json"),
                arguments("KEY", NOT_JSON),
                arguments("\"KEY\"", "the body must be a JSON object"),
                arguments("[\"KEY\"]", "the body must be a JSON object"),
                arguments("key=KEY", NOT_JSON),
                arguments("{\"key\":\"KEY\",\"key\":\"KEY\"}", "key must be given once"),
                arguments("{\"key\":\"KEY\"} x", NOT_JSON),
                arguments("{}", "key is required"),
                arguments("{\"reason\":\"KEY\"}", "key is required"),
                arguments("{\"key\":[\"KEY\"]}", "key must be a string"),
                arguments("{\"key\":null}", "key must be a string"),
                arguments("{\"key\":\"KEY\",\"id\":\"x\"}", UNKNOWN),
                arguments("{\"key\":\"KEY\",\"reason\":null}", "reason must not be null: leave it out instead"),
                arguments("{\"key\":\"KEY\",\"reason\":7}", "reason must be a string"),
                arguments("{\"key\":\"KEY\",\"reason\":\" \"}", "reason must not be blank"),
                arguments(
                        "{\"key\":\"KEY\",\"reason\":\"found KEY\"}", "reason must not contain the text of an API key"),
                arguments(
                        "{\"key\":\"KEY\",\"reason\":\"" + "x".repeat(201) + "\"}",
                        "reason must not be longer than 200 characters"),
                arguments(
                        "{\"key\":\"KEY\",\"reason\":\"" + "x".repeat(17_000) + "\"}",
                        "the body must not be larger than 16 KiB"));
    }

    @ParameterizedTest
    @MethodSource("badBodies")
    void bodyThatIsWrongIsRefusedInTheSameWordsWhetherThereIsSuchAKeyOrNot(String body, String sentence) {
        Logged logged = new Logged();
        IssuedKey issued = keys.active("north");
        String token = issued.secret().reveal();
        Reply reply = post(body.replace("KEY", token));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo("{\"error\":\"" + sentence + "\"}");
        assertThat(post(body.replace("KEY", keys.unknown().reveal()))).isEqualTo(reply);
        assertThat(works(issued)).isTrue();
        assertThat(logged.text()).doesNotContain(token.substring(8, 24));
    }

    @Test
    void keyInTheQueryIsRefused() {
        String token = keys.active("north").secret().reveal();
        Reply reply = wire.send("POST", PATH + "?key=" + token, "{\"key\":\"" + token + "\"}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo("{\"error\":\"the query must have no parameters\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "post"})
    void nothingElseCanBeAsked(String method) {
        Reply reply = wire.send(method, PATH, "");
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).isEqualTo("POST");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void headersThatSayWhoAsksAreNotLookedAt() {
        for (String authorization : List.of(
                "Bearer " + TestBackend.ADMIN,
                "Bearer nobody",
                "Bearer " + keys.active("south").secret().reveal(),
                "Bearer " + keys.unknown().reveal())) {
            IssuedKey leaked = keys.active("north");
            Reply reply =
                    wire.send("POST", PATH, body(leaked.secret().reveal(), "x"), "Authorization: " + authorization);
            assertThat(reply).isEqualTo(report(keys.unknown().reveal(), "x"));
            assertThat(works(leaked)).isFalse();
        }
        assertThat(backend.authenticated()).isEmpty();
    }

    static Stream<KeywrightException> failures() {
        return Stream.of(
                new StoreUnavailable("the pool is empty", null),
                new OutcomeUnknown(KeyId.of("key01"), null),
                new NotYetEverywhere());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void storeThatFailsIsToldInWordsThatSayNothingOfTheKey(KeywrightException failure) {
        ApiKeys failing = mock();
        when(failing.revokeByPossession(any(), any())).thenThrow(failure);
        backend.close();
        backend = TestBackend.takingLeakedKeys(failing);
        wire = new Wire(backend);
        Logged logged = new Logged();
        Reply reply = report("ck_x", "x");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isEqualTo("5");
        assertThat(reply.body()).isEqualTo("{\"error\":\"API keys are not available at the moment; try again\"}");
        assertThat(logged.text()).contains(failure.getMessage());
    }

    @Test
    void strangersWhoSendSlowlyDoNotUseUpTheThreads() throws Exception {
        List<Socket> open = new ArrayList<>();
        String body = body(keys.active("north").secret().reveal(), "x");
        try {
            // Four of them are waited for, whichever they are, and so the fifth is not.
            CompletableFuture<?>[] five = new CompletableFuture<?>[5];
            Arrays.setAll(five, i -> wire.keepSending(open, "POST", PATH, "{"));
            assertThat(((Reply) CompletableFuture.anyOf(five).get()).status()).isEqualTo(503);
            Reply busy = post(body);
            assertThat(busy.status()).isEqualTo(503);
            assertThat(busy.header("Retry-After")).isEqualTo("1");
            assertThat(busy.body()).isEqualTo("{\"error\":\"too many requests are on their way; try again\"}");
            assertThat(wire.get("/api/keys", "Authorization: Bearer " + TestBackend.ADMIN)
                            .status())
                    .isEqualTo(200);
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
        // The server notices in its own time that they have gone.
        assertThat(Stream.generate(() -> post(body)).limit(10_000).anyMatch(reply -> reply.status() == 200))
                .isTrue();
    }

    private boolean works(IssuedKey issued) {
        return apiKeys.verify(issued.secret().reveal()) instanceof Verified;
    }

    private Reply report(String key, String reason) {
        return post(body(key, reason));
    }

    private static String body(String key, String reason) {
        return "{\"key\":\"" + key + "\",\"reason\":\"" + reason + "\"}";
    }

    private Reply post(String body) {
        return wire.send("POST", PATH, body);
    }
}
