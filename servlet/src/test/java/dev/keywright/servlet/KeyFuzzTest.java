package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.keywright.ApiKeys;
import dev.keywright.Rejected;
import dev.keywright.Rejected.Reason;
import dev.keywright.TenantId;
import dev.keywright.UserId;
import dev.keywright.Verification;
import dev.keywright.Verified;
import dev.keywright.core.ImportDigest;
import dev.keywright.core.ImportFormat;
import dev.keywright.core.InMemoryKeyStore;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.management.ManagementSession;
import dev.keywright.management.NewKey;
import dev.keywright.management.ScopeCatalog;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;

/** The parser of keys, by the library's door: of all texts only the key itself is one, and what it is not, it is not. */
@Tag("fuzz")
class KeyFuzzTest {

    private static final ApiKeys KEYS = Keywright.builder()
            .store(new InMemoryKeyStore())
            .scopes(ScopeCatalog.of("read:people", "list and get people"))
            .pepper(Pepper.none())
            .importFormat(ImportFormat.prefix("old_")
                    .alphabet("0123456789abcdefABCDEF")
                    .length(24)
                    .digestOfText(ImportDigest.sha256()))
            .build();
    private static final String KEY = KEYS.managedBy(
                    ManagementSession.of(TenantId.of("north"), UserId.of("ada")).withRoles("Admin"))
            .issue(NewKey.named("Fuzzed").allowing("read:people"))
            .secret()
            .reveal();
    private static final Pattern OURS = Pattern.compile("ck_[0-9a-z]{32}");
    private static final Pattern IMPORTED = Pattern.compile("old_[0-9a-fA-F]{24}");

    @FuzzTest(maxDuration = "5m")
    void onlyTheKeyItselfIsAKey(byte[] data) {
        // A valid key cannot be guessed, so it has names here: whole, and in two pieces.
        String text = new String(data, StandardCharsets.UTF_8)
                .replace("KEY", KEY)
                .replace("HEAD", KEY.substring(0, 17))
                .replace("TAIL", KEY.substring(17));
        Verification verification = KEYS.verify(text);
        assertThat(verification instanceof Verified).isEqualTo(text.equals(KEY));
        if (verification instanceof Rejected rejected) {
            // What has our shape is looked for only if its check characters fit.
            if (IMPORTED.matcher(text).matches()) {
                assertThat(rejected.reason()).isEqualTo(Reason.UNKNOWN);
            } else if (!OURS.matcher(text).matches()) {
                assertThat(rejected.reason()).isEqualTo(Reason.MALFORMED);
            }
            assertThat(rejected.key()).isEmpty();
        }
        assertThat(KEYS.recognizes(text)).isEqualTo(text.startsWith("ck_") || text.startsWith("old_"));
    }
}
