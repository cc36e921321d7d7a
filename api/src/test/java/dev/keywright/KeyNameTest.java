package dev.keywright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyNameTest {

    /** A character outside the basic multilingual plane: two {@code char}s. */
    private static final String KEY_SIGN = "\uD83D\uDD11";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "Reporting Script",
                " kept as it is ",
                "'; DROP TABLE keys; --",
                "<b>\"bold\"</b>",
                "Schülerdaten 学生 учащиеся תלמידים طلاب",
                "پایگاه\u200Cداده",
                KEY_SIGN,
                // Unassigned on Java 17 (U+1FAE9), and unassigned on every JDK (U+50000).
                "\uD83E\uDEE9",
                "\uD900\uDC00"
            })
    void acceptsTextInAnyScript(String text) {
        assertThat(KeyName.of(text).value()).isEqualTo(text);
    }

    @Test
    void acceptsAtMostHundredCodePoints() {
        assertThat(KeyName.of("x".repeat(100)).value()).hasSize(100);
        assertThat(KeyName.of(KEY_SIGN.repeat(100)).value()).hasSize(200);
        for (String overlong : new String[] {"x".repeat(101), KEY_SIGN.repeat(101), "x".repeat(10_000)}) {
            assertRefused(overlong, "name must not be longer than 100 characters");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\u00A0",
                "\u3000\u2003",
                "\u200B",
                "\u200D\u200F \uFEFF",
                "\u3164\u2800",
                "\uFE0F",
                "\u034F",
                "\u2065",
                "\uFFF0",
                "\uFFFF",
                "\uFDD0",
                "\uD83F\uDFFE",
                "\uDB40\uDC02"
            })
    void refusesInvisibleText(String blank) {
        assertRefused(blank, "name must not be blank");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nb",
                "a\rb",
                "tab\there",
                "nul\u0000",
                "bell\u0007",
                "escape\u001B[31m",
                "delete\u007F",
                "c1\u0085",
                "line\u2028separator",
                "paragraph\u2029separator",
                "half\uD83D",
                "\uDD11half",
                "\uDD11\uD83D",
                "turned\u202Earound",
                "isolated\u2066text"
            })
    void refusesTextThatForgesLogsOrBreaksPages(String text) {
        assertRefused(text, "name must not contain control characters, line breaks or halves of characters");
    }

    private static void assertRefused(String text, String sentence) {
        assertThatThrownBy(() -> KeyName.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }
}
