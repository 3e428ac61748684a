package io.ballast.testbed.stack;

import io.ballast.testbed.openstack.Layout;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a stack is made of. A part that is not given is run here.
 *
 * @param layout networks of the cluster
 * @param kubeconfig a cluster that runs already
 * @param cloud name of a cloud in clouds.yaml
 * @param bootstrap a Kafka that runs already
 * @param provider Octavia provider of the load balancers, amphora or ovn
 * @param timingScale how slow the modelled OpenStack is, 1 for as slow as the real one was measured
 * @param folder where everything is written
 */
public record StackOptions(
        Layout layout,
        Optional<Path> kubeconfig,
        Optional<String> cloud,
        Optional<String> bootstrap,
        String provider,
        double timingScale,
        Path folder) {
    /** Everything is run here. */
    public static StackOptions local(Layout layout, String provider, double timingScale, Path folder) {
        return new StackOptions(
                layout, Optional.empty(), Optional.empty(), Optional.empty(), provider, timingScale, folder);
    }
}
