package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.LoadBalancerState;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedListener;
import io.ballast.schemas.contract.OperatingStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What of a status moves by itself: operating statuses, of listeners and members too, and the time of the last change that they move in
 * Octavia. A member that comes and goes by the second would be as many records; so they alone are told once a minute.
 */
final class HealthNews {
    static final Duration AT_MOST_EACH = Duration.ofMinutes(1);

    private HealthNews() {}

    /** Until when the news waits; empty when it is more than health, or health was not told lately. */
    static Optional<Instant> heldUntil(
            LoadBalancerStatus published, LoadBalancerStatus next, Instant toldAt, Instant now) {
        return isAll(published, next) && !toldAt.equals(Instant.MIN)
                ? Optional.of(toldAt.plus(AT_MOST_EACH)).filter(now::isBefore)
                : Optional.empty();
    }

    /** Whether nothing but health differs, and health does. */
    static boolean isAll(LoadBalancerStatus published, LoadBalancerStatus next) {
        var before = published.loadBalancers();
        var after = next.loadBalancers();
        return !before.equals(after)
                && before.stream()
                        .map(HealthNews::without)
                        .toList()
                        .equals(after.stream().map(HealthNews::without).toList())
                && rest(published).equals(rest(next));
    }

    private static LoadBalancerState without(LoadBalancerState state) {
        return new LoadBalancerState(
                state.id(),
                state.name(),
                state.provider(),
                state.vips(),
                state.provisioningStatus(),
                OperatingStatus.UNKNOWN,
                state.listeners().stream()
                        .map(each -> new ObservedListener(
                                each.id(), each.name(), each.protocol(), each.port(), each.members()))
                        .toList(),
                "",
                state.tags(),
                state.served(),
                state.failedMonitors());
    }

    private static LoadBalancerStatus rest(LoadBalancerStatus status) {
        return new LoadBalancerStatus(
                status.phase(),
                status.clusterUid(),
                status.serviceUid(),
                status.incarnation(),
                status.generation(),
                status.appliedGeneration(),
                status.reason(),
                status.message(),
                null,
                List.of(),
                status.externals(),
                status.repairs());
    }
}
