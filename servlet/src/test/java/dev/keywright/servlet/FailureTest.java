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
@Tag("long")
class FailureTest {

    private static final String ADMIN = "Authorization: Bearer " + TestBackend.ADMIN;
    private static final String CREATE = "{\"name\":\"A name\",\"scopes\":[\"read:people\"]}";
    private static final String RENAME = "{\"version\":1,\"name\":\"Another name\"}";
    private static final String UNEXPECTED = "{\"error\":\"something went wrong on our side\"}";
    private static final KeyId ID = KeyId.of("key01");

    private final FailingStore store = new FailingStore();
    private final ApiKeys keys = store.apiKeys();
    private final IssuedKey issued = keys.managedBy(
                    ManagementSession.of(TenantId.of("north"), UserId.of("ada")).withRoles("Admin"))
            .issue(NewKey.named("Reader").allowing("read:people"));
    private final String key = "Authorization: Bearer " + issued.secret().reveal();
    private final CapturedLog logged = new CapturedLog();
    private final TenantKeys tenantKeys = mock();

    private TestBackend backend;

    @AfterEach
    void stop() {
        backend.close();
    }

    @Test
    void storeOutageNeitherAdmitsNorInvalidatesAKey() {
        RawHttpClient client = start(keys);
        store.failWith(new StoreUnavailableException(
                "the store cannot answer", new IllegalStateException("the pool is empty")));
        for (Reply reply : List.of(
                client.get("/api/people", key),
                client.get("/api/other", key),
                client.get("/api/keys", key),
                client.get("/api/keys", ADMIN),
                client.send("POST", "/api/keys", CREATE, ADMIN),
                client.get("/api/keys?status=all", ADMIN),
                client.send("POST", "/api/keys/revoke-all", "{\"reason\":\"x\"}", ADMIN),
                client.get("/api/keys/reports/unused?days=1", ADMIN),
                client.send("DELETE", "/api/keys/" + issued.key().id(), "", ADMIN))) {
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
        assertThat(client.get("/api/people", key).status()).isEqualTo(200);
    }

    @Test
    void unexpectedFailureIsLoggedAndAnsweredGenerically() {
        RawHttpClient client = start(keys);
        store.failWith(new IllegalStateException("select * from api_key"));
        for (Reply reply : List.of(
                client.get("/api/people", key),
                client.get("/api/keys", key),
                client.get("/api/keys", ADMIN),
                client.send("POST", "/api/keys", CREATE, ADMIN))) {
            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.body()).isEqualTo(UNEXPECTED);
            assertThat(reply.header("Content-Type")).isEqualTo("application/json");
            assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
            assertThat(reply.wasServed()).isFalse();
        }
        assertThat(logged.text()).contains("failed unexpectedly", "select * from api_key");
    }

    @Test
    void malformedKeyIsRejectedWithoutTheStore() {
        RawHttpClient client = start(keys);
        store.failWith(new StoreUnavailableException("the store cannot answer", null));
        assertThat(client.get("/api/people", "Authorization: Bearer ck_x").status())
                .isEqualTo(401);
    }

    @Test
    void unknownOutcomeOfIssuingAdvisesToRevoke() {
        when(tenantKeys.issue(any())).thenThrow(new OutcomeUnknownException(ID, null));
        when(tenantKeys.rotate(any(), any())).thenThrow(new OutcomeUnknownException(ID, null));
        RawHttpClient client = startMocked();
        Reply reply = client.send("POST", "/api/keys", CREATE, ADMIN);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isEqualTo("5");
        assertThat(reply.body())
                .isEqualTo(
                        "{\"error\":\"the store was lost while it wrote: it is not known whether the API key key01 was"
                                + " changed; list the API keys, and revoke this one if it is there\"}");
        assertThat(client.send("POST", "/api/keys/key00/rotate", "{\"overlap_hours\":1}", ADMIN)
                        .body())
                .contains("revoke this one if it is there; the API key that it replaces may now expire earlier");
    }

    @Test
    void unknownOutcomeOfBulkRevocationAdvisesToRetry() {
        when(tenantKeys.revoke(anyCollection(), any())).thenThrow(new OutcomeUnknownException(null));
        assertThat(startMocked()
                        .send("POST", "/api/keys/revoke", "{\"ids\":[\"key01\"]}", ADMIN)
                        .body())
                .contains("whether the API keys were changed; send the request again to make sure");
    }

    @Test
    void unknownOutcomeOfChangeAdvisesToReadTheKey() {
        when(tenantKeys.change(any(), any())).thenThrow(new OutcomeUnknownException(ID, null));
        assertThat(startMocked().send("PATCH", "/api/keys/key01", RENAME, ADMIN).body())
                .contains("whether the API key key01 was changed; read the API key again\"");
    }

    @Test
    void unknownOutcomeOfRevocationAdvisesToRetry() {
        when(tenantKeys.revoke(any(KeyId.class), any())).thenThrow(new OutcomeUnknownException(ID, null));
        when(tenantKeys.revokeAll(any())).thenThrow(new OutcomeUnknownException(null));
        RawHttpClient client = startMocked();
        assertThat(client.send("DELETE", "/api/keys/key01", "", ADMIN).body())
                .contains("whether the API key key01 was changed; send the request again to make sure\"");
        assertThat(client.send("POST", "/api/keys/revoke-all", "{\"reason\":\"x\"}", ADMIN)
                        .body())
                .contains("whether the API keys were changed; send the request again to make sure\"");
    }

    @Test
    void interruptedBarrierOfRevocationIsReported() {
        when(tenantKeys.revoke(any(KeyId.class), any())).thenAnswer(call -> {
            Thread.currentThread().interrupt();
            throw new BarrierInterruptedException();
        });
        Reply reply = startMocked().send("DELETE", "/api/keys/key01", "", ADMIN);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isEqualTo("5");
        assertThat(reply.body())
                .contains("it is not yet certain that every node follows it; send the request again to make sure");
    }

    @Test
    void interruptedBarrierOfChangeAdvisesToReadTheKey() {
        when(tenantKeys.change(any(), any())).thenThrow(new BarrierInterruptedException());
        assertThat(startMocked().send("PATCH", "/api/keys/key01", RENAME, ADMIN).body())
                .contains("it is not yet certain that every node follows it; read the API key again\"");
    }

    @ParameterizedTest
    @EnumSource(KeyConflictException.Rule.class)
    void conflictIsReportedWithTheLibrarysMessage(KeyConflictException.Rule rule) {
        when(tenantKeys.issue(any())).thenThrow(new KeyConflictException(rule, "the conflict"));
        Reply reply = startMocked().send("POST", "/api/keys", CREATE, ADMIN);
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.body()).isEqualTo("{\"error\":\"the conflict\"}");
        assertThat(reply.header("Retry-After")).isEmpty();
    }

    @Test
    void scopeThatTheSessionMayNotGrantIsForbidden() {
        when(tenantKeys.issue(any())).thenThrow(new NotPermittedException("you may not grant read:people"));
        Reply reply = startMocked().send("POST", "/api/keys", CREATE, ADMIN);
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.body()).isEqualTo("{\"error\":\"you may not grant read:people\"}");
    }

    @Test
    void outageIsLoggedOnce() {
        RawHttpClient client = start(keys);
        store.failWith(new StoreUnavailableException(
                "the store cannot answer", new IllegalStateException("the pool is empty")));
        for (int i = 0; i < 5; i++) {
            client.get("/api/people", key);
        }
        assertThat(logged.text()).containsOnlyOnce("API key store unavailable");
    }

    private RawHttpClient startMocked() {
        ApiKeys apiKeys = mock();
        when(apiKeys.managedBy(any())).thenReturn(tenantKeys);
        when(apiKeys.scopeCatalog()).thenReturn(ScopeCatalog.of("read:people", "list and get people"));
        return start(apiKeys);
    }

    private RawHttpClient start(ApiKeys apiKeys) {
        ApiKeyFilter filter = ApiKeyFilter.verifying(apiKeys)
                .allowing("GET", "/api/people", "read:people")
                .passingThroughOthers();
        backend = TestBackend.managingBehind(filter, apiKeys);
        return new RawHttpClient(backend);
    }
}
