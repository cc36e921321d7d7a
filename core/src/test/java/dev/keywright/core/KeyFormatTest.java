package dev.keywright.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.management.NewKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Formats by themselves, and the combinations of formats that a host can configure. */
class KeyFormatTest {

    private static final KeyFormat LIVE = KeyFormat.prefix("acme_live_").environment("live");

    private final Fixture fixture = new Fixture();
    private final InMemoryKeyStore store = new InMemoryKeyStore();

    @ParameterizedTest
    @ValueSource(strings = {"a_", "__", "0_", "acme_live_", "a_prefix_of_24_letters__"})
    void prefixHas2To24CharactersAndEndsInAnUnderscore(String prefix) {
        KeyFormat format = KeyFormat.prefix(prefix);

        String text = fixture.builder(store)
                .formats(format)
                .build()
                .managedBy(Fixture.ADMIN)
                .issue(NewKey.named("Reporting Script").allowing("read:people"))
                .secret()
                .reveal();

        assertThat(format.regularExpression()).isEqualTo(prefix + "[0-9a-z]{32}");
        assertThat(text).matches(format.regularExpression());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "_", "a", "acme", "acme-", "Acme_", "a b_", "acme_\n", "é_", "a_prefix_of_25_characters"})
    void otherPrefixesAreRefused(String prefix) {
        assertThatThrownBy(() -> KeyFormat.prefix(prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the prefix of a key format must be 2 to 24 characters of a-z, 0-9 and _, the last of them _; was \""
                                + prefix + '"');
    }

    @Test
    void prefixOf25CharactersIsRefused() {
        assertThatThrownBy(() -> KeyFormat.prefix("a".repeat(24) + "_")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Live", "li ve", "live\n", "an-environment-of-25-char"})
    void otherEnvironmentsAreRefused(String environment) {
        assertThatThrownBy(() -> KeyFormat.DEFAULT.environment(environment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the environment of a key format must be 1 to 24 characters of a-z, 0-9, _ and -; was \""
                        + environment + '"');
        assertThatCode(() -> KeyFormat.DEFAULT.environment("an-environment_of-24-cha"))
                .doesNotThrowAnyException();
    }

    @Test
    void environmentMakesANewFormat() {
        assertThat(KeyFormat.DEFAULT.environment("live")).hasToString("KeyFormat[ck_, live]");
        assertThat(KeyFormat.DEFAULT).hasToString("KeyFormat[ck_]");
    }

    @Test
    void prefixMustNotBeginAnother() {
        for (KeyFormat[] formats : new KeyFormat[][] {
            {LIVE, KeyFormat.DEFAULT, KeyFormat.prefix("acme_")}, {KeyFormat.prefix("acme_"), LIVE}
        }) {
            assertThatThrownBy(() -> fixture.builder(store).formats(KeyFormat.prefix("other_"), formats))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "the prefix of a key format must not begin that of another, as acme_ begins acme_live_");
        }
        assertThatThrownBy(() -> fixture.builder(store).formats(LIVE, KeyFormat.DEFAULT, LIVE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two key formats must not have the same prefix, acme_live_");
    }

    @Test
    void prefixMayEndAnother() {
        assertThatCode(() -> fixture.builder(store).formats(KeyFormat.prefix("k_"), KeyFormat.DEFAULT))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme", "acme_", "acme_live_", "acme_live_0123456789", "ck_"})
    void importFormatMustNotOverlapAFormat(String prefix) {
        ImportFormat format = ImportFormat.prefix(prefix)
                .alphabet("acmelivz9_")
                .lengths(16, 44)
                .digestOfText(ImportDigest.sha256());
        KeywrightBuilder builder = fixture.builder(store).formats(KeyFormat.DEFAULT, LIVE);

        assertThatThrownBy(() -> builder.importFormat(format))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(prefix.equals("ck_") ? "ck_[0-9a-z]{32}" : "acme_live_[0-9a-z]{32}")
                .hasMessageContaining("uncheckedImports");
    }

    @Test
    void importFormatWithTheSamePrefixIsRefusedWhateverItsShape() {
        ImportFormat longer =
                ImportFormat.prefix("acme_live_").alphabet("XYZ").length(64).digestOfText(ImportDigest.sha256());

        assertThatThrownBy(() -> fixture.builder(store).formats(LIVE).importFormat(longer))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatCode(() -> fixture.builder(store).importFormat(longer)).doesNotThrowAnyException();
    }

    @Test
    void defaultPrefixCanBeImportedOnceItIsNotIssued() {
        ImportFormat own = ImportFormat.prefix("ck_")
                .alphabet("0123456789abcdefghijklmnopqrstuvwxyz")
                .length(32)
                .digestOfText(ImportDigest.sha256());

        assertThatCode(() -> fixture.builder(store).formats(LIVE).importFormat(own))
                .doesNotThrowAnyException();
    }

    @Test
    void formatsAreSetBeforeImportFormats() {
        KeywrightBuilder importing = fixture.builder(store).uncheckedImports(ImportDigest.sha256());

        assertThatThrownBy(() -> importing.formats(LIVE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("formats(…) must be called before importFormat(…)");
    }
}
