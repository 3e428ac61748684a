package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Monitor;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Pool;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateListener;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateMonitor;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteMonitor;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeletePool;
import io.ballast.octavia.loadbalancer.OctaviaAction.UpdateMonitor;
import io.ballast.schemas.contract.LbAlgorithm;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The order that health monitors of the ovn provider need. Its release 3.0.0 locks a load balancer for ever when a listener comes
 * beside a monitor, and when a monitor is written that came with a fully populated create: OVN has none of these.
 */
final class OvnMonitors {
    static final String PROVIDER = "ovn";

    private OvnMonitors() {}

    /** What to create at once: where the provider is, or may be, ovn, monitors come later. */
    static Blueprint atFirst(Blueprint blueprint) {
        return mayBeOvn(blueprint) ? blueprint.unmonitored(_ -> true) : blueprint;
    }

    /** The cloud's default provider may be, where the algorithm is the only one that ovn takes. */
    private static boolean mayBeOvn(Blueprint blueprint) {
        return blueprint.provider().equals(PROVIDER)
                || (blueprint.provider().isEmpty()
                        && blueprint.pools().stream().anyMatch(pool -> pool.algorithm() == LbAlgorithm.SOURCE_IP_PORT));
    }

    /** Whether OVN has none although Octavia shows one; a write to it would lock the load balancer. */
    static boolean isUnmade(ObservedLoadBalancer observed, @Nullable Monitor monitor) {
        return observed.head().isOvn()
                && monitor != null
                && monitor.provisioning() == ProvisioningStatus.PENDING_CREATE;
    }

    /** These writes, where no listener comes before the monitors are gone, and no pool goes before its own is. */
    static List<OctaviaAction> outOfTheWay(List<OctaviaAction> possible, ObservedLoadBalancer observed) {
        if (!observed.head().isOvn() || observed.pools().stream().noneMatch(pool -> isMonitored(observed, pool))) {
            return possible;
        }
        var next = new ArrayList<OctaviaAction>();
        var more = possible.stream().anyMatch(CreateListener.class::isInstance);
        if (more) {
            observed.pools().forEach(pool -> removal(observed, pool).ifPresent(next::add));
        }
        possible.stream()
                .filter(action -> !more || !isLater(action))
                .flatMap(action -> action instanceof DeletePool(var id, var _)
                        ? Stream.of(observed.pool(id)
                                .flatMap(pool -> removal(observed, pool))
                                .orElse(action))
                        : Stream.of(action))
                .forEach(next::add);
        return next;
    }

    private static boolean isLater(OctaviaAction action) {
        return switch (action) {
            case CreateListener _, CreateMonitor _, UpdateMonitor _ -> true;
            default -> false;
        };
    }

    private static Optional<OctaviaAction> removal(ObservedLoadBalancer observed, Pool pool) {
        return Optional.ofNullable(pool.monitor())
                .filter(monitor -> !isUnmade(observed, monitor))
                .map(monitor -> new DeleteMonitor(pool.id(), monitor.id()));
    }

    private static boolean isMonitored(ObservedLoadBalancer observed, Pool pool) {
        return removal(observed, pool).isPresent();
    }
}
