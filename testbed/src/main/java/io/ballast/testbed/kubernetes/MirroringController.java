package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Endpoints that a user wrote for a Service without selector → mirrored EndpointSlices. */
final class MirroringController implements Controller {
    static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
    private static final List<String> FAMILIES = List.of("IPv4", "IPv6");

    private final Cluster cluster;
    private final SliceWriter writer;

    MirroringController(Cluster cluster) {
        this.cluster = cluster;
        this.writer = new SliceWriter(cluster, "endpointslicemirroring-controller.k8s.io");
    }

    @Override
    public void route(ObjectStore.Change change, Consumer<ObjectStore.Key> dirty) {
        var key = change.key();
        if (key.storage().equals(EndpointSliceController.ENDPOINTS)) {
            dirty.accept(key);
        } else if (key.storage().equals(EndpointSliceController.SERVICES)) {
            dirty.accept(new ObjectStore.Key(EndpointSliceController.ENDPOINTS, key.namespace(), key.name()));
        }
    }

    @Override
    public boolean isLate() {
        return true;
    }

    @Override
    public void reconcile(ObjectStore.Key key) {
        var endpoints = cluster.get(key);
        var service = cluster.get(new ObjectStore.Key(EndpointSliceController.SERVICES, key.namespace(), key.name()));
        var isMirrored = endpoints.isPresent()
                && service.isPresent()
                && Json.at(service.get(), "spec", "selector").isEmpty()
                && !Meta.label(endpoints.get(), SKIP).equals("true")
                && !Json.has(endpoints.get(), "metadata", "annotations", "control-plane.alpha.kubernetes.io/leader");
        if (isMirrored) {
            mirror(service.get(), endpoints.get());
        } else {
            endpoints.ifPresent(
                    unwanted -> writer.slicesOf(unwanted).forEach(slice -> cluster.delete(SliceWriter.STORAGE, slice)));
        }
    }

    private void mirror(ObjectNode service, ObjectNode endpoints) {
        var found = new ArrayList<Map.Entry<SliceWriter.Shape, ObjectNode>>();
        for (var subset : Json.objects(endpoints.path("subsets"))) {
            var ports = Json.array();
            for (var port : Json.objects(subset.path("ports"))) {
                var entry = ports.addObject()
                        .put("name", Json.text(port, "name"))
                        .put("protocol", Json.text(port, "protocol"))
                        .put("port", port.path("port").asInt());
                Json.setOrRemove(entry, "appProtocol", port.path("appProtocol"));
            }
            for (var list : new String[] {"addresses", "notReadyAddresses"}) {
                for (var address : Json.objects(subset.path(list))) {
                    var ip = AddressRange.canonical(Json.text(address, "ip"));
                    var shape = new SliceWriter.Shape(ServiceAllocations.family(ip), ports);
                    found.add(Map.entry(shape, endpoint(address, ip, list.equals("addresses"))));
                }
            }
        }
        var unique = new LinkedHashMap<SliceWriter.Shape, List<ObjectNode>>(SliceWriter.grouped(found));
        writer.write(cluster.type(EndpointSliceController.ENDPOINTS), endpoints, service, unique, FAMILIES, false);
    }

    private static ObjectNode endpoint(ObjectNode address, String ip, boolean isReady) {
        var endpoint = Json.object();
        endpoint.putArray("addresses").add(ip);
        endpoint.putObject("conditions").put("ready", isReady);
        Json.setOrRemove(endpoint, "hostname", address.path("hostname"));
        Json.setOrRemove(endpoint, "nodeName", address.path("nodeName"));
        Json.setOrRemove(endpoint, "targetRef", address.path("targetRef"));
        return endpoint;
    }
}
