package io.ballast.testbed.bench;

import java.util.Map;

/** The OpenStack of a bench. */
interface BenchCloud extends AutoCloseable {
    /** The section {@code openstack} of a service's configuration. */
    String configuration();

    /** Id of the subnet of VIPs. */
    String serviceSubnet();

    /** Calls so far by kind, since the process of these gauges started or before. */
    Map<String, Long> calls(Gauges gauges);

    @Override
    void close();
}
