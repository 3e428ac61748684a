package io.ballast.translator.kafka;

import io.ballast.runtime.shell.Cause;
import io.ballast.runtime.shell.Change;
import io.ballast.runtime.shell.Key;
import io.ballast.runtime.shell.Marks;
import io.ballast.runtime.shell.Output;
import io.ballast.runtime.shell.Pass;
import io.ballast.runtime.shell.Reconciler;
import io.ballast.runtime.shell.RowCounts;
import io.ballast.runtime.shell.Tables;
import io.ballast.schemas.Partitions;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.ClusterRecord;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.NodeSnapshot;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.SliceKey;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.translator.translation.ClusterSettings;
import io.ballast.translator.translation.Decision;
import io.ballast.translator.translation.Decision.Write;
import io.ballast.translator.translation.KeyState;
import io.ballast.translator.translation.Lifecycle;
import io.ballast.translator.translation.Translated;
import io.ballast.translator.translation.Translation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Wires the tables of the translator to its core. Keys are texts of ServiceKeys; there are no calls. */
public final class TranslatorReconciler implements Reconciler<TranslatorCall, TranslatorAnswer> {
    /** Nodes change often and concern many Services: changes within this time are one. */
    static final Duration NODES_COLLECTED = Duration.ofSeconds(1);

    private final Map<String, ClusterSettings> clusters;
    private final int keyedPartitions;
    private final Map<Integer, Owned> owned = new TreeMap<>();
    private final RowCounts<Verdict> verdicts = new RowCounts<>();

    /** What a desired state says: its state, and why it is not PRESENT or ABSENT. */
    private record Verdict(DesiredState state, @Nullable DesiredReason reason) {
        static Verdict of(DesiredLoadBalancer desired) {
            return new Verdict(desired.state(), desired.reason());
        }
    }

    /** A partition, and for each key the uid whose GONE was answered since it was last said. */
    private record Owned(Tables tables, Map<String, String> answeredGone, Map<String, Instant> nodesHeard) {}

    /**
     * A reconciler for the configured clusters.
     *
     * @param clusters settings by cluster name
     * @param keyedPartitions partitions of topics keyed by Service
     */
    public TranslatorReconciler(Map<String, ClusterSettings> clusters, int keyedPartitions) {
        this.clusters = InOrder.copyOf(clusters);
        this.keyedPartitions = keyedPartitions;
    }

    /** Desired states of the owned partitions that say this; safe to be asked by any thread. */
    public long desiredStates(DesiredState state, @Nullable DesiredReason reason) {
        return verdicts.count(new Verdict(state, reason));
    }

    @Override
    public void opened(int partition, Tables tables, Marks marks, Instant now) {
        owned.put(partition, new Owned(tables, new HashMap<>(), new HashMap<>()));
        verdicts.opened(partition, tables.of(Topics.DESIRED_LOAD_BALANCERS).rows(), Verdict::of);
        var keys = new TreeSet<String>();
        for (var topic : List.of(
                Topics.SERVICES,
                Topics.DESIRED_LOAD_BALANCERS,
                Topics.ADDRESS_CLAIMS,
                Topics.ADDRESS_ALLOCATIONS,
                Topics.LOAD_BALANCER_STATUS)) {
            keys.addAll(tables.of(topic).rows().keySet());
        }
        keys.stream()
                .filter(key -> Partitions.of(key, keyedPartitions) == partition)
                .forEach(key -> marks.markInBackground(new Key(partition, key)));
    }

    @Override
    public void closed(int partition) {
        owned.remove(partition);
        verdicts.closed(partition);
    }

    @Override
    public void changed(int partition, Change<?> change, Marks marks, Instant now) {
        var topic = change.topic().name();
        if (topic.equals(Topics.NODES.name())) {
            nodeHeard(partition, change.key(), now);
            markServicesOnNodes(partition, change.key(), marks, now.plus(NODES_COLLECTED));
        } else if (topic.equals(Topics.ENDPOINT_SLICES.name())) {
            sliceKey(change.key())
                    .ifPresent(slice ->
                            marks.mark(new Key(partition, slice.service().toString())));
        } else if (topic.equals(Topics.CLUSTERS.name())) {
            if (areNodesWatched((ClusterRecord) change.before()) != areNodesWatched((ClusterRecord) change.after())) {
                markServicesOnNodes(partition, change.key(), marks, now);
            }
        } else {
            if (topic.equals(Topics.SERVICES.name())) {
                owned(partition).answeredGone.remove(change.key()); // said again: answered again
            }
            marks.mark(new Key(partition, change.key()));
        }
    }

    private void nodeHeard(int partition, String nodeKey, Instant now) {
        owned(partition).nodesHeard.put(clusterOf(nodeKey), now);
    }

    /** Of the key of a node, or of a cluster. */
    private static String clusterOf(String key) {
        int slash = key.indexOf('/');
        return slash < 0 ? key : key.substring(0, slash);
    }

    private void markServicesOnNodes(int partition, String nodeKey, Marks marks, Instant at) {
        var cluster = clusterOf(nodeKey);
        var settings = clusters.get(cluster);
        if (settings == null) {
            return;
        }
        owned(partition)
                .tables
                .of(Topics.SERVICES)
                .rowsStartingWith(cluster + "/")
                .forEach((key, snapshot) -> {
                    var service = snapshot.service();
                    if (service != null && Translation.needsNodes(ServiceKey.parse(key), service, settings)) {
                        marks.markAt(new Key(partition, key), at);
                    }
                });
    }

    @Override
    public Pass<TranslatorCall> pass(Key key, Cause cause, Instant now) {
        return waitsForNodes(key, now).orElseGet(() -> write(key, Lifecycle.decide(state(key, null))));
    }

    /**
     * After the loss of all topics a Service may be read before the Nodes it stands on, or before some of them: its load
     * balancer would lose members for a moment.
     */
    private Optional<Pass<TranslatorCall>> waitsForNodes(Key key, Instant now) {
        var tables = owned(key.partition()).tables;
        var service = tables.of(Topics.SERVICES)
                .get(key.name())
                .map(ServiceSnapshot::service)
                .orElse(null);
        var serviceKey = ServiceKey.parse(key.name());
        var settings = clusters.get(serviceKey.cluster());
        if (service == null || settings == null || !Translation.needsNodes(serviceKey, service, settings)) {
            return Optional.empty();
        }
        var cluster = serviceKey.cluster();
        if (areNodesWatched(row(tables, Topics.CLUSTERS, cluster))
                && tables.of(Topics.NODES).rowsStartingWith(cluster + "/").isEmpty()) {
            return Optional.of(Pass.nothing());
        }
        var heard = owned(key.partition()).nodesHeard.get(cluster);
        boolean isFirst = row(tables, Topics.DESIRED_LOAD_BALANCERS, key.name()) == null;
        return Optional.ofNullable(heard)
                .map(time -> time.plus(NODES_COLLECTED))
                .filter(time -> isFirst && time.isAfter(now))
                .map(Pass::later);
    }

    /** Before the record of the cluster is read, they may be. */
    private static boolean areNodesWatched(@Nullable ClusterRecord cluster) {
        return cluster == null || cluster.nodesWatched();
    }

    /** The desired state is too large for a record: what is there stays, and the Service is told. */
    @Override
    public Pass<TranslatorCall> tooLarge(Key key, Output<?> output, int bytes, int max, Instant now) {
        var refused = new Translated.Refused(
                DesiredReason.TOO_LARGE,
                "The load balancer needs %d bytes, one record of topic %s takes at most %d."
                        .formatted(bytes, output.topic().name(), max),
                null);
        return write(key, Lifecycle.decide(state(key, refused)));
    }

    private KeyState state(Key key, @Nullable Translated instead) {
        var tables = owned(key.partition()).tables;
        var name = key.name();
        var snapshot = KeyState.lasting(
                ServiceKey.parse(name),
                tables.of(Topics.SERVICES).get(name).orElse(null),
                row(tables, Topics.DESIRED_LOAD_BALANCERS, name),
                row(tables, Topics.ADDRESS_CLAIMS, name),
                row(tables, Topics.ADDRESS_ALLOCATIONS, name),
                row(tables, Topics.LOAD_BALANCER_STATUS, name));
        boolean present = snapshot != null && snapshot.state() == SnapshotState.PRESENT;
        return new KeyState(
                snapshot,
                present && instead == null ? translated(tables, name, Objects.requireNonNull(snapshot)) : instead,
                row(tables, Topics.DESIRED_LOAD_BALANCERS, name),
                row(tables, Topics.ADDRESS_CLAIMS, name),
                row(tables, Topics.ADDRESS_ALLOCATIONS, name),
                row(tables, Topics.LOAD_BALANCER_STATUS, name),
                owned(key.partition()).answeredGone.get(name));
    }

    private static <V> @Nullable V row(Tables tables, Topic<V> topic, String key) {
        return tables.of(topic).get(key).orElse(null);
    }

    private Translated translated(Tables tables, String name, ServiceSnapshot snapshot) {
        var key = ServiceKey.parse(name);
        var settings = clusters.get(key.cluster());
        if (settings == null) {
            return new Translated.Refused( // not NOT_MANAGED: a forgotten line in a file deletes nothing
                    DesiredReason.CLUSTER_UNKNOWN,
                    "Cluster %s is not in the configuration of the translator.".formatted(key.cluster()),
                    null);
        }
        return Translation.translate(
                key,
                snapshot,
                tables.of(Topics.ENDPOINT_SLICES).rowsStartingWith(name + "/").values(),
                nodes(tables, key.cluster()),
                settings,
                row(tables, Topics.DESIRED_LOAD_BALANCERS, name));
    }

    private static Map<String, NodeSnapshot> nodes(Tables tables, String cluster) {
        var nodes = new TreeMap<String, NodeSnapshot>();
        tables.of(Topics.NODES)
                .rowsStartingWith(cluster + "/")
                .forEach((key, node) -> nodes.put(key.substring(cluster.length() + 1), node));
        return nodes;
    }

    private Pass<TranslatorCall> write(Key key, Decision decision) {
        var records = new ArrayList<Output<?>>();
        add(records, Topics.DESIRED_LOAD_BALANCERS, key, decision.desired());
        add(records, Topics.ADDRESS_CLAIMS, key, decision.claim());
        var answered = decision.answeredGone();
        if (answered != null) { // forgotten by closed() should the commit fail
            owned(key.partition()).answeredGone.put(key.name(), answered);
        }
        switch (decision.desired()) {
            case Write.Keep<DesiredLoadBalancer> _ -> {}
            case Write.Put<DesiredLoadBalancer>(var desired) ->
                verdicts.put(key.partition(), key.name(), Verdict.of(desired));
            case Write.End<DesiredLoadBalancer> _ -> verdicts.put(key.partition(), key.name(), null);
        }
        return records.isEmpty() ? Pass.nothing() : Pass.write(records);
    }

    private static <V> void add(List<Output<?>> records, Topic<V> topic, Key key, Write<V> write) {
        switch (write) {
            case Write.Keep<V> _ -> {}
            case Write.Put<V>(var value) -> records.add(new Output<>(topic, key.name(), key.name(), value));
            case Write.End<V> _ -> records.add(new Output<V>(topic, key.name(), key.name(), null));
        }
    }

    @Override
    public void answered(Key key, TranslatorCall call, TranslatorAnswer answer, Marks marks, Instant now) {
        throw new IllegalStateException("there is no call: " + call);
    }

    private Owned owned(int partition) {
        var known = owned.get(partition);
        if (known == null) {
            throw new IllegalStateException("partition %d is not owned".formatted(partition));
        }
        return known;
    }

    private static Optional<SliceKey> sliceKey(String text) {
        try {
            return Optional.of(SliceKey.parse(text));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }
}
