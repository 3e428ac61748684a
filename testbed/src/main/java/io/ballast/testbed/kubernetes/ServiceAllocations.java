package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which ClusterIPs and node ports are taken, kept by watching what is stored. The next one is the one after the last given, so that
 * an address rests before it is used again; the lower band is left to those who ask for a certain one, until the upper is full.
 */
final class ServiceAllocations {
    static final int NODE_PORT_FIRST = 30_000;
    static final int NODE_PORT_LAST = 32_767;
    private static final int NODE_PORT_BAND = 86;

    private final List<AddressRange> ranges;
    private final Map<String, ObjectStore.Key> addresses = new HashMap<>();
    private final Map<String, ObjectStore.Key> nodePorts = new HashMap<>();
    private final Map<AddressRange, Integer> lastOffset = new HashMap<>();
    private int lastNodePort;

    ServiceAllocations(List<String> serviceCidrs) {
        this.ranges = serviceCidrs.stream().map(AddressRange::parse).toList();
    }

    /** The families that this cluster serves, the primary one first: {@code IPv4} or {@code IPv6}. */
    List<String> families() {
        return ranges.stream().map(ServiceAllocations::family).toList();
    }

    static String family(AddressRange range) {
        return range.isIpv6() ? "IPv6" : "IPv4";
    }

    static String family(String address) {
        return AddressRange.isIpv6(address) ? "IPv6" : "IPv4";
    }

    Optional<AddressRange> range(String family) {
        return ranges.stream().filter(range -> family(range).equals(family)).findFirst();
    }

    /** Follows a write of the store: what a Service no longer has is free. */
    void follow(ObjectStore.Change change) {
        if (change.key().storage().equals("/services")) {
            var before = change.before();
            if (before != null) {
                clusterAddresses(before).forEach(addresses::remove);
                portKeys(before).forEach(nodePorts::remove);
            }
            var after = change.after();
            if (after != null) {
                clusterAddresses(after).forEach(address -> taken(address, change.key()));
                portKeys(after).forEach(port -> nodePorts.put(port, change.key()));
            }
        }
    }

    private void taken(String address, ObjectStore.Key owner) {
        addresses.put(address, owner);
    }

    static List<String> clusterAddresses(JsonNode service) {
        return Json.texts(Json.at(service, "spec", "clusterIPs")).stream()
                .filter(address -> !address.equals("None"))
                .toList();
    }

    private static List<String> portKeys(JsonNode service) {
        var spec = service.path("spec");
        var keys = Json.objects(spec.path("ports")).stream()
                .filter(port -> port.path("nodePort").asInt() != 0)
                .map(port -> Json.text(port, "protocol") + ":" + Json.text(port, "nodePort"))
                .toList();
        var health = spec.path("healthCheckNodePort").asInt();
        return health == 0
                ? keys
                : Stream.concat(keys.stream(), Stream.of("TCP:" + health)).toList();
    }

    boolean isAddressTaken(String address, ObjectStore.@Nullable Key by) {
        var owner = addresses.get(address);
        return owner != null && !owner.equals(by);
    }

    boolean isNodePortTaken(String protocol, int port, ObjectStore.@Nullable Key by) {
        var owner = nodePorts.get(protocol + ":" + port);
        return owner != null && !owner.equals(by);
    }

    private boolean isNodePortFree(int port) {
        return List.of("TCP", "UDP", "SCTP").stream()
                .noneMatch(protocol -> nodePorts.containsKey(protocol + ":" + port));
    }

    /** The next free address of a family, empty when the range is full. A dry run moves nothing on. */
    Optional<String> nextAddress(AddressRange range, boolean dryRun) {
        var usable = range.usable();
        var band = Math.min(Math.max(16, usable / 16), 256);
        var first = usable > 2 * band ? band + 1 : 1;
        var start = lastOffset.getOrDefault(range, first - 1);
        var found = firstFree(range, start + 1, usable)
                .or(() -> firstFree(range, first, start))
                .or(() -> firstFree(range, 1, first - 1));
        if (found.isPresent() && !dryRun) {
            lastOffset.put(range, found.get());
        }
        return found.map(range::at);
    }

    private Optional<Integer> firstFree(AddressRange range, int from, int to) {
        for (var offset = from; offset <= to; offset++) {
            if (!addresses.containsKey(range.at(offset))) {
                return Optional.of(offset);
            }
        }
        return Optional.empty();
    }

    /** The next free node port, none of {@code reserved} (those the same request takes), empty when the range is full. */
    Optional<Integer> nextNodePort(List<Integer> reserved, boolean dryRun) {
        var first = NODE_PORT_FIRST + NODE_PORT_BAND;
        var count = NODE_PORT_LAST - first + 1;
        var start = lastNodePort == 0 ? first : lastNodePort + 1;
        for (var i = 0; i < count; i++) {
            var port = first + Math.floorMod(start - first + i, count);
            if (isNodePortFree(port) && !reserved.contains(port)) {
                if (!dryRun) {
                    lastNodePort = port;
                }
                return Optional.of(port);
            }
        }
        for (var port = NODE_PORT_FIRST; port < first; port++) {
            if (isNodePortFree(port) && !reserved.contains(port)) {
                return Optional.of(port);
            }
        }
        return Optional.empty();
    }
}
