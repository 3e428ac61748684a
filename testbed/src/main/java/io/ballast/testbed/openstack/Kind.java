package io.ballast.testbed.openstack;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of Octavia objects. */
enum Kind {
    LOAD_BALANCER("loadbalancers", "loadbalancer", "Load Balancer"),
    LISTENER("listeners", "listener", "Listener"),
    POOL("pools", "pool", "Pool"),
    MEMBER("members", "member", "Member"),
    HEALTH_MONITOR("healthmonitors", "healthmonitor", "Health Monitor");

    final String collection;
    final String singular;
    /** The words for it in error texts. */
    final String label;

    Kind(String collection, String singular, String label) {
        this.collection = collection;
        this.singular = singular;
        this.label = label;
    }

    static Optional<Kind> ofCollection(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.collection.equals(name))
                .findFirst();
    }
}
