package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.AssociatedExternal;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.StatusReason;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which granted floating IPs Neutron no longer has. A doubt comes from octavia, which could not associate one, or from a
 * list that did not show it; it is no proof. Two looks by id are, unless octavia still sees it lead to the load balancer:
 * then somebody's credentials are wrong, and nothing is touched.
 */
final class Vanished {
    /** How old a look may be on which an address is given up. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    /**
     * The answer.
     *
     * @param ids Neutron ids of those that are gone and may be given up now
     * @param step what to look at first; null for nothing
     * @param again when to decide once more; null for never
     */
    record Answer(
            Set<String> ids, @Nullable Step step, @Nullable Instant again) {}

    private final AllocationCommand.Claim command;
    private final Set<String> ids = new HashSet<>();
    private @Nullable Step step;
    private @Nullable Instant again;

    private Vanished(AllocationCommand.Claim command) {
        this.command = command;
    }

    static Answer among(List<GrantedExternal> granted, AllocationCommand.Claim command) {
        var vanished = new Vanished(command);
        for (var external : granted) {
            var id = external.floatingIpId();
            if (external.state() == AllocationState.GRANTED && id != null && vanished.isDoubted(id)) {
                vanished.judge(id);
            }
        }
        return new Answer(InOrder.copyOf(vanished.ids), vanished.step, vanished.again);
    }

    private boolean isDoubted(String id) {
        var status = command.status();
        boolean isMissed = status != null
                && status.reason() == StatusReason.FLOATING_IP_GONE
                && status.serviceUid().equals(command.claim().serviceUid())
                && !leads(status, id);
        return isMissed || command.known().doubted().contains(id);
    }

    private void judge(String id) {
        var now = command.now();
        var sight = command.known().sights().get(id);
        var held = command.known().replaceNotBefore();
        var notBefore = held == null || held.isBefore(now) ? now : held;
        boolean isGone = sight != null && sight.isGone() && !leads(command.status(), id);
        boolean mayGo = isGone && !notBefore.isAfter(now);
        if (mayGo && isFresh(sight, now)) {
            ids.add(id);
        } else if (command.known().denied() != null) {
            soon(now.plus(ExternalDecision.LOOK_AGAIN));
        } else if (mayGo || sight == null || !sight.next().isAfter(now)) {
            step = new Step.LookFor(id);
        } else {
            soon(sight.next());
            if (isGone) {
                soon(notBefore);
            }
        }
    }

    private static boolean isFresh(@Nullable Sight sight, Instant now) {
        return sight != null && sight.last().plus(FRESH).isAfter(now);
    }

    private void soon(Instant time) {
        var before = again;
        again = before == null || time.isBefore(before) ? time : before;
    }

    private static boolean leads(@Nullable LoadBalancerStatus status, String id) {
        return status != null
                && status.externals().stream()
                        .map(AssociatedExternal::floatingIpId)
                        .anyMatch(id::equals);
    }
}
