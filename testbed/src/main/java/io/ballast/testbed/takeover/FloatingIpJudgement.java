package io.ballast.testbed.takeover;

import io.ballast.ipam.allocation.FloatingIp;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.testbed.takeover.Found.TheirFloatingIp;
import io.ballast.testbed.takeover.Found.TheirLoadBalancer;
import io.ballast.testbed.takeover.Found.TheirService;
import io.ballast.testbed.takeover.Verdict.FloatingIpChange;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of the floating IPs that lead to the VIP of one load balancer: those of the peer's pool become ours, those that
 * the user named stay the user's, and what neither explains stands in the way.
 */
final class FloatingIpJudgement {
    private final TakeOverPlan.Request request;
    private final Found found;
    private final TheirService service;
    private final TheirLoadBalancer loadBalancer;
    private final List<TheirFloatingIp> leading;

    private FloatingIpJudgement(
            TakeOverPlan.Request request, Found found, TheirService service, TheirLoadBalancer loadBalancer) {
        this.request = request;
        this.found = found;
        this.service = service;
        this.loadBalancer = loadBalancer;
        this.leading = found.floatingIps().stream()
                .filter(each -> !each.portId().isEmpty() && each.portId().equals(loadBalancer.vipPortId()))
                .sorted(Comparator.comparing(TheirFloatingIp::id))
                .toList();
    }

    static FloatingIpJudgement of(
            TakeOverPlan.Request request, Found found, TheirService service, TheirLoadBalancer loadBalancer) {
        return new FloatingIpJudgement(request, found, service, loadBalancer);
    }

    /** Why the address would not stay what it is; empty when it will. */
    Optional<String> refusal() {
        return leading.stream().flatMap(each -> refusal(each).stream()).findFirst();
    }

    private Optional<String> refusal(TheirFloatingIp each) {
        if (service.isLoadBalancer() && !service.loadBalancerIp().isEmpty() && !isNamed(each)) {
            return Optional.of("spec.loadBalancerIP names %s, but floating IP %s leads to its VIP %s: make them agree"
                    .formatted(service.loadBalancerIp(), each.address(), loadBalancer.vipAddress()));
        }
        if (!service.wantsPoolAddress()) {
            return Optional.empty();
        }
        if (service.keepsAddress()) {
            return Optional.of(
                    "it asks to keep floating IP %s when it is deleted: name it in spec.loadBalancerIP, so that it is yours"
                            .formatted(each.address()));
        }
        return isDescribed(each) || isOfPool(each)
                ? Optional.empty()
                : Optional.of(
                        "floating IP %s leads to its VIP, and %s did not make it%s: name it in spec.loadBalancerIP, so that it stays"
                                .formatted(
                                        each.address(),
                                        request.peer().title(),
                                        each.description().isEmpty()
                                                ? ""
                                                : " for this Service (its description: " + each.description() + ")"));
    }

    private boolean isNamed(TheirFloatingIp each) {
        return IpAddress.ofKubernetes(service.loadBalancerIp()).equals(IpAddress.parse(each.address()));
    }

    /** Those that ipam gets. */
    List<FloatingIpChange> changes() {
        return service.wantsPoolAddress()
                ? leading.stream()
                        .filter(each -> !isDescribed(each))
                        .map(each -> new FloatingIpChange(each.id(), each.address(), description()))
                        .toList()
                : List.of();
    }

    /** What is said of the others. */
    List<String> notes() {
        return service.wantsPoolAddress()
                ? List.of()
                : leading.stream()
                        .map(each -> "floating IP %s stays the user's".formatted(each.address()))
                        .toList();
    }

    private String description() {
        return FloatingIp.identity(request.clusterUid(), service.uid(), service.key());
    }

    private boolean isDescribed(TheirFloatingIp each) {
        return each.description().equals(description());
    }

    /** Whether the peer took it from its pool, for this Service. */
    private boolean isOfPool(TheirFloatingIp each) {
        return each.description().equals(request.peer().floatingIpDescription(service.key(), request.peerCluster()))
                && found.records().stream()
                        .noneMatch(record -> record.isOf(service.key())
                                && record.userFloatingIpId().equals(each.id()));
    }
}
