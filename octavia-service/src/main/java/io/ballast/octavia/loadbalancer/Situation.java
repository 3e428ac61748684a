package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerState;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ProvisioningStatus;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything a decision about one Service rests on.
 *
 * @param key the Service
 * @param desired its desired state; null when there is none
 * @param allocation its addresses; null when there are none
 * @param status its status as last published; null when there is none
 * @param knowledge the OpenStack side
 * @param policy configuration
 * @param now the time
 */
public record Situation(
        ServiceKey key,
        @Nullable DesiredLoadBalancer desired,
        @Nullable AddressAllocation allocation,
        @Nullable LoadBalancerStatus status,
        Knowledge knowledge,
        Policy policy,
        Instant now) {
    /** The grant for this very Service and incarnation. */
    Optional<AddressAllocation> grant(DesiredLoadBalancer wanted) {
        return answer(wanted).filter(each -> each.state() == AllocationState.GRANTED);
    }

    /** ipam's answer for this very Service and incarnation, whatever it is. */
    Optional<AddressAllocation> answer(DesiredLoadBalancer wanted) {
        return Optional.ofNullable(allocation)
                .filter(each -> each.serviceUid().equals(wanted.serviceUid()))
                .filter(each -> each.incarnation() == wanted.incarnation());
    }

    /** The status, when it speaks of this very Service and incarnation. */
    Optional<LoadBalancerStatus> statusOf(DesiredLoadBalancer wanted) {
        return Optional.ofNullable(status)
                .filter(each -> each.serviceUid().equals(wanted.serviceUid()))
                .filter(each -> each.incarnation() == wanted.incarnation());
    }

    /** Whether the load balancer is still the one that our create is making: never yet seen ACTIVE. */
    boolean isBeingMade(DesiredLoadBalancer wanted) {
        return statusOf(wanted)
                .filter(each -> each.phase() == LoadBalancerPhase.CREATING)
                .isPresent();
    }

    /** Whether it may have served: it was seen ACTIVE, or nobody knows. What our create is making has not. */
    boolean hasServed(DesiredLoadBalancer wanted, LoadBalancerHead head) {
        if (head.isActive()) {
            return true;
        }
        return !isBeingMade(wanted)
                && statusOf(wanted).stream()
                        .flatMap(each -> each.loadBalancers().stream())
                        .filter(each -> each.id().equals(head.id()))
                        .findFirst()
                        .map(LoadBalancerState::served)
                        .orElse(head.provisioning() != ProvisioningStatus.PENDING_CREATE);
    }

    Identity identity(DesiredLoadBalancer wanted) {
        return Identity.of(wanted.clusterUid(), wanted.serviceUid(), key);
    }

    /** Load balancers tagged with this cluster and this uid. */
    List<LoadBalancerHead> mine(Identity identity) {
        return knowledge.heads().values().stream()
                .filter(head -> head.identity()
                        .filter(each -> each.clusterUid().equals(identity.clusterUid())
                                && each.serviceUid().equals(identity.serviceUid()))
                        .isPresent())
                .toList();
    }

    /** Load balancers of an earlier Service of the same name in the same cluster. */
    List<LoadBalancerHead> strays(Identity identity) {
        return knowledge.heads().values().stream()
                .filter(head -> head.identity()
                        .filter(each -> each.clusterUid().equals(identity.clusterUid())
                                && each.key().equals(identity.key())
                                && !each.serviceUid().equals(identity.serviceUid()))
                        .isPresent())
                .toList();
    }
}
