package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServicePort;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What stands behind a port of a Service, as members of a pool. */
record Backends(ServiceKey key, Endpoints endpoints, NodeMembers nodes, ClusterSettings settings, MemberKind kind) {
    /** Where a member is. */
    record Place(IpAddress address, int port) implements Comparable<Place> {
        private static final Comparator<Place> ORDER =
                Comparator.comparing(Place::address).thenComparingInt(Place::port);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    /** What was said of a place; of several that say something, the one that serves best, then the first name. */
    record Backend(String name, boolean ready) {
        Backend and(Backend other) {
            if (ready != other.ready) {
                return ready ? this : other;
            }
            return name.compareTo(other.name) <= 0 ? this : other;
        }
    }

    /**
     * Members of a port, of the given families, sorted by address and port.
     *
     * @param monitor how they are probed
     */
    List<DesiredMember> of(
            ServicePort port, List<IpFamily> families, ProviderCapabilities provider, Monitors.Probe monitor) {
        var found =
                switch (kind) {
                    case PODS -> KubernetesApi.is(key) ? hosts(port, families) : pods(port, families);
                    case NODES -> nodes.of(port, families, endpoints, monitor);
                };
        boolean anyReady = found.values().stream().anyMatch(Backend::ready);
        return found.entrySet().stream()
                .filter(entry -> provider.weights() || entry.getValue().ready() || !anyReady)
                .map(entry -> member(entry.getKey(), entry.getValue(), anyReady, nodes.monitorPort(kind, monitor)))
                .toList();
    }

    /** Whether the Service has endpoints of the family. */
    boolean knows(IpFamily family) {
        return endpoints.knows(family);
    }

    private Map<Place, Backend> pods(ServicePort port, List<IpFamily> families) {
        var found = new TreeMap<Place, Backend>();
        endpoints
                .of(port)
                .filter(each -> families.contains(each.address().family()))
                .forEach(each -> found.merge(
                        new Place(each.address(), each.port()),
                        new Backend(Names.member(key, each.target(), each.port()), each.ready()),
                        Backend::and));
        return found;
    }

    private Map<Place, Backend> hosts(ServicePort port, List<IpFamily> families) {
        return KubernetesApi.hosts(endpoints, port, families, nodes.nodes());
    }

    private DesiredMember member(Place place, Backend backend, boolean anyReady, @Nullable Integer monitorPort) {
        var lies = KubernetesApi.is(key) ? MemberKind.NODES : kind;
        return new DesiredMember(
                backend.name(),
                place.address().toString(),
                place.port(),
                backend.ready() || !anyReady ? 1 : 0, // the terminating ones serve when nothing else is left
                MemberRanges.subnet(settings, lies, place.address()),
                null,
                monitorPort,
                false);
    }
}
