package io.ballast.ipam.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.ipam.allocation.AddressRange;
import io.ballast.ipam.allocation.FloatingIp;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.allocation.NeutronFacts;
import io.ballast.ipam.allocation.Rules;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One reading of everything the decisions rest on: subnets, their ports and routers, and external networks. */
final class NeutronReading {
    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-fA-F]{32}");
    private static final String ROUTER_OWNER =
            "network:"; // router_interface, router_interface_distributed, ha_router_…

    private final NeutronClient neutron;
    private final Map<String, List<JsonNode>> portsByNetwork = new HashMap<>();
    private final Map<String, NeutronFacts.Router> routers = new HashMap<>();
    private final Map<String, String> missing = new TreeMap<>();

    NeutronReading(NeutronClient neutron) {
        this.neutron = neutron;
    }

    NeutronFacts read(IpamCall.ReadNeutron call) {
        var subnets = new TreeMap<String, NeutronFacts.Subnet>();
        new TreeSet<>(call.subnets())
                .forEach(name -> one("subnets", name).ifPresent(found -> subnets.put(name, subnet(found))));
        var externals = new TreeMap<String, NeutronFacts.ExternalNetwork>();
        call.pools().stream()
                .filter(Rules.ExternalPool::isFloating)
                .forEach(pool -> external(pool).ifPresent(found -> externals.put(pool.name(), found)));
        var surroundings = new SurroundingsReading(neutron, missing).read(call, subnets.values());
        return new NeutronFacts(subnets, externals, missing, surroundings);
    }

    static boolean isId(String idOrName) {
        return ID.matcher(idOrName).matches();
    }

    private Optional<JsonNode> one(String collection, String idOrName) {
        var byId = isId(idOrName);
        var found = neutron.list(collection, NeutronClient.get(collection).with(byId ? "id" : "name", idOrName));
        if (found.size() != 1) {
            missing.put(
                    idOrName,
                    found.isEmpty()
                            ? "no %s has this id or name, or it is not visible".formatted(collection)
                            : "%d %s have this name: use an id".formatted(found.size(), collection));
            return Optional.empty();
        }
        return Optional.of(found.getFirst());
    }

    private NeutronFacts.Subnet subnet(JsonNode found) {
        var id = found.path("id").asText();
        var networkId = found.path("network_id").asText();
        var ports = new ArrayList<NeutronFacts.Port>();
        var seen = new TreeMap<String, NeutronFacts.Router>();
        for (var port : portsOf(networkId)) {
            var owner = port.path("device_owner").asText();
            for (var fixed : port.path("fixed_ips")) {
                if (!fixed.path("subnet_id").asText().equals(id)) {
                    continue;
                }
                IpAddress.parse(fixed.path("ip_address").asText())
                        .ifPresent(address -> ports.add(new NeutronFacts.Port(
                                port.path("id").asText(),
                                address,
                                port.path("name").asText(),
                                owner,
                                allowed(port),
                                port.path("device_id").asText())));
                if (owner.startsWith(ROUTER_OWNER) && owner.contains("router")) {
                    var router = port.path("device_id").asText();
                    seen.put(router, routers.computeIfAbsent(router, this::router));
                }
            }
        }
        return new NeutronFacts.Subnet(
                id,
                found.path("name").asText().isEmpty() ? id : found.path("name").asText(),
                networkId,
                CidrRange.of(found.path("cidr").asText()),
                gateway(found),
                pools(found),
                ports,
                List.copyOf(seen.values()),
                found.path("enable_dhcp").asBoolean());
    }

    private List<JsonNode> portsOf(String networkId) {
        return portsByNetwork.computeIfAbsent(networkId, id -> {
            var request = NeutronClient.get("ports").with("network_id", id);
            for (var field : List.of("id", "name", "device_owner", "device_id", "fixed_ips", "allowed_address_pairs")) {
                request = request.with("fields", field);
            }
            return neutron.list("ports", request);
        });
    }

    private NeutronFacts.Router router(String id) {
        var found = neutron.list("routers", NeutronClient.get("routers").with("id", id));
        if (found.isEmpty()) {
            return new NeutronFacts.Router(id, false, null);
        }
        var network = found.getFirst()
                .path("external_gateway_info")
                .path("network_id")
                .asText();
        return new NeutronFacts.Router(id, true, network.isEmpty() ? null : network);
    }

    private Optional<NeutronFacts.ExternalNetwork> external(Rules.ExternalPool pool) {
        var subnets = new LinkedHashMap<String, JsonNode>();
        pool.subnets().forEach(name -> externalSubnet(name).ifPresent(found -> subnets.put(name, found)));
        if (subnets.size() < pool.subnets().size()) {
            return Optional.empty();
        }
        var named = pool.network();
        var wanted = named == null
                ? subnets.values().iterator().next().path("network_id").asText()
                : named;
        return one("networks", wanted).flatMap(network -> {
            var networkId = network.path("id").asText();
            for (var subnet : subnets.entrySet()) {
                if (!subnet.getValue().path("network_id").asText().equals(networkId)) {
                    missing.put(wanted, "subnet %s is not on network %s".formatted(subnet.getKey(), wanted));
                    return Optional.empty();
                }
            }
            return Optional.of(new NeutronFacts.ExternalNetwork(
                    networkId,
                    network.path("name").asText(),
                    subnets.values().stream()
                            .map(found -> found.path("id").asText())
                            .toList(),
                    network.path("router:external").asBoolean(),
                    cidrs(networkId),
                    cidrs(subnets.values())));
        });
    }

    /**
     * A subnet of an external network. Neutron shows it to nobody but its owner, yet names its id in the network and takes it
     * for floating IPs: one given by id need not be seen.
     */
    private Optional<JsonNode> externalSubnet(String idOrName) {
        var unseen = isId(idOrName)
                        && neutron.list("subnets", NeutronClient.get("subnets").with("id", idOrName))
                                .isEmpty()
                ? externalNetworks().filter(network -> names(network, idOrName)).findFirst()
                : Optional.<JsonNode>empty();
        return unseen.isEmpty()
                ? one("subnets", idOrName)
                : unseen.map(network -> JsonNodeFactory.instance
                        .objectNode()
                        .put("id", idOrName)
                        .put("network_id", network.path("id").asText()));
    }

    private Stream<JsonNode> externalNetworks() {
        return neutron.list("networks", NeutronClient.get("networks").with("router:external", "true")).stream();
    }

    private static boolean names(JsonNode network, String subnet) {
        return network.path("subnets")
                .valueStream()
                .anyMatch(each -> each.asText().equals(subnet));
    }

    private Set<CidrRange> cidrs(String networkId) {
        return cidrs(neutron.list("subnets", NeutronClient.get("subnets").with("network_id", networkId)));
    }

    private static Set<CidrRange> cidrs(Collection<JsonNode> subnets) {
        var cidrs = new HashSet<CidrRange>();
        subnets.forEach(subnet -> CidrRange.parse(subnet.path("cidr").asText()).ifPresent(cidrs::add));
        return cidrs;
    }

    private static @Nullable IpAddress gateway(JsonNode subnet) {
        return IpAddress.parse(subnet.path("gateway_ip").asText()).orElse(null);
    }

    static List<AddressRange> pools(JsonNode subnet) {
        var pools = new ArrayList<AddressRange>();
        for (var pool : subnet.path("allocation_pools")) {
            pools.add(new AddressRange(
                    IpAddress.of(pool.path("start").asText()),
                    IpAddress.of(pool.path("end").asText())));
        }
        return pools;
    }

    private static List<IpAddress> allowed(JsonNode port) {
        var allowed = new ArrayList<IpAddress>();
        for (var pair : port.path("allowed_address_pairs")) {
            var text = pair.path("ip_address").asText();
            int slash = text.indexOf('/');
            IpAddress.parse(slash < 0 ? text : text.substring(0, slash)).ifPresent(allowed::add);
        }
        return allowed;
    }

    /** A floating IP as it goes over the wire. */
    static FloatingIp floatingIp(JsonNode found) {
        var port = found.path("port_id");
        var fixed = found.path("fixed_ip_address");
        return new FloatingIp(
                found.path("id").asText(),
                IpAddress.of(found.path("floating_ip_address").asText()),
                found.path("floating_network_id").asText(),
                found.path("description").asText(),
                port.isTextual() && !port.asText().isEmpty() ? port.asText() : null,
                fixed.isTextual() ? IpAddress.parse(fixed.asText()).orElse(null) : null,
                found.path("project_id").asText(),
                found.path("created_at").asText());
    }
}
