package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKeys;
import dev.keywright.InvalidRequestException;
import dev.keywright.Secret;
import dev.keywright.core.format.ImportTextFormats;
import dev.keywright.core.format.KeyText;
import dev.keywright.management.ImportReport;
import dev.keywright.management.ImportReport.RefusedRow;
import dev.keywright.management.ImportedKey;
import dev.keywright.management.Job;
import dev.keywright.management.NewKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Import formats of real systems, from the digest to a verified key. */
class ImportFormatTest {

    private static final String HEX = "0123456789abcdef";
    private static final String LETTERS_AND_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore store = new InMemoryKeyStore();

    private ApiKeys accepting(ImportFormat... formats) {
        KeywrightBuilder builder = fixture.builder(store);
        for (ImportFormat format : formats) {
            builder.importFormat(format);
        }
        return builder.build();
    }

    private static ImportReport importRow(ApiKeys into, String prefix, String digest, String hint) {
        return into.operatedBy(new Job("import"))
                .importKeys(
                        List.of(ImportedKey.digested(digest)
                                .prefixed(prefix)
                                .of("north")
                                .named("Payroll")
                                .allowing("read:people")
                                .hint(hint)),
                        progress -> {});
    }

    private static byte[] digest(String algorithm, String text) {
        try {
            return MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String hex(String algorithm, String text) {
        return HexFormat.of().formatHex(digest(algorithm, text));
    }

    private static String base64(String algorithm, String text) {
        return Base64.getEncoder().encodeToString(digest(algorithm, text));
    }

    /** Imports the digest of one key, which then verifies, is detected in other fields, and is revoked by its text. */
    private void expectImported(ImportFormat format, String text, String digest, String hint) {
        ApiKeys keys = accepting(format.sample(text, digest));

        assertThat(importRow(keys, format.textFormat().marker(), digest, hint))
                .isEqualTo(ImportReport.of(1, 0, List.of()));

        assertThat(keys.recognizes(text)).isTrue();
        assertThat(outcome(keys.verify(text))).isEqualTo("VERIFIED");
        String other = text.substring(0, text.length() - 1) + (text.endsWith("a") ? 'b' : 'a');
        assertThat(outcome(keys.verify(other))).isEqualTo("UNKNOWN");
        assertThatThrownBy(() -> keys.managedBy(ADMIN)
                        .issue(NewKey.named("my " + text + ".").allowing("read:people")))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(keys.revokeByPossession(Secret.of(text), "leaked")).isTrue();
        assertThat(outcome(keys.verify(text))).isEqualTo("REVOKED");
    }

    @Test
    void laravelSanctum() {
        ImportFormat format = ImportFormat.idAndSecret('|')
                .alphabet(LETTERS_AND_DIGITS)
                .lengths(40, 48)
                .digestOfSecret(ImportDigest.sha256());
        String old = "x4KdRbnYqzLm2PsV8cTwEo1JhUgFa7NiQ5yZtBvC";
        expectImported(format, "12|" + old, hex("SHA-256", old), "12");
        String withChecksum = old.replace('x', 'y') + "1b92a8f4";
        expectImported(format, "9007199254740991|" + withChecksum, hex("SHA-256", withChecksum), "90071992");
        String uuid = "9d2c1f0e-6a57-4f0e-9a3e-0c8f5d7b1e22|" + old.replace('x', 'z');
        expectImported(format, uuid, hex("SHA-256", old.replace('x', 'z')), "9d2c1f0e");
    }

    @Test
    void djangoRestFrameworkApiKey() {
        String text = "pX3kQ9aZ.bH7dLr2mVt5wYc8nKe1sGf4jUo6iPq0x";
        ImportFormat format = ImportFormat.idAndSecret('.')
                .alphabet(LETTERS_AND_DIGITS)
                .length(32)
                .digestOfText(ImportDigest.sha512());

        expectImported(format, text, "sha512$$" + hex("SHA-512", text), "pX3kQ9aZ");
    }

    @Test
    void unkey() {
        ImportFormat format =
                ImportFormat.prefix("prod_").alphabet(BASE58).lengths(20, 24).digestOfText(ImportDigest.sha256());
        for (String text : List.of("prod_3ZQkVxY7mPsR2nTbW9cJ", "prod_3ZQkVxY7mPsR2nTbW9cJLdHf")) {
            expectImported(format, text, base64("SHA-256", text), text.substring(text.length() - 4));
        }
    }

    @Test
    void customTable() {
        String text = "acme_" + "9f3c".repeat(10);
        expectImported(
                ImportFormat.prefix("acme_").alphabet(HEX).length(40).digestOfText(ImportDigest.sha256()),
                text,
                hex("SHA-256", text),
                "9f3c");
    }

    @Test
    void digestOfThePartAfterThePrefix() {
        String secret = "9f3c".repeat(8);
        expectImported(
                ImportFormat.prefix("acme_").alphabet(HEX).length(32).digestOfSecret(ImportDigest.sha384()),
                "acme_" + secret,
                "sha384-" + base64("SHA-384", secret),
                "9f3c");
    }

    @Test
    void prefixAndIdAndSecret() {
        String secret = "Zz09".repeat(8);
        expectImported(
                ImportFormat.prefix("pat_")
                        .idBefore('_')
                        .alphabet(LETTERS_AND_DIGITS)
                        .length(32)
                        .digestOfSecret(ImportDigest.sha256()),
                "pat_user-7_" + secret,
                hex("SHA-256", secret),
                "Zz09");
    }

    @Test
    void importedPrefixMayBeginWithTheIssuedOne() {
        String text = "ck_live_" + "a1b2".repeat(6) + "xyz";
        assertThat(text).hasSize(35);
        ImportFormat format = ImportFormat.prefix("ck_live_")
                .alphabet(LETTERS_AND_DIGITS)
                .lengths(24, 32)
                .digestOfText(ImportDigest.sha256());
        ApiKeys keys = accepting(format);
        String ours =
                Fixture.issue(keys.managedBy(ADMIN), "read:people").secret().reveal();

        importRow(keys, "ck_live_", hex("SHA-256", text), "xyz");

        assertThat(outcome(keys.verify(text))).isEqualTo("VERIFIED");
        assertThat(outcome(keys.verify(ours))).isEqualTo("VERIFIED");
        assertThat(outcome(keys.verify("ck_live_" + "a".repeat(27)))).isEqualTo("UNKNOWN");
        assertThat(outcome(keys.verify("ck_live0" + "a".repeat(27)))).isEqualTo("MALFORMED");
        assertThat(keys.recognizes("ck_live_")).isTrue();
        assertThat(keys.recognizes("ck_dead_")).isTrue();
    }

    @Test
    void cachedKeysOfSeveralFormatsVerify() throws Exception {
        String legacy = "sk_" + "ab".repeat(16);
        String token = "sk_test_" + "Zy9".repeat(8);
        Metronome time = new Metronome();
        try (ApiKeys keys = fixture.builder(store)
                .importFormat(
                        ImportFormat.prefix("sk_").alphabet(HEX).length(32).digestOfText(ImportDigest.sha256()))
                .importFormat(ImportFormat.prefix("sk_test_")
                        .alphabet(LETTERS_AND_DIGITS)
                        .lengths(20, 40)
                        .digestOfText(ImportDigest.sha512()))
                .monotonicTime(time)
                .cache(10)
                .build()) {
            time.awaitPoll();
            importRow(keys, "sk_", hex("SHA-256", legacy), "abab");
            importRow(keys, "sk_test_", hex("SHA-512", token), "Zy9");
            time.poll();

            for (int i = 0; i < 3; i++) {
                assertThat(outcome(keys.verify(legacy))).isEqualTo("VERIFIED");
                assertThat(outcome(keys.verify(token))).isEqualTo("VERIFIED");
            }
            assertThat(keys.operatedBy(new Job("report"))
                            .cacheStats()
                            .orElseThrow()
                            .hits())
                    .isEqualTo(4);
        }
    }

    @Test
    void revocationReachesEveryCachedTextOfAKey() throws Exception {
        String secret = "x4KdRbnYqzLm2PsV8cTwEo1JhUgFa7NiQ5yZtBvC";
        Metronome time = new Metronome();
        try (ApiKeys keys = fixture.builder(store)
                .importFormat(ImportFormat.idAndSecret('|')
                        .alphabet(LETTERS_AND_DIGITS)
                        .length(40)
                        .digestOfSecret(ImportDigest.sha256()))
                .monotonicTime(time)
                .cache(10)
                .build()) {
            time.awaitPoll();
            importRow(keys, "|", hex("SHA-256", secret), "12");
            time.poll();
            for (int i = 0; i < 2; i++) {
                assertThat(outcome(keys.verify("12|" + secret))).isEqualTo("VERIFIED");
                assertThat(outcome(keys.verify("13|" + secret))).isEqualTo("VERIFIED");
            }
            assertThat(outcome(keys.verify("13|" + secret))).isEqualTo("VERIFIED");

            keys.managedBy(ADMIN).revokeAll("");
            time.poll();

            assertThat(outcome(keys.verify("12|" + secret))).isEqualTo("REVOKED");
            assertThat(outcome(keys.verify("13|" + secret))).isEqualTo("REVOKED");
        }
    }

    @Test
    void severalShapesUnderOnePrefix() {
        ImportFormat old = ImportFormat.prefix("sk_").alphabet(HEX).length(32).digestOfText(ImportDigest.sha256());
        ImportFormat recent = ImportFormat.prefix("sk_")
                .alphabet(LETTERS_AND_DIGITS)
                .lengths(20, 40)
                .digestOfSecret(ImportDigest.sha256());
        ApiKeys keys = accepting(old, recent);
        String first = "sk_" + "ab".repeat(16);
        // It has both shapes, and the digest of the second format.
        String second = "sk_" + "cd".repeat(16);
        String third = "sk_" + "Zy9".repeat(7);

        importRow(keys, "sk_", hex("SHA-256", first), "abab");
        importRow(keys, "sk_", hex("SHA-256", second.substring(3)), "cdcd");
        ImportReport report = importRow(keys, "sk_", hex("SHA-256", third.substring(3)), "Zy9");

        assertThat(report).isEqualTo(ImportReport.of(1, 0, List.of()));
        for (String text : List.of(first, second, third)) {
            assertThat(outcome(keys.verify(text))).as(text).isEqualTo("VERIFIED");
        }
        assertThat(importRow(keys, "sk_", hex("SHA-256", "x"), "Zy9Zy9").refused())
                .containsExactly(
                        new RefusedRow(1, "hint must be the last characters of the key: at least one, and at most 5"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s",
                "sha256:%s",
                "SHA-256:%s",
                "sha256$%s",
                "sha256$$%s",
                "sha256=%s",
                "sha256-%s",
                "{SHA256}%s",
                "{sha-256}%s",
                "0x%s",
                "\\x%s"
            })
    void markersOfOtherSystemsAreRead(String written) {
        String text = "acme_" + "9f3c".repeat(10);
        String marked = written.replace("%s", hex("SHA-256", text));
        ImportFormat format =
                ImportFormat.prefix("acme_").alphabet(HEX).length(40).digestOfText(ImportDigest.sha256());

        assertThat(format.sample(text, marked)).isSameAs(format);
        if (!written.endsWith("x%s")) {
            format.sample(text, written.replace("%s", base64("SHA-256", text)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha512:%s",
                "sha256$salt$%s",
                "{SSHA256}%s",
                "pbkdf2_sha256$1000$salt$%s",
                "md5:%s",
                "sha256:",
                " %s"
            })
    void digestsOfOtherAlgorithmsAreRefused(String written) {
        ApiKeys keys =
                accepting(ImportFormat.prefix("acme_").alphabet(HEX).length(40).digestOfText(ImportDigest.sha256()));
        String digest = written.replace("%s", hex("SHA-256", "acme_"));

        assertThat(importRow(keys, "acme_", digest, "9f3c").refused())
                .containsExactly(new RefusedRow(1, "digest must be a SHA-256 in hexadecimal or base64"));
    }

    @Test
    void hmacMarkersAreRead() {
        ImportDigest hmac = ImportDigest.hmacSha256(new byte[] {1});
        byte[] bytes = hmac.algorithm().digest("text");
        for (String marker : List.of("hmac-sha-256:", "HMAC-SHA256:", "hmacsha256$")) {
            assertThat(hmac.algorithm()
                            .parse(marker + HexFormat.of().formatHex(bytes))
                            .orElseThrow())
                    .isEqualTo(bytes);
        }
        assertThat(hmac.algorithm().parse("sha256:" + HexFormat.of().formatHex(bytes)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "sk_0123456789abcdef0123; the prefix pat_, an id, the separator ., 20 to 40 characters of its alphabet",
                "pat_7_0123456789abcdef0123; does not have the shape",
                "pat_7.0123456789abcdef012; does not have the shape",
                "pat_7.0123456789abcdefGHIJ; does not have the shape"
            })
    void sampleOfAnotherShapeIsRefused(String text, String why) {
        ImportFormat format = ImportFormat.prefix("pat_")
                .idBefore('.')
                .alphabet(HEX)
                .lengths(20, 40)
                .digestOfText(ImportDigest.sha256());

        assertThatThrownBy(() -> format.sample(text, hex("SHA-256", text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("0123456789");
    }

    @Test
    void sampleWithAnotherDigestSaysWhatIsWrong() {
        String secret = "0123456789abcdef0123";
        ImportFormat.Shape shape = ImportFormat.prefix("acme_").alphabet(HEX).length(20);
        ImportFormat ofText = shape.digestOfText(ImportDigest.sha256());
        ImportFormat ofSecret = shape.digestOfSecret(ImportDigest.sha256());

        assertThatThrownBy(() -> ofText.sample("acme_" + secret, hex("SHA-256", secret)))
                .hasMessageEndingWith("of the whole text, but of the secret: use digestOfSecret(…)");
        assertThatThrownBy(() -> ofSecret.sample("acme_" + secret, hex("SHA-256", "acme_" + secret)))
                .hasMessageEndingWith("of the secret, but of the whole text: use digestOfText(…)");
        assertThatThrownBy(() -> ofText.sample("acme_" + secret, hex("SHA-256", "other")))
                .hasMessageEndingWith("another algorithm, key or part of the text was digested");
        assertThatThrownBy(() -> ofText.sample("acme_" + secret, hex("SHA-512", "acme_" + secret)))
                .hasMessageContaining("must be a SHA-256 in hexadecimal or base64");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "|x4KdRbnYqzLm2PsV8cTwEo1JhUgFa7NiQ5yZtBvC",
                "12|x4KdRbnYqzLm2PsV8cTwEo1JhUgFa7NiQ5yZtBv",
                "1.2|x4KdRbnYqzLm2PsV8cTwEo1JhUgFa7NiQ5yZtBvC",
                "12x4KdRbnYqzLm2PsV8cTwEo1JhUgFa7NiQ5yZtBvC",
                "12|x4KdRbnYqzLm2PsV8cTwEo1JhUgFa7NiQ5yZtB|C",
                "12|",
                ""
            })
    void tokenWithoutIdAndSecretIsNotRecognized(String token) {
        ApiKeys keys = accepting(ImportFormat.idAndSecret('|')
                .alphabet(LETTERS_AND_DIGITS)
                .length(40)
                .digestOfSecret(ImportDigest.sha256()));

        assertThat(keys.recognizes(token)).isFalse();
        assertThat(outcome(keys.verify(token))).isEqualTo("MALFORMED");
        assertThat(keys.recognizes("1".repeat(65) + "|" + "x".repeat(40))).isFalse();
        assertThat(keys.recognizes("1".repeat(64) + "|" + "x".repeat(40))).isTrue();
        assertThat(keys.recognizes("12|" + "x".repeat(40) + "\u00A0")).isTrue();
        assertThat(outcome(keys.verify("12|" + "x".repeat(40) + "\u00A0"))).isEqualTo("MALFORMED");
    }

    @Test
    void pastedKeysAreDetectedInOtherTexts() {
        ImportFormat sanctum = ImportFormat.idAndSecret('|')
                .alphabet(LETTERS_AND_DIGITS)
                .length(40)
                .digestOfSecret(ImportDigest.sha256());
        String secret = "x4KdRbnYqzLm2PsV8cTwEo1JhUgFa7NiQ5yZtBvC";

        assertThat(spansIn(sanctum, "token: 12|" + secret + "!")).isNotEmpty();
        assertThat(spansIn(sanctum, "a | b |12|" + secret)).isNotEmpty();
        assertThat(spansIn(sanctum, "a |" + secret)).isEmpty();
        assertThat(spansIn(sanctum, "12|" + secret.substring(1))).isEmpty();
        ImportFormat ranged =
                ImportFormat.prefix("sk_").alphabet(HEX).lengths(20, 30).digestOfText(ImportDigest.sha256());
        assertThat(spansIn(ranged, "sk_sk_" + "a".repeat(20))).isNotEmpty();
        assertThat(spansIn(ranged, "(sk_" + "a".repeat(35) + ")")).isNotEmpty();
        assertThat(spansIn(ranged, "sk_" + "a".repeat(19))).isEmpty();
    }

    private static Stream<KeyText.Span> spansIn(ImportFormat format, String text) {
        return ImportTextFormats.NONE.and(format.textFormat()).spansIn(text);
    }

    @Test
    void formatPrintsNothingOfAKey() {
        ImportFormat format = ImportFormat.prefix("acme_")
                .alphabet(HEX)
                .length(20)
                .digestOfSecret(ImportDigest.hmacSha256("hidden".getBytes(StandardCharsets.US_ASCII)));

        assertThat(format)
                .hasToString(
                        "ImportFormat[the prefix acme_, 20 to 20 characters of its alphabet, HMAC-SHA-256 of the secret]");
    }
}
