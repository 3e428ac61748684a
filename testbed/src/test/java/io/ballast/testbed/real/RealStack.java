package io.ballast.testbed.real;

import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.stack.GivenCloud;
import io.ballast.testbed.stack.StackOptions;
import java.nio.file.Path;
import java.util.Optional;

/** Stacks on the cloud of OS_CLOUD. */
public final class RealStack {
    /** What the names of the project's own networks begin with. */
    public static final String NETWORKS = "k8s";

    private RealStack() {}

    /** The cloud of OS_CLOUD, with networks whose names begin with the name. */
    public static GivenCloud cloud(String networks) {
        return new GivenCloud(System.getenv("OS_CLOUD"), networks, Layout.PUBLIC);
    }

    /** A stack of a cluster that has the project's networks. */
    public static StackOptions onItsNetworks(Layout layout, String provider, Path folder) {
        return on(NETWORKS, layout, provider, folder);
    }

    public static StackOptions on(String networks, Layout layout, String provider, Path folder) {
        return StackOptions.local(layout, provider, 1, folder).withCloud(Optional.of(cloud(networks)));
    }
}
