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

/** Types that hosts keep in HTTP sessions are serializable; types with a secret or a digest are not. */
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
                        "Suspension",
                        "KeyOwner",
                        "KeyAttributes",
                        "KeyUsage",
                        "PageCursor");
    }

    @Test
    void serializableTypesHaveNoSecretOrDigest() {
        // Enums are serialized by their names.
        List<Class<?>> serializable = PUBLISHED.stream()
                .filter(type -> Serializable.class.isAssignableFrom(type) && !type.isEnum())
                .collect(Collectors.toList());
        assertThat(serializable).isNotEmpty().allSatisfy(type -> {
            assertThat(fieldTypes(type)).doesNotContain(Secret.class, Digest.class, byte[].class, char[].class);
            assertThat(fieldTypes(type)).allMatch(SerializableTypesTest::canBeSerialized);
        });
    }

    @Test
    void typesWithASecretAreFound() {
        assertThat(fieldTypes(IssuedKey.class)).contains(Secret.class);
        assertThat(List.of(Secret.class, IssuedKey.class)).noneMatch(Serializable.class::isAssignableFrom);
    }

    /** Excludes servlets, exceptions and enums, which inherit the interface. */
    private static boolean isSerializableValue(Class<?> type) {
        return Serializable.class.isAssignableFrom(type)
                && !Throwable.class.isAssignableFrom(type)
                && !HttpServlet.class.isAssignableFrom(type)
                && !type.isEnum();
    }

    private static boolean canBeSerialized(Class<?> type) {
        return type.isPrimitive() || type.isInterface() || Serializable.class.isAssignableFrom(type);
    }

    /** {@return the types of all serialized fields, transitively} */
    private static Set<Class<?>> fieldTypes(Class<?> type) {
        Set<Class<?>> found = new HashSet<>();
        collect(type, found);
        return found;
    }

    private static void collect(Class<?> type, Set<Class<?>> found) {
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
                typesIn(field.getGenericType()).forEach(part -> {
                    if (found.add(part) && part.getName().startsWith("dev.keywright")) {
                        collect(part, found);
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
