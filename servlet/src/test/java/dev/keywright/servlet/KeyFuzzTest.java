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

/** Fuzzes the key parser through the API: the text of the issued key is valid, and no other text is. */
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
    void onlyTheIssuedTextIsAValidKey(byte[] data) {
        // Placeholders for the valid key, which cannot be guessed, and for its two halves.
        String text = new String(data, StandardCharsets.UTF_8)
                .replace("KEY", KEY)
                .replace("HEAD", KEY.substring(0, 17))
                .replace("TAIL", KEY.substring(17));
        Verification verification = KEYS.verify(text);
        assertThat(verification instanceof Verified).isEqualTo(text.equals(KEY));
        if (verification instanceof Rejected rejected) {
            // For a text in the shape of a key, the reason depends on its check characters.
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
