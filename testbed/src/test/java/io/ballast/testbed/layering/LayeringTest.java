package io.ballast.testbed.layering;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.ballast.runtime.shell.Shell;
import io.ballast.schemas.Topics;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayeringTest {
    private static final String OFFENDERS = "io.ballast.testbed.layering.offenders";
    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.ballast");

    @Test
    void importsPointOneWay() {
        assertThat(new Layering("io.ballast").breaches(PRODUCTION)).isEmpty();
    }

    @Test
    void looksAtEveryModuleThatHasCode() {
        assertThat(PRODUCTION.contain(Topics.class)).isTrue();
        assertThat(PRODUCTION.contain(Shell.class)).isTrue();
        assertThat(PRODUCTION.get(Shell.class).getDirectDependenciesFromSelf()).isNotEmpty();
        assertThat(PRODUCTION.stream().filter(type -> type.getName().startsWith("io.ballast.testbed.layering")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "watcher.snapshot.Dialler, java.net.Socket",
        "watcher.snapshot.Waiter, java.util.concurrent.Future",
        "watcher.snapshot.Gambler, java.time.Instant.now",
        "watcher.snapshot.Gambler, java.util.Random.<init>",
        "watcher.snapshot.Gambler, java.lang.System.nanoTime",
        "watcher.snapshot.Shuffler, java.util.Map.copyOf",
        "watcher.snapshot.Shuffler, java.util.Set.copyOf",
        "watcher.snapshot.Shuffler, java.util.stream.Collectors.toUnmodifiableSet",
        "watcher.Neighbour, offenders.octavia.Lb",
        "watcher.Serialiser, org.apache.avro.Schema",
        "watcher.snapshot.Parser, inet.ipaddr.IPAddressString",
        "runtime.shell.Talker, org.slf4j.Logger",
        "schemas.Upwards, offenders.runtime.shell.Talker",
    })
    void findsAPlantedBreach(String offender, String target) {
        var offenders = new ClassFileImporter().importPackages(OFFENDERS);

        var breaches = new Layering(OFFENDERS).breaches(offenders);

        assertThat(breaches)
                .anySatisfy(breach -> assertThat(breach)
                        .startsWith(OFFENDERS + "." + offender + " ")
                        .contains(target));
    }

    @Test
    void findsNothingElseInThePlantedClasses() {
        var offenders = new ClassFileImporter().importPackages(OFFENDERS + ".octavia");

        assertThat(new Layering(OFFENDERS).breaches(offenders)).isEqualTo(List.of());
    }
}
