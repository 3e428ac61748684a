package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LbAlgorithm;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.NodeSnapshot;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServicePort;
import io.ballast.translator.translation.Backends.Backend;
import io.ballast.translator.translation.Backends.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Service default/kubernetes, through which pods reach the API server. Its load balancer looks as operators built it by
 * hand for kuryr: HTTPS and LEAST_CONNECTIONS where the provider has both, members that are named by their host.
 *
 * <p>An API server leaves the EndpointSlice of its Service when it restarts. It stays a member for as long as a node has its
 * address, with weight 0 while another one serves: what is connected stays connected, and nothing new is sent there. With the
 * last of them gone from the slice all serve again. Where nodes do not show in Kubernetes, a member leaves with its endpoint,
 * and so it does on a provider that knows no weights.
 */
final class KubernetesApi {
    private KubernetesApi() {}

    static boolean is(ServiceKey key) {
        return key.namespace().equals("default") && key.name().equals("kubernetes");
    }

    /** The protocol of a listener, which is that of its pool too. */
    static ListenerProtocol protocol(ServiceKey key, PortProtocol protocol, ProviderCapabilities provider) {
        return is(key) && protocol == PortProtocol.TCP && isLayer7(provider)
                ? ListenerProtocol.HTTPS
                : ListenerProtocol.valueOf(protocol.name());
    }

    /** Long watches are spread best over those that hold fewest. */
    static LbAlgorithm algorithm(ProviderCapabilities provider) {
        return isLayer7(provider) ? LbAlgorithm.LEAST_CONNECTIONS : provider.usualAlgorithm();
    }

    /** ovn forwards packets: it has neither HTTPS nor LEAST_CONNECTIONS. */
    private static boolean isLayer7(ProviderCapabilities provider) {
        return provider.algorithms().contains(LbAlgorithm.LEAST_CONNECTIONS);
    }

    /** The hosts of API servers. */
    static Map<Place, Backend> hosts(
            Endpoints endpoints, ServicePort port, List<IpFamily> families, Map<String, NodeSnapshot> nodes) {
        var names = names(nodes);
        var found = new TreeMap<Place, Backend>();
        endpoints
                .of(port)
                .filter(each -> families.contains(each.address().family()))
                .forEach(each -> found.merge(
                        new Place(each.address(), each.port()),
                        new Backend(name(names, each.address()), each.ready()),
                        Backend::and));
        endpoints.last().members().forEach(member -> keep(member, names, families, found));
        return found;
    }

    private static void keep(
            DesiredMember member, Map<IpAddress, String> names, List<IpFamily> families, Map<Place, Backend> found) {
        IpAddress.parse(member.address())
                .filter(names::containsKey)
                .filter(address -> families.contains(address.family()))
                .filter(address -> found.keySet().stream()
                        .noneMatch(place -> place.address().equals(address)))
                .ifPresent(address ->
                        found.put(new Place(address, member.port()), new Backend(name(names, address), false)));
    }

    private static String name(Map<IpAddress, String> names, IpAddress address) {
        return Names.fitting(names.getOrDefault(address, address.toString()));
    }

    /** Names of nodes by their InternalIPs; of two that claim one, the first name. */
    private static Map<IpAddress, String> names(Map<String, NodeSnapshot> nodes) {
        var names = new HashMap<IpAddress, String>();
        new TreeMap<>(nodes)
                .forEach((name, node) ->
                        NodeMembers.addresses(node).forEach(address -> names.putIfAbsent(address, name)));
        return names;
    }
}
