package dev.martlet.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Modules depend on each other as CONTRIBUTING.md draws it, and each third-party library is seen by its one owner. */
final class ArrowsTest {
    private static final JavaClasses MARTLET = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.martlet");

    private static final Map<String, Set<String>> MAY_USE = Map.of(
            "kernel", Set.of(),
            "otp", Set.of("kernel"),
            "pubsub", Set.of("kernel", "otp"),
            "web", Set.of("kernel", "otp", "pubsub"),
            "showcase", Set.of("kernel", "otp", "pubsub", "web"),
            "cli", Set.of("kernel", "otp", "pubsub", "web", "showcase"));

    private static final Map<String, String> ONLY_OWNER_OF =
            Map.of("io.netty..", "web", "tools.jackson..", "web", "com.typesafe.config..", "otp", "picocli..", "cli");

    @Test
    void everyModuleIsInTheTable() {
        assertThat(MARTLET.stream().map(type -> module(type.getPackageName())).collect(toSet()))
                .isEqualTo(MAY_USE.keySet());
    }

    static Stream<String> modules() {
        return MAY_USE.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void dependsOnlyWhereItsArrowsPoint(String module) {
        var forbidden = modules()
                .filter(other -> !other.equals(module))
                .filter(other -> !MAY_USE.getOrDefault(module, Set.of()).contains(other))
                .map(ArrowsTest::packages)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(packages(module))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .check(MARTLET);
    }

    static Stream<String> libraries() {
        return ONLY_OWNER_OF.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void aLibraryIsSeenByItsOwnerOnly(String library) {
        noClasses()
                .that()
                .resideOutsideOfPackage(packages(ONLY_OWNER_OF.getOrDefault(library, "")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(MARTLET);
    }

    @Test
    void kernelStandsOnTheJdkAndTwoFacades() {
        classes()
                .that()
                .resideInAPackage("dev.martlet.kernel..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "dev.martlet.kernel..", "java..", "jdk.jfr..", "org.jspecify..", "org.slf4j.."))
                .check(MARTLET);
    }

    private static String module(String packageName) {
        return packageName.replaceFirst("dev\\.martlet\\.(\\w+).*", "$1");
    }

    private static String packages(String module) {
        return "dev.martlet." + module + "..";
    }
}
