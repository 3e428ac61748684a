package io.ballast.testbed.kubernetes;

import java.time.Duration;
import java.util.List;

/**
 * The shape of a modelled cluster. One CIDR block per address family in each list, the primary family first; node addresses of the
 * families of {@code nodeCidrs}. {@code readyDelay} is how long a pod takes to get ready (or a Job to complete),
 * {@code terminationGrace} how long a deleted pod stays, {@code historyLimit} how many changes a watch may lag before it is answered 410.
 */
public record KubernetesSettings(
        List<String> serviceCidrs,
        List<String> podCidrs,
        List<String> nodeCidrs,
        int nodes,
        Duration readyDelay,
        Duration terminationGrace,
        int historyLimit,
        long seed) {
    public KubernetesSettings {
        serviceCidrs = List.copyOf(serviceCidrs);
        podCidrs = List.copyOf(podCidrs);
        nodeCidrs = List.copyOf(nodeCidrs);
        if (serviceCidrs.isEmpty() || serviceCidrs.size() > 2 || podCidrs.isEmpty() || podCidrs.size() > 2) {
            throw new IllegalArgumentException(
                    "one or two CIDR blocks for services and for pods, not " + serviceCidrs + " and " + podCidrs);
        }
        serviceCidrs.forEach(AddressRange::parse);
        podCidrs.forEach(AddressRange::parse);
        nodeCidrs.forEach(AddressRange::parse);
        if (nodes < 1 || nodes > 100) {
            throw new IllegalArgumentException("nodes: 1 to 100, not " + nodes);
        }
    }

    /** Three nodes, the default layout of the documentation, pods ready and gone at once. */
    public static KubernetesSettings defaults() {
        return new KubernetesSettings(
                List.of("10.2.0.0/17"),
                List.of("10.1.0.0/16"),
                List.of("192.168.64.0/24"),
                3,
                Duration.ZERO,
                Duration.ZERO,
                10_000,
                1);
    }

    public KubernetesSettings withServiceCidrs(String... cidrs) {
        return new KubernetesSettings(
                List.of(cidrs), podCidrs, nodeCidrs, nodes, readyDelay, terminationGrace, historyLimit, seed);
    }

    public KubernetesSettings withPodCidrs(String... cidrs) {
        return new KubernetesSettings(
                serviceCidrs, List.of(cidrs), nodeCidrs, nodes, readyDelay, terminationGrace, historyLimit, seed);
    }

    public KubernetesSettings withNodeCidrs(String... cidrs) {
        return new KubernetesSettings(
                serviceCidrs, podCidrs, List.of(cidrs), nodes, readyDelay, terminationGrace, historyLimit, seed);
    }

    public KubernetesSettings withNodes(int count) {
        return new KubernetesSettings(
                serviceCidrs, podCidrs, nodeCidrs, count, readyDelay, terminationGrace, historyLimit, seed);
    }

    public KubernetesSettings withDelays(Duration ready, Duration termination) {
        return new KubernetesSettings(serviceCidrs, podCidrs, nodeCidrs, nodes, ready, termination, historyLimit, seed);
    }

    public KubernetesSettings withHistoryLimit(int changes) {
        return new KubernetesSettings(
                serviceCidrs, podCidrs, nodeCidrs, nodes, readyDelay, terminationGrace, changes, seed);
    }

    public KubernetesSettings withSeed(long value) {
        return new KubernetesSettings(
                serviceCidrs, podCidrs, nodeCidrs, nodes, readyDelay, terminationGrace, historyLimit, value);
    }
}
