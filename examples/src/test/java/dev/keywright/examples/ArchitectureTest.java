package dev.keywright.examples;

import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rooms of the house, and what may be used in each: request → servlet → verbs → core → SPI → store, and nothing points
 * back. A rule that finds no class to check fails.
 */
class ArchitectureTest {

    private static final String WORDS = "dev.keywright";
    private static final String SPI = "dev.keywright.spi";

    private static final JavaClasses PUBLISHED = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/examples/"))
            .importPackages(WORDS);

    static Stream<Arguments> rooms() {
        return Stream.of(
                room(WORDS),
                room(SPI, WORDS),
                room("dev.keywright.core", WORDS, SPI, "org.bouncycastle..", "org.slf4j", "javax.crypto.."),
                room("dev.keywright.jdbc", WORDS, SPI, "javax.sql", "org.slf4j"),
                room("dev.keywright.servlet", WORDS, "jakarta.servlet..", "com.fasterxml.jackson.core.."),
                room(
                        "dev.keywright.testkit",
                        WORDS,
                        SPI,
                        "dev.keywright.core",
                        "org.junit.jupiter.api..",
                        "org.assertj.core.."));
    }

    private static Arguments room(String room, String... used) {
        Stream<String> everywhere = Stream.of(room, "java..", "org.jspecify.annotations");
        return Arguments.of(room, Stream.concat(everywhere, Stream.of(used)).toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void roomUsesNothingButWhatTheHouseAllows(String room, String[] allowed) {
        classes()
                .that()
                .resideInAPackage(room)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed)
                .check(PUBLISHED);
    }

    @Test
    void thereAreNoOtherRooms() {
        Set<String> rooms = rooms().map(room -> (String) room.get()[0]).collect(Collectors.toSet());
        assertThat(PUBLISHED.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()))
                .isEqualTo(rooms);
    }

    @ParameterizedTest
    @ValueSource(strings = {WORDS, SPI, "dev.keywright.core", "dev.keywright.servlet"})
    void onlyTheJdbcStoreSpeaksToDatabases(String room) {
        noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..")
                .check(PUBLISHED);
    }

    static Stream<Arguments> doors() {
        return Stream.of(
                Arguments.of(
                        "dev.keywright.core",
                        Set.of("Keywright", "Pepper", "ForeignDigest", "ImportFormat", "Shape", "InMemoryKeyStore")),
                Arguments.of("dev.keywright.jdbc", Set.of("JdbcDialect", "JdbcKeyStore", "JdbcOptions", "JdbcSchema")),
                Arguments.of(
                        "dev.keywright.servlet",
                        Set.of(
                                "ApiKeyFilter",
                                "ApiKeyPrincipal",
                                "KeyManagementServlet",
                                "LeakedKeyServlet",
                                "SessionAuthentication")));
    }

    @ParameterizedTest
    @MethodSource("doors")
    void roomHasNoDoorsButThese(String room, Set<String> doors) {
        assertThat(PUBLISHED.stream()
                        .filter(type -> type.getPackageName().equals(room))
                        .filter(ArchitectureTest::isPublic)
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toSet()))
                .isEqualTo(doors);
    }

    @Test
    void publicClassIsFinalUnlessMadeForInheritance() {
        assertThat(PUBLISHED.stream().filter(ArchitectureTest::isPublic))
                .isNotEmpty()
                .allMatch(type -> type.isInterface()
                        || type.isAnnotation()
                        || type.isEnum()
                        || type.getModifiers().contains(FINAL)
                        || type.getModifiers().contains(ABSTRACT));
    }

    @Test
    void namesAreNounsOfTheField() {
        classes()
                .should()
                .haveNameNotMatching(".*(Util|Helper|Manager|Impl)s?($|\\$.*)")
                .check(PUBLISHED);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> marked = PUBLISHED.stream()
                .filter(type -> type.getSimpleName().equals("package-info") && type.isAnnotatedWith(NullMarked.class))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toSet());
        assertThat(PUBLISHED.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()))
                .isNotEmpty()
                .isEqualTo(marked);
    }

    @Test
    void nothingIsPrintedOrLoggedOtherwise() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(PUBLISHED);
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(PUBLISHED);
    }

    /** Visible to users: public itself, and in nothing that is not. */
    private static boolean isPublic(JavaClass type) {
        boolean here = type.getModifiers().contains(PUBLIC);
        return here && type.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
    }
}
