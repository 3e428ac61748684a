package io.ballast.testbed.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.testbed.demo.Demo;
import io.ballast.testbed.openstack.Layout;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The story of the demo: pool and user external addresses, the load balancer of {@code default/kubernetes}, each service killed
 * in the middle of a change; then everything is deleted and the cluster purged, and the project holds what it held before.
 */
@OnRealCloud
class StoryReal {
    @ParameterizedTest
    @CsvSource({"amphora, DEFAULT", "ovn, SHARED", "amphora, IPV6", "ovn, DEFAULT"})
    void endsAsItMust(String provider, Layout layout, @TempDir Path folder) throws InterruptedException {
        var name = "e2e-story-%s-%s".formatted(provider, layout.name().toLowerCase(Locale.ROOT));
        try (var networks = RealNetworks.make(layout, name)) {
            var options = RealStack.on(name, layout, provider, folder.resolve("stack"))
                    .withCluster(name);

            var differences = new Demo(options, List.of(), System.out).run();

            assertThat(differences).isEmpty();
            assertThat(networks.foreignPorts()).isEmpty();
        }
    }
}
