package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.ApiKeys;
import dev.keywright.core.ImportDigest;
import dev.keywright.core.ImportFormat;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.management.ImportedKey;
import dev.keywright.management.Job;
import dev.keywright.management.ScopeCatalog;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keys of other systems in the Authorization header. */
@Tag("containers")
class ImportedKeyTest {

    private static final String SECRET = "x4KdRbnYqzLm2PsV8cTwEo1JhUgFa7NiQ5yZtBvC";

    @Test
    void importedKeyIsSentAsABearerToken() throws Exception {
        ApiKeys keys = Keywright.builder()
                .store(new InMemoryKeyStore())
                .scopes(ScopeCatalog.of("read:people", "list and get people"))
                .pepper(Pepper.none())
                .importFormat(ImportFormat.idAndSecret('|')
                        .alphabet("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
                        .lengths(40, 48)
                        .digestOfSecret(ImportDigest.sha256()))
                .build();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(SECRET.getBytes(StandardCharsets.US_ASCII));
        ImportedKey imported = ImportedKey.digested(HexFormat.of().formatHex(digest))
                .prefixed("|")
                .of("north")
                .named("Payroll")
                .allowing("read:people")
                .hint("12");
        keys.operatedBy(new Job("import")).importKeys(List.of(imported));
        ApiKeyFilter filter = ApiKeyFilter.verifying(keys)
                .allowing("GET", "/api/people", "read:people")
                .passingThroughOthers();

        try (TestBackend backend = TestBackend.behind(filter)) {
            RawHttpClient client = new RawHttpClient(backend);
            assertThat(client.get("/api/people", "Authorization: Bearer 12|" + SECRET)
                            .body())
                    .startsWith("key ");
            assertThat(client.get("/api/people", "Authorization: Bearer 12|" + SECRET.replace('x', 'y'))
                            .status())
                    .isEqualTo(401);
            assertThat(client.get("/api/people", "Authorization: Bearer 12|session")
                            .wasServed())
                    .as("the host's own token")
                    .isTrue();
        }
    }
}
