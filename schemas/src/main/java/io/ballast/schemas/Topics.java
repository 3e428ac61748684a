package io.ballast.schemas;

import io.ballast.schemas.Topic.Format;
import io.ballast.schemas.Topic.Policy;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AddressPoolStatus;
import io.ballast.schemas.contract.ClusterRecord;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.Inventory;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.NodeSnapshot;
import io.ballast.schemas.contract.OperatorConfirmation;
import io.ballast.schemas.contract.Outcome;
import io.ballast.schemas.contract.ServiceSnapshot;
import java.util.List;
import java.util.Optional;

/** Every topic, in one place. A configurable prefix stands before each name. */
public final class Topics {
    /** Largest record Kafka takes, bytes; a value of ours must be smaller, see {@link #VALUE_BYTES_MAX}. */
    public static final int MESSAGE_BYTES_MAX = 2_097_152;

    /** Largest encoded value we write, bytes: the rest of the record is left for key, headers and batch. */
    public static final int VALUE_BYTES_MAX = 2_000_000;

    private static final String SERVICE_KEY = "cluster/namespace/name";

    public static final Topic<ClusterRecord> CLUSTERS = table(
            "clusters", "cluster", ClusterRecord.class, false, "watcher", "translator", "ipam", "octavia", "tools");
    public static final Topic<ServiceSnapshot> SERVICES =
            table("services", SERVICE_KEY, ServiceSnapshot.class, true, "watcher", "translator");
    public static final Topic<EndpointSliceSnapshot> ENDPOINT_SLICES = table(
            "endpoint-slices", SERVICE_KEY + "/slice", EndpointSliceSnapshot.class, true, "watcher", "translator");
    public static final Topic<NodeSnapshot> NODES =
            table("nodes", "cluster/node", NodeSnapshot.class, false, "watcher", "translator");
    public static final Topic<AddressClaim> ADDRESS_CLAIMS =
            table("address-claims", SERVICE_KEY, AddressClaim.class, false, "translator", "ipam");
    public static final Topic<AddressAllocation> ADDRESS_ALLOCATIONS = table(
            "address-allocations",
            SERVICE_KEY,
            AddressAllocation.class,
            true,
            "ipam",
            "octavia",
            "translator",
            "watcher",
            "tools");
    public static final Topic<AddressPoolStatus> ADDRESS_POOLS =
            table("address-pools", "pool", AddressPoolStatus.class, false, "ipam", "tools");
    public static final Topic<DesiredLoadBalancer> DESIRED_LOAD_BALANCERS = table(
            "desired-load-balancers", SERVICE_KEY, DesiredLoadBalancer.class, true, "translator", "octavia", "tools");
    public static final Topic<LoadBalancerStatus> LOAD_BALANCER_STATUS = table(
            "load-balancer-status",
            SERVICE_KEY,
            LoadBalancerStatus.class,
            true,
            "octavia",
            "watcher",
            "ipam",
            "translator",
            "tools");
    public static final Topic<LoadBalancerStatus> LOAD_BALANCER_STATUS_JSON = new Topic<>(
            "load-balancer-status.json",
            SERVICE_KEY,
            LoadBalancerStatus.class,
            Format.JSON,
            true,
            Policy.TABLE,
            List.of("octavia"),
            List.of("tools"));
    public static final Topic<Outcome> LOAD_BALANCER_OUTCOMES = new Topic<>(
            "load-balancer-outcomes",
            SERVICE_KEY,
            Outcome.class,
            Format.AVRO,
            true,
            Policy.HISTORY,
            List.of("octavia", "ipam"),
            List.of("tools"));
    public static final Topic<Outcome> LOAD_BALANCER_OUTCOMES_JSON = new Topic<>(
            "load-balancer-outcomes.json",
            SERVICE_KEY,
            Outcome.class,
            Format.JSON,
            true,
            Policy.HISTORY,
            List.of("octavia", "ipam"),
            List.of("tools"));
    public static final Topic<Inventory> INVENTORIES =
            table("inventories", "partition", Inventory.class, false, "octavia", "ipam", "tools");
    public static final Topic<OperatorConfirmation> OPERATOR =
            table("operator", "cluster/…", OperatorConfirmation.class, false, "ballast", "watcher", "octavia");
    public static final Topic<byte[]> DEAD_LETTERS = new Topic<>(
            "dead-letters",
            "topic/partition/offset",
            byte[].class,
            Format.BYTES,
            false,
            Policy.DEAD_LETTERS,
            List.of("watcher", "translator", "ipam", "octavia"),
            List.of("people"));
    public static final Topic<String> SCHEMAS = new Topic<>(
            "schemas",
            "fingerprint, 16 hexadecimal digits",
            String.class,
            Format.TEXT,
            false,
            Policy.TABLE,
            List.of("watcher", "translator", "ipam", "octavia"),
            List.of("tools"));

    /** All of them, sorted by name. */
    public static final List<Topic<?>> ALL = List.of(
            ADDRESS_ALLOCATIONS,
            ADDRESS_CLAIMS,
            ADDRESS_POOLS,
            CLUSTERS,
            DEAD_LETTERS,
            DESIRED_LOAD_BALANCERS,
            ENDPOINT_SLICES,
            INVENTORIES,
            LOAD_BALANCER_OUTCOMES,
            LOAD_BALANCER_OUTCOMES_JSON,
            LOAD_BALANCER_STATUS,
            LOAD_BALANCER_STATUS_JSON,
            NODES,
            OPERATOR,
            SCHEMAS,
            SERVICES);

    private Topics() {}

    /** The topic of a name without prefix. */
    public static Optional<Topic<?>> named(String name) {
        return ALL.stream().filter(topic -> topic.name().equals(name)).findFirst();
    }

    /** The JSON mirror of a topic, written in the same transaction; empty for most. */
    @SuppressWarnings("unchecked")
    public static <V> Optional<Topic<V>> mirrorOf(Topic<V> topic) {
        return named(topic.name() + ".json").map(mirror -> (Topic<V>) mirror);
    }

    private static <V> Topic<V> table(
            String name, String key, Class<V> type, boolean keyed, String writer, String... readers) {
        return new Topic<>(name, key, type, Format.AVRO, keyed, Policy.TABLE, List.of(writer), List.of(readers));
    }
}
