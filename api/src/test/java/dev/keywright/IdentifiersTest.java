package dev.keywright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.management.Job;
import dev.keywright.spi.PepperId;
import dev.keywright.spi.StoredValues;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {

    private static final List<Function<String, Object>> HOST_IDS = List.of(TenantId::of, UserId::of, Job::new);

    @Test
    void hostIdsAcceptAnyVisibleText() {
        for (Function<String, Object> type : HOST_IDS) {
            assertThat(type.apply("district 12 / Zürich")).isEqualTo(type.apply("district 12 / Zürich"));
            assertThat(type.apply("x".repeat(128)).toString()).contains("x".repeat(128));
        }
    }

    @Test
    void hostIdsAreComparedCharacterByCharacter() {
        for (Function<String, Object> type : HOST_IDS) {
            assertThat(type.apply("north"))
                    .isNotEqualTo(type.apply("North"))
                    .isNotEqualTo(type.apply("north "))
                    .isNotEqualTo(type.apply("n\u00F6rth"));
            assertThat(type.apply("n\u00F6rth")).isNotEqualTo(type.apply("no\u0308rth"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "nul\u0000", "half\uD83D"})
    void malformedHostIdsAreIllegalArguments(String text) {
        for (Function<String, Object> type : HOST_IDS) {
            assertThatThrownBy(() -> type.apply(text)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> type.apply("x".repeat(129))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> type.apply(null)).isInstanceOf(NullPointerException.class);
        }
    }

    @Test
    void keyIdsAreSafeInUrlsAndLogs() {
        assertThat(KeyId.of("key_01-AZaz")).hasToString("key_01-AZaz");
        for (String bad : List.of("", "a b", "a/b", "a%20", "ä", "a\n", "a.b", "x".repeat(65))) {
            assertThatThrownBy(() -> KeyId.of(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void storedValuesStayReadableAfterTheRulesChange() {
        String old = "\n\u202E\uFFFF" + "x".repeat(5000);
        assertThat(TenantId.stored(old).value()).isEqualTo(old);
        assertThat(KeyId.stored("k".repeat(5000)).value()).hasSize(5000);
        assertThat(KeyName.stored(old).value()).isEqualTo(old);
        assertThat(Scope.stored(old).value()).isEqualTo(old);
        assertThat(new PepperId("p".repeat(5000)).value()).hasSize(5000);
        assertThat(new Actor(Actor.Kind.PERSON, old).name()).isEqualTo(old);
        assertThat(new Revocation(Instant.EPOCH, StoredValues.holder(), old).reason())
                .isEqualTo(old);
    }

    @Test
    void storedValuesEqualNewOnes() {
        assertThat(TenantId.stored("a")).isEqualTo(TenantId.of("a")).hasSameHashCodeAs(TenantId.of("a"));
        assertThat(KeyId.stored("a")).isEqualTo(KeyId.of("a")).hasSameHashCodeAs(KeyId.of("a"));
        assertThat(KeyName.stored("a")).isEqualTo(KeyName.of("a")).hasSameHashCodeAs(KeyName.of("a"));
        assertThat(Scope.stored("a")).isEqualTo(Scope.of("a")).hasSameHashCodeAs(Scope.of("a"));
    }

    @Test
    void emptyStoredValuesAreRefused() {
        for (Function<String, Object> type : List.<Function<String, Object>>of(
                TenantId::stored,
                KeyId::stored,
                KeyName::stored,
                Scope::stored,
                PepperId::new,
                name -> new Actor(Actor.Kind.JOB, name))) {
            assertThatThrownBy(() -> type.apply("")).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Scope.stored("a b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void storedIdsStaySafeInLogs() {
        for (String bad : List.of("a\n", "a b", "a/b")) {
            assertThatThrownBy(() -> KeyId.stored(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new PepperId(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
