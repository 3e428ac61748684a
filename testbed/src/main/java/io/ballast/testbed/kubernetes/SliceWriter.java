package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** Keeps the EndpointSlices of one owner: endpoints stay in their slice, new ones fill up what has room, at most 100 in each. */
final class SliceWriter {
    static final String STORAGE = "discovery.k8s.io/endpointslices";
    static final String SERVICE_NAME = "kubernetes.io/service-name";
    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    private static final int MAX_ENDPOINTS = 100;

    private final Cluster cluster;
    private final String managedBy;

    SliceWriter(Cluster cluster, String managedBy) {
        this.cluster = cluster;
        this.managedBy = managedBy;
    }

    /** What all endpoints of a slice have in common. {@code ports} is empty when nothing resolves. */
    record Shape(String addressType, ArrayNode ports) {}

    /** Makes the slices of {@code service} hold just these endpoints. With {@code keepsOne} a family without any keeps an empty slice. */
    void write(
            ResourceType ownerType,
            ObjectNode owner,
            ObjectNode service,
            SequencedMap<Shape, List<ObjectNode>> wanted,
            List<String> families,
            boolean keepsOne) {
        var existing = slicesOf(owner);
        var labels = labels(service);
        for (var family : families) {
            var ofFamily = existing.stream()
                    .filter(slice -> Json.text(slice, "addressType").equals(family))
                    .toList();
            var shapes = new LinkedHashMap<Shape, List<ObjectNode>>();
            wanted.forEach((shape, endpoints) -> {
                if (shape.addressType().equals(family) && !endpoints.isEmpty()) {
                    shapes.put(shape, endpoints);
                }
            });
            var unused = new ArrayList<>(ofFamily);
            for (var entry : shapes.entrySet()) {
                var stays = fill(ownerType, owner, service, labels, entry.getKey(), entry.getValue(), ofFamily);
                unused.removeIf(slice -> stays.contains(Meta.name(slice)));
            }
            if (shapes.isEmpty() && keepsOne) {
                keepEmpty(ownerType, owner, service, labels, family, unused);
            }
            unused.forEach(slice -> cluster.delete(STORAGE, slice));
        }
        existing.stream()
                .filter(slice -> !families.contains(Json.text(slice, "addressType")))
                .forEach(slice -> cluster.delete(STORAGE, slice));
    }

    /** The slices that belong to an owner. */
    List<ObjectNode> slicesOf(ObjectNode owner) {
        return cluster.controlledBy(owner, STORAGE).stream()
                .filter(slice -> Meta.label(slice, MANAGED_BY).equals(managedBy) && !Meta.isDeleting(slice))
                .toList();
    }

    private ObjectNode labels(ObjectNode service) {
        var labels = Json.object();
        Meta.labels(service).forEach((key, value) -> {
            if (!key.equals(SERVICE_NAME) && !key.equals(MANAGED_BY)) {
                labels.put(key, value);
            }
        });
        if (ServiceDefaults.isHeadless(service)) {
            labels.put("service.kubernetes.io/headless", "");
        }
        return labels.put(SERVICE_NAME, Meta.name(service)).put(MANAGED_BY, managedBy);
    }

    /** A slice that is there and what it is to hold. */
    private record Kept(ObjectNode slice, List<ObjectNode> content) {}

    /** Writes the slices of one shape and returns the names of those that stay. */
    private Set<String> fill(
            ResourceType ownerType,
            ObjectNode owner,
            ObjectNode service,
            ObjectNode labels,
            Shape shape,
            List<ObjectNode> endpoints,
            List<ObjectNode> existing) {
        var missing = new LinkedHashMap<String, ObjectNode>();
        endpoints.forEach(endpoint -> missing.putIfAbsent(identity(endpoint), endpoint));
        var kept = new ArrayList<Kept>();
        for (var slice : existing) {
            if (slice.path("ports").equals(shape.ports())) {
                var stays = new ArrayList<ObjectNode>();
                for (var endpoint : Json.objects(slice.path("endpoints"))) {
                    var current = missing.remove(identity(endpoint));
                    if (current != null) {
                        stays.add(current);
                    }
                }
                kept.add(new Kept(slice, stays));
            }
        }
        var rest = new ArrayList<>(missing.values());
        for (var slice : kept) {
            int room = Math.min(
                    rest.size(), Math.max(0, MAX_ENDPOINTS - slice.content().size()));
            slice.content().addAll(rest.subList(0, room));
            rest.subList(0, room).clear();
        }
        var stays = new HashSet<String>();
        kept.stream().filter(slice -> !slice.content().isEmpty()).forEach(slice -> {
            stays.add(Meta.name(slice.slice()));
            update(slice.slice(), labels, shape.ports(), slice.content());
        });
        for (var from = 0; from < rest.size(); from += MAX_ENDPOINTS) {
            create(
                    ownerType,
                    owner,
                    service,
                    labels,
                    shape,
                    rest.subList(from, Math.min(rest.size(), from + MAX_ENDPOINTS)));
        }
        return stays;
    }

    private static String identity(ObjectNode endpoint) {
        var uid = Json.text(endpoint, "targetRef", "uid");
        return uid.isEmpty() ? endpoint.path("addresses").toString() : uid;
    }

    private void update(ObjectNode slice, ObjectNode labels, JsonNode ports, List<ObjectNode> endpoints) {
        var after = Json.shallow(slice);
        Meta.of(after).set("labels", labels.deepCopy());
        content(after, ports, endpoints);
        cluster.update(STORAGE, slice, after);
    }

    private static void content(ObjectNode slice, JsonNode ports, List<ObjectNode> endpoints) {
        if (endpoints.isEmpty()) {
            slice.set("endpoints", NullNode.getInstance());
            slice.set("ports", NullNode.getInstance());
        } else {
            var array = slice.putArray("endpoints");
            endpoints.forEach(array::add);
            slice.set("ports", ports);
        }
    }

    private void create(
            ResourceType ownerType,
            ObjectNode owner,
            ObjectNode service,
            ObjectNode labels,
            Shape shape,
            List<ObjectNode> endpoints) {
        var name = Meta.name(service) + "-" + cluster.names().suffix();
        var slice = cluster.blank(STORAGE, Meta.namespace(service), name);
        Meta.of(slice).put("generateName", Meta.name(service) + "-").set("labels", labels.deepCopy());
        Meta.of(slice).putArray("ownerReferences").add(Meta.ownerReference(ownerType, owner));
        slice.put("addressType", shape.addressType());
        content(slice, shape.ports(), endpoints);
        cluster.create(STORAGE, slice);
    }

    private void keepEmpty(
            ResourceType ownerType,
            ObjectNode owner,
            ObjectNode service,
            ObjectNode labels,
            String family,
            List<ObjectNode> unused) {
        if (unused.isEmpty()) {
            create(ownerType, owner, service, labels, new Shape(family, Json.array()), List.of());
        } else {
            update(unused.removeFirst(), labels, Json.array(), List.of());
        }
    }

    /** Groups endpoints by what they have in common, in the order they come. */
    static SequencedMap<Shape, List<ObjectNode>> grouped(List<Map.Entry<Shape, ObjectNode>> endpoints) {
        var groups = new LinkedHashMap<Shape, List<ObjectNode>>();
        endpoints.forEach(entry ->
                groups.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()).add(entry.getValue()));
        return groups;
    }
}
