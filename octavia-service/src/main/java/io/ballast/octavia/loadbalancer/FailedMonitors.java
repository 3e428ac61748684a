package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Monitor;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Pool;
import io.ballast.schemas.contract.DesiredHealthMonitor;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.LoadBalancerState;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Health monitors that the ovn provider put into ERROR. The load balancer stays ACTIVE then, and all traffic through its VIP
 * stops until the monitor is deleted; so it is, and the status remembers what it was, so that the same is not made again.
 * Another monitor, or the same after it was not desired for a while, is tried.
 */
final class FailedMonitors {
    private FailedMonitors() {}

    /** Those of one load balancer that are still desired as they failed, each as pool and monitor in words. */
    static SortedSet<String> of(Situation situation, LoadBalancerHead head) {
        var desired = situation.desired();
        if (desired == null || !head.isOvn()) {
            return new TreeSet<>();
        }
        var wanted = monitored(desired).toList();
        var failed = wanted.stream().map(FailedMonitors::words).collect(Collectors.toCollection(TreeSet::new));
        failed.retainAll(told(situation, desired, head));
        var full = situation.knowledge().full().get(head.id());
        if (full != null) {
            wanted.stream()
                    .filter(pool -> full.pools().stream().anyMatch(there -> isFailed(pool, there)))
                    .map(FailedMonitors::words)
                    .forEach(failed::add);
        }
        return failed;
    }

    private static boolean isFailed(DesiredPool wanted, Pool there) {
        Monitor monitor = there.monitor();
        return monitor != null
                && monitor.provisioning() == ProvisioningStatus.ERROR
                && there.name().equals(wanted.name());
    }

    private static List<String> told(Situation situation, DesiredLoadBalancer desired, LoadBalancerHead head) {
        return situation.statusOf(desired).stream()
                .flatMap(status -> status.loadBalancers().stream())
                .filter(each -> each.id().equals(head.id()))
                .map(LoadBalancerState::failedMonitors)
                .flatMap(Collection::stream)
                .toList();
    }

    private static Stream<DesiredPool> monitored(DesiredLoadBalancer desired) {
        return desired.loadBalancers().stream()
                .flatMap(body -> body.pools().stream())
                .filter(pool -> pool.healthMonitor() != null);
    }

    /** The blueprint without them: what is there of them goes. */
    static Blueprint without(Set<String> failed, Blueprint blueprint) {
        return failed.isEmpty() ? blueprint : blueprint.unmonitored(pool -> failed.contains(words(pool)));
    }

    private static String words(DesiredPool pool) {
        DesiredHealthMonitor monitor = pool.healthMonitor();
        return monitor == null
                ? pool.name()
                : "%s %s %d/%d/%d/%d"
                        .formatted(
                                pool.name(),
                                monitor.type(),
                                monitor.delaySeconds(),
                                monitor.timeoutSeconds(),
                                monitor.maxRetries(),
                                monitor.maxRetriesDown()); // ovn has no HTTP monitors
    }
}
