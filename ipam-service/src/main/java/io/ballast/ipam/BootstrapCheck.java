package io.ballast.ipam;

import io.ballast.ipam.allocation.Rules;
import io.ballast.schemas.contract.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds a Kafka that can be reached through a VIP only. Where every ClusterIP is a load balancer of ours, nothing would
 * start again once that one is lost.
 */
final class BootstrapCheck {
    private BootstrapCheck() {}

    /** What is wrong with the bootstrap servers, in words; empty when nothing is. Looks names up, as the system does. */
    static Optional<String> fault(String bootstrapServers, Rules rules) {
        return fault(bootstrapServers, rules, BootstrapCheck::lookUp);
    }

    static Optional<String> fault(String bootstrapServers, Rules rules, Function<String, List<String>> lookUp) {
        return Arrays.stream(bootstrapServers.split(",", -1))
                .map(String::strip)
                .flatMap(server -> lookUp.apply(host(server)).stream()
                        .flatMap(address -> IpAddress.parse(address).stream())
                        .flatMap(address -> fault(server, address, rules).stream()))
                .findFirst();
    }

    private static Optional<String> fault(String server, IpAddress address, Rules rules) {
        return rules.vipPools().stream()
                .filter(pool -> pool.ranges().stream().anyMatch(range -> range.contains(address)))
                .findFirst()
                .map(pool ->
                        ("names %s, whose address %s is in the VIP ranges %s of cluster %s: it would be reached through a"
                                        + " load balancer that Ballast makes; name brokers outside the cluster, or by node addresses")
                                .formatted(server, address, pool.ranges(), pool.cluster()));
    }

    /** The host of {@code host:port} or {@code [IPv6]:port}. */
    private static String host(String server) {
        int colon = server.lastIndexOf(':');
        var host = colon < 0 ? server : server.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static List<String> lookUp(String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host))
                    .map(InetAddress::getHostAddress)
                    .toList();
        } catch (UnknownHostException e) {
            return List.of(); // Kafka's client says so when it connects
        }
    }
}
