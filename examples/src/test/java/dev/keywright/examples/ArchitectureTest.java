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
 * The modules and their dependencies: request → servlet → api → core → spi → store, and none in the opposite direction. A rule that
 * finds no class to check fails. The packages of core have their own rules, in core.
 */
class ArchitectureTest {

    private static final String ROOT = "dev.keywright";
    private static final String MANAGEMENT = "dev.keywright.management";
    private static final String SPI = "dev.keywright.spi";
    private static final String INTERNAL = "dev.keywright.internal";

    private static final JavaClasses PUBLISHED = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/examples/"))
            .importPackages(ROOT);

    static Stream<Arguments> packages() {
        return Stream.of(
                packages(ROOT, MANAGEMENT, INTERNAL),
                packages(MANAGEMENT, ROOT, INTERNAL),
                packages(SPI, ROOT, MANAGEMENT, INTERNAL),
                packages(INTERNAL, ROOT),
                packages(
                        "dev.keywright.core..",
                        ROOT,
                        MANAGEMENT,
                        SPI,
                        INTERNAL,
                        "org.bouncycastle..",
                        "org.slf4j",
                        "javax.crypto.."),
                packages("dev.keywright.jdbc", ROOT, MANAGEMENT, SPI, "javax.sql", "org.slf4j"),
                packages(
                        "dev.keywright.servlet", ROOT, MANAGEMENT, "jakarta.servlet..", "com.fasterxml.jackson.core.."),
                packages(
                        "dev.keywright.testkit",
                        ROOT,
                        MANAGEMENT,
                        SPI,
                        "dev.keywright.core",
                        "org.junit.jupiter.api..",
                        "org.assertj.core.."));
    }

    private static Arguments packages(String name, String... dependencies) {
        Stream<String> common = Stream.of(name, "java..", "org.jspecify.annotations");
        return Arguments.of(name, Stream.concat(common, Stream.of(dependencies)).toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("packages")
    void packageHasOnlyTheAllowedDependencies(String name, String[] allowed) {
        classes()
                .that()
                .resideInAPackage(name)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed)
                .check(PUBLISHED);
    }

    @Test
    void eachPackageHasItsRule() {
        String[] names = packages().map(rule -> (String) rule.get()[0]).toArray(String[]::new);
        classes().should().resideInAnyPackage(names).check(PUBLISHED);
    }

    @ParameterizedTest
    @ValueSource(strings = {ROOT, MANAGEMENT, SPI, "dev.keywright.core..", "dev.keywright.servlet"})
    void onlyTheJdbcStoreUsesDatabases(String name) {
        noClasses()
                .that()
                .resideInAPackage(name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..")
                .check(PUBLISHED);
    }

    static Stream<Arguments> publicTypes() {
        return Stream.of(
                Arguments.of(
                        "dev.keywright.core",
                        Set.of(
                                "Keywright",
                                "StoreStage",
                                "ScopesStage",
                                "PepperStage",
                                "KeywrightBuilder",
                                "Pepper",
                                "KeyFormat",
                                "OwnKeyPolicy",
                                "ImportDigest",
                                "ImportFormat",
                                "Shape",
                                "InMemoryKeyStore")),
                Arguments.of("dev.keywright.jdbc", Set.of("JdbcDialect", "JdbcKeyStore", "JdbcOptions", "JdbcSchema")),
                Arguments.of(
                        "dev.keywright.servlet",
                        Set.of(
                                "ApiKeyFilter",
                                "ApiKeyPrincipal",
                                "ExpiryHeader",
                                "KeyManagementServlet",
                                "LeakedKeyServlet",
                                "SessionAuthentication")));
    }

    @ParameterizedTest
    @MethodSource("publicTypes")
    void packageHasOnlyThesePublicTypes(String name, Set<String> types) {
        assertThat(PUBLISHED.stream()
                        .filter(type -> type.getPackageName().equals(name))
                        .filter(ArchitectureTest::isPublic)
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toSet()))
                .isEqualTo(types);
    }

    @Test
    void publicClassIsFinalUnlessDesignedForInheritance() {
        // The classes of core's unexported packages have their own rule, in core.
        assertThat(PUBLISHED.stream()
                        .filter(ArchitectureTest::isPublic)
                        .filter(type -> !type.getPackageName().startsWith("dev.keywright.core.")))
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
    void onlySlf4jLogs() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(PUBLISHED);
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(PUBLISHED);
    }

    /** {@return whether a type and all types that enclose it are public} */
    private static boolean isPublic(JavaClass type) {
        boolean here = type.getModifiers().contains(PUBLIC);
        return here && type.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
    }
}
