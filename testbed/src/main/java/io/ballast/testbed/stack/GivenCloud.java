package io.ballast.testbed.stack;

import io.ballast.openstack.CloudsYaml;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Optional;

/**
 * A cloud that runs already, and where in it a cluster's load balancers go.
 *
 * @param name in clouds.yaml
 * @param networks what the names of the cluster's networks begin with, as {@code ballast plan --cluster} made them
 * @param externalNetwork id or name of the network of floating IPs
 * @param file the clouds.yaml; empty for the one that the environment means
 */
public record GivenCloud(String name, String networks, String externalNetwork, Optional<Path> file) {
    /** One of the clouds.yaml that the environment means. */
    public GivenCloud(String name, String networks, String externalNetwork) {
        this(name, networks, externalNetwork, Optional.empty());
    }

    /** The same by another clouds.yaml. */
    public GivenCloud withFile(Path other) {
        return new GivenCloud(name, networks, externalNetwork, Optional.of(other));
    }

    /** A client of it, as a user of the project. */
    public Rest open() {
        var environment = new HashMap<>(System.getenv());
        environment.put("OS_CLOUD", name);
        file.ifPresent(given -> environment.put("OS_CLIENT_CONFIG_FILE", given.toString()));
        return RestFactory.open(CloudsYaml.find(environment, Path.of(""))
                .orElseThrow(() -> new IllegalStateException("no clouds.yaml names the cloud " + name)));
    }
}
