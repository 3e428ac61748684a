package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Service with a selector → EndpointSlices, and the older Endpoints object beside them. */
final class EndpointSliceController implements Controller {
    static final String SERVICES = "/services";
    static final String ENDPOINTS = "/endpoints";
    private static final int MAX_ENDPOINTS_ADDRESSES = 1000;

    private final Cluster cluster;
    private final SliceWriter writer;

    EndpointSliceController(Cluster cluster) {
        this.cluster = cluster;
        this.writer = new SliceWriter(cluster, "endpointslice-controller.k8s.io");
    }

    @Override
    public void route(ObjectStore.Change change, Consumer<ObjectStore.Key> dirty) {
        var key = change.key();
        switch (key.storage()) {
            case SERVICES -> dirty.accept(key);
            case ENDPOINTS -> dirty.accept(new ObjectStore.Key(SERVICES, key.namespace(), key.name()));
            case SliceWriter.STORAGE -> {
                var service = Meta.label(change.latest(), SliceWriter.SERVICE_NAME);
                dirty.accept(new ObjectStore.Key(SERVICES, key.namespace(), service));
            }
            case Pods.STORAGE -> {
                for (var service : cluster.list(SERVICES, key.namespace())) {
                    var selector = LabelSelector.equality(Json.at(service, "spec", "selector"));
                    var before = change.before();
                    var after = change.after();
                    if (!selector.isEverything()
                            && ((before != null && selector.matches(Meta.labels(before)))
                                    || (after != null && selector.matches(Meta.labels(after))))) {
                        dirty.accept(new ObjectStore.Key(SERVICES, key.namespace(), Meta.name(service)));
                    }
                }
            }
            default -> {}
        }
    }

    @Override
    public boolean isLate() {
        return true;
    }

    @Override
    public void reconcile(ObjectStore.Key key) {
        var service = cluster.get(key);
        if (service.isEmpty()) {
            cluster.get(new ObjectStore.Key(ENDPOINTS, key.namespace(), key.name()))
                    .ifPresent(endpoints -> cluster.delete(ENDPOINTS, endpoints));
        } else if (!Meta.isDeleting(service.get())
                && !Json.at(service.get(), "spec", "selector").isEmpty()
                && !ServiceDefaults.type(service.get()).equals("ExternalName")) {
            write(service.get());
        }
    }

    private void write(ObjectNode service) {
        var selector = LabelSelector.equality(Json.at(service, "spec", "selector"));
        var pods = cluster.list(Pods.STORAGE, Meta.namespace(service)).stream()
                .filter(pod -> selector.matches(Meta.labels(pod)))
                .filter(pod -> !Pods.isFinished(pod)
                        && !Json.text(pod, "status", "podIP").isEmpty())
                .toList();
        var families = Json.texts(Json.at(service, "spec", "ipFamilies"));
        var found = new ArrayList<Map.Entry<SliceWriter.Shape, ObjectNode>>();
        for (var family : families) {
            for (var pod : pods) {
                address(pod, family)
                        .ifPresent(address -> found.add(Map.entry(
                                new SliceWriter.Shape(family, ports(service, pod)), endpoint(service, pod, address))));
            }
        }
        writer.write(cluster.type(SERVICES), service, service, SliceWriter.grouped(found), families, true);
        writeEndpoints(service, pods, families.isEmpty() ? "IPv4" : families.getFirst());
    }

    private static Optional<String> address(ObjectNode pod, String family) {
        return Json.objects(Json.at(pod, "status", "podIPs")).stream()
                .map(entry -> Json.text(entry, "ip"))
                .filter(address -> ServiceAllocations.family(address).equals(family))
                .findFirst();
    }

    /** The Service's ports as this pod resolves them: a named target port that the pod does not have is left out. */
    private static ArrayNode ports(ObjectNode service, ObjectNode pod) {
        var resolved = Json.array();
        for (var port : Json.objects(Json.at(service, "spec", "ports"))) {
            var number = targetPort(port, pod);
            if (number.isPresent()) {
                var entry = resolved.addObject()
                        .put("name", Json.text(port, "name"))
                        .put("protocol", Json.text(port, "protocol"))
                        .put("port", number.get());
                Json.setOrRemove(entry, "appProtocol", port.path("appProtocol"));
            }
        }
        return resolved;
    }

    private static Optional<Integer> targetPort(ObjectNode port, ObjectNode pod) {
        var target = port.path("targetPort");
        if (!target.isTextual()) {
            return Optional.of(target.asInt(port.path("port").asInt()));
        }
        return Json.objects(Json.at(pod, "spec", "containers")).stream()
                .flatMap(container -> Json.objects(container.path("ports")).stream())
                .filter(candidate -> Json.text(candidate, "name").equals(target.asText())
                        && Json.text(candidate, "protocol").equals(Json.text(port, "protocol")))
                .map(candidate -> candidate.path("containerPort").asInt())
                .findFirst();
    }

    private ObjectNode endpoint(ObjectNode service, ObjectNode pod, String address) {
        var serving = Pods.isReady(pod);
        var terminating = Meta.isDeleting(pod);
        var publishes = Json.at(service, "spec", "publishNotReadyAddresses").asBoolean();
        var endpoint = Json.object();
        endpoint.putArray("addresses").add(address);
        endpoint.putObject("conditions")
                .put("ready", publishes || (serving && !terminating))
                .put("serving", serving)
                .put("terminating", terminating);
        var hostname = Json.text(pod, "spec", "hostname");
        if (!hostname.isEmpty() && Json.text(pod, "spec", "subdomain").equals(Meta.name(service))) {
            endpoint.put("hostname", hostname);
        }
        var node = Json.text(pod, "spec", "nodeName");
        endpoint.put("nodeName", node);
        cluster.get(new ObjectStore.Key("/nodes", "", node))
                .map(found -> Meta.label(found, "topology.kubernetes.io/zone"))
                .filter(zone -> !zone.isEmpty())
                .ifPresent(zone -> endpoint.put("zone", zone));
        endpoint.set("targetRef", reference(pod));
        return endpoint;
    }

    private static ObjectNode reference(ObjectNode pod) {
        return Json.object()
                .put("kind", "Pod")
                .put("namespace", Meta.namespace(pod))
                .put("name", Meta.name(pod))
                .put("uid", Meta.uid(pod));
    }

    private void writeEndpoints(ObjectNode service, List<ObjectNode> pods, String family) {
        var key = new ObjectStore.Key(ENDPOINTS, Meta.namespace(service), Meta.name(service));
        var before = cluster.get(key);
        var after =
                before.map(ObjectNode::deepCopy).orElseGet(() -> cluster.blank(ENDPOINTS, key.namespace(), key.name()));
        var labels = Json.object();
        Meta.labels(service).forEach(labels::put);
        labels.put("endpoints.kubernetes.io/managed-by", "endpoint-controller");
        if (ServiceDefaults.isHeadless(service)) {
            labels.put("service.kubernetes.io/headless", "");
        }
        Meta.of(after).set("labels", labels);
        Json.setOrRemove(after, "subsets", subsets(service, pods, family));
        if (before.isPresent()) {
            cluster.update(ENDPOINTS, before.get(), after);
        } else {
            cluster.create(ENDPOINTS, after);
        }
    }

    private static ArrayNode subsets(ObjectNode service, List<ObjectNode> pods, String family) {
        var byPorts = new LinkedHashMap<ArrayNode, ObjectNode>();
        var count = 0;
        for (var pod : pods) {
            var address = address(pod, family);
            if (address.isPresent() && !Meta.isDeleting(pod) && count++ < MAX_ENDPOINTS_ADDRESSES) {
                var subset = byPorts.computeIfAbsent(ports(service, pod), _ -> Json.object());
                var isReady = Pods.isReady(pod)
                        || Json.at(service, "spec", "publishNotReadyAddresses").asBoolean();
                var entry = Json.childArray(subset, isReady ? "addresses" : "notReadyAddresses")
                        .addObject()
                        .put("ip", address.get())
                        .put("nodeName", Json.text(pod, "spec", "nodeName"));
                entry.set("targetRef", reference(pod));
            }
        }
        var subsets = Json.array();
        byPorts.forEach((ports, subset) -> {
            Json.setOrRemove(subset, "ports", ports);
            for (var port : Json.objects(subset.path("ports"))) {
                if (Json.text(port, "name").isEmpty()) {
                    port.remove("name");
                }
            }
            subsets.add(subset);
        });
        return subsets;
    }
}
