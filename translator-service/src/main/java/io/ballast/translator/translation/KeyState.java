package io.ballast.translator.translation;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServiceSnapshot;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one Service when its life goes on.
 *
 * @param snapshot what the watcher says; null when it says nothing, or nothing that can be understood
 * @param translated what it should have; null unless the snapshot is PRESENT
 * @param desired our own last word; null when there is none
 * @param claim our own claim; null when there is none
 * @param allocation ipam's answer; null when there is none
 * @param status octavia's answer; null when there is none
 * @param answeredGone uid whose GONE was answered to the end and not repeated since; null for none
 */
public record KeyState(
        @Nullable ServiceSnapshot snapshot,
        @Nullable Translated translated,
        @Nullable DesiredLoadBalancer desired,
        @Nullable AddressClaim claim,
        @Nullable AddressAllocation allocation,
        @Nullable LoadBalancerStatus status,
        @Nullable String answeredGone) {

    /**
     * What the watcher says, as the life of the Service takes it. The API server makes default/kubernetes again whenever it is
     * deleted, with another uid and the same ClusterIP; every pod reaches the API server through its load balancer. So one that
     * is served keeps the uid under which it was served first, and its end is not believed. Of any other Service it is what the
     * watcher says.
     */
    public static @Nullable ServiceSnapshot lasting(
            ServiceKey key,
            @Nullable ServiceSnapshot snapshot,
            @Nullable DesiredLoadBalancer desired,
            @Nullable AddressClaim claim,
            @Nullable AddressAllocation allocation,
            @Nullable LoadBalancerStatus status) {
        if (snapshot == null || !KubernetesApi.is(key)) {
            return snapshot;
        }
        var state = new KeyState(snapshot, null, desired, claim, allocation, status, null);
        if (state.leaving().isPresent()) {
            return snapshot;
        }
        var uid = state.live()
                .map(DesiredLoadBalancer::serviceUid)
                .or(() -> state.traces().findFirst())
                .filter(known -> !known.isEmpty());
        if (uid.isEmpty()) {
            return snapshot;
        }
        return switch (snapshot.state()) {
            case PRESENT ->
                new ServiceSnapshot(
                        snapshot.state(),
                        snapshot.clusterUid(),
                        uid.get(),
                        snapshot.resourceVersion(),
                        snapshot.goneBecause(),
                        snapshot.service(),
                        snapshot.abandoned());
            case GONE -> null;
            case UNKNOWN -> snapshot;
        };
    }

    /** The desired load balancers that are meant to exist now. */
    Optional<DesiredLoadBalancer> live() {
        return Optional.ofNullable(desired).filter(KeyState::isLive);
    }

    /** The ABSENT that is our last word. */
    Optional<DesiredLoadBalancer> leaving() {
        return Optional.ofNullable(desired).filter(last -> last.state() == DesiredState.ABSENT);
    }

    private static boolean isLive(DesiredLoadBalancer desired) {
        return switch (desired.state()) {
            case PRESENT -> true;
            case REFUSED -> !desired.loadBalancers().isEmpty();
            case ABSENT, NOT_MANAGED, UNKNOWN -> false;
        };
    }

    /** Whether nothing of an ABSENT is left: no load balancer, no address. */
    boolean isOver(DesiredLoadBalancer absent) {
        return allocation != null
                && allocation.state() == AllocationState.RELEASED
                && allocation.incarnation() >= absent.incarnation()
                && status != null
                && status.phase() == LoadBalancerPhase.DELETED
                && status.serviceUid().equals(absent.serviceUid())
                && status.incarnation() >= absent.incarnation();
    }

    /** The uids of which something may exist, although no desired state of ours is live: octavia's witness first. */
    Stream<String> traces() {
        return Stream.of(
                        Optional.ofNullable(status)
                                .filter(last -> mayExist(last.phase()))
                                .map(LoadBalancerStatus::serviceUid),
                        Optional.ofNullable(claim)
                                .filter(last -> last.state() == ClaimState.WANTED)
                                .map(AddressClaim::serviceUid),
                        Optional.ofNullable(allocation)
                                .filter(last -> last.state() != AllocationState.RELEASED)
                                .map(AddressAllocation::serviceUid))
                .flatMap(Optional::stream);
    }

    private static boolean mayExist(LoadBalancerPhase phase) {
        return switch (phase) {
            case DELETED, REFUSED, NOT_MANAGED -> false;
            case UNKNOWN, WAITING, CREATING, UPDATING, ACTIVE, DEGRADED, ERROR, DELETING, OBSERVED -> true;
        };
    }

    /** The highest incarnation anybody speaks of; 0 when there never was one. */
    long incarnation() {
        return LongStream.of(
                        desired == null ? 0 : desired.incarnation(),
                        claim == null ? 0 : claim.incarnation(),
                        allocation == null ? 0 : allocation.incarnation(),
                        status == null ? 0 : status.incarnation())
                .max()
                .orElse(0);
    }

    /** The highest generation of desired state anybody speaks of. */
    long generation() {
        return Math.max(desired == null ? 0 : desired.generation(), status == null ? 0 : status.generation());
    }

    /** The highest generation of a claim anybody speaks of. */
    long claimGeneration() {
        return Math.max(claim == null ? 0 : claim.generation(), allocation == null ? 0 : allocation.claimGeneration());
    }

    ServiceSnapshot present() {
        return Objects.requireNonNull(snapshot, "decided for a snapshot");
    }
}
