package dev.keywright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keywright.management.ScopeCatalog;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScopesTest {

    @Test
    void keepTheOrderOfTheRequest() {
        Scopes scopes = Scopes.of("write:people", "read:people");

        assertThat(scopes).containsExactly(Scope.of("write:people"), Scope.of("read:people"));
        assertThat(scopes)
                .hasToString("write:people read:people")
                .isNotEqualTo(Scopes.of("read:people", "write:people"));
    }

    @Test
    void compareScopesExactly() {
        Scopes scopes = Scopes.of("write:people");

        assertThat(scopes.contains(Scope.of("write:people"))).isTrue();
        assertThat(scopes.contains(Scope.of("read:people"))).isFalse();
        assertThat(scopes.contains(Scope.of("write:peoplE"))).isFalse();
    }

    @Test
    void refuseNoneDuplicatesAndMoreThanHundred() {
        assertRefused(new String[0], "scopes must have at least one scope");
        assertRefused(new String[] {"a", "b", "a"}, "scopes must not have a scope twice");
        String[] many = IntStream.range(0, 101).mapToObj(i -> "s" + i).toArray(String[]::new);
        assertRefused(many, "scopes must have at most 100 scopes");
        List<Scope> stored = Arrays.stream(many).map(Scope::of).toList();
        assertThatThrownBy(() -> Scopes.of(stored)).hasMessage("scopes must have at most 100 scopes");
        assertThat(Scopes.stored(stored).asList()).isEqualTo(stored);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "read people", "read:people ", "quo\"te", "back\\slash", "lésen", "a\nb", "a\u007F"})
    void followScopeTokenSyntaxOfRfc6749(String text) {
        assertThatThrownBy(() -> Scope.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("scopes must name each scope in 1 to 64 visible ASCII characters");
        assertThat(Scope.of("!#[]~").value()).isEqualTo("!#[]~");
        assertThatThrownBy(() -> Scope.of("x".repeat(65))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void catalogKeepsOrderAndDescriptions() {
        ScopeCatalog catalog =
                ScopeCatalog.of("write:people", "create and update people").and("read:people", "list and get people");

        assertThat(catalog.scopes()).isEqualTo(List.of(Scope.of("write:people"), Scope.of("read:people")));
        assertThat(catalog.grants(Scope.of("read:people"))).contains("list and get people");
        assertThat(catalog.grants(Scope.of("delete:people"))).isEmpty();
    }

    @Test
    void catalogRefusesDuplicates_andIsImmutable() {
        ScopeCatalog catalog = ScopeCatalog.of("read:people", "list and get people");

        assertThatThrownBy(() -> catalog.and("read:people", "something else"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("read:people");
        assertThat(catalog.and("write:people", "create people").scopes()).hasSize(2);
        assertThat(catalog.scopes()).hasSize(1);
    }

    @Test
    void catalogRefusesScopesThatItDoesNotOffer() {
        ScopeCatalog catalog = ScopeCatalog.of("read:people", "list and get people");

        catalog.requireOffered(Scopes.of("read:people"));
        assertThatThrownBy(() -> catalog.requireOffered(Scopes.of("read:people", "READ:people")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("scopes must be chosen from read:people");
    }

    private static void assertRefused(String[] scopes, String sentence) {
        assertThatThrownBy(() -> Scopes.of(scopes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }
}
