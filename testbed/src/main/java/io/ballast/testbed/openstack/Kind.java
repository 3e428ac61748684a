package io.ballast.testbed.openstack;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of Octavia objects. */
enum Kind {
    LOAD_BALANCER("loadbalancers", "loadbalancer", "Load Balancer", "load_balancer.loadbalancer"),
    LISTENER("listeners", "listener", "Listener", "listener_.listener"),
    POOL("pools", "pool", "Pool", "pool_.pool"),
    MEMBER("members", "member", "Member", "member_.member"),
    HEALTH_MONITOR("healthmonitors", "healthmonitor", "Health Monitor", "health_monitor_.healthmonitor");

    final String collection;
    final String singular;
    /** The words for it in error texts. */
    final String label;
    /** Where error texts say that an attribute is not known. */
    final String argument;

    Kind(String collection, String singular, String label, String argument) {
        this.collection = collection;
        this.singular = singular;
        this.label = label;
        this.argument = argument;
    }

    static Optional<Kind> ofCollection(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.collection.equals(name))
                .findFirst();
    }
}
