package io.ballast.octavia.loadbalancer;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What OpenStack answered. */
public sealed interface OctaviaAnswer {
    /**
     * All of ours, every floating IP, and what else there is of load balancers.
     *
     * @param loadBalancers those that carry our tag, sorted by id
     * @param foreign those that carry no identity, sorted by id
     * @param floatingIps sorted by id
     */
    record Listed(List<LoadBalancerHead> loadBalancers, List<ForeignLoadBalancer> foreign, List<FloatingIp> floatingIps)
            implements OctaviaAnswer {}

    /** Every floating IP, sorted by id. */
    record FloatingIpsListed(List<FloatingIp> floatingIps) implements OctaviaAnswer {}

    /** What a look found, sorted by id. */
    record Found(List<LoadBalancerHead> loadBalancers) implements OctaviaAnswer {}

    /** Who holds VIPs; empty when nobody does. */
    record Holders(List<VipHolder> holders) implements OctaviaAnswer {}

    /** One load balancer in full. */
    record Seen(ObservedLoadBalancer loadBalancer) implements OctaviaAnswer {}

    /** Its statuses. */
    record Statuses(String loadBalancerId, ObservedLoadBalancer.Tree tree) implements OctaviaAnswer {}

    /** Where those asked for stand; those that are gone. */
    record Polled(List<LoadBalancerHead> loadBalancers, Set<String> gone) implements OctaviaAnswer {}

    /** What Neutron has of security groups. */
    record Access(ObservedAccess observed) implements OctaviaAnswer {}

    /** A write was accepted. */
    record Done(int status, @Nullable String requestId, Product product) implements OctaviaAnswer {}

    /** It was not, or nobody knows. */
    record Failed(Failure failure) implements OctaviaAnswer {}
}
