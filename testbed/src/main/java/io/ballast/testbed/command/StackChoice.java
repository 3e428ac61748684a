package io.ballast.testbed.command;

import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.stack.GivenCloud;
import io.ballast.testbed.stack.StackOptions;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a stack is made of, as far as every command that runs one takes it. */
final class StackChoice {
    @Option(
            names = "--layout",
            description = "default, shared, ipv6 or dual; default: ${DEFAULT-VALUE}",
            defaultValue = "default")
    private Layout layout = Layout.DEFAULT;

    @Option(names = "--provider", description = "amphora or ovn; default: ${DEFAULT-VALUE}", defaultValue = "amphora")
    private String provider = "amphora";

    @Option(
            names = "--openstack",
            paramLabel = "CLOUD",
            description = "A cloud of your clouds.yaml, instead of the model")
    private @Nullable String cloud;

    @Option(
            names = "--networks",
            paramLabel = "NAME",
            description =
                    "What the names of the networks in that cloud begin with: ballast plan --cluster NAME; default: ${DEFAULT-VALUE}",
            defaultValue = "k8s")
    private String networks = "k8s";

    @Option(
            names = "--external-network",
            paramLabel = "NETWORK",
            description = "The network of floating IPs in that cloud, id or name; default: ${DEFAULT-VALUE}",
            defaultValue = Layout.PUBLIC)
    private String externalNetwork = Layout.PUBLIC;

    @Option(
            names = "--cluster",
            description = "Name of the cluster; default: ${DEFAULT-VALUE}",
            defaultValue = StackOptions.CLUSTER)
    private String cluster = StackOptions.CLUSTER;

    StackOptions options(double timingScale, Path folder) {
        return StackOptions.local(layout, provider, timingScale, folder)
                .withCluster(cluster)
                .withCloud(Optional.ofNullable(cloud).map(name -> new GivenCloud(name, networks, externalNetwork)));
    }
}
