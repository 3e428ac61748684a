package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The services of one region, each with three URLs that are the same. */
final class KeystoneCatalog {
    static final String REGION = "RegionOne";

    private final World world;
    private final Map<String, String> serviceIds = new LinkedHashMap<>();

    KeystoneCatalog(World world) {
        this.world = world;
        for (var service : OpenStackService.values()) {
            serviceIds.put(service.catalogType(), world.ids.nextHex());
        }
    }

    private List<OpenStackService> offered() {
        return Arrays.stream(OpenStackService.values())
                .filter(each -> each != OpenStackService.OCTAVIA || world.loadBalancing == LoadBalancing.OCTAVIA)
                .toList();
    }

    /** What stands in a token. */
    List<ObjectNode> entries() {
        var found = new ArrayList<ObjectNode>();
        for (var service : offered()) {
            var url = world.endpoints.of(service) + (service == OpenStackService.KEYSTONE ? "/v3" : "");
            var serviceId = serviceIds.get(service.catalogType());
            var endpoints = List.of("public", "internal", "admin").stream()
                    .map(each -> Json.object(
                            "id",
                            serviceId + each,
                            "interface",
                            each,
                            "region_id",
                            REGION,
                            "region",
                            REGION,
                            "url",
                            url))
                    .toList();
            found.add(Json.object(
                    "endpoints",
                    endpoints,
                    "id",
                    serviceId,
                    "type",
                    service.catalogType(),
                    "name",
                    service.catalogName()));
        }
        return found;
    }

    /** What the list of services shows. */
    List<ObjectNode> services() {
        var found = new ArrayList<ObjectNode>();
        for (var service : offered()) {
            found.add(Json.object(
                    "id", serviceIds.get(service.catalogType()),
                    "type", service.catalogType(),
                    "name", service.catalogName(),
                    "enabled", true));
        }
        return found;
    }
}
