package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.keywright.ApiKeys;
import dev.keywright.IssuedKey;
import dev.keywright.KeyId;
import dev.keywright.NewKey;
import dev.keywright.NotYetEverywhere;
import dev.keywright.OutcomeUnknown;
import dev.keywright.Session;
import dev.keywright.StoreUnavailable;
import dev.keywright.TenantId;
import dev.keywright.TenantKeys;
import dev.keywright.UserId;
import dev.keywright.servlet.Wire.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailureTest {

    private static final String ADMIN = "Authorization: Bearer " + TestBackend.ADMIN;
    private static final String WANTED = "{\"name\":\"A name\",\"scopes\":[\"read:people\"]}";
    private static final String GENERAL = "{\"error\":\"something went wrong on our side\"}";
    private static final KeyId ID = KeyId.of("key01");

    private final FailingStore store = new FailingStore();
    private final ApiKeys keys = store.apiKeys();
    private final IssuedKey issued = keys.managedBy(
                    Session.of(TenantId.of("north"), UserId.of("ada")).withRoles("Admin"))
            .issue(NewKey.named("Reader").allowing("read:people"));
    private final String key = "Authorization: Bearer " + issued.secret().reveal();
    private final Logged logged = new Logged();

    private TestBackend backend;

    @AfterEach
    void stop() {
        backend.close();
    }

    @Test
    void storeThatCannotAnswerIsNeverAYesAndNeverAnInvalidToken() {
        Wire wire = everything(keys);
        store.failWith(new StoreUnavailable("the store cannot answer", new IllegalStateException("the pool is empty")));
        for (Reply reply : List.of(
                wire.get("/api/people", key),
                wire.get("/api/other", key),
                wire.get("/api/keys", key),
                wire.get("/api/keys", ADMIN),
                wire.send("POST", "/api/keys", WANTED, ADMIN),
                wire.send("DELETE", "/api/keys/" + issued.key().id(), "", ADMIN))) {
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.header("Retry-After")).isEqualTo("5");
            assertThat(reply.header("WWW-Authenticate")).isEmpty();
            assertThat(reply.header("Content-Type")).isEqualTo("application/json");
            assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
            assertThat(reply.body()).isEqualTo("{\"error\":\"API keys are not available at the moment; try again\"}");
            assertThat(reply.wasServed()).isFalse();
        }
        assertThat(logged.text()).contains("The store of API keys could not be relied on", "the pool is empty");
        store.failWith(null);
        assertThat(wire.get("/api/people", key).status()).isEqualTo(200);
    }

    @Test
    void whatNobodyExpectedIsLoggedAndToldInAGeneralSentence() {
        Wire wire = everything(keys);
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
    void storeIsNotNeededToRefuseWhatCannotBeAKey() {
        Wire wire = everything(keys);
        store.failWith(new StoreUnavailable("the store cannot answer", null));
        assertThat(wire.get("/api/people", "Authorization: Bearer ck_x").status())
                .isEqualTo(401);
    }

    @Test
    void unknownOutcomeSaysWhatToDo() {
        ApiKeys lost = mock();
        TenantKeys north = mock();
        when(lost.managedBy(any())).thenReturn(north);
        when(north.issue(any())).thenThrow(new OutcomeUnknown(ID, null));
        Reply reply = everything(lost).send("POST", "/api/keys", WANTED, ADMIN);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isEqualTo("5");
        assertThat(reply.body())
                .isEqualTo(
                        "{\"error\":\"the store was lost while it wrote: it is not known whether the API key key01 was"
                                + " changed; list the API keys, and revoke this one if it is there\"}");
    }

    @Test
    void revocationThatIsNotYetCertainEverywhereSaysSoThoughTheThreadIsInterrupted() {
        ApiKeys interrupted = mock();
        TenantKeys north = mock();
        when(interrupted.managedBy(any())).thenReturn(north);
        when(north.revoke(any(), anyString())).thenAnswer(call -> {
            Thread.currentThread().interrupt();
            throw new NotYetEverywhere(ID);
        });
        Reply reply = everything(interrupted).send("DELETE", "/api/keys/key01", "", ADMIN);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isEqualTo("5");
        assertThat(reply.body())
                .contains("it is not yet certain that every node follows it; send the request again to make sure");
    }

    private Wire everything(ApiKeys apiKeys) {
        ApiKeyFilter filter = ApiKeyFilter.verifying(apiKeys)
                .allowing("GET", "/api/people", "read:people")
                .passingOthersOn();
        backend = TestBackend.managingBehind(filter, apiKeys);
        return new Wire(backend);
    }
}
