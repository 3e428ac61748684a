package io.ballast.octavia.kafka;

import io.ballast.octavia.loadbalancer.FloatingIp;
import io.ballast.octavia.loadbalancer.LoadBalancerHead;
import io.ballast.schemas.contract.InOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Every floating IP of the project, as last listed, and as our own writes left it since. */
final class FloatingIps {
    private final Map<String, FloatingIp> byId = new TreeMap<>();
    private final Map<String, Instant> writtenAt = new HashMap<>();
    private final Map<String, List<FloatingIp>> byPort = new HashMap<>();
    private Instant newest = Instant.MIN;

    /**
     * A list that began at a time: what we wrote since is newer, and so is a list that began later and was answered
     * first. Answers the ports that now have others than before.
     */
    Set<String> listed(List<FloatingIp> seen, Instant began) {
        if (began.isBefore(newest)) {
            return Set.of();
        }
        newest = began;
        var kept = new TreeMap<String, FloatingIp>();
        seen.forEach(each -> kept.put(each.id(), each));
        byId.forEach((id, each) -> {
            if (writtenAt.containsKey(id) && !writtenAt.getOrDefault(id, began).isBefore(began)) {
                kept.put(id, each);
            }
        });
        writtenAt.values().removeIf(time -> time.isBefore(began));
        byId.clear();
        byId.putAll(kept);
        var before = InOrder.copyOf(byPort);
        index();
        var ports = new HashSet<>(before.keySet());
        ports.addAll(byPort.keySet());
        ports.removeIf(port -> before.getOrDefault(port, List.of()).equals(byPort.getOrDefault(port, List.of())));
        return ports;
    }

    void put(FloatingIp floatingIp, Instant now) {
        byId.put(floatingIp.id(), floatingIp);
        writtenAt.put(floatingIp.id(), now);
        index();
    }

    /** Those that lead to a VIP of these load balancers, sorted by id. */
    List<FloatingIp> leadingTo(Collection<LoadBalancerHead> heads) {
        return heads.stream()
                .flatMap(head -> head.vips().stream())
                .filter(vip -> !vip.portId().isEmpty())
                .flatMap(vip -> byPort.getOrDefault(vip.portId(), List.of()).stream())
                .distinct()
                .toList();
    }

    private void index() {
        byPort.clear();
        byId.values().forEach(each -> {
            var port = each.portId();
            if (port != null) {
                byPort.computeIfAbsent(port, _ -> new ArrayList<>()).add(each);
            }
        });
    }
}
