package dev.keywright.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.keywright.Secret;
import dev.keywright.management.IssuedKey;
import dev.keywright.spi.Digest;
import jakarta.servlet.http.HttpServlet;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which types can be serialized: those that hosts keep in HTTP sessions, and nothing that carries a secret or a digest. */
class SerializableTypesTest {

    private static final List<Class<?>> PUBLISHED = new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(location -> !location.contains("/examples/") && !location.contains("/testkit"))
                    .importPackages("dev.keywright")
                    .stream()
                    .map(JavaClass::reflect)
                    .collect(Collectors.toUnmodifiableList());

    @Test
    void onlyTheseValuesAreSerializable() {
        assertThat(PUBLISHED.stream()
                        .filter(SerializableTypesTest::isSerializableValue)
                        .map(Class::getSimpleName))
                .containsExactlyInAnyOrder(
                        "ManagementSession",
                        "ApiKeyPrincipal",
                        "ApiKey",
                        "KeyId",
                        "TenantId",
                        "UserId",
                        "Job",
                        "Actor",
                        "KeyName",
                        "Scope",
                        "Scopes",
                        "Revocation",
                        "KeyUsage",
                        "PageCursor");
    }

    @Test
    void nothingSerializableCarriesASecretOrADigest() {
        List<Class<?>> serializable =
                PUBLISHED.stream().filter(Serializable.class::isAssignableFrom).toList();
        assertThat(serializable).isNotEmpty().allSatisfy(type -> {
            assertThat(carriedBy(type)).doesNotContain(Secret.class, Digest.class, byte[].class, char[].class);
            assertThat(carriedBy(type)).allMatch(SerializableTypesTest::canBeWritten);
        });
    }

    @Test
    void typesThatCarryASecretAreFound() {
        assertThat(carriedBy(IssuedKey.class)).contains(Secret.class);
        assertThat(List.of(Secret.class, IssuedKey.class)).noneMatch(Serializable.class::isAssignableFrom);
    }

    /** A servlet, an exception and an enum are serializable by what they extend. */
    private static boolean isSerializableValue(Class<?> type) {
        return Serializable.class.isAssignableFrom(type)
                && !Throwable.class.isAssignableFrom(type)
                && !HttpServlet.class.isAssignableFrom(type)
                && !type.isEnum();
    }

    private static boolean canBeWritten(Class<?> type) {
        return type.isPrimitive() || type.isInterface() || Serializable.class.isAssignableFrom(type);
    }

    /** {@return the types of all fields that are written with a type, and of theirs} */
    private static Set<Class<?>> carriedBy(Class<?> type) {
        Set<Class<?>> carried = new HashSet<>();
        carry(type, carried);
        return carried;
    }

    private static void carry(Class<?> type, Set<Class<?>> carried) {
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
                typesIn(field.getGenericType()).forEach(part -> {
                    if (carried.add(part) && part.getName().startsWith("dev.keywright")) {
                        carry(part, carried);
                    }
                });
            }
        }
    }

    private static Stream<Class<?>> typesIn(Type type) {
        if (type instanceof ParameterizedType generic) {
            return Stream.concat(
                    typesIn(generic.getRawType()),
                    Stream.of(generic.getActualTypeArguments()).flatMap(SerializableTypesTest::typesIn));
        }
        return type instanceof Class<?> plain ? Stream.of(plain) : Stream.empty();
    }
}
