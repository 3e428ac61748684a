package io.ballast.octavia.kafka;

import io.ballast.octavia.loadbalancer.ObservedLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAction;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/** The load balancer that a write to it or to one of its children is about. */
final class WrittenTo {
    private WrittenTo() {}

    /** Empty when none of them has what is written to. */
    static Optional<ObservedLoadBalancer> among(Collection<ObservedLoadBalancer> loadBalancers, OctaviaAction action) {
        var id =
                switch (action) {
                    case OctaviaAction.CreateListener(var owner, var _, var _) -> owner;
                    case OctaviaAction.CreatePool(var owner, var _) -> owner;
                    case OctaviaAction.CreateMember(var pool, var _) -> pool;
                    case OctaviaAction.UpdateMember(var pool, var _, var _) -> pool;
                    case OctaviaAction.DeleteMember(var pool, var _, var _, var _) -> pool;
                    case OctaviaAction.CreateMonitor(var pool, var _) -> pool;
                    case OctaviaAction.UpdateMonitor(var pool, var _, var _) -> pool;
                    case OctaviaAction.DeleteMonitor(var pool, var _) -> pool;
                    default -> action.resourceId();
                };
        return loadBalancers.stream()
                .filter(each -> Stream.of(
                                Stream.of(each.id()),
                                each.head().listenerIds().stream(),
                                each.head().poolIds().stream())
                        .flatMap(ids -> ids)
                        .anyMatch(known -> known.equals(id)))
                .findFirst();
    }
}
