package org.example.district;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.keywright.KeyVerifier;
import dev.keywright.core.Keywright;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.servlet.ApiKeyFilter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The profiles run these tests on the class path or the module path, as the system property {@code built-on} says. */
class BuiltOnTest {

    @Test
    void classesAreOnTheConfiguredPath() {
        List<Class<?>> types =
                List.of(DistrictKeys.class, KeyVerifier.class, Keywright.class, JdbcKeyStore.class, ApiKeyFilter.class);
        List<String> modules = types.stream()
                .map(type -> String.valueOf(type.getModule().getName()))
                .toList();

        List<String> named = List.of(
                "org.example.district",
                "dev.keywright",
                "dev.keywright.core",
                "dev.keywright.jdbc",
                "dev.keywright.servlet");
        List<String> unnamed = List.of("null", "null", "null", "null", "null");
        assertEquals(System.getProperty("built-on").equals("module-path") ? named : unnamed, modules);
    }
}
