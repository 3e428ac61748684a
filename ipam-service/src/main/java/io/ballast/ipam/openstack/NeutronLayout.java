package io.ballast.ipam.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.ipam.allocation.IpamAnswer.Failed.Kind;
import io.ballast.ipam.allocation.layout.LayoutComparison;
import io.ballast.ipam.allocation.layout.Resource;
import io.ballast.ipam.allocation.layout.SeenCloud;
import io.ballast.ipam.openstack.NeutronClient.FailedException;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestRequest;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The layout of a cluster in Neutron: read, and made one resource at a time. Nothing is ever changed or deleted here. */
public final class NeutronLayout {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final NeutronClient neutron;

    public NeutronLayout(Rest rest) {
        this.neutron = new NeutronClient(rest);
    }

    /** What is there of anything that could be these resources. Throws {@link IllegalStateException} in words. */
    public SeenCloud read(List<Resource> wanted) {
        try {
            var networks = all("networks", NeutronLayout::network);
            var ports = new ArrayList<SeenCloud.Port>();
            for (var resource : wanted) {
                if (resource instanceof Resource.Network network) {
                    LayoutComparison.only(networks, network).ifPresent(there -> ports.addAll(portsOf(there.id())));
                }
            }
            return new SeenCloud(
                    networks,
                    all("subnets", NeutronLayout::subnet),
                    all("routers", NeutronLayout::router),
                    ports,
                    all("security-groups", NeutronLayout::group));
        } catch (FailedException e) {
            throw new IllegalStateException(
                    "Neutron cannot be read: " + e.failed().message(), e);
        }
    }

    /** Makes one that is missing, on what was seen. Throws {@link IllegalStateException} in words when it was not made, or nobody knows. */
    public void create(Resource resource, List<Resource> wanted, SeenCloud seen) {
        try {
            new Creation(wanted, seen).send(resource);
        } catch (FailedException e) {
            var outcome = e.failed().kind() == Kind.UNCERTAIN
                    ? "it is not known whether %s was made: run it again, it goes on with what is there"
                    : "%s was not made";
            throw new IllegalStateException(
                    "%s: %s"
                            .formatted(
                                    outcome.formatted(resource.what()),
                                    e.failed().message()),
                    e);
        }
    }

    /** One call, with ids for names. */
    private final class Creation {
        private final List<Resource> wanted;
        private final SeenCloud seen;

        private Creation(List<Resource> wanted, SeenCloud seen) {
            this.wanted = wanted;
            this.seen = seen;
        }

        private void send(Resource resource) {
            switch (resource) {
                case Resource.Network network -> post("networks", "network", named(network));
                case Resource.Subnet subnet -> post("subnets", "subnet", subnet(subnet));
                case Resource.Router router -> post("routers", "router", named(router));
                case Resource.RouterGateway(var router, var network) -> {
                    var body = JSON.objectNode();
                    body.putObject("router")
                            .putObject("external_gateway_info")
                            .put("network_id", id(network, seen.external(network)));
                    neutron.send(RestRequest.put(
                            RestRequest.Api.NETWORK, "/v2.0/routers/" + encoded(routerId(router)), body));
                }
                case Resource.RouterPort port -> post("ports", "port", port(port));
                case Resource.RouterInterface(var router, var port) ->
                    neutron.send(RestRequest.put(
                            RestRequest.Api.NETWORK,
                            "/v2.0/routers/%s/add_router_interface".formatted(encoded(routerId(router))),
                            JSON.objectNode().put("port_id", portId(port))));
                case Resource.SecurityGroup group -> post("security-groups", "security_group", named(group));
                case Resource.Ingress ingress -> post("security-group-rules", "security_group_rule", rule(ingress));
            }
        }

        private void post(String collection, String name, ObjectNode given) {
            var body = JSON.objectNode();
            body.set(name, given);
            neutron.send(RestRequest.post(RestRequest.Api.NETWORK, "/v2.0/" + collection, body));
        }

        private ObjectNode named(Resource.Named resource) {
            return JSON.objectNode().put("name", resource.name()).put("description", resource.description());
        }

        private ObjectNode subnet(Resource.Subnet subnet) {
            var given = named(subnet)
                    .put("network_id", networkId(subnet.network()))
                    .put("ip_version", subnet.cidr().family() == IpFamily.IPV4 ? 4 : 6)
                    .put("cidr", subnet.cidr().toString())
                    .put("gateway_ip", subnet.gateway().toString())
                    .put("enable_dhcp", false);
            if (!subnet.pools().isEmpty()) {
                var pools = given.putArray("allocation_pools");
                subnet.pools()
                        .forEach(pool -> pools.addObject()
                                .put("start", pool.first().toString())
                                .put("end", pool.last().toString()));
            }
            return given;
        }

        private ObjectNode port(Resource.RouterPort port) {
            var given = named(port).put("network_id", networkId(port.network()));
            given.putArray("fixed_ips")
                    .addObject()
                    .put("subnet_id", subnetId(port.subnet()))
                    .put("ip_address", port.address().toString());
            return given;
        }

        private ObjectNode rule(Resource.Ingress ingress) {
            return JSON.objectNode()
                    .put("security_group_id", find(Resource.SecurityGroup.class, ingress.group(), seen.groups()))
                    .put("direction", "ingress")
                    .put("ethertype", ingress.family() == IpFamily.IPV4 ? "IPv4" : "IPv6")
                    .put("protocol", ingress.protocol())
                    .put("remote_ip_prefix", ingress.remote().toString());
        }

        private String networkId(String name) {
            return find(Resource.Network.class, name, seen.networks());
        }

        private String subnetId(String name) {
            return find(Resource.Subnet.class, name, seen.subnets());
        }

        private String routerId(String name) {
            return find(Resource.Router.class, name, seen.routers());
        }

        private String portId(Resource.RouterPort port) {
            return id(port.name(), seen.holder(subnetId(port.subnet()), port.address()));
        }

        private <T extends SeenCloud.Seen> String find(Class<? extends Resource.Named> type, String name, List<T> all) {
            return id(
                    name,
                    wanted.stream()
                            .filter(type::isInstance)
                            .map(type::cast)
                            .filter(resource -> resource.name().equals(name))
                            .findFirst()
                            .flatMap(resource -> LayoutComparison.only(all, resource)));
        }

        private String id(String name, Optional<? extends SeenCloud.Seen> found) {
            return found.map(SeenCloud.Seen::id)
                    .orElseThrow(() -> new IllegalStateException(
                            "Neutron does not show %s yet: run it again, it goes on with what is there"
                                    .formatted(name)));
        }
    }

    private <T> List<T> all(String collection, Function<JsonNode, T> read) {
        return neutron.list(collection.replace('-', '_'), NeutronClient.get(collection)).stream()
                .map(read)
                .toList();
    }

    private List<SeenCloud.Port> portsOf(String networkId) {
        return neutron.list("ports", NeutronClient.get("ports").with("network_id", networkId)).stream()
                .map(NeutronLayout::port)
                .toList();
    }

    private static SeenCloud.Network network(JsonNode found) {
        return new SeenCloud.Network(
                text(found, "id"),
                text(found, "name"),
                text(found, "description"),
                found.path("router:external").asBoolean());
    }

    private static SeenCloud.Subnet subnet(JsonNode found) {
        return new SeenCloud.Subnet(
                text(found, "id"),
                text(found, "name"),
                text(found, "description"),
                text(found, "network_id"),
                CidrRange.of(text(found, "cidr")),
                IpAddress.parse(text(found, "gateway_ip")).orElse(null),
                found.path("enable_dhcp").asBoolean(),
                !text(found, "ipv6_ra_mode").isEmpty(),
                NeutronReading.pools(found));
    }

    private static SeenCloud.Router router(JsonNode found) {
        var external = text(found.path("external_gateway_info"), "network_id");
        return new SeenCloud.Router(
                text(found, "id"),
                text(found, "name"),
                text(found, "description"),
                external.isEmpty() ? null : external);
    }

    private static SeenCloud.Port port(JsonNode found) {
        var addresses = new ArrayList<SeenCloud.FixedIp>();
        for (var fixed : found.path("fixed_ips")) {
            IpAddress.parse(text(fixed, "ip_address"))
                    .ifPresent(address -> addresses.add(new SeenCloud.FixedIp(text(fixed, "subnet_id"), address)));
        }
        return new SeenCloud.Port(
                text(found, "id"),
                text(found, "name"),
                text(found, "description"),
                text(found, "device_owner"),
                text(found, "device_id"),
                addresses);
    }

    static SeenCloud.Group group(JsonNode found) {
        return new SeenCloud.Group(
                text(found, "id"),
                text(found, "name"),
                text(found, "description"),
                found.path("security_group_rules")
                        .valueStream()
                        .map(NeutronLayout::rule)
                        .toList());
    }

    private static SeenCloud.Rule rule(JsonNode found) {
        var remote = text(found, "remote_ip_prefix");
        return new SeenCloud.Rule(
                text(found, "direction").equals("ingress"),
                text(found, "ethertype").equalsIgnoreCase("IPv6") ? IpFamily.IPV6 : IpFamily.IPV4,
                protocol(text(found, "protocol")),
                remote.isEmpty() ? null : CidrRange.ofKubernetes(remote).orElse(null),
                !text(found, "remote_group_id").isEmpty()
                        || !text(found, "remote_address_group_id").isEmpty()
                        || found.path("port_range_min").isNumber());
    }

    /** The name of a protocol that may be given as a number. Source: IANA protocol numbers. */
    private static @Nullable String protocol(String text) {
        return switch (text) {
            case "", "any", "0" -> null;
            case "6" -> "tcp";
            case "17" -> "udp";
            case "132" -> "sctp";
            default -> text.toLowerCase(Locale.ROOT);
        };
    }

    private static String text(JsonNode node, String field) {
        var value = node.path(field);
        return value.isNull() ? "" : value.asText();
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }
}
