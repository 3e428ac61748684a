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
 * @param layout networks of the cluster
 * @param kubeconfig a cluster that runs already
 * @param cloud name of a cloud in clouds.yaml
 * @param bootstrap a Kafka that runs already
 * @param provider Octavia provider of the load balancers, amphora or ovn
 * @param timingScale how slow the modelled OpenStack is, 1 for as slow as the real one was measured
 * @param services those that are run; the others get their configuration file only
 * @param folder where everything is written
 */
public record StackOptions(
        Layout layout,
        Optional<Path> kubeconfig,
        Optional<String> cloud,
        Optional<String> bootstrap,
        String provider,
        double timingScale,
        Set<Role> services,
        Path folder) {
    public StackOptions {
        services = Set.copyOf(services);
    }

    /** Everything is run here. */
    public static StackOptions local(Layout layout, String provider, double timingScale, Path folder) {
        return new StackOptions(
                layout,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                provider,
                timingScale,
                EnumSet.allOf(Role.class),
                folder);
    }
}
