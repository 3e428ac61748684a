package io.ballast.watcher.kafka;

import io.ballast.runtime.shell.Tables;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.ClusterRecord;
import io.ballast.schemas.contract.ConfirmationKind;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.NodeSnapshot;
import io.ballast.schemas.contract.OperatorConfirmation;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.SliceKey;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.watcher.snapshot.Chain;
import io.ballast.watcher.snapshot.Facts;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.NamespaceFacts;
import io.ballast.watcher.snapshot.NodeFacts;
import io.ballast.watcher.snapshot.ObjectName;
import io.ballast.watcher.snapshot.ServiceFacts;
import io.ballast.watcher.snapshot.SliceFacts;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rows of one cluster. */
record Rows(Tables tables, String cluster) {
    /** The key of a Service; empty when the name is none that a Service can have. */
    Optional<ServiceKey> key(ObjectName name) {
        try {
            return Optional.of(new ServiceKey(cluster, name.namespace(), name.name()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Nullable
    ServiceSnapshot service(ServiceKey key) {
        return tables.of(Topics.SERVICES).get(key.toString()).orElse(null);
    }

    Map<String, ServiceSnapshot> services() {
        return tables.of(Topics.SERVICES).rowsStartingWith(cluster + "/");
    }

    int present() {
        return (int) services().values().stream()
                .filter(row -> row.state() == SnapshotState.PRESENT)
                .count();
    }

    Map<String, EndpointSliceSnapshot> slices() {
        return tables.of(Topics.ENDPOINT_SLICES).rowsStartingWith(cluster + "/");
    }

    Map<String, EndpointSliceSnapshot> slicesOf(ServiceKey service) {
        return tables.of(Topics.ENDPOINT_SLICES).rowsStartingWith(service + "/");
    }

    Map<String, NodeSnapshot> nodes() {
        return tables.of(Topics.NODES).rowsStartingWith(cluster + "/");
    }

    @Nullable
    NodeSnapshot node(String name) {
        return tables.of(Topics.NODES).get(nodeKey(name)).orElse(null);
    }

    String nodeKey(String name) {
        return cluster + "/" + name;
    }

    String nodeName(String key) {
        return key.substring(cluster.length() + 1);
    }

    /** What is recorded of all clusters, by name. */
    Map<String, ClusterRecord> records() {
        return tables.of(Topics.CLUSTERS).rows();
    }

    @Nullable
    ClusterRecord record() {
        return tables.of(Topics.CLUSTERS).get(cluster).orElse(null);
    }

    Chain chain(String key, @Nullable Chain before) {
        return Chain.remember(
                before,
                tables.of(Topics.LOAD_BALANCER_STATUS).get(key).orElse(null),
                tables.of(Topics.ADDRESS_ALLOCATIONS).get(key).orElse(null));
    }

    /** Keys of Services of which the others say something. */
    List<String> answered() {
        var keys = new TreeMap<String, Boolean>();
        tables.of(Topics.LOAD_BALANCER_STATUS)
                .rowsStartingWith(cluster + "/")
                .forEach((key, row) -> keys.put(key, true));
        tables.of(Topics.ADDRESS_ALLOCATIONS)
                .rowsStartingWith(cluster + "/")
                .forEach((key, row) -> keys.put(key, true));
        return List.copyOf(keys.keySet());
    }

    /** Uids of the Services whose deletion people confirmed. */
    List<String> confirmed() {
        return tables.of(Topics.OPERATOR).rows().values().stream()
                .filter(confirmation -> confirmation.kind() == ConfirmationKind.DELETIONS)
                .filter(confirmation -> confirmation.cluster().equals(cluster))
                .map(OperatorConfirmation::uids)
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    /** resourceVersion under which the object was last published with this uid; null when it was not. */
    @Nullable
    String published(Facts facts) {
        return switch (facts) {
            case ServiceFacts service ->
                key(new ObjectName(service.namespace(), service.name()))
                        .map(this::service)
                        .filter(row -> row.uid().equals(service.uid()))
                        .map(ServiceSnapshot::resourceVersion)
                        .filter(version -> !version.isEmpty())
                        .orElse(null);
            case SliceFacts slice ->
                key(new ObjectName(slice.namespace(), slice.service()))
                        .flatMap(key ->
                                tables.of(Topics.ENDPOINT_SLICES).get(new SliceKey(key, slice.name()).toString()))
                        .filter(row -> row.uid().equals(slice.uid()))
                        .map(EndpointSliceSnapshot::resourceVersion)
                        .orElse(null);
            case NodeFacts _, NamespaceFacts _ -> null;
        };
    }

    /** What our topics say exists of these kinds: names with uids. */
    Map<Kind, Map<ObjectName, String>> known(Set<Kind> kinds) {
        var known = new EnumMap<Kind, Map<ObjectName, String>>(Kind.class);
        for (var kind : kinds) {
            known.put(
                    kind,
                    switch (kind) {
                        case SERVICES -> knownServices();
                        case SLICES -> knownSlices();
                        case NODES -> knownNodes();
                        case NAMESPACES -> Map.of();
                    });
        }
        return known;
    }

    private Map<ObjectName, String> knownServices() {
        var services = new HashMap<ObjectName, String>();
        services().forEach((text, row) -> {
            if (row.state() == SnapshotState.PRESENT) {
                services.put(nameOf(ServiceKey.parse(text)), row.uid());
            }
        });
        return services;
    }

    private Map<ObjectName, String> knownSlices() {
        var slices = new HashMap<ObjectName, String>();
        slices().forEach((text, row) -> {
            var key = SliceKey.parse(text);
            slices.put(new ObjectName(key.service().namespace(), key.slice()), row.uid());
        });
        return slices;
    }

    private Map<ObjectName, String> knownNodes() {
        var nodes = new HashMap<ObjectName, String>();
        nodes().forEach((text, row) -> nodes.put(new ObjectName("", nodeName(text)), row.uid()));
        return nodes;
    }

    static ObjectName nameOf(ServiceKey key) {
        return new ObjectName(key.namespace(), key.name());
    }
}
