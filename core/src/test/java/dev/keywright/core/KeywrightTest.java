package dev.keywright.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each required option is a stage with one method, so that leaving one out does not compile. */
class KeywrightTest {

    @Test
    void eachRequiredOptionIsAStage() {
        Class<?> stage = Keywright.builder().getClass();
        for (String option : List.of("store", "scopes", "pepper")) {
            assertThat(stage.getConstructors()).isEmpty();
            assertThat(stage.getDeclaredMethods())
                    .filteredOn(method -> !Modifier.isPrivate(method.getModifiers()))
                    .extracting(Method::getName)
                    .containsExactly(option);
            stage = stage.getDeclaredMethods()[0].getReturnType();
        }
        assertThat(stage).isEqualTo(KeywrightBuilder.class);
        assertThat(stage.getConstructors()).isEmpty();
    }
}
