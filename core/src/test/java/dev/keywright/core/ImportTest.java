package dev.keywright.core;

import static dev.keywright.core.Fixture.ADMIN;
import static dev.keywright.core.Fixture.OTHER_PEPPER;
import static dev.keywright.core.Fixture.PEPPER;
import static dev.keywright.core.Fixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.ApiKey;
import dev.keywright.ApiKeys;
import dev.keywright.InvalidRequestException;
import dev.keywright.Scope;
import dev.keywright.management.ImportProgress;
import dev.keywright.management.ImportReport;
import dev.keywright.management.ImportReport.RefusedRow;
import dev.keywright.management.ImportedKey;
import dev.keywright.management.Job;
import dev.keywright.management.KeyChange;
import dev.keywright.management.KeyQuery;
import dev.keywright.management.NewKey;
import dev.keywright.management.TenantKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportTest {

    private static final String HEX = "0123456789abcdef";
    private static final byte[] HMAC_KEY = "the key of the old system".getBytes(StandardCharsets.US_ASCII);
    private static final String TEXT = "legacy_00112233445566778899aabbccddeeff";
    private static final String DIGEST = hex(ImportDigest.sha256(), TEXT);

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore store = new InMemoryKeyStore();
    private final ApiKeys keys = accepting(ImportDigest.sha256());
    private final TenantKeys north = keys.managedBy(ADMIN);

    private ApiKeys accepting(ImportDigest digest) {
        return fixture.builder(store)
                .importFormat(
                        ImportFormat.prefix("legacy_").alphabet(HEX).length(32).digestOfText(digest))
                .build();
    }

    private static ImportedKey row(String digest) {
        return ImportedKey.digested(digest)
                .prefixed("legacy_")
                .of("north")
                .named("Payroll")
                .allowing("read:people")
                .hint("eeff");
    }

    private static ImportReport importRows(ApiKeys into, ImportedKey... rows) {
        return into.operatedBy(new Job("import")).importKeys(List.of(rows));
    }

    private static String hex(ImportDigest digest, String text) {
        return HexFormat.of().formatHex(digest.algorithm().digest(text));
    }

    @Test
    void importedKeyVerifiesWithItsRowsValues() {
        ImportReport report = importRows(keys, row(DIGEST));

        assertThat(report).isEqualTo(ImportReport.of(1, 0, List.of()));
        assertThat(outcome(keys.verify(TEXT, Scope.of("read:people")))).isEqualTo("VERIFIED");
        assertThat(outcome(keys.verify(TEXT, Scope.of("write:people")))).isEqualTo("MISSING_SCOPE");
        ApiKey key = north.stream(KeyQuery.active()).toList().get(0);
        assertThat(key.name().value()).isEqualTo("Payroll");
        assertThat(key.hint()).isEqualTo("eeff");
        assertThat(key.createdAt()).as("time of the import").isEqualTo(Instant.parse("2025-03-10T00:00:00Z"));
        assertThat(key.createdBy()).hasToString("job:import");
        assertThat(key.expiresAt()).isEmpty();
        north.revoke(key.id(), "");
        assertThat(outcome(keys.verify(TEXT))).isEqualTo("REVOKED");
    }

    @Test
    void digestsAreAcceptedInHexadecimalAndBase64() {
        for (ImportDigest digest : List.of(
                ImportDigest.sha256(),
                ImportDigest.sha384(),
                ImportDigest.sha512(),
                ImportDigest.hmacSha256(HMAC_KEY))) {
            byte[] bytes = digest.algorithm().digest(TEXT);
            Base64.Encoder url = Base64.getUrlEncoder();
            for (String written : List.of(
                    HexFormat.of().formatHex(bytes),
                    HexFormat.of().withUpperCase().formatHex(bytes),
                    Base64.getEncoder().encodeToString(bytes),
                    Base64.getEncoder().withoutPadding().encodeToString(bytes),
                    url.encodeToString(bytes),
                    url.withoutPadding().encodeToString(bytes))) {
                ApiKeys into = fixture.builder(new InMemoryKeyStore())
                        .importFormat(ImportFormat.prefix("legacy_")
                                .alphabet(HEX)
                                .length(32)
                                .digestOfText(digest))
                        .build();

                assertThat(importRows(into, row(written)).refused()).as(written).isEmpty();
                assertThat(outcome(into.verify(TEXT))).as(written).isEqualTo("VERIFIED");
            }
        }
    }

    @Test
    void textHasOneRowUnderDifferentIssuingPeppers() {
        ApiKeys node = node(Fixture.PEPPER, Fixture.OTHER_PEPPER);
        ApiKeys other = node(Fixture.OTHER_PEPPER, Fixture.PEPPER);
        // The other node imports the row after this node has read it, and before this node writes it.
        Iterable<ImportedKey> rows = () -> Stream.generate(() -> {
                    assertThat(importRows(other, row(DIGEST)).imported()).isEqualTo(1);
                    return row(DIGEST);
                })
                .limit(1)
                .iterator();

        ImportReport report = node.operatedBy(new Job("import")).importKeys(rows);

        assertThat(report).isEqualTo(ImportReport.of(0, 1, List.of()));
        assertThat(north.stream(KeyQuery.active()).toList()).hasSize(1);
        north.revoke(north.stream(KeyQuery.active()).toList().get(0).id(), "");
        for (ApiKeys each : List.of(node, other)) {
            assertThat(outcome(each.verify(TEXT))).isEqualTo("REVOKED");
        }
    }

    private ApiKeys node(Pepper issuing, Pepper accepted) {
        return fixture.builder(store, issuing, accepted)
                .importFormat(
                        ImportFormat.prefix("legacy_").alphabet(HEX).length(32).digestOfText(ImportDigest.sha256()))
                .build();
    }

    @Test
    void digestsOfDifferentAlgorithmsDoNotMatch() {
        importRows(keys, row(DIGEST));

        ApiKeys hmac = accepting(ImportDigest.hmacSha256(HMAC_KEY));

        assertThat(outcome(hmac.verify(TEXT))).isEqualTo("UNKNOWN");
    }

    @Test
    void importedDigestIsNotStored() {
        importRows(keys, row(DIGEST));

        byte[] imported = HexFormat.of().parseHex(DIGEST);
        assertThat(store.findByDigest(dev.keywright.spi.Digest.of(imported)).key())
                .isEmpty();
    }

    @Test
    void invalidRowsAreRefusedAndTheOthersImported() {
        ImportedKey good = row(DIGEST);
        String other = hex(ImportDigest.sha256(), "legacy_" + "0".repeat(32));
        ImportedKey another = row(other);

        ImportReport report = importRows(
                keys,
                another.prefixed(""),
                another.prefixed("other_"),
                good,
                row("nonsense"),
                row(other.substring(2)),
                row(other + "\u0000"),
                row("g" + other.substring(1)),
                another.of(""),
                another.named(" "),
                another.named("my " + TEXT),
                another.allowing(),
                another.allowing("read:people", "read:people"),
                another.allowing("delete:people"),
                another.hint(""),
                another.hint("0000000000"),
                another.hint("zz"),
                another.expiringAt(fixture.now()),
                another.expiringAt(Instant.MAX),
                good,
                row(DIGEST.toUpperCase(java.util.Locale.ROOT)));

        String badDigest = "digest must be a SHA-256 in hexadecimal or base64";
        assertThat(report.refused())
                .containsExactly(
                        new RefusedRow(
                                1,
                                "prefix must not be empty: keys without one cannot be distinguished from other tokens"),
                        new RefusedRow(2, "prefix must be that of a format which is accepted here"),
                        new RefusedRow(4, badDigest),
                        new RefusedRow(5, badDigest),
                        new RefusedRow(6, badDigest),
                        new RefusedRow(7, badDigest),
                        new RefusedRow(8, "tenant must be the id of a tenant"),
                        new RefusedRow(9, "name must not be blank"),
                        new RefusedRow(10, "name must not contain the text of an API key"),
                        new RefusedRow(11, "scopes must have at least one scope"),
                        new RefusedRow(12, "scopes must not have a scope twice"),
                        new RefusedRow(13, "scopes must be chosen from read:people, write:people, read:interviews"),
                        new RefusedRow(14, "hint must be the last characters of the key: at least one, and at most 8"),
                        new RefusedRow(15, "hint must be the last characters of the key: at least one, and at most 8"),
                        new RefusedRow(16, "hint must be the last characters of the key: at least one, and at most 8"),
                        new RefusedRow(17, "expiresAt must lie in the future, and not after the year 9999"),
                        new RefusedRow(18, "expiresAt must lie in the future, and not after the year 9999"),
                        new RefusedRow(19, "digest must not be that of an earlier row"),
                        new RefusedRow(20, "digest must not be that of an earlier row"));
        assertThat(report.imported()).isEqualTo(1);
        assertThat(report.alreadyThere()).isZero();
        assertThat(north.stream(KeyQuery.active()).toList()).hasSize(1);
    }

    @Test
    void repeatedImportDoesNotOverwriteLaterChanges() {
        importRows(keys, row(DIGEST));
        ApiKey imported = north.stream(KeyQuery.active()).toList().get(0);
        ApiKey renamed = north.change(imported.id(), KeyChange.ifVersion(1).rename("Payroll 2"));

        assertThat(importRows(keys, row(DIGEST))).isEqualTo(ImportReport.of(0, 1, List.of()));
        assertThat(north.stream(KeyQuery.active()).toList()).containsExactly(renamed);

        ApiKey revoked = north.revoke(imported.id(), "");
        assertThat(importRows(keys, row(DIGEST))).isEqualTo(ImportReport.of(0, 1, List.of()));
        assertThat(north.get(imported.id())).isEqualTo(revoked);
        assertThat(outcome(keys.verify(TEXT))).isEqualTo("REVOKED");
    }

    @Test
    void keyOfAnotherTenantIsNotTakenOver() {
        importRows(keys, row(DIGEST));

        assertThat(importRows(keys, row(DIGEST).of("south")).refused())
                .containsExactly(new RefusedRow(1, "digest must not be that of another tenant's key"));
        assertThat(keys.verify(TEXT).orElseThrow(AssertionError::new).tenant()).isEqualTo(ADMIN.tenant());
    }

    @Test
    void importRepeatedUnderAnotherPepperFindsTheRow() {
        importRows(keys, row(DIGEST));
        ApiKeys later = fixture.builder(store, OTHER_PEPPER, PEPPER)
                .importFormat(
                        ImportFormat.prefix("legacy_").alphabet(HEX).length(32).digestOfText(ImportDigest.sha256()))
                .build();

        assertThat(outcome(later.verify(TEXT))).isEqualTo("VERIFIED");
        assertThat(importRows(later, row(DIGEST))).isEqualTo(ImportReport.of(0, 1, List.of()));
        assertThat(north.stream(KeyQuery.active()).toList()).hasSize(1);
    }

    @Test
    void progressIsReportedEvery200RowsAndOnCompletion() {
        List<ImportedKey> rows = IntStream.range(0, 401)
                .mapToObj(i -> i % 3 == 2 ? row("bad") : row(hex(ImportDigest.sha256(), "legacy_" + i)))
                .toList();
        List<ImportProgress> reported = new ArrayList<>();

        ImportReport report = keys.operatedBy(new Job("import")).importKeys(rows, reported::add);

        assertThat(reported)
                .containsExactly(
                        new ImportProgress(200, 134, 0, 66),
                        new ImportProgress(400, 267, 0, 133),
                        new ImportProgress(401, 268, 0, 133));
        assertThat(report.imported()).isEqualTo(268);
        assertThat(report.refused()).hasSize(133);
        assertThat(north.stream(KeyQuery.active()).toList()).hasSize(268);
    }

    @Test
    void emptyImportReportsCompletion() {
        List<ImportProgress> reported = new ArrayList<>();

        keys.operatedBy(new Job("import")).importKeys(List.of(), reported::add);

        assertThat(reported).containsExactly(new ImportProgress(0, 0, 0, 0));
    }

    @Test
    void maxLifetimeAppliesToImports() {
        ApiKeys limited = fixture.builder(store)
                .importFormat(
                        ImportFormat.prefix("legacy_").alphabet(HEX).length(32).digestOfText(ImportDigest.sha256()))
                .maxLifetime(Duration.ofDays(365))
                .build();

        importRows(limited, row(DIGEST));

        assertThat(north.stream(KeyQuery.active()).toList().get(0).expiresAt())
                .contains(Instant.parse("2026-03-10T00:00:00Z"));
        ImportedKey tooLong = row(hex(ImportDigest.sha256(), "legacy_x"))
                .expiringAt(fixture.now().plus(Duration.ofDays(366)));
        assertThat(importRows(limited, tooLong).refused()).hasSize(1);
    }

    @Test
    void maxActiveKeysDoesNotApplyToImports() {
        ApiKeys limited = fixture.builder(store)
                .importFormat(
                        ImportFormat.prefix("legacy_").alphabet(HEX).length(32).digestOfText(ImportDigest.sha256()))
                .maxActiveKeys(1)
                .build();

        assertThat(importRows(limited, row(DIGEST), row(hex(ImportDigest.sha256(), "legacy_x")))
                        .imported())
                .isEqualTo(2);
        assertThatThrownBy(() ->
                        limited.managedBy(ADMIN).issue(NewKey.named("One more").allowing("read:people")))
                .hasMessageContaining("is reached");
    }

    @Test
    void uncheckedImportsAcceptKeysWithoutCheckCharacters() {
        String before = "ck_" + "z".repeat(32);
        ApiKeys unchecked =
                fixture.builder(store).uncheckedImports(ImportDigest.sha256()).build();
        ImportedKey row =
                row(hex(ImportDigest.sha256(), before)).prefixed("ck_").hint("zzzz");
        String ours = Fixture.issue(north, "read:people").secret().reveal();

        importRows(unchecked, row);

        assertThat(outcome(unchecked.verify(before))).isEqualTo("VERIFIED");
        assertThat(outcome(unchecked.verify("ck_" + "y".repeat(32)))).isEqualTo("UNKNOWN");
        assertThat(outcome(unchecked.verify(ours))).isEqualTo("VERIFIED");
        assertThat(outcome(keys.verify(before))).isEqualTo("MALFORMED");
        assertThat(importRows(keys, row).refused()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "legacy_00112233445566778899aabbccddeef",
                "legacy_00112233445566778899aabbccddeeff0",
                "legacy_00112233445566778899aabbccddeefg",
                "legacy_00112233445566778899AABBCCDDEEFF",
                "legacy_",
                "Legacy_00112233445566778899aabbccddeeff"
            })
    void textOfAnotherShapeIsMalformed(String text) {
        assertThat(outcome(keys.verify(text))).isEqualTo("MALFORMED");
    }

    @Test
    void prefixesOfFormatsAreRecognized() {
        assertThat(keys.recognizes(TEXT)).isTrue();
        assertThat(keys.recognizes("legacy_")).isTrue();
        assertThat(keys.recognizes("legacy")).isFalse();
        assertThat(keys.recognizes("ck_")).isTrue();
    }

    @Test
    void keyOfImportFormatIsRefusedInAName() {
        assertThatThrownBy(() -> north.issue(NewKey.named("x" + TEXT).allowing("read:people")))
                .isInstanceOf(InvalidRequestException.class);
        assertThatCode(() -> north.issue(
                        NewKey.named(TEXT.substring(0, TEXT.length() - 1)).allowing("read:people")))
                .doesNotThrowAnyException();
    }

    @Test
    void incompleteOrUnsafeFormatsAreRefused() {
        ImportDigest digest = ImportDigest.sha256();
        for (String prefix : List.of("", "with blank ", "x".repeat(33), "\u00E9_")) {
            assertThatThrownBy(() -> ImportFormat.prefix(prefix))
                    .as(prefix)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        ImportFormat.Shape shape = ImportFormat.prefix("a_");
        for (String alphabet : List.of("", "0", "00", "0 1", "0\u00E9")) {
            assertThatThrownBy(() -> shape.alphabet(alphabet))
                    .as(alphabet)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> shape.lengths(15, 32)).hasMessageContaining("15 to 32");
        assertThatThrownBy(() -> shape.lengths(32, 31)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> shape.lengths(32, 513)).isInstanceOf(IllegalArgumentException.class);
        for (char separator : new char[] {'a', '7', ' ', '\u00A6'}) {
            assertThatThrownBy(() -> ImportFormat.idAndSecret(separator)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> shape.length(32).digestOfText(digest)).hasMessageContaining("needs alphabet");
        assertThatThrownBy(() -> shape.alphabet(HEX).digestOfText(digest)).hasMessageContaining("lengths");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c", "ck", "ck_", "ck_old", "ck_0123456789abcdef"})
    void formatWithTheShapeOfIssuedKeysIsRefused(String prefix) {
        ImportFormat format =
                ImportFormat.prefix(prefix).alphabet("kz9_").lengths(16, 40).digestOfText(ImportDigest.sha256());

        assertThatThrownBy(() -> fixture.builder(store).importFormat(format))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("uncheckedImports");
    }

    @Test
    void formatWithIdAndUnderscoreMayCollideWithIssuedKeys() {
        ImportFormat.Shape shape = ImportFormat.idAndSecret('_').alphabet(HEX);

        assertThatThrownBy(() ->
                        fixture.builder(store).importFormat(shape.length(32).digestOfText(ImportDigest.sha256())))
                .isInstanceOf(IllegalArgumentException.class);
        fixture.builder(store).importFormat(shape.length(31).digestOfText(ImportDigest.sha256()));
    }

    @Test
    void formatsWithOnePrefixNeedTheSameDigest() {
        KeywrightBuilder builder = fixture.builder(store).uncheckedImports(ImportDigest.hmacSha256(HMAC_KEY));

        builder.uncheckedImports(ImportDigest.hmacSha256(HMAC_KEY.clone()));
        assertThatThrownBy(() -> builder.uncheckedImports(ImportDigest.sha256()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("same digest");
        assertThatThrownBy(() -> builder.uncheckedImports(ImportDigest.hmacSha256(new byte[] {1})))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
