package dev.keywright.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void supplementaryCharactersAreEncodedAsUtf8() {
        assertThat(new String(Json.error("\uD83D\uDD11 \u00FC"), StandardCharsets.UTF_8))
                .isEqualTo("{\"error\":\"\uD83D\uDD11 \u00FC\"}");
    }

    @Test
    void loneSurrogateInStoredTextDoesNotFailTheResponse() {
        assertThat(new String(Json.error("half \uD83D."), StandardCharsets.UTF_8))
                .isEqualTo("{\"error\":\"half ?.\"}");
    }
}
