package io.ballast.testbed.stack;

import io.ballast.testbed.openstack.Layout;

/** The addresses that the modelled Kubernetes gives to pods in each layout. */
final class PodRanges {
    private PodRanges() {}

    /** A CIDR block; in the shared layout the last quarter of the allocation pool, so that pods never meet VIPs. */
    static String of(Layout layout) {
        return switch (layout) {
            case DEFAULT, IPV6, DUAL -> layout.podCidr();
            case SHARED -> "10.0.192.0/18";
        };
    }
}
