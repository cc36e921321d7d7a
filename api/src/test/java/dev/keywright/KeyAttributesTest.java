package dev.keywright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyAttributesTest {

    @Test
    void attributesAreSortedAndImmutable() {
        Map<String, String> map = new HashMap<>(Map.of("plan", "gold", "customer", "c-17"));
        KeyAttributes attributes = KeyAttributes.of(map);
        map.clear();

        assertThat(attributes.asMap()).containsExactly(Map.entry("customer", "c-17"), Map.entry("plan", "gold"));
        assertThat(attributes.get("plan")).contains("gold");
        assertThat(attributes.get("Plan")).isEmpty();
        assertThat(attributes).hasToString("KeyAttributes[customer, plan]");
        assertThatThrownBy(() -> attributes.asMap().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(KeyAttributes.of(Map.of())).isSameAs(KeyAttributes.NONE);
    }

    @Test
    void acceptsAtMostSixteenAttributes() {
        assertThat(KeyAttributes.of(numbered(16)).asMap()).hasSize(16);
        assertRefused(numbered(17), "attributes must have at most 16 names");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Plan", "a b", "a:b", "ä", "a\n", "x1234567890123456789012345678901234567890"})
    void refusesOtherNames(String name) {
        assertRefused(Map.of(name, "gold"), "attributes must have names of 1 to 40 characters from a-z0-9_.-");
    }

    @Test
    void refusesBlankLongAndForgingValues() {
        assertThat(KeyAttributes.of(Map.of("a_.-9", "学".repeat(200))).asMap()).hasSize(1);
        assertRefused(Map.of("ck_" + "a".repeat(32), " "), "attributes: the value of an attribute must not be blank");
        assertRefused(Map.of("plan", " "), "attributes: the value of plan must not be blank");
        assertRefused(
                Map.of("plan", "x".repeat(201)),
                "attributes: the value of plan must not be longer than 200 characters");
        assertRefused(
                Map.of("plan", "a\nb"),
                "attributes: the value of plan must not contain control characters, line breaks or halves of characters");
    }

    @Test
    void storedAttributesStayReadable() {
        assertThat(KeyAttributes.stored(Map.of("Old Name", "")).get("Old Name")).contains("");
    }

    private static Map<String, String> numbered(int count) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < count; i++) {
            map.put("name" + i, "value");
        }
        return map;
    }

    private static void assertRefused(Map<String, String> map, String sentence) {
        assertThatThrownBy(() -> KeyAttributes.of(map))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }
}
