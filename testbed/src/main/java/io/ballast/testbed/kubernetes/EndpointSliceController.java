package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.testbed.kubernetes.PodEndpoints.PodEndpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Service with a selector → EndpointSlices, and the older Endpoints object beside them. */
final class EndpointSliceController implements Controller {
    static final String SERVICES = "/services";
    static final String ENDPOINTS = "/endpoints";
    private static final int MAX_ENDPOINTS_ADDRESSES = 1000;

    private final Cluster cluster;
    private final SliceWriter writer;
    private final SelectorIndex index = new SelectorIndex();
    private final PodEndpoints pods;

    EndpointSliceController(Cluster cluster) {
        this.cluster = cluster;
        this.pods = new PodEndpoints(cluster);
        this.writer = new SliceWriter(cluster, "endpointslice-controller.k8s.io");
    }

    @Override
    public void route(ObjectStore.Change change, Consumer<ObjectStore.Key> dirty) {
        var key = change.key();
        index.follow(change);
        switch (key.storage()) {
            case SERVICES -> dirty.accept(key);
            case ENDPOINTS -> dirty.accept(new ObjectStore.Key(SERVICES, key.namespace(), key.name()));
            case SliceWriter.STORAGE -> {
                var service = Meta.label(change.latest(), SliceWriter.SERVICE_NAME);
                dirty.accept(new ObjectStore.Key(SERVICES, key.namespace(), service));
            }
            case Pods.STORAGE -> {
                var before = change.before();
                var after = change.after();
                if (after == null) {
                    pods.forget(key);
                }
                if (PodEndpoints.isNews(before, after)) {
                    var selecting = new TreeSet<ObjectStore.Key>();
                    if (before != null) {
                        selecting.addAll(index.servicesOf(key, before));
                    }
                    if (after != null) {
                        selecting.addAll(index.servicesOf(key, after));
                    }
                    selecting.forEach(dirty);
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
            write(key, service.get());
        }
    }

    private void write(ObjectStore.Key key, ObjectNode service) {
        var selector = LabelSelector.equality(Json.at(service, "spec", "selector"));
        var selected = new ArrayList<PodEndpoint>();
        for (var candidate : index.candidates(key)) {
            cluster.get(candidate)
                    .filter(pod -> selector.matches(Meta.labels(pod))
                            && !Pods.isFinished(pod)
                            && !Json.text(pod, "status", "podIP").isEmpty())
                    .ifPresent(pod -> selected.add(pods.of(candidate, pod)));
        }
        var families = Json.texts(Json.at(service, "spec", "ipFamilies"));
        var ports = new Ports(service);
        var found = new ArrayList<Map.Entry<SliceWriter.Shape, ObjectNode>>();
        for (var family : families) {
            for (var pod : selected) {
                var address = pod.addresses().get(family);
                if (address != null) {
                    found.add(Map.entry(new SliceWriter.Shape(family, ports.of(pod)), endpoint(service, pod, address)));
                }
            }
        }
        writer.write(cluster.type(SERVICES), service, service, SliceWriter.grouped(found), families, true);
        writeEndpoints(service, selected, ports, families.isEmpty() ? "IPv4" : families.getFirst());
    }

    /** The Service's ports as pods resolve them: a named target port that a pod does not have is left out. */
    private static final class Ports {
        private final ObjectNode service;
        private final Map<Map<String, Integer>, ArrayNode> resolved = new HashMap<>();

        Ports(ObjectNode service) {
            this.service = service;
        }

        ArrayNode of(PodEndpoint pod) {
            return resolved.computeIfAbsent(pod.ports(), this::resolve);
        }

        private ArrayNode resolve(Map<String, Integer> named) {
            var ports = Json.array();
            for (var port : Json.objects(Json.at(service, "spec", "ports"))) {
                var target = port.path("targetPort");
                var number = target.isTextual()
                        ? named.get(target.asText() + "/" + Json.text(port, "protocol"))
                        : Integer.valueOf(target.asInt(port.path("port").asInt()));
                if (number != null) {
                    var entry = ports.addObject()
                            .put("name", Json.text(port, "name"))
                            .put("protocol", Json.text(port, "protocol"))
                            .put("port", number);
                    Json.setOrRemove(entry, "appProtocol", port.path("appProtocol"));
                }
            }
            return ports;
        }
    }

    private static boolean publishesNotReady(ObjectNode service) {
        return Json.at(service, "spec", "publishNotReadyAddresses").asBoolean();
    }

    private static ObjectNode endpoint(ObjectNode service, PodEndpoint pod, String address) {
        var endpoint = Json.object();
        endpoint.putArray("addresses").add(address);
        endpoint.putObject("conditions")
                .put("ready", publishesNotReady(service) || (pod.ready() && !pod.terminating()))
                .put("serving", pod.ready())
                .put("terminating", pod.terminating());
        if (pod.hostname().endsWith("." + Meta.name(service))) {
            endpoint.put(
                    "hostname",
                    pod.hostname()
                            .substring(
                                    0,
                                    pod.hostname().length() - Meta.name(service).length() - 1));
        }
        endpoint.put("nodeName", pod.node());
        if (!pod.zone().isEmpty()) {
            endpoint.put("zone", pod.zone());
        }
        endpoint.set("targetRef", pod.reference());
        return endpoint;
    }

    private void writeEndpoints(ObjectNode service, List<PodEndpoint> selected, Ports ports, String family) {
        var key = new ObjectStore.Key(ENDPOINTS, Meta.namespace(service), Meta.name(service));
        var before = cluster.get(key);
        var after = before.map(Json::shallow).orElseGet(() -> cluster.blank(ENDPOINTS, key.namespace(), key.name()));
        var labels = Json.object();
        Meta.labels(service).forEach(labels::put);
        labels.put("endpoints.kubernetes.io/managed-by", "endpoint-controller");
        if (ServiceDefaults.isHeadless(service)) {
            labels.put("service.kubernetes.io/headless", "");
        }
        Meta.of(after).set("labels", labels);
        Json.setOrRemove(after, "subsets", subsets(service, selected, ports, family));
        if (before.isPresent()) {
            cluster.update(ENDPOINTS, before.get(), after);
        } else {
            cluster.create(ENDPOINTS, after);
        }
    }

    private static ArrayNode subsets(ObjectNode service, List<PodEndpoint> selected, Ports ports, String family) {
        var byPorts = new LinkedHashMap<ArrayNode, ObjectNode>();
        var count = 0;
        for (var pod : selected) {
            var address = pod.addresses().get(family);
            if (address != null && !pod.terminating() && count++ < MAX_ENDPOINTS_ADDRESSES) {
                var subset = byPorts.computeIfAbsent(ports.of(pod), _ -> Json.object());
                var isReady = pod.ready() || publishesNotReady(service);
                var entry = Json.childArray(subset, isReady ? "addresses" : "notReadyAddresses")
                        .addObject()
                        .put("ip", address)
                        .put("nodeName", pod.node());
                entry.set("targetRef", pod.reference());
            }
        }
        var subsets = Json.array();
        byPorts.forEach((resolved, subset) -> {
            Json.setOrRemove(subset, "ports", resolved.deepCopy());
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
