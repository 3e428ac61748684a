package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Member;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Pool;
import io.ballast.octavia.loadbalancer.Sentences.Said;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AssociatedExternal;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerState;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.MemberCount;
import io.ballast.schemas.contract.ObservedListener;
import io.ballast.schemas.contract.OperatingStatus;
import io.ballast.schemas.contract.ProvisioningStatus;
import io.ballast.schemas.contract.Repair;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The record that says what became of load balancers, and what is observed of them. */
final class Statuses {
    private Statuses() {}

    static LoadBalancerStatus of(
            Situation situation,
            DesiredLoadBalancer desired,
            LoadBalancerPhase phase,
            @Nullable Said said,
            String otherwise,
            long appliedGeneration,
            List<Repair> repairs) {
        var failure = situation.knowledge().failure();
        var identity = situation.identity(desired);
        return new LoadBalancerStatus(
                phase,
                desired.clusterUid(),
                desired.serviceUid(),
                desired.incarnation(),
                desired.generation(),
                appliedGeneration,
                said == null ? null : said.reason(),
                said == null ? otherwise : said.message(),
                failure == null ? null : failure.requestId(),
                loadBalancers(situation, identity),
                externals(situation, identity),
                repairs);
    }

    static long appliedBefore(Situation situation, DesiredLoadBalancer desired) {
        return situation
                .statusOf(desired)
                .map(LoadBalancerStatus::appliedGeneration)
                .orElse(0L);
    }

    /** One that is PENDING for too long; empty when none is. */
    static Optional<Said> stuck(Situation situation, DesiredLoadBalancer desired) {
        var limit = situation.now().minus(situation.policy().stuckAfter());
        return situation.mine(situation.identity(desired)).stream()
                .filter(head -> situation.knowledge().pendingSince().containsKey(head.id()))
                .filter(head -> !situation
                        .knowledge()
                        .pendingSince()
                        .getOrDefault(head.id(), limit)
                        .isAfter(limit))
                .findFirst()
                .map(head -> Sentences.stuck(head.id(), desired.state() == DesiredState.ABSENT));
    }

    /** Who holds a VIP of ours; empty when nobody was seen to. */
    static Optional<Said> taken(Situation situation) {
        var vips = situation.knowledge().vips();
        return vips.suspected()
                .map(left -> Sentences.leftover(left.holder(), left.provenAt()))
                .or(() -> vips.sightings().stream().findFirst().map(each -> Sentences.heldBy(each.holder())));
    }

    /** The load balancers as they were last seen; those once published while nothing was listed yet. */
    static List<LoadBalancerState> loadBalancers(Situation situation, Identity identity) {
        if (!situation.knowledge().listed()) {
            return Optional.ofNullable(situation.status())
                    .map(LoadBalancerStatus::loadBalancers)
                    .orElse(List.of());
        }
        return situation.mine(identity).stream()
                .filter(head -> head.provisioning() != ProvisioningStatus.DELETED)
                .map(head -> state(situation, head, identity))
                .toList();
    }

    private static LoadBalancerState state(Situation situation, LoadBalancerHead head, Identity identity) {
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
                tags(situation, head),
                hasServed(situation, head, identity),
                List.copyOf(FailedMonitors.of(situation, head)));
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

    private static boolean hasServed(Situation situation, LoadBalancerHead head, Identity identity) {
        var desired = situation.desired();
        return desired == null
                || !desired.serviceUid().equals(identity.serviceUid())
                || situation.hasServed(desired, head);
    }

    private static List<ObservedListener> listeners(ObservedLoadBalancer full) {
        return full.listeners().stream()
                .map(each -> listener(
                        each, full.pool(each.defaultPoolId()).map(Pool::members).orElse(List.of())))
                .sorted(Comparator.comparing(ObservedListener::protocol).thenComparingInt(ObservedListener::port))
                .toList();
    }

    private static ObservedListener listener(ObservedLoadBalancer.Listener listener, List<Member> members) {
        var counts = members.stream()
                .collect(Collectors.groupingBy(
                        Member::operating, () -> new EnumMap<>(OperatingStatus.class), Collectors.summingInt(_ -> 1)));
        return new ObservedListener(
                listener.id(),
                listener.name(),
                listener.protocol(),
                listener.port(),
                members.size(),
                counts.getOrDefault(OperatingStatus.ERROR, 0),
                listener.operating(),
                counts.entrySet().stream()
                        .map(each -> new MemberCount(each.getKey(), each.getValue()))
                        .toList());
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
