package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.schemas.contract.InOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a pod is to the Services that select it: the same for each of them, so it is read from the pod once. */
final class PodEndpoints {
    private final Cluster cluster;
    private final Map<ObjectStore.Key, PodEndpoint> known = new HashMap<>();

    PodEndpoints(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * A pod as an endpoint.
     *
     * @param revision of the pod that was read; no two objects share one
     * @param addresses by family
     * @param ports numbers of its ports by name and protocol, with a slash between
     * @param ready whether its condition says so
     * @param terminating whether it is being deleted
     * @param node name of its node
     * @param zone zone of its node; empty for none
     * @param hostname with its subdomain behind a dot; empty for none
     * @param reference how endpoints refer to it; shared, never changed
     */
    record PodEndpoint(
            long revision,
            Map<String, String> addresses,
            Map<String, Integer> ports,
            boolean ready,
            boolean terminating,
            String node,
            String zone,
            String hostname,
            ObjectNode reference) {}

    PodEndpoint of(ObjectStore.Key key, ObjectNode pod) {
        var before = known.get(key);
        if (before != null && before.revision() == Meta.revision(pod)) {
            return before;
        }
        var read = read(pod);
        known.put(key, read);
        return read;
    }

    void forget(ObjectStore.Key key) {
        known.remove(key);
    }

    /** Whether a change of a pod is one for the Services that select it. */
    static boolean isNews(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        return before == null || after == null || !facts(before).equals(facts(after));
    }

    private static List<Object> facts(ObjectNode pod) {
        return List.of(
                Json.at(pod, "metadata", "labels"),
                Json.at(pod, "status", "podIPs"),
                Json.at(pod, "spec"),
                Pods.isReady(pod),
                Pods.isFinished(pod),
                Meta.isDeleting(pod));
    }

    private PodEndpoint read(ObjectNode pod) {
        var addresses = new HashMap<String, String>();
        for (var entry : Json.objects(Json.at(pod, "status", "podIPs"))) {
            var address = Json.text(entry, "ip");
            addresses.putIfAbsent(ServiceAllocations.family(address), address);
        }
        var node = Json.text(pod, "spec", "nodeName");
        var hostname = Json.text(pod, "spec", "hostname");
        return new PodEndpoint(
                Meta.revision(pod),
                InOrder.copyOf(addresses),
                namedPorts(pod),
                Pods.isReady(pod),
                Meta.isDeleting(pod),
                node,
                cluster.get(new ObjectStore.Key("/nodes", "", node))
                        .map(found -> Meta.label(found, "topology.kubernetes.io/zone"))
                        .orElse(""),
                hostname.isEmpty() ? "" : hostname + "." + Json.text(pod, "spec", "subdomain"),
                Json.object()
                        .put("kind", "Pod")
                        .put("namespace", Meta.namespace(pod))
                        .put("name", Meta.name(pod))
                        .put("uid", Meta.uid(pod)));
    }

    private static Map<String, Integer> namedPorts(ObjectNode pod) {
        var ports = new HashMap<String, Integer>();
        for (var container : Json.objects(Json.at(pod, "spec", "containers"))) {
            for (var port : Json.objects(container.path("ports"))) {
                ports.putIfAbsent(
                        Json.text(port, "name") + "/" + Json.text(port, "protocol"),
                        port.path("containerPort").asInt());
            }
        }
        return InOrder.copyOf(ports);
    }
}
