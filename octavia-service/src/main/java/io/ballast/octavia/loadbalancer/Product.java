package io.ballast.octavia.loadbalancer;

/** What an accepted write answered with. */
public sealed interface Product {
    /** A load balancer as far as the reply showed it: everything when it was created. */
    record OfLoadBalancer(ObservedLoadBalancer loadBalancer) implements Product {}

    record OfListener(ObservedLoadBalancer.Listener listener) implements Product {}

    /** A pool without its members and monitor. */
    record OfPool(ObservedLoadBalancer.Pool pool) implements Product {}

    record OfMember(ObservedLoadBalancer.Member member) implements Product {}

    record OfMonitor(ObservedLoadBalancer.Monitor monitor) implements Product {}

    record OfFloatingIp(FloatingIp floatingIp) implements Product {}

    /** Nothing but the status. */
    record Nothing() implements Product {}
}
