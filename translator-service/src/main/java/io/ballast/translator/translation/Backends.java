package io.ballast.translator.translation;

import io.ballast.schemas.contract.AddressType;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.NodeSnapshot;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServicePort;
import io.ballast.schemas.contract.SliceEndpoint;
import io.ballast.schemas.contract.SlicePort;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What stands behind a port of a Service, as members of a pool. */
record Backends(
        ServiceKey key,
        ServiceBody service,
        Collection<EndpointSliceSnapshot> slices,
        Map<String, NodeSnapshot> nodes,
        ClusterSettings settings,
        MemberKind kind,
        Findings findings) {

    private record Place(IpAddress address, int port) implements Comparable<Place> {
        private static final Comparator<Place> ORDER =
                Comparator.comparing(Place::address).thenComparingInt(Place::port);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    /** What was said of a place; of several that say something, the one that serves best, then the first name. */
    private record Backend(String name, boolean ready) {
        Backend and(Backend other) {
            var first = name.compareTo(other.name) <= 0 ? name : other.name;
            return new Backend(first, ready || other.ready);
        }
    }

    /** Members of a port, of the given families, sorted by address and port. */
    List<DesiredMember> of(ServicePort port, List<IpFamily> families, ProviderCapabilities provider) {
        var found = new TreeMap<Place, Backend>();
        switch (kind) {
            case PODS -> endpoints(port, families, found);
            case NODES -> nodes(port, families, found);
        }
        boolean anyReady = found.values().stream().anyMatch(Backend::ready);
        return found.entrySet().stream()
                .filter(entry -> provider.weights() || entry.getValue().ready() || !anyReady)
                .map(entry -> member(entry.getKey(), entry.getValue(), anyReady))
                .toList();
    }

    private DesiredMember member(Place place, Backend backend, boolean anyReady) {
        return new DesiredMember(
                backend.name(),
                place.address().toString(),
                place.port(),
                backend.ready() || !anyReady ? 1 : 0, // the terminating ones serve when nothing else is left
                MemberRanges.subnet(settings, kind, place.address()),
                null,
                null,
                false);
    }

    /** Families whose slices have any endpoint. */
    boolean knows(IpFamily family) {
        return slices.stream()
                .anyMatch(slice -> slice.addressType().name().equals(family.name())
                        && !slice.endpoints().isEmpty());
    }

    private void endpoints(ServicePort port, List<IpFamily> families, Map<Place, Backend> found) {
        for (var slice : slices) {
            if (slice.addressType() == AddressType.FQDN) {
                findings.unsupported("FqdnEndpoints");
                continue;
            }
            var resolved = resolve(port, slice);
            if (resolved.isEmpty()) {
                continue;
            }
            for (var endpoint : slice.endpoints()) {
                boolean ready = endpoint.ready() || service.publishNotReadyAddresses();
                if (ready || (endpoint.serving() && endpoint.terminating())) {
                    place(endpoint, resolved.get(), families)
                            .ifPresent(place -> found.merge(
                                    place,
                                    new Backend(Names.member(key, endpoint.target(), place.port()), ready),
                                    Backend::and));
                }
            }
        }
    }

    /** The port number of a slice's endpoints: joined by name, never by position or across slices. */
    private static Optional<Integer> resolve(ServicePort port, EndpointSliceSnapshot slice) {
        return slice.ports().stream()
                .filter(candidate -> name(candidate.name()).equals(name(port.name())))
                .filter(candidate -> candidate.protocol() == port.protocol())
                .map(candidate -> number(candidate, port))
                .findFirst();
    }

    /** A slice port without number stands for every port. */
    private static int number(SlicePort slicePort, ServicePort port) {
        var number = slicePort.port();
        if (number != null) {
            return number;
        }
        return port.targetPort().matches("[1-9][0-9]{0,4}") ? Integer.parseInt(port.targetPort()) : port.port();
    }

    private static String name(@Nullable String name) {
        return Objects.requireNonNullElse(name, "");
    }

    /** Consumers use the first address of an endpoint. Source: Kubernetes discovery/v1 Endpoint. */
    private Optional<Place> place(SliceEndpoint endpoint, int port, List<IpFamily> families) {
        if (endpoint.addresses().isEmpty()) {
            return Optional.empty();
        }
        var text = endpoint.addresses().getFirst();
        var address = IpAddress.ofKubernetes(text);
        if (address.isEmpty()) {
            findings.refuse(
                    DesiredReason.INVALID_ADDRESS,
                    "Endpoint address '%s' is not an IPv4 or IPv6 address.".formatted(Findings.shown(text)));
            return Optional.empty();
        }
        return address.filter(read -> families.contains(read.family()))
                .filter(this::admitted)
                .map(read -> new Place(read, port));
    }

    private boolean admitted(IpAddress address) {
        boolean admitted = MemberRanges.admits(settings, address);
        if (!admitted) {
            findings.refuse(
                    DesiredReason.MEMBER_OUTSIDE_RANGES,
                    "Endpoint address %s lies outside the pod, node and extra member ranges.".formatted(address));
        }
        return admitted;
    }

    private void nodes(ServicePort port, List<IpFamily> families, Map<Place, Backend> found) {
        var nodePort = port.nodePort();
        if (nodePort == null) {
            findings.refuse(
                    DesiredReason.FEATURE_UNSUPPORTED,
                    "Port %d has no node port, which members: nodes needs.".formatted(port.port()));
            return;
        }
        usableNodes()
                .forEach((name, node) -> internalIps(node, families)
                        .forEach(address -> found.merge(
                                new Place(address, nodePort),
                                new Backend(Names.node(name, nodePort), true),
                                Backend::and)));
    }

    /** Nodes that are ready; all that are not excluded when none is: then it is the control plane that is blind. */
    private Map<String, NodeSnapshot> usableNodes() {
        var candidates = new TreeMap<>(nodes);
        candidates.values().removeIf(NodeSnapshot::excluded);
        var ready = new TreeMap<>(candidates);
        ready.values().removeIf(node -> !node.ready());
        return ready.isEmpty() ? candidates : ready;
    }

    /** The first InternalIP of each family. A node that reports none is no member, and no reason to refuse. */
    private Collection<IpAddress> internalIps(NodeSnapshot node, List<IpFamily> families) {
        var first = new TreeMap<IpFamily, IpAddress>();
        node.addresses().stream()
                .filter(address -> address.type().equals("InternalIP"))
                .flatMap(address -> IpAddress.ofKubernetes(address.address()).stream())
                .filter(address -> families.contains(address.family()))
                .filter(this::admitted)
                .forEach(address -> first.putIfAbsent(address.family(), address));
        return first.values();
    }
}
