package io.ballast.testbed.stack;

import io.ballast.openstack.CloudsYaml;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestFactory;
import java.nio.file.Path;
import java.util.HashMap;

/**
 * A cloud that runs already, and where in it a cluster's load balancers go.
 *
 * @param name in clouds.yaml
 * @param networks what the names of the cluster's networks begin with, as {@code ballast plan --cluster} made them
 * @param externalNetwork id or name of the network of floating IPs
 */
public record GivenCloud(String name, String networks, String externalNetwork) {
    /** A client of it, as a user of the project. */
    public Rest open() {
        var environment = new HashMap<>(System.getenv());
        environment.put("OS_CLOUD", name);
        return RestFactory.open(CloudsYaml.find(environment, Path.of(""))
                .orElseThrow(() -> new IllegalStateException("no clouds.yaml names the cloud " + name)));
    }
}
