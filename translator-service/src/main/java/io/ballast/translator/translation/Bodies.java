package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServicePort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;

/** The load balancers of one Service: listeners, pools, members. */
record Bodies(
        ServiceKey key,
        ServiceBody service,
        Backends backends,
        Exposure exposure,
        Manage manage,
        ProviderCapabilities provider,
        Findings findings) {
    /** What two ports must have in common to share a pool. */
    private record PoolKey(ListenerProtocol protocol, String target, List<DesiredMember> members) {}

    /**
     * One load balancer for all families where it can carry them, else one for each. Octavia changes no VIP of a load
     * balancer: one that is there keeps its families, a family that is added gets a load balancer of its own, and one whose
     * family is gone goes. Where that is not enough, all stay, their members follow, and the Service is told.
     *
     * @param there families of each load balancer that is there; empty when none is
     */
    List<DesiredLoadBalancerBody> of(List<IpFamily> families, List<List<IpFamily>> there) {
        var ports = ports();
        var wanted = shape(families, ports);
        if (there.isEmpty()) {
            return bodies(wanted, ports);
        }
        var next = Families.next(there, families);
        if (next.isPresent() && next.get().stream().allMatch(each -> each.size() < 2 || wanted.contains(each))) {
            return bodies(next.get(), ports);
        }
        findings.refuse(
                DesiredReason.RECREATE_NEEDED,
                "Address families would change from %s to %s, and Octavia changes no VIP of a load balancer: delete the Service and make it anew."
                        .formatted(there, wanted));
        return bodies(there, ports);
    }

    /** Families of each load balancer, primary first. */
    private List<List<IpFamily>> shape(List<IpFamily> families, List<ServicePort> ports) {
        boolean one = backends.settings().dualStack() == DualStack.ONE
                && provider.additionalVips()
                && ports.stream().allMatch(Bodies::crossesFamilies);
        return families.size() < 2 || one
                ? List.of(families)
                : families.stream().map(List::of).toList();
    }

    /** LVS, behind UDP and SCTP, cannot lead from one family to the other. Source: amphora driver of Octavia. */
    private static boolean crossesFamilies(ServicePort port) {
        return port.protocol() == PortProtocol.TCP;
    }

    private List<DesiredLoadBalancerBody> bodies(List<List<IpFamily>> shape, List<ServicePort> ports) {
        var bodies = new ArrayList<DesiredLoadBalancerBody>();
        for (var families : shape) {
            var second = bodies.isEmpty() ? null : families.getFirst();
            var carried = families.size() < 2
                    ? ports
                    : ports.stream().filter(Bodies::crossesFamilies).toList();
            bodies.add(body(Names.loadBalancer(key, second), families, members(families), carried));
        }
        return bodies;
    }

    /** A backend of both families would count twice: the first family that has any backend is enough. */
    private List<IpFamily> members(List<IpFamily> families) {
        if (families.size() < 2 || backends.kind() == MemberKind.NODES) {
            return List.of(families.getFirst());
        }
        return List.of(families.stream().filter(backends::knows).findFirst().orElse(families.getFirst()));
    }

    /** By protocol and port; of ports that collide, the first. */
    private List<ServicePort> ports() {
        var ports = new TreeMap<ServicePort, ServicePort>(
                Comparator.comparing(ServicePort::protocol).thenComparingInt(ServicePort::port));
        for (var port : service.ports()) {
            if (!Ports.valid(port.port())) {
                findings.refuse(DesiredReason.FEATURE_UNSUPPORTED, Ports.sentence(port.port()));
            } else if (port.protocol() == PortProtocol.UNKNOWN) {
                findings.refuse(
                        DesiredReason.FEATURE_UNSUPPORTED, "Port %d has an unknown protocol.".formatted(port.port()));
            } else if (ports.putIfAbsent(port, port) != null) {
                findings.refuse(
                        DesiredReason.PORT_CLASH, "Two ports are %s %d.".formatted(port.protocol(), port.port()));
            }
        }
        return List.copyOf(ports.values());
    }

    private DesiredLoadBalancerBody body(
            String name, List<IpFamily> families, List<IpFamily> memberFamilies, List<ServicePort> ports) {
        var ranges = SourceRanges.of(service, manage, backends.settings(), families, findings);
        var allowed = ranges == null || provider.can(Capability.ALLOWED_CIDRS) ? ranges : List.<String>of();
        var pools = new LinkedHashMap<PoolKey, DesiredPool>();
        var listeners = new ArrayList<DesiredListener>();
        for (var port : ports) {
            var protocol = KubernetesApi.protocol(key, port.protocol(), provider);
            var probe = exposure.probe(port.protocol());
            var members = backends.of(port, memberFamilies, provider, probe);
            var target = backends.settings().pools() == PoolSharing.SHARED ? port.targetPort() : "#" + port.port();
            var child = Names.child(key, protocol, port.port());
            var pool = pools.computeIfAbsent(
                    new PoolKey(protocol, target, members),
                    _ -> exposure.pool(child, protocol, port.protocol(), probe, members));
            listeners.add(exposure.listener(port, child, protocol, pool.name(), allowed));
        }
        return new DesiredLoadBalancerBody(
                name,
                backends.settings().provider(),
                null,
                null,
                families,
                List.of(),
                listeners,
                limited(pools.values().stream()
                        .sorted(Comparator.comparing(DesiredPool::name))
                        .toList()));
    }

    /** Too many members are a finding; each pool then keeps an equal share, the first ones. */
    private List<DesiredPool> limited(List<DesiredPool> pools) {
        int max = backends.settings().membersMax();
        int members = pools.stream().mapToInt(pool -> pool.members().size()).sum();
        if (members <= max) {
            return pools;
        }
        findings.refuse(
                DesiredReason.TOO_LARGE,
                "The load balancer would have %d members, the limit limits.members is %d.".formatted(members, max));
        int share = Math.max(1, max / pools.size());
        return pools.stream()
                .map(pool -> new DesiredPool(
                        pool.name(),
                        pool.protocol(),
                        pool.algorithm(),
                        pool.persistence(),
                        pool.persistenceTimeoutSeconds(),
                        pool.healthMonitor(),
                        pool.members().stream().limit(share).toList()))
                .toList();
    }
}
