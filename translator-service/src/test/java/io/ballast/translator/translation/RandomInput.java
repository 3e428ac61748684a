package io.ballast.translator.translation;

import io.ballast.schemas.contract.AddressType;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.EndpointTarget;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.IpFamilyPolicy;
import io.ballast.schemas.contract.NodeAddress;
import io.ballast.schemas.contract.NodeSnapshot;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServicePort;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.SessionAffinity;
import io.ballast.schemas.contract.SliceEndpoint;
import io.ballast.schemas.contract.SlicePort;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.schemas.contract.TrafficPolicy;
import io.ballast.translator.TestClusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/** What Kubernetes might say about one Service, valid, and the settings of its cluster, by a random source. */
record RandomInput(
        ServiceKey key,
        ServiceSnapshot snapshot,
        List<EndpointSliceSnapshot> slices,
        Map<String, NodeSnapshot> nodes,
        ClusterSettings settings) {
    static final String CONTROLLER = "endpointslice-controller.k8s.io";

    private static final List<String> SETTINGS = List.of(
            "{}",
            "{members: nodes}",
            "{provider: ovn}",
            "{provider: ovn, members: nodes}",
            "{pools: per-port}",
            "{manage: load-balancers, members: nodes}",
            "{members: nodes, local-traffic: health-check}",
            "{dual-stack: per-family}",
            "{member-subnets: layer2, pod-subnets: {ipv4: pods, ipv6: pods6}, node-subnets: {ipv4: nodes}}",
            "{pod-ranges: [10.1.0.0/16, 'fd10:0:0:1::/64'], node-ranges: [192.168.0.0/16, 'fd10:0:0:ff::/64']}");

    Translated translate() {
        return Translation.translate(key, snapshot, slices, nodes, settings);
    }

    ServiceBody service() {
        return Objects.requireNonNull(snapshot.service());
    }

    RandomInput with(ServiceBody service, List<EndpointSliceSnapshot> next) {
        return new RandomInput(key, present(service), next, nodes, settings);
    }

    static ServiceSnapshot present(ServiceBody service) {
        return new ServiceSnapshot(SnapshotState.PRESENT, "cluster-uid", "uid", "1", null, service);
    }

    static RandomInput of(Random random) {
        boolean api = random.nextInt(12) == 0;
        var families = families(random, api);
        var ports = ports(random, api);
        return new RandomInput(
                api ? new ServiceKey("demo", "default", "kubernetes") : new ServiceKey("demo", "shop", "web"),
                present(service(random, families, ports, api)),
                slices(random, families, ports),
                nodes(random),
                pick(random, SETTINGS.stream().map(TestClusters::settings).toList()));
    }

    private static List<IpFamily> families(Random random, boolean api) {
        return switch (random.nextInt(api ? 2 : 4)) {
            case 0 -> List.of(IpFamily.IPV4);
            case 1 -> List.of(IpFamily.IPV6);
            case 2 -> List.of(IpFamily.IPV4, IpFamily.IPV6);
            default -> List.of(IpFamily.IPV6, IpFamily.IPV4);
        };
    }

    private static List<ServicePort> ports(Random random, boolean api) {
        if (api) {
            return List.of(new ServicePort("https", PortProtocol.TCP, 443, "6443", null, null));
        }
        var ports = new ArrayList<ServicePort>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            var protocol =
                    pick(random, List.of(PortProtocol.TCP, PortProtocol.TCP, PortProtocol.UDP, PortProtocol.SCTP));
            ports.add(new ServicePort(
                    "port-" + i,
                    protocol,
                    80 + i,
                    random.nextBoolean() ? "8080" : "name-" + i,
                    30_000 + i,
                    random.nextBoolean() ? "http" : null));
        }
        return ports;
    }

    private static ServiceBody service(Random random, List<IpFamily> families, List<ServicePort> ports, boolean api) {
        var type = api
                ? ServiceType.CLUSTER_IP
                : pick(random, List.of(ServiceType.CLUSTER_IP, ServiceType.NODE_PORT, ServiceType.LOAD_BALANCER));
        boolean restricted = type == ServiceType.LOAD_BALANCER && random.nextInt(4) == 0;
        return new ServiceBody(
                type,
                Map.of("app", "web"),
                random.nextInt(4) == 0 ? Map.of("ballast.io/connection-limit", "100") : Map.of(),
                Map.of(),
                Map.of(),
                !api && random.nextBoolean(),
                families.stream()
                        .map(family -> family == IpFamily.IPV4 ? "10.2.0.10" : "fd10:0:0:2::a")
                        .toList(),
                families,
                families.size() > 1 ? IpFamilyPolicy.REQUIRE_DUAL_STACK : IpFamilyPolicy.SINGLE_STACK,
                ports,
                null,
                null,
                restricted ? List.of("203.0.113.0/24", "2001:db8::/32") : List.of(),
                random.nextInt(3) == 0 ? SessionAffinity.CLIENT_IP : SessionAffinity.NONE,
                random.nextBoolean() ? 600 : null,
                random.nextInt(3) == 0 ? TrafficPolicy.LOCAL : TrafficPolicy.CLUSTER,
                random.nextInt(5) == 0 ? TrafficPolicy.LOCAL : null,
                random.nextBoolean() ? 31_000 : null,
                true,
                random.nextInt(5) == 0);
    }

    private static List<EndpointSliceSnapshot> slices(Random random, List<IpFamily> families, List<ServicePort> ports) {
        var slices = new ArrayList<EndpointSliceSnapshot>();
        for (var family : families) {
            int count = random.nextInt(4);
            for (int i = 0; i < count; i++) {
                slices.add(slice(random, family, ports, i));
            }
        }
        return slices;
    }

    private static EndpointSliceSnapshot slice(Random random, IpFamily family, List<ServicePort> ports, int number) {
        var resolved = ports.stream()
                .map(port -> new SlicePort(port.name(), port.protocol(), 8080 + random.nextInt(3)))
                .toList();
        var endpoints = new ArrayList<SliceEndpoint>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            endpoints.add(endpoint(random, family, number));
        }
        return new EndpointSliceSnapshot(
                "cluster-uid",
                "slice-" + number,
                "1",
                family == IpFamily.IPV4 ? AddressType.IPV4 : AddressType.IPV6,
                random.nextBoolean() ? CONTROLLER : "",
                resolved,
                endpoints);
    }

    private static SliceEndpoint endpoint(Random random, IpFamily family, int slice) {
        int last = 10 * slice + random.nextInt(20); // slices overlap
        boolean ready = random.nextInt(4) != 0;
        boolean serving = ready || random.nextBoolean();
        return new SliceEndpoint(
                List.of(
                        family == IpFamily.IPV4
                                ? "10.1.0." + (last + 1)
                                : "fd10:0:0:1::" + Integer.toHexString(last + 1)),
                ready,
                serving,
                !ready && random.nextBoolean(),
                null,
                random.nextBoolean() ? "node-" + random.nextInt(4) : null,
                random.nextBoolean() ? new EndpointTarget("Pod", "shop", "web-" + last, "") : null);
    }

    private static Map<String, NodeSnapshot> nodes(Random random) {
        var nodes = new TreeMap<String, NodeSnapshot>();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            nodes.put(
                    "node-" + i,
                    new NodeSnapshot(
                            "cluster-uid",
                            "node-uid-" + i,
                            List.of(
                                    new NodeAddress("InternalIP", "192.168.0." + (10 + i)),
                                    new NodeAddress("InternalIP", "fd10:0:0:ff::" + (10 + i)),
                                    new NodeAddress("Hostname", "node-" + i)),
                            random.nextInt(4) != 0,
                            random.nextInt(6) == 0,
                            Map.of("zone", "z" + i % 2),
                            random.nextInt(6) == 0));
        }
        return nodes;
    }

    static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
