package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Pool;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AssociatedExternal;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.LoadBalancerState;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedListener;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The observed part of a status. */
final class Statuses {
    private Statuses() {}

    /** The load balancers as they were last seen; those once published while nothing was listed yet. */
    static List<LoadBalancerState> loadBalancers(Situation situation, Identity identity) {
        if (!situation.knowledge().listed()) {
            return Optional.ofNullable(situation.status())
                    .map(LoadBalancerStatus::loadBalancers)
                    .orElse(List.of());
        }
        return situation.mine(identity).stream()
                .filter(head -> head.provisioning() != ProvisioningStatus.DELETED)
                .map(head -> state(situation, head))
                .toList();
    }

    private static LoadBalancerState state(Situation situation, LoadBalancerHead head) {
        var full = situation.knowledge().full().get(head.id());
        return new LoadBalancerState(
                head.id(),
                head.name(),
                head.provider(),
                head.vips(),
                head.provisioning(),
                head.operating(),
                full == null ? publishedListeners(situation, head) : listeners(full),
                full == null ? publishedUpdatedAt(situation, head) : full.head().updatedAt(),
                tags(situation, head));
    }

    /** Of the tags it has those that are desired, or once were and are not gone yet. */
    private static List<String> tags(Situation situation, LoadBalancerHead head) {
        var ours = new TreeSet<>(situation.policy().tags());
        var desired = situation.desired();
        if (desired != null) {
            desired.loadBalancers().forEach(body -> ours.addAll(body.tags()));
        }
        published(situation, head).map(LoadBalancerState::tags).ifPresent(ours::addAll);
        ours.removeIf(tag -> Identity.isPart(tag) || !head.tags().contains(tag));
        return List.copyOf(ours);
    }

    private static List<ObservedListener> listeners(ObservedLoadBalancer full) {
        return full.listeners().stream()
                .map(each -> new ObservedListener(
                        each.id(),
                        each.name(),
                        each.protocol(),
                        each.port(),
                        full.pool(each.defaultPoolId())
                                .map(Pool::members)
                                .orElse(List.of())
                                .size()))
                .sorted(Comparator.comparing(ObservedListener::protocol).thenComparingInt(ObservedListener::port))
                .toList();
    }

    private static List<ObservedListener> publishedListeners(Situation situation, LoadBalancerHead head) {
        return published(situation, head).map(LoadBalancerState::listeners).orElse(List.of());
    }

    private static String publishedUpdatedAt(Situation situation, LoadBalancerHead head) {
        return published(situation, head).map(LoadBalancerState::updatedAt).orElse("");
    }

    /** What was said of a load balancer that was not read again since. */
    private static Optional<LoadBalancerState> published(Situation situation, LoadBalancerHead head) {
        return Stream.ofNullable(situation.status())
                .flatMap(status -> status.loadBalancers().stream())
                .filter(each -> each.id().equals(head.id()))
                .findFirst();
    }

    static List<AssociatedExternal> externals(Situation situation, Identity identity) {
        if (!situation.knowledge().listed()) {
            return Optional.ofNullable(situation.status())
                    .map(LoadBalancerStatus::externals)
                    .orElse(List.of());
        }
        return FloatingIpPlan.associated(
                identity,
                held(situation.allocation(), identity),
                situation.mine(identity),
                situation.knowledge().floatingIps());
    }

    private static List<GrantedExternal> held(@Nullable AddressAllocation allocation, Identity identity) {
        return allocation == null || !allocation.serviceUid().equals(identity.serviceUid())
                ? List.of()
                : Stream.concat(allocation.externals().stream(), allocation.lettingGo().stream())
                        .toList();
    }
}
