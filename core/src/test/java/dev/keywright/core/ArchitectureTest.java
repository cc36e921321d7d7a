package dev.keywright.core;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.Architectures;
import dev.keywright.core.common.TestSeam;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import org.junit.jupiter.api.Test;

/** Dependencies between the packages of core. */
class ArchitectureTest {

    @Test
    void packagesAreLayered() {
        Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.keywright.core..")
                .layer("core")
                .definedBy("dev.keywright.core")
                .layer("management")
                .definedBy("dev.keywright.core.management")
                .layer("cache")
                .definedBy("dev.keywright.core.cache")
                .layer("lookup")
                .definedBy("dev.keywright.core.lookup")
                .layer("usage")
                .definedBy("dev.keywright.core.usage")
                .layer("event")
                .definedBy("dev.keywright.core.event")
                .layer("format")
                .definedBy("dev.keywright.core.format")
                .layer("common")
                .definedBy("dev.keywright.core.common")
                .whereLayer("core")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("management")
                .mayOnlyBeAccessedByLayers("core")
                .whereLayer("cache")
                .mayOnlyBeAccessedByLayers("core", "management")
                .whereLayer("lookup")
                .mayOnlyBeAccessedByLayers("core", "management", "cache")
                .whereLayer("usage")
                .mayOnlyBeAccessedByLayers("core", "management", "cache", "lookup")
                .whereLayer("event")
                .mayOnlyBeAccessedByLayers("core", "management", "lookup")
                .whereLayer("format")
                .mayOnlyBeAccessedByLayers("core", "management", "cache", "lookup", "event")
                .whereLayer("common")
                .mayOnlyBeAccessedByLayers("core", "management", "cache", "lookup", "usage", "event", "format")
                .check(CoreClasses.ALL);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.keywright.core.(*)..").should().beFreeOfCycles().check(CoreClasses.ALL);
    }

    @Test
    void subPackagesDoNotUseTheExportedOne() {
        noClasses()
                .that(resideInAPackage("dev.keywright.core.(*)..").and(not(resideInAPackage("dev.keywright.core"))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.keywright.core")
                .check(CoreClasses.ALL);
    }

    @Test
    void classesAreFinalUnlessMarkedAsTestSeams() {
        classes()
                .that()
                .areNotInterfaces()
                .and(not(modifier(ABSTRACT)))
                .and(not(isSealedOrEnumOrLambda()))
                .should()
                .haveModifier(FINAL)
                .orShould()
                .beAnnotatedWith(TestSeam.class)
                .check(CoreClasses.ALL);
    }

    @Test
    void overridableMethodsAreMarkedAsTestSeams() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .areAnnotatedWith(TestSeam.class)
                .and()
                .areNotPrivate()
                .and()
                .areNotStatic()
                .and()
                .areNotFinal()
                .should()
                .beAnnotatedWith(TestSeam.class)
                .check(CoreClasses.ALL);
    }

    private static DescribedPredicate<JavaClass> isSealedOrEnumOrLambda() {
        return DescribedPredicate.describe(
                "sealed, enums or anonymous",
                type -> type.isEnum()
                        || type.isAnonymousClass()
                        || type.reflect().isSealed());
    }

    @Test
    void onlyTheRootPackageIsExported() throws IOException {
        try (InputStream module = new URL(CoreClasses.LOCATION, "module-info.class").openStream()) {
            assertThat(ModuleDescriptor.read(module).exports())
                    .extracting(ModuleDescriptor.Exports::source)
                    .containsExactly("dev.keywright.core");
        }
    }
}
