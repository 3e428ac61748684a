package io.ballast.ipam.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.allocation.NeutronFacts;
import io.ballast.ipam.allocation.PodRules;
import io.ballast.ipam.allocation.Surroundings;
import io.ballast.ipam.allocation.Surroundings.PodSubnet;
import io.ballast.ipam.allocation.Surroundings.Quota;
import io.ballast.ipam.allocation.Surroundings.Resource;
import io.ballast.ipam.allocation.layout.SeenCloud;
import io.ballast.ipam.openstack.NeutronClient.FailedException;
import io.ballast.openstack.RestRequest;
import io.ballast.schemas.contract.CidrRange;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the pre-flight alone looks at. What cannot be read is left out: nothing is decided by it. */
final class SurroundingsReading {
    /** Owners of a router's port. Source: neutron_lib constants. */
    private static final List<String> ROUTER_OWNERS = List.of(
            "network:router_interface",
            "network:router_interface_distributed",
            "network:ha_router_replicated_interface");

    private final NeutronClient neutron;
    private final Map<String, String> missing;
    private List<JsonNode> subnets = List.of();

    /**
     * One reading.
     *
     * @param missing where it is put why something is missing
     */
    SurroundingsReading(NeutronClient neutron, Map<String, String> missing) {
        this.neutron = neutron;
        this.missing = missing;
    }

    Surroundings read(IpamCall.ReadNeutron call, Collection<NeutronFacts.Subnet> vips) {
        var podSubnets = new TreeMap<String, PodSubnet>();
        var routers = new TreeMap<String, Surroundings.Router>();
        var hosts = List.<PodSubnet>of();
        if (!asked(call, PodRules::subnets).isEmpty()) {
            subnets = neutron.list("subnets", NeutronClient.get("subnets"));
            for (var name : asked(call, PodRules::subnets)) {
                podSubnet(name, podSubnets);
            }
            var ids = new TreeSet<String>();
            podSubnets.values().forEach(subnet -> ids.addAll(subnet.routers()));
            vips.forEach(subnet -> subnet.routers().forEach(router -> ids.add(router.id())));
            ids.forEach(id -> routers.put(id, router(id)));
            if (call.pods().stream().anyMatch(pods -> !pods.apiHosts().isEmpty())) {
                hosts = inside();
            }
        }
        var groups = new TreeMap<String, SeenCloud.Group>();
        asked(call, PodRules::securityGroups).forEach(name -> group(name, groups));
        var quotas = new EnumMap<Resource, Quota>(Resource.class);
        return new Surroundings(podSubnets, groups, routers, hosts, quotas, quotas(quotas));
    }

    private static Set<String> asked(IpamCall.ReadNeutron call, Function<PodRules, List<String>> what) {
        return call.pods().stream()
                .flatMap(pods -> what.apply(pods).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void podSubnet(String asked, Map<String, PodSubnet> into) {
        var found = subnets.stream()
                .filter(subnet -> Stream.of("id", "name", "cidr")
                        .anyMatch(field -> subnet.path(field).asText().equals(asked)))
                .toList();
        if (found.size() != 1) {
            missing.put(
                    asked,
                    found.isEmpty()
                            ? "no subnet has this id, name or range, or it is not visible"
                            : "%d subnets have this name or range: use an id".formatted(found.size()));
            return;
        }
        var subnet = found.getFirst();
        var request = NeutronClient.get("ports")
                .with("network_id", subnet.path("network_id").asText());
        for (var owner : ROUTER_OWNERS) {
            request = request.with("device_owner", owner);
        }
        var id = subnet.path("id").asText();
        var routers = neutron.list("ports", request).stream()
                .filter(port -> port.path("fixed_ips")
                        .valueStream()
                        .anyMatch(fixed -> fixed.path("subnet_id").asText().equals(id)))
                .map(port -> port.path("device_id").asText())
                .distinct()
                .sorted()
                .toList();
        ref(subnet, routers).ifPresent(ref -> into.put(asked, ref));
    }

    private static Optional<PodSubnet> ref(JsonNode subnet, List<String> routers) {
        return CidrRange.parse(subnet.path("cidr").asText())
                .map(cidr -> new PodSubnet(
                        subnet.path("id").asText(), subnet.path("name").asText(), cidr, routers));
    }

    /** Every subnet that is not one of an external network. */
    private List<PodSubnet> inside() {
        var external = neutron.list("networks", NeutronClient.get("networks").with("router:external", "true")).stream()
                .map(network -> network.path("id").asText())
                .collect(Collectors.toSet());
        return subnets.stream()
                .filter(subnet -> !external.contains(subnet.path("network_id").asText()))
                .flatMap(subnet -> ref(subnet, List.of()).stream())
                .toList();
    }

    private Surroundings.Router router(String id) {
        var found = neutron.list("routers", NeutronClient.get("routers").with("id", id));
        if (found.isEmpty()) {
            return new Surroundings.Router(id, false, null, Set.of());
        }
        var joined = neutron.list("ports", NeutronClient.get("ports").with("device_id", id)).stream()
                .flatMap(port -> port.path("fixed_ips").valueStream())
                .map(fixed -> fixed.path("subnet_id").asText())
                .collect(Collectors.toSet());
        var reaches = new LinkedHashSet<CidrRange>();
        subnets.stream()
                .filter(subnet -> joined.contains(subnet.path("id").asText()))
                .forEach(subnet -> CidrRange.parse(subnet.path("cidr").asText()).ifPresent(reaches::add));
        found.getFirst()
                .path("routes")
                .forEach(route ->
                        CidrRange.parse(route.path("destination").asText()).ifPresent(reaches::add));
        var network = found.getFirst().path("external_gateway_info").path("network_id");
        return new Surroundings.Router(id, true, network.isTextual() ? network.asText() : null, reaches);
    }

    private void group(String asked, Map<String, SeenCloud.Group> into) {
        var field = NeutronReading.isId(asked) ? "id" : "name";
        var found = neutron.list(
                "security_groups", NeutronClient.get("security-groups").with(field, asked));
        if (found.size() == 1) {
            into.put(asked, NeutronLayout.group(found.getFirst()));
        } else {
            missing.put(
                    asked,
                    found.isEmpty()
                            ? "no security group has this id or name, or it is not visible"
                            : "%d security groups have this name: use an id".formatted(found.size()));
        }
    }

    /** Reads the quotas of our own project; its id, "" when it is not told. */
    private String quotas(Map<Resource, Quota> into) {
        try {
            var project = neutron.send(NeutronClient.get("quotas/project"))
                    .body()
                    .path("project")
                    .path("project_id")
                    .asText();
            if (project.isEmpty()) {
                return "";
            }
            var encoded = URLEncoder.encode(project, StandardCharsets.UTF_8);
            var quota = neutron.send(NeutronClient.get("quotas/%s/details.json".formatted(encoded)))
                    .body()
                    .path("quota");
            put(Resource.FLOATING_IPS, quota.path("floatingip"), into);
            put(Resource.PORTS, quota.path("port"), into);
            loadBalancers(encoded, into);
            return project;
        } catch (FailedException _) {
            return ""; // another Neutron, or not for our eyes
        }
    }

    private static void put(Resource resource, JsonNode quota, Map<Resource, Quota> into) {
        if (quota.path("limit").isNumber() && quota.path("used").isNumber()) {
            into.put(
                    resource,
                    new Quota(quota.path("limit").asLong(), quota.path("used").asLong()));
        }
    }

    private void loadBalancers(String project, Map<Resource, Quota> into) {
        try {
            var quota = neutron.send(RestRequest.get(RestRequest.Api.LOAD_BALANCER, "/v2.0/lbaas/quotas/" + project))
                    .body()
                    .path("quota");
            for (var name : List.of("load_balancer", "loadbalancer")) { // the latter in older releases
                if (quota.path(name).isNumber()) {
                    into.putIfAbsent(
                            Resource.LOAD_BALANCERS, new Quota(quota.path(name).asLong(), -1));
                }
            }
        } catch (FailedException _) {
            // no Octavia role: load balancers are octavia-service's
        }
    }
}
