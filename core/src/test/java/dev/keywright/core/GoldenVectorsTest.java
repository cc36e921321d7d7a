package dev.keywright.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keywright.Actor;
import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.KeyId;
import dev.keywright.KeyName;
import dev.keywright.Scopes;
import dev.keywright.TenantId;
import dev.keywright.management.Job;
import dev.keywright.spi.ActiveKeyLimits;
import dev.keywright.spi.Digest;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.StoredKey;
import dev.keywright.spi.StoredValues;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Keys, digests and pepper ids that must never change. They were computed without Java by {@code
 * src/test/golden/golden_vectors.py}: {@code python3 golden_vectors.py} prints them. Other tools compute the digests as
 * well: {@code openssl kdf -keylen 32 -kdfopt digest:SHA2-256 -kdfopt hexkey:$PEPPER -kdfopt
 * info:dev.keywright/v1/digest HKDF} gives the key, and {@code printf %s "$TEXT" | openssl dgst -sha256 -mac HMAC -macopt
 * hexkey:$KEY} the digest under it; without a pepper it is {@code printf %s "$TEXT" | sha256sum}.
 */
class GoldenVectorsTest {

    private static final String ASCENDING = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static final String DESCENDING =
            "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0dfdedddcdbdad9d8d7d6" + "d5d4d3d2d1d0";

    @ParameterizedTest
    @CsvSource(textBlock = """
            ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4hy8x, 589609db416c54bbde72413e376e27974b9f29d7e3e4eef71e91bd613ff7af4d
            ck_0000000000000000000000000000j1co, 78402755205599875ec5531ccfce652abf39afc17ab81cf44d271cd51cf3aff9
            ck_zzzzzzzzzzzzzzzzzzzzzzzzzzzz050a, 0e9e7a97621ff5e7ef684066547660a7b62ba775748022879f37d403208f9bbf
            ck_0123456789abcdefghijklmnopqrudu7, 38e7162b0b511dfe7993b41d118740e4a99a11f13e925f2bf63a0f9129fa2536
            """)
    void keysUnderAPepperVerifyForever(String text, String digest) {
        assertGolden(Pepper.of(HexFormat.of().parseHex(ASCENDING)), "39a822c91df2407c", text, digest);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n47paf, 629d061d52667cae14ab73287facc2dce33ef917cee12b421f86124ede39fc77
            ck_0000000000000000000000000000ab5r, 28598e05c982a5096d79d8ade8a10d50b3a7797045a72a3791edbd2983b20bca
            ck_zzzzzzzzzzzzzzzzzzzzzzzzzzzzqqxc, c5e63e6469d90090a7337c078c0f7ccba5b5476edf8bff8a2b463494f355dee1
            ck_0123456789abcdefghijklmnopqr0lir, 763c2b48d5bcd70d8fff314626b8642ca738b0789d0c51571b902b148732d5d5
            """)
    void keysUnderALongerPepperVerifyForever(String text, String digest) {
        assertGolden(Pepper.of(HexFormat.of().parseHex(DESCENDING)), "2f2b4486da16c2a4", text, digest);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            ck_a1b2c3d4e5f6g7h8i9j0k1l2m3n4kkju, 0a09de7633861598c944bf2dd6b4d92336b48c64f8b3aeedb39ad924e05c848c
            ck_0000000000000000000000000000fr7x, f7e0547c715894440d362e173bb5b86471d101a413ad14652135207407daedbf
            ck_zzzzzzzzzzzzzzzzzzzzzzzzzzzzg5lw, 010f60b108df30865a4fe2e9d0603e2247cb7dfa967b4b3b42571bbac24b48d9
            ck_0123456789abcdefghijklmnopqrzt7c, 5515977e8f32b5e566a53311cd2cc1f9c5c358331be10196f627e0d388aa2086
            """)
    void keysWithoutAPepperVerifyForever(String text, String digest) {
        assertGolden(Pepper.none(), "none", text, digest);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, SHA-256, 4189a40454b5d04c18d6304d2fc1b892c33262e85ea3c5f961109570995e4275
            000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, SHA-384, aa866313557f0f7ec29a55c4168fadbf4a024fbf633f85feeab4920e5821ef40
            000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, SHA-512, 17ce7e9046d2c16e8a6739a4328b4399a1aac5b78098a6ef85a59b5eb67dc962
            000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, HMAC-SHA-256, 26d50ad48c720317a663cc4e389a525811d744aebdac84b27efce2e0d5791cae
            none, SHA-256, db56330ec6a24fd62664ee60bfb19fc3804aa5508dc13fa0026e1fdac82698de
            none, SHA-384, af55c71e1f0086e3d023d6b0281fae2a68bc2b189ceef838c8fcaeab36455ced
            none, SHA-512, 5bb6a37e7291f36b540318695eb5e2d41b95ad4ae988ba0af39a1eedd50d3c1f
            none, HMAC-SHA-256, 35915d208887c9551f4b674a68c18f393ea68aac5cdd87d1de0aa9b33b4609eb
            """)
    void importedKeysVerifyForever(String pepper, String algorithm, String digest) {
        ImportDigest importDigest = switch (algorithm) {
            case "SHA-256" -> ImportDigest.sha256();
            case "SHA-384" -> ImportDigest.sha384();
            case "SHA-512" -> ImportDigest.sha512();
            default -> ImportDigest.hmacSha256("the key of the old system".getBytes(StandardCharsets.US_ASCII));
        };
        String text = "legacy_00112233445566778899aabbccddeeff";
        boolean none = pepper.equals("none");
        StoredKey stored = StoredKey.unsaved(
                        key(text),
                        Digest.of(HexFormat.of().parseHex(digest)),
                        new PepperId(none ? pepper : "39a822c91df2407c"),
                        "ck_")
                .imported("legacy_");
        assertVerifies(
                stored,
                text,
                none ? Pepper.none() : Pepper.of(HexFormat.of().parseHex(pepper)),
                builder -> builder.importFormat(ImportFormat.prefix("legacy_")
                        .alphabet("0123456789abcdef")
                        .length(32)
                        .digestOfText(importDigest)));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, 39a822c91df2407c, acme_live_, a1b2c3d4e5f6g7h8i9j0k1l2m3n4rraf, 66825c81b2cdbd1a4fc5fbb47538fdbda1b95e1dcff87ea602d525aed7552960
            000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, 39a822c91df2407c, abc_, a1b2c3d4e5f6g7h8i9j0k1l2m3n42q97, 327c4a0d2120518d142760aecceac8e8797f194b00b9a53b3d1a099ebd55b289
            000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, 39a822c91df2407c, a_prefix_of_24_letters__, a1b2c3d4e5f6g7h8i9j0k1l2m3n4xdcq, 79c327bd17fbad73febec8d92ffbf90f8cb9b2fe0ab0c5ab2eb66000d575026f
            fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0dfdedddcdbdad9d8d7d6d5d4d3d2d1d0, 2f2b4486da16c2a4, acme_live_, a1b2c3d4e5f6g7h8i9j0k1l2m3n4kie7, 3c2f5d1ef4b45ccfbf98f63f3daf716a4789e28ff0400ffbccc00af4e0c356df
            fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0dfdedddcdbdad9d8d7d6d5d4d3d2d1d0, 2f2b4486da16c2a4, abc_, a1b2c3d4e5f6g7h8i9j0k1l2m3n4v38w, 8f228bba7b6e54b3636749156d424cab11d511812b477a897d398886d3db9a9e
            fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0dfdedddcdbdad9d8d7d6d5d4d3d2d1d0, 2f2b4486da16c2a4, a_prefix_of_24_letters__, a1b2c3d4e5f6g7h8i9j0k1l2m3n4nyax, dc48041e6f36a62cf6e8b18bb7b348ed48ed149076d71d216f69c007114dfbf6
            none, none, acme_live_, a1b2c3d4e5f6g7h8i9j0k1l2m3n4uslc, 468ca92785d67033d7646d56a3eb21484714b5073afd26b9f9f8e7949c562850
            none, none, abc_, a1b2c3d4e5f6g7h8i9j0k1l2m3n41ryt, eafbaf8ee873a2f51a69f5851ab4ca69f9e392088bd5ff42df6426aa9cb2999f
            none, none, a_prefix_of_24_letters__, a1b2c3d4e5f6g7h8i9j0k1l2m3n412rx, b2ac0d6deadf8f29bff9690aa80546004a409c7c5ad15a73726379028e154bdc
            """)
    void keysOfOtherPrefixesVerifyForever(String pepper, String pepperId, String prefix, String secret, String digest) {
        String text = prefix + secret;
        StoredKey stored = StoredKey.unsaved(
                key(text), Digest.of(HexFormat.of().parseHex(digest)), new PepperId(pepperId), prefix);
        assertVerifies(
                stored,
                text,
                pepper.equals("none") ? Pepper.none() : Pepper.of(HexFormat.of().parseHex(pepper)),
                builder -> builder.formats(KeyFormat.DEFAULT, KeyFormat.prefix(prefix)));
    }

    /** {@code openssl kdf} with the label {@code dev.keywright/v1/check} and {@code -keylen 16}, then SHA-256. */
    @Test
    void idOfTheCheckKeyNeverChanges() {
        assertThat(Pepper.of(HexFormat.of().parseHex(ASCENDING)).checkKeyId()).isEqualTo("c02ccfbb7522b0cb");
        assertThat(Pepper.of(HexFormat.of().parseHex(DESCENDING)).checkKeyId()).isEqualTo("6a85cfcaa293395e");
        assertThat(Pepper.none().checkKeyId()).isEqualTo("fdb64b57c41a1a6f");
    }

    private static void assertGolden(Pepper pepper, String pepperId, String text, String digest) {
        StoredKey stored =
                StoredKey.unsaved(key(text), Digest.of(HexFormat.of().parseHex(digest)), new PepperId(pepperId), "ck_");
        assertVerifies(stored, text, pepper, builder -> builder);
    }

    private static void assertVerifies(
            StoredKey stored, String text, Pepper pepper, UnaryOperator<KeywrightBuilder> options) {
        InMemoryKeyStore store = new InMemoryKeyStore();
        store.insert(stored, ActiveKeyLimits.UNLIMITED, Instant.EPOCH);
        // build() would refuse a pepper whose id differs from that of the stored key.
        ApiKeys keys = options.apply(new Fixture().builder(store, pepper)).build();

        ApiKey verified = keys.verify(text)
                .orElseThrow(rejected -> new AssertionError(rejected.toString()))
                .key();

        assertThat(verified).isEqualTo(stored.key());
    }

    private static ApiKey key(String text) {
        return StoredValues.keyBuilder()
                .id(KeyId.of("golden"))
                .tenant(TenantId.of("north"))
                .name(KeyName.of("Golden"))
                .hint(text.substring(text.length() - 4))
                .scopes(Scopes.of("read:people"))
                .createdAt(Instant.EPOCH)
                .createdBy(Actor.job(new Job("test")))
                .build();
    }
}
