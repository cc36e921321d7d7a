package dev.keywright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyOwnerTest {

    @ParameterizedTest
    @ValueSource(strings = {"person:u12", "service:payroll", "service:person:u12", "service:学生"})
    void parsesWhatItPrints(String text) {
        assertThat(KeyOwner.parse(text)).hasToString(text);
    }

    @Test
    void personAndServiceOfOneNameDiffer() {
        KeyOwner person = KeyOwner.person(UserId.of("bob"));
        KeyOwner service = KeyOwner.service("bob");

        assertThat(person).isNotEqualTo(service).isEqualTo(KeyOwner.parse("person:bob"));
        assertThat(service).isNotEqualTo(KeyOwner.service("Bob")).hasSameHashCodeAs(KeyOwner.parse("service:bob"));
        assertThat(person.kind()).isEqualTo(KeyOwner.Kind.PERSON);
        assertThat(service.name()).isEqualTo("bob");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bob", "Person:bob", "team:bob", " person:bob"})
    void refusesOtherForms(String text) {
        assertThatThrownBy(() -> KeyOwner.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("owner must be person:<id> or service:<name>");
    }

    @Test
    void refusesLongInvisibleAndForgingNames() {
        assertThat(KeyOwner.service("x".repeat(128)).name()).hasSize(128);
        assertRefused("x".repeat(129), "owner must not be longer than 128 characters");
        assertRefused("\u200B", "owner must not be blank");
        assertRefused("a\nb", "owner must not contain control characters, line breaks or halves of characters");
        assertThat(KeyOwner.stored(KeyOwner.Kind.SERVICE, "x".repeat(129)).name())
                .hasSize(129);
        assertThatThrownBy(() -> KeyOwner.stored(KeyOwner.Kind.SERVICE, ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertRefused(String name, String sentence) {
        assertThatThrownBy(() -> KeyOwner.service(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
        assertThatThrownBy(() -> KeyOwner.parse("person:" + name)).hasMessage(sentence);
    }
}
