package io.ballast.octavia.kafka;

import io.ballast.octavia.loadbalancer.LoadBalancerHead;
import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.runtime.shell.Marks;
import io.ballast.runtime.shell.Pass;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * Lists floating IPs more often than all the rest, in one request for all Services: nothing else tells that a user
 * associated one by hand, or took it away.
 */
final class FloatingIpLister {
    private final OctaviaSettings settings;
    private final Map<Integer, OctaviaPartition> partitions;
    private final FloatingIps floatingIps;
    private Instant began = Instant.MIN;
    private Instant next = Instant.MAX;

    FloatingIpLister(OctaviaSettings settings, Map<Integer, OctaviaPartition> partitions, FloatingIps floatingIps) {
        this.settings = settings;
        this.partitions = partitions;
        this.floatingIps = floatingIps;
    }

    /** Everything was listed, floating IPs among it. */
    void listedAll(Marks marks, Instant now) {
        await(marks, now);
    }

    /** The list of everything fails, which knows when to ask again. */
    void stop() {
        next = Instant.MAX;
    }

    Pass<OctaviaCall> pass(Instant now) {
        if (partitions.isEmpty() || next.equals(Instant.MAX)) {
            return Pass.nothing();
        }
        if (next.isAfter(now)) {
            return Pass.later(next);
        }
        began = now;
        return Pass.call(new OctaviaCall.ListFloatingIps());
    }

    void answered(OctaviaAnswer answer, Marks marks, Instant now) {
        switch (answer) {
            case OctaviaAnswer.FloatingIpsListed(var seen) -> {
                var ports = floatingIps.listed(seen, began);
                partitions.values().forEach(partition -> changed(partition, ports, marks));
            }
            case OctaviaAnswer.Failed _ -> {} // the next one may tell more
            default -> throw new IllegalStateException("a list of floating IPs was answered with " + answer);
        }
        if (!next.equals(Instant.MAX)) {
            await(marks, now);
        }
    }

    private void await(Marks marks, Instant now) {
        next = now.plus(settings.floatingIpInterval());
        marks.markAt(OctaviaReconciler.FLOATING_IPS, next);
    }

    private static void changed(OctaviaPartition partition, Set<String> ports, Marks marks) {
        if (ports.isEmpty()) {
            return;
        }
        partition.memories.forEach((key, memory) -> {
            if (leadsTo(memory, ports)) {
                marks.mark(partition.key(key));
            }
        });
    }

    /** Whether a load balancer of the Service has one of these ports. */
    static boolean leadsTo(ServiceMemory memory, Set<String> ports) {
        return memory.heads().stream()
                .map(LoadBalancerHead::vips)
                .flatMap(vips -> vips.stream())
                .anyMatch(vip -> ports.contains(vip.portId()));
    }
}
