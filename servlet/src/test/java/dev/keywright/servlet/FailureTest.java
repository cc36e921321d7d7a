package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.keywright.ApiKeys;
import dev.keywright.BarrierInterruptedException;
import dev.keywright.KeyConflictException;
import dev.keywright.KeyId;
import dev.keywright.NotPermittedException;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.StoreUnavailableException;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.management.TenantKeys;
import dev.keywright.servlet.RawHttpClient.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("containers")
class FailureTest {

    private static final String ADMIN = "Authorization: Bearer " + TestBackend.ADMIN;
    private static final String WANTED = "{\"name\":\"A name\",\"scopes\":[\"read:people\"]}";
    private static final String RENAMED = "{\"version\":1,\"name\":\"Another name\"}";
    private static final String GENERAL = "{\"error\":\"something went wrong on our side\"}";
    private static final KeyId ID = KeyId.of("key01");

    private final FailingStore store = new FailingStore();
    private final ApiKeys keys = store.apiKeys();
    private final IssuedKey issued = keys.managedBy(
                    ManagementSession.of(TenantId.of("north"), UserId.of("ada")).withRoles("Admin"))
            .issue(NewKey.named("Reader").allowing("read:people"));
    private final String key = "Authorization: Bearer " + issued.secret().reveal();
    private final CapturedLog logged = new CapturedLog();
    private final TenantKeys mocked = mock();

    private TestBackend backend;

    @AfterEach
    void stop() {
        backend.close();
    }

    @Test
    void storeOutageNeitherAdmitsNorInvalidatesAKey() {
        RawHttpClient wire = everything(keys);
        store.failWith(new StoreUnavailableException(
                "the store cannot answer", new IllegalStateException("the pool is empty")));
        for (Reply reply : List.of(
                wire.get("/api/people", key),
                wire.get("/api/other", key),
                wire.get("/api/keys", key),
                wire.get("/api/keys", ADMIN),
                wire.send("POST", "/api/keys", WANTED, ADMIN),
                wire.get("/api/keys?status=all", ADMIN),
                wire.send("POST", "/api/keys/revoke-all", "{\"reason\":\"x\"}", ADMIN),
                wire.get("/api/keys/reports/unused?days=1", ADMIN),
                wire.send("DELETE", "/api/keys/" + issued.key().id(), "", ADMIN))) {
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.header("Retry-After")).isEqualTo("5");
            assertThat(reply.header("WWW-Authenticate")).isEmpty();
            assertThat(reply.header("Content-Type")).isEqualTo("application/json");
            assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
            assertThat(reply.body()).isEqualTo("{\"error\":\"API keys are not available at the moment; try again\"}");
            assertThat(reply.wasServed()).isFalse();
        }
        assertThat(logged.text()).contains("API key store unavailable", "the pool is empty");
        store.failWith(null);
        assertThat(wire.get("/api/people", key).status()).isEqualTo(200);
    }

    @Test
    void unexpectedFailureIsLoggedAndAnsweredGenerically() {
        RawHttpClient wire = everything(keys);
        store.failWith(new IllegalStateException("select * from api_key"));
        for (Reply reply : List.of(
                wire.get("/api/people", key),
                wire.get("/api/keys", key),
                wire.get("/api/keys", ADMIN),
                wire.send("POST", "/api/keys", WANTED, ADMIN))) {
            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.body()).isEqualTo(GENERAL);
            assertThat(reply.header("Content-Type")).isEqualTo("application/json");
            assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
            assertThat(reply.wasServed()).isFalse();
        }
        assertThat(logged.text()).contains("failed unexpectedly", "select * from api_key");
    }

    @Test
    void malformedKeyIsRejectedWithoutTheStore() {
        RawHttpClient wire = everything(keys);
        store.failWith(new StoreUnavailableException("the store cannot answer", null));
        assertThat(wire.get("/api/people", "Authorization: Bearer ck_x").status())
                .isEqualTo(401);
    }

    @Test
    void unknownOutcomeOfANewKeySaysToRevokeIt() {
        when(mocked.issue(any())).thenThrow(new OutcomeUnknownException(ID, null));
        when(mocked.rotate(any(), any())).thenThrow(new OutcomeUnknownException(ID, null));
        RawHttpClient wire = mocked();
        Reply reply = wire.send("POST", "/api/keys", WANTED, ADMIN);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isEqualTo("5");
        assertThat(reply.body())
                .isEqualTo(
                        "{\"error\":\"the store was lost while it wrote: it is not known whether the API key key01 was"
                                + " changed; list the API keys, and revoke this one if it is there\"}");
        assertThat(wire.send("POST", "/api/keys/key00/rotate", "{\"overlap_hours\":1}", ADMIN)
                        .body())
                .contains("revoke this one if it is there; the one that it was to replace may have an end by now");
    }

    @Test
    void unknownOutcomeOfBulkRevocationAdvisesToRetry() {
        when(mocked.revoke(anyCollection(), any())).thenThrow(new OutcomeUnknownException(null));
        assertThat(mocked().send("POST", "/api/keys/revoke", "{\"ids\":[\"key01\"]}", ADMIN)
                        .body())
                .contains("whether the API keys were changed; send the request again to make sure");
    }

    @Test
    void unknownOutcomeOfChangeAdvisesToReadTheKey() {
        when(mocked.change(any(), any())).thenThrow(new OutcomeUnknownException(ID, null));
        assertThat(mocked().send("PATCH", "/api/keys/key01", RENAMED, ADMIN).body())
                .contains("whether the API key key01 was changed; read the API key again\"");
    }

    @Test
    void unknownOutcomeOfARevocationSaysToRepeatIt() {
        when(mocked.revoke(any(KeyId.class), any())).thenThrow(new OutcomeUnknownException(ID, null));
        when(mocked.revokeAll(any())).thenThrow(new OutcomeUnknownException(null));
        RawHttpClient wire = mocked();
        assertThat(wire.send("DELETE", "/api/keys/key01", "", ADMIN).body())
                .contains("whether the API key key01 was changed; send the request again to make sure\"");
        assertThat(wire.send("POST", "/api/keys/revoke-all", "{\"reason\":\"x\"}", ADMIN)
                        .body())
                .contains("whether the API keys were changed; send the request again to make sure\"");
    }

    @Test
    void interruptedBarrierOfRevocationIsReported() {
        when(mocked.revoke(any(KeyId.class), any())).thenAnswer(call -> {
            Thread.currentThread().interrupt();
            throw new BarrierInterruptedException();
        });
        Reply reply = mocked().send("DELETE", "/api/keys/key01", "", ADMIN);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isEqualTo("5");
        assertThat(reply.body())
                .contains("it is not yet certain that every node follows it; send the request again to make sure");
    }

    @Test
    void interruptedBarrierOfChangeAdvisesToReadTheKey() {
        when(mocked.change(any(), any())).thenThrow(new BarrierInterruptedException());
        assertThat(mocked().send("PATCH", "/api/keys/key01", RENAMED, ADMIN).body())
                .contains("it is not yet certain that every node follows it; read the API key again\"");
    }

    @ParameterizedTest
    @EnumSource(KeyConflictException.Rule.class)
    void conflictIsToldInTheLibrarysSentence(KeyConflictException.Rule rule) {
        when(mocked.issue(any())).thenThrow(new KeyConflictException(rule, "this is in the way"));
        Reply reply = mocked().send("POST", "/api/keys", WANTED, ADMIN);
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.body()).isEqualTo("{\"error\":\"this is in the way\"}");
        assertThat(reply.header("Retry-After")).isEmpty();
    }

    @Test
    void scopeThatTheSessionMayNotHandOutIsForbidden() {
        when(mocked.issue(any())).thenThrow(new NotPermittedException("you may not hand out read:people"));
        Reply reply = mocked().send("POST", "/api/keys", WANTED, ADMIN);
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.body()).isEqualTo("{\"error\":\"you may not hand out read:people\"}");
    }

    @Test
    void outageIsLoggedOnce() {
        RawHttpClient wire = everything(keys);
        store.failWith(new StoreUnavailableException(
                "the store cannot answer", new IllegalStateException("the pool is empty")));
        for (int i = 0; i < 5; i++) {
            wire.get("/api/people", key);
        }
        assertThat(logged.text()).containsOnlyOnce("API key store unavailable");
    }

    @Test
    void unexpectedFailureIsLoggedOnce() {
        RawHttpClient wire = everything(keys);
        store.failWith(new IllegalStateException("unexpected"));
        for (int i = 0; i < 5; i++) {
            assertThat(wire.get("/api/people", key).status()).isEqualTo(500);
        }
        assertThat(logged.text()).containsOnlyOnce("failed unexpectedly");
    }

    private RawHttpClient mocked() {
        ApiKeys apiKeys = mock();
        when(apiKeys.managedBy(any())).thenReturn(mocked);
        when(apiKeys.scopeCatalog()).thenReturn(ScopeCatalog.of("read:people", "list and get people"));
        return everything(apiKeys);
    }

    private RawHttpClient everything(ApiKeys apiKeys) {
        ApiKeyFilter filter = ApiKeyFilter.verifying(apiKeys)
                .allowing("GET", "/api/people", "read:people")
                .passingThroughOthers();
        backend = TestBackend.managingBehind(filter, apiKeys);
        return new RawHttpClient(backend);
    }
}
