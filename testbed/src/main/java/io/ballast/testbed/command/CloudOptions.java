package io.ballast.testbed.command;

import io.ballast.octavia.openstack.OlderApi;
import io.ballast.openstack.CloudsYaml;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestFactory;
import java.nio.file.Path;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to reach OpenStack: by the clouds.yaml that its own tools find. */
final class CloudOptions {
    @Option(names = "--openstack", paramLabel = "CLOUD", description = "The cloud, of clouds.yaml; default: $OS_CLOUD")
    private @Nullable String cloud;

    Rest open() {
        var environment = new HashMap<>(System.getenv());
        if (cloud != null) {
            environment.put("OS_CLOUD", cloud);
        }
        var found = CloudsYaml.find(environment, Path.of(""))
                .orElseThrow(() -> new IllegalArgumentException("no cloud: give --openstack, or set OS_CLOUD"));
        return OlderApi.over(RestFactory.open(found)); // as octavia-service sees it
    }
}
