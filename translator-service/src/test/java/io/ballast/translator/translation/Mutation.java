package io.ballast.translator.translation;

import io.ballast.schemas.contract.AddressType;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.EndpointTarget;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.NodeAddress;
import io.ballast.schemas.contract.NodeSnapshot;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServicePort;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.SessionAffinity;
import io.ballast.schemas.contract.SliceEndpoint;
import io.ballast.schemas.contract.SlicePort;
import io.ballast.schemas.contract.TrafficPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** One change to an input, such as a person, a bug or a newer Kubernetes might make. */
final class Mutation {
    static final List<String> NASTY = List.of(
            "",
            " ",
            "\u0000",
            "a\r\nSet-Cookie: b",
            "${jndi:ldap://x}",
            "%n%s%d",
            "../../v2.0/lbaas/loadbalancers",
            "<script>alert(1)</script>",
            "\u202egnp.exe",
            "\ud83d\ude00",
            "\ud800",
            "'; drop table",
            "a,b",
            "0",
            "-1",
            "65536",
            "99999999999999999999",
            "1e3",
            "08080",
            "true ",
            "TRUE",
            "null",
            "x".repeat(300),
            "y".repeat(262_144),
            "127.0.0.1",
            "0177.0.0.1",
            "010.001.000.011",
            "1.2",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.1.0.1",
            "fe80::1%eth0",
            "FD10:0:0:1:0:0:0:1",
            "fd10:0:0:1::00001",
            "64:ff9b::a9fe:a9fe",
            "10.1.0.1/32",
            "0.0.0.0/0",
            "10.0.0.0/33",
            " 203.0.113.7/24 ",
            "169.254.169.254",
            "255.255.255.255",
            "None",
            "default",
            "proto=x");

    private static final List<String> ANNOTATIONS = List.of(
            "ballast.io/manage",
            "ballast.io/members",
            "ballast.io/paused",
            "ballast.io/internal",
            "ballast.io/pool",
            "ballast.io/connection-limit",
            "ballast.io/algorithm",
            "ballast.io/node-selector",
            "ballast.io/timeout-client-data",
            "loadbalancer.openstack.org/node-selector",
            "loadbalancer.openstack.org/timeout-member-data",
            "openstack.org/kuryr-timeout-client-data",
            "service.beta.kubernetes.io/load-balancer-source-ranges",
            "service.beta.kubernetes.io/openstack-internal-load-balancer");
    private static final List<Integer> NUMBERS =
            List.of(Integer.MIN_VALUE, -1, 0, 1, 80, 65_535, 65_536, Integer.MAX_VALUE);

    private final Random random;

    private Mutation(Random random) {
        this.random = random;
    }

    static RandomInput of(Random random, RandomInput input) {
        return new Mutation(random).mutate(input);
    }

    private RandomInput mutate(RandomInput input) {
        return switch (random.nextInt(3)) {
            case 0 -> input.with(service(input.service()), input.slices());
            case 1 -> input.with(input.service(), slices(input.slices()));
            default ->
                new RandomInput(input.key(), input.snapshot(), input.slices(), nodes(input.nodes()), input.settings());
        };
    }

    private ServiceBody service(ServiceBody body) {
        int what = random.nextInt(15);
        return new ServiceBody(
                what == 0 ? pick(List.of(ServiceType.values())) : body.type(),
                what == 1 ? put(body.labels(), "service.kubernetes.io/service-proxy-name", text()) : body.labels(),
                what <= 5 && what > 1 ? put(body.annotations(), pick(ANNOTATIONS), text()) : body.annotations(),
                body.namespaceLabels(),
                body.namespaceAnnotations(),
                body.hasSelector(),
                what == 6 ? changed(body.clusterIps(), _ -> text()) : body.clusterIps(),
                what == 7 ? changed(body.ipFamilies(), _ -> pick(List.of(IpFamily.values()))) : body.ipFamilies(),
                body.ipFamilyPolicy(),
                what >= 8 && what <= 10 ? changed(body.ports(), this::port) : body.ports(),
                what == 11 ? text() : body.loadBalancerIp(),
                what == 12 ? text() : body.loadBalancerClass(),
                what == 13 ? List.of(text(), text()) : body.sourceRanges(),
                what == 14 ? pick(List.of(SessionAffinity.values())) : body.sessionAffinity(),
                what == 14 ? Integer.valueOf(number()) : body.sessionAffinityTimeoutSeconds(),
                what == 14 ? pick(List.of(TrafficPolicy.values())) : body.externalTrafficPolicy(),
                body.internalTrafficPolicy(),
                what == 14 ? Integer.valueOf(number()) : body.healthCheckNodePort(),
                body.allocateNodePorts(),
                body.publishNotReadyAddresses());
    }

    private ServicePort port(ServicePort port) {
        return switch (random.nextInt(6)) {
            case 0 ->
                new ServicePort(
                        text(), port.protocol(), port.port(), port.targetPort(), port.nodePort(), port.appProtocol());
            case 1 ->
                new ServicePort(
                        port.name(),
                        pick(List.of(PortProtocol.values())),
                        port.port(),
                        port.targetPort(),
                        port.nodePort(),
                        port.appProtocol());
            case 2 ->
                new ServicePort(
                        port.name(), port.protocol(), number(), port.targetPort(), port.nodePort(), port.appProtocol());
            case 3 ->
                new ServicePort(port.name(), port.protocol(), port.port(), text(), port.nodePort(), port.appProtocol());
            case 4 ->
                new ServicePort(
                        port.name(), port.protocol(), port.port(), port.targetPort(), number(), port.appProtocol());
            default -> new ServicePort(null, port.protocol(), port.port(), port.targetPort(), null, text());
        };
    }

    private List<EndpointSliceSnapshot> slices(List<EndpointSliceSnapshot> slices) {
        if (slices.isEmpty() || random.nextInt(8) == 0) {
            var more = new ArrayList<>(slices);
            more.addAll(slices); // everything twice
            return more;
        }
        return changed(
                slices,
                slice -> new EndpointSliceSnapshot(
                        slice.clusterUid(),
                        slice.uid(),
                        slice.resourceVersion(),
                        random.nextInt(4) == 0 ? pick(List.of(AddressType.values())) : slice.addressType(),
                        random.nextInt(4) == 0 ? text() : slice.managedBy(),
                        random.nextBoolean() ? changed(slice.ports(), this::slicePort) : slice.ports(),
                        random.nextBoolean() ? changed(slice.endpoints(), this::endpoint) : slice.endpoints()));
    }

    private SlicePort slicePort(SlicePort port) {
        return switch (random.nextInt(4)) {
            case 0 -> new SlicePort(text(), port.protocol(), port.port());
            case 1 -> new SlicePort(port.name(), pick(List.of(PortProtocol.values())), port.port());
            case 2 -> new SlicePort(port.name(), port.protocol(), null);
            default -> new SlicePort(port.name(), port.protocol(), number());
        };
    }

    private SliceEndpoint endpoint(SliceEndpoint endpoint) {
        boolean address = random.nextBoolean();
        return new SliceEndpoint(
                address ? random.nextInt(4) == 0 ? List.of() : List.of(text(), text()) : endpoint.addresses(),
                true,
                endpoint.serving(),
                endpoint.terminating(),
                text(),
                address ? endpoint.nodeName() : text(),
                address ? endpoint.target() : new EndpointTarget(text(), text(), text(), text()));
    }

    private Map<String, NodeSnapshot> nodes(Map<String, NodeSnapshot> nodes) {
        var changed = new TreeMap<>(nodes);
        changed.put(
                text(),
                new NodeSnapshot(
                        "cluster-uid",
                        "uid",
                        List.of(new NodeAddress(random.nextBoolean() ? "InternalIP" : text(), text())),
                        random.nextBoolean(),
                        false,
                        Map.of(text(), text()),
                        false));
        return changed;
    }

    private static Map<String, String> put(Map<String, String> map, String key, String value) {
        var more = new TreeMap<>(map);
        more.put(key, value);
        return more;
    }

    private <T> List<T> changed(List<T> list, UnaryOperator<T> change) {
        if (list.isEmpty()) {
            return list;
        }
        var next = new ArrayList<>(list);
        int at = random.nextInt(next.size());
        switch (random.nextInt(6)) {
            case 0 -> next.remove(at);
            case 1 -> next.add(next.get(at));
            default -> next.set(at, change.apply(next.get(at)));
        }
        return next;
    }

    private String text() {
        return pick(NASTY);
    }

    private int number() {
        return pick(NUMBERS);
    }

    private <T> T pick(List<T> from) {
        return RandomInput.pick(random, from);
    }
}
