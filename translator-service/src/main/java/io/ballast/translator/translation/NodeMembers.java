package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.NodeSnapshot;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServicePort;
import io.ballast.schemas.contract.TrafficPolicy;
import io.ballast.translator.translation.Backends.Backend;
import io.ballast.translator.translation.Backends.Place;
import io.ballast.translator.translation.Endpoints.Endpoint;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Nodes as members, with the rules of Kubernetes' own service controller: a node that carries the exclusion label, is being
 * deleted or is marked for it by the cluster autoscaler is none; one that is cordoned or not ready is, because what matters is
 * whether its kube-proxy forwards, and that is what health monitors ask. Where there is no monitor, only nodes that are ready
 * are members; when none is, all are: then it is the control plane that is blind. Source: cloud-provider, KEP-3458.
 *
 * @param nodes nodes of the cluster by name
 * @param selector those of them that the Service names
 * @param admitted which addresses may be members
 */
record NodeMembers(
        ServiceBody service,
        Map<String, NodeSnapshot> nodes,
        NodeSelector selector,
        Predicate<IpAddress> admitted,
        Findings findings) {

    /** What stands behind the node port of a port. */
    Map<Place, Backend> of(ServicePort port, Collection<IpFamily> families, Endpoints endpoints, Monitors.Probe probe) {
        var found = new TreeMap<Place, Backend>();
        var nodePort = port.nodePort();
        if (nodePort == null) {
            findings.refuse(
                    DesiredReason.FEATURE_UNSUPPORTED,
                    "Port %d has no node port, which members: nodes needs: leave allocateLoadBalancerNodePorts on and the type NodePort or LoadBalancer, or set annotation ballast.io/members to pods."
                            .formatted(port.port()));
            return found;
        }
        if (!Ports.valid(nodePort)) {
            findings.refuse(DesiredReason.FEATURE_UNSUPPORTED, Ports.sentence(nodePort));
            return found;
        }
        var usable = usable(probe);
        var serving = isLocal() && probe != Monitors.Probe.LOCAL_HEALTH ? local(port, endpoints) : null;
        usable.forEach((name, node) -> {
            if (serving == null || serving.containsKey(name)) {
                boolean ready = serving == null || serving.getOrDefault(name, false);
                internalIps(node, families)
                        .forEach(address -> found.merge(
                                new Place(address, nodePort),
                                new Backend(Names.node(name, nodePort), ready),
                                Backend::and));
            }
        });
        return found;
    }

    /** Port at which members are probed; null for their own. */
    @Nullable
    Integer monitorPort(MemberKind kind, Monitors.Probe probe) {
        return kind == MemberKind.NODES && probe == Monitors.Probe.LOCAL_HEALTH ? service.healthCheckNodePort() : null;
    }

    private boolean isLocal() {
        return service.externalTrafficPolicy() == TrafficPolicy.LOCAL;
    }

    /** Nodes with endpoints, and whether one of a node's is ready. */
    private static Map<String, Boolean> local(ServicePort port, Endpoints endpoints) {
        var ready = new TreeMap<String, Boolean>();
        endpoints.of(port).filter(each -> each.node() != null).forEach(each -> merge(ready, each));
        return ready;
    }

    private static void merge(Map<String, Boolean> ready, Endpoint endpoint) {
        var node = endpoint.node();
        if (node != null) {
            ready.merge(node, endpoint.ready(), Boolean::logicalOr);
        }
    }

    private Map<String, NodeSnapshot> usable(Monitors.Probe probe) {
        var candidates = new TreeMap<>(nodes);
        candidates.values().removeIf(node -> node.excluded() || node.leaving() || !selector.matches(node.labels()));
        if (probe != Monitors.Probe.NONE) {
            return candidates;
        }
        var ready = new TreeMap<>(candidates);
        ready.values().removeIf(node -> !node.ready());
        return ready.isEmpty() ? candidates : ready;
    }

    /** The first InternalIP of each family. A node that reports none is no member, and no reason to refuse. */
    private Collection<IpAddress> internalIps(NodeSnapshot node, Collection<IpFamily> families) {
        var first = new TreeMap<IpFamily, IpAddress>();
        addresses(node)
                .filter(address -> families.contains(address.family()))
                .filter(this::admits)
                .forEach(address -> first.putIfAbsent(address.family(), address));
        return first.values();
    }

    /** The InternalIPs of a node that are addresses, in its order. */
    static Stream<IpAddress> addresses(NodeSnapshot node) {
        return node.addresses().stream()
                .filter(address -> address.type().equals("InternalIP"))
                .flatMap(address -> IpAddress.ofKubernetes(address.address()).stream());
    }

    private boolean admits(IpAddress address) {
        boolean admits = admitted.test(address);
        if (!admits) {
            findings.refuse(
                    DesiredReason.MEMBER_OUTSIDE_RANGES,
                    "Node address %s may be no member: it lies outside the pod, node and extra member ranges, or among the addresses of load balancers, loopback, link-local or multicast."
                            .formatted(address));
        }
        return admits;
    }
}
