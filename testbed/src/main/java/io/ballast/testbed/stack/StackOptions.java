package io.ballast.testbed.stack;

import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.stack.LocalStack.Role;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a stack is made of. A part that is not given is run here.
 *
 * @param cluster name of the cluster
 * @param layout networks of the cluster
 * @param kubeconfig a cluster that runs already
 * @param cloud a cloud that runs already
 * @param bootstrap a Kafka that runs already
 * @param provider Octavia provider of the load balancers, amphora or ovn
 * @param timingScale how slow the modelled OpenStack is, 1 for as slow as the real one was measured
 * @param services those that are run; the others get their configuration file only
 * @param folder where everything is written
 */
public record StackOptions(
        String cluster,
        Layout layout,
        Optional<Path> kubeconfig,
        Optional<GivenCloud> cloud,
        Optional<String> bootstrap,
        String provider,
        double timingScale,
        Set<Role> services,
        Path folder) {
    /** Name of the cluster where nobody gives one. */
    public static final String CLUSTER = "local";

    public StackOptions {
        services = Set.copyOf(services);
    }

    /** Everything is run here. */
    public static StackOptions local(Layout layout, String provider, double timingScale, Path folder) {
        return new StackOptions(
                CLUSTER,
                layout,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                provider,
                timingScale,
                EnumSet.allOf(Role.class),
                folder);
    }

    public StackOptions withCluster(String name) {
        return new StackOptions(name, layout, kubeconfig, cloud, bootstrap, provider, timingScale, services, folder);
    }

    public StackOptions withKubeconfig(Optional<Path> file) {
        return new StackOptions(cluster, layout, file, cloud, bootstrap, provider, timingScale, services, folder);
    }

    public StackOptions withCloud(Optional<GivenCloud> given) {
        return new StackOptions(cluster, layout, kubeconfig, given, bootstrap, provider, timingScale, services, folder);
    }

    public StackOptions withBootstrap(Optional<String> servers) {
        return new StackOptions(cluster, layout, kubeconfig, cloud, servers, provider, timingScale, services, folder);
    }

    public StackOptions withServices(Set<Role> chosen) {
        return new StackOptions(cluster, layout, kubeconfig, cloud, bootstrap, provider, timingScale, chosen, folder);
    }
}
