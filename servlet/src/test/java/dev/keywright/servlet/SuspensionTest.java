package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.OutcomeUnknownException;
import dev.keywright.management.IssuedKey;
import dev.keywright.management.TenantKeys;
import dev.keywright.servlet.RawHttpClient.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuspensionTest extends ManagementTest {

    @Test
    void suspendedKeyIsRejectedUntilItIsResumed() {
        IssuedKey issued = keys.active("north");
        Reply suspended = post("/" + issued.key().id() + "/suspend", "{\"reason\":\"unusual traffic\"}");
        assertThat(suspended.status()).isEqualTo(200);
        ApiKey key = current(issued);
        assertThat(suspended.body())
                .isEqualTo("{" + plain(key) + ",\"suspended_at\":" + NOW + ",\"version\":" + key.version()
                        + ",\"created_by\":\"person:admin of north\",\"suspended_by\":\"person:ada\","
                        + "\"suspension_reason\":\"unusual traffic\"}");
        assertThat(get("").body()).isEqualTo("[{" + plain(key) + ",\"suspended_at\":" + NOW + "}]");
        assertThat(works(issued)).isFalse();
        assertThat(post("/" + issued.key().id() + "/suspend", "{\"reason\":\"another\"}"))
                .isEqualTo(suspended);

        Reply resumed = post("/" + issued.key().id() + "/resume", "");
        assertThat(resumed.status()).isEqualTo(200);
        assertThat(resumed.body())
                .isEqualTo(get("/" + issued.key().id()).body())
                .doesNotContain("suspen");
        assertThat(works(issued)).isTrue();
        assertThat(post("/" + issued.key().id() + "/resume", "")).isEqualTo(resumed);
    }

    @Test
    void reasonIsOptional() {
        IssuedKey issued = keys.active("north");
        for (String body : List.of("", "{}")) {
            Reply suspended = post("/" + issued.key().id() + "/suspend", body);
            assertThat(suspended.status()).isEqualTo(200);
            assertThat(suspended.body()).contains("\"suspended_by\"").doesNotContain("suspension_reason");
            assertThat(post("/" + issued.key().id() + "/resume", body).status()).isEqualTo(200);
        }
    }

    @Test
    void inactiveKeyIsNeitherSuspendedNorResumed() {
        for (IssuedKey inactive : List.of(keys.revoked("north"), keys.expired("north"))) {
            for (String below : List.of("/suspend", "/resume")) {
                Reply reply = post("/" + inactive.key().id() + below, "");
                assertThat(reply.status()).isEqualTo(409);
                assertThat(reply.body()).startsWith("{\"error\":\"the API key ");
            }
            assertThat(current(inactive)).isEqualTo(inactive.key());
        }
    }

    @Test
    void suspendedKeyIsNotRotated() {
        IssuedKey issued = keys.active("north");
        post("/" + issued.key().id() + "/suspend", "");
        ApiKey suspended = current(issued);
        Reply reply = post("/" + issued.key().id() + "/rotate", "{\"overlap_hours\":1}");
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.body()).contains("suspended");
        assertThat(current(issued)).isEqualTo(suspended);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/suspend|{\"reason\":7}|reason must be a string",
                "/suspend|{\"reason\":null}|reason must not be null: leave it out instead",
                "/suspend|{\"until\":1}|the body must have no members but reason",
                "/suspend|x|the body must be valid JSON",
                "/suspend|[]|the body must be a JSON object",
                "/resume|{\"reason\":\"x\"}|the body must have no members",
                "/resume|x|the body must be valid JSON"
            })
    void invalidBodyIsRejectedWithASentence(String below, String body, String sentence) {
        IssuedKey issued = keys.active("north");
        Reply reply = post("/" + issued.key().id() + below, body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(error(sentence));
        assertThat(current(issued)).isEqualTo(issued.key());
    }

    @Test
    void unknownOutcomeAdvisesToRetry() {
        TenantKeys tenantKeys = mock();
        ApiKeys mocked = mock();
        when(mocked.managedBy(any())).thenReturn(tenantKeys);
        IssuedKey issued = keys.active("north");
        when(tenantKeys.suspend(any(), any()))
                .thenThrow(new OutcomeUnknownException(issued.key().id(), null));
        try (TestBackend failing = TestBackend.managing(mocked)) {
            Reply reply = new RawHttpClient(failing)
                    .send(
                            "POST",
                            "/api/keys/" + issued.key().id() + "/suspend",
                            "",
                            "Authorization: Bearer " + TestBackend.ADMIN);
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.body()).endsWith("; send the request again to make sure\"}");
        }
    }
}
