package io.ballast.watcher.kafka;

import io.ballast.runtime.shell.Cause;
import io.ballast.runtime.shell.Change;
import io.ballast.runtime.shell.Key;
import io.ballast.runtime.shell.Marks;
import io.ballast.runtime.shell.Output;
import io.ballast.runtime.shell.Pass;
import io.ballast.runtime.shell.Reconciler;
import io.ballast.runtime.shell.Tables;
import io.ballast.runtime.shell.TopicPartition;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.ClusterRecord;
import io.ballast.schemas.contract.HeldDeletion;
import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.NodeSnapshot;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.watcher.snapshot.ClusterIdentity;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.NodeFacts;
import io.ballast.watcher.snapshot.ObjectName;
import io.ballast.watcher.snapshot.Parts;
import io.ballast.watcher.snapshot.Snapshots;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.WatcherNews;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps the topics of one cluster like its Kubernetes, and its Services like what the others say. Keys, all in partition
 * 0: the text of a ServiceKey for a Service and its slices; {@code @node/<name>}; {@code @cluster} for the record of the
 * cluster; {@code @watch} for the watches; {@code @compare} for the full comparison.
 */
public final class WatcherReconciler implements Reconciler<WatcherCall, WatcherNews> {
    private static final Logger LOG = LoggerFactory.getLogger(WatcherReconciler.class);

    static final Key CLUSTER = new Key(0, "@cluster");
    static final Key WATCH = new Key(0, "@watch");
    static final Key COMPARE = new Key(0, "@compare");
    private static final String NODE = "@node/";

    private final WatcherSettings settings;
    private final String cluster;
    private @Nullable Rows rows;
    private Memory memory = new Memory();
    private volatile Standing standing = Standing.STANDBY;

    public WatcherReconciler(WatcherSettings settings) {
        this.settings = settings;
        this.cluster = settings.rules().cluster();
    }

    /** How the watcher stands; safe to be asked by any thread. */
    public Standing standing() {
        return standing;
    }

    @Override
    public void opened(int partition, Tables tables, Marks marks, Instant now) {
        memory = new Memory();
        var opened = new Rows(tables, cluster);
        rows = opened;
        opened.answered().forEach(key -> memory.chains.put(key, opened.chain(key, null)));
        memory.inferences.confirm(opened.confirmed());
        marks.mark(CLUSTER);
        note();
    }

    @Override
    public void closed(int partition) {
        rows = null;
        memory = new Memory();
        standing = Standing.STANDBY;
    }

    @Override
    public void changed(int partition, Change<?> change, Marks marks, Instant now) {
        var current = rows;
        if (current == null) {
            return;
        }
        if (change.topic().equals(Topics.OPERATOR)) {
            held(now).forEach(held -> marks.mark(new Key(0, held.key())));
            memory.inferences.confirm(current.confirmed());
            marks.mark(CLUSTER);
        } else if (change.key().startsWith(cluster + "/")) {
            memory.chains.put(change.key(), current.chain(change.key(), memory.chains.get(change.key())));
            noteUpdate(change);
            suspectOrphan(current, change.key());
            marks.mark(new Key(0, change.key()));
        }
    }

    // --- passes

    @Override
    public Pass<WatcherCall> pass(Key key, Cause cause, Instant now) {
        var current = Objects.requireNonNull(rows, "no table is open");
        if (key.equals(CLUSTER)) {
            return clusterPass(current, now);
        }
        var uid = memory.clusterUid;
        if (uid == null || !memory.epochTaken) {
            return Pass.nothing();
        }
        if (key.equals(WATCH)) {
            return watchPass(current, now);
        }
        if (!isReady()) {
            return Pass.nothing();
        }
        if (key.equals(COMPARE)) {
            return comparePass(now);
        }
        if (key.name().startsWith(NODE)) {
            return nodePass(current, key, uid, now);
        }
        return !memory.nodesPublished
                ? Pass.nothing()
                : new ServicePass(ServiceKey.parse(key.name()), current, memory, settings.rules(), uid, now).run();
    }

    private Pass<WatcherCall> clusterPass(Rows current, Instant now) {
        var uid = memory.clusterUid;
        if (uid == null) {
            return resting(CLUSTER, new WatcherCall.ReadCluster(), now);
        }
        if (refusal().isPresent()) {
            note();
            return Pass.nothing();
        }
        var row = current.record();
        long epoch = row == null ? 0 : row.watcherEpoch();
        var compared = memory.comparedEpochMillis;
        var wanted = new ClusterRecord(
                uid,
                memory.epochTaken ? epoch : epoch + 1,
                compared == null && row != null ? row.lastComparisonEpochMillis() : compared,
                isReady() || row == null ? held(now) : row.heldDeletions(),
                settings.nodes());
        return wanted.equals(row)
                ? Pass.nothing()
                : Pass.write(List.of(Output.single(Topics.CLUSTERS, cluster, wanted)));
    }

    private Pass<WatcherCall> watchPass(Rows current, Instant now) {
        var unwatched = EnumSet.copyOf(settings.kinds());
        unwatched.removeAll(memory.watched);
        if (!unwatched.isEmpty()) {
            return resting(WATCH, new WatcherCall.StartWatching(current.known(unwatched)), now);
        }
        var at = memory.checkWatchesAt;
        return at != null && now.isBefore(at) ? Pass.later(at) : resting(WATCH, new WatcherCall.ReadWatches(), now);
    }

    private Pass<WatcherCall> comparePass(Instant now) {
        var at = memory.compareAt;
        if (at == null || now.isBefore(at)) {
            return at == null ? Pass.nothing() : Pass.later(at);
        }
        memory.versionsCompared = InOrder.copyOf(memory.watchVersions);
        return resting(COMPARE, new WatcherCall.ListAll(), now);
    }

    private Pass<WatcherCall> nodePass(Rows current, Key key, String clusterUid, Instant now) {
        var name = new ObjectName("", key.name().substring(NODE.length()));
        var view = memory.world.view(Kind.NODES, name);
        var seen = (NodeFacts) view.seen();
        var row = current.node(name.name());
        var wanted = seen == null ? null : Snapshots.of(seen, clusterUid);
        boolean gone = row != null && memory.world.departures().of(row.uid()) != null;
        return switch (Parts.decide(row, wanted, view.doubtful(), gone, NodeSnapshot::equals)) {
            case Parts.Step.Settled<NodeSnapshot>() -> Pass.nothing();
            case Parts.Step.Publish<NodeSnapshot>(var snapshot) -> write(current, name, snapshot);
            case Parts.Step.End<NodeSnapshot>() -> write(current, name, null);
            case Parts.Step.LookLive<NodeSnapshot>() -> {
                var uids = new HashSet<String>();
                if (row != null) {
                    uids.add(row.uid());
                }
                if (seen != null) {
                    uids.add(seen.uid());
                }
                var basis = seen == null ? null : seen.resourceVersion();
                yield resting(key, new WatcherCall.Look(Kind.NODES, name, uids, basis), now);
            }
        };
    }

    private static Pass<WatcherCall> write(Rows current, ObjectName name, @Nullable NodeSnapshot snapshot) {
        return Pass.write(List.of(Output.single(Topics.NODES, current.nodeKey(name.name()), snapshot)));
    }

    private Pass<WatcherCall> resting(Key key, WatcherCall call, Instant now) {
        return memory.retries
                .restsUntil(key.name(), now)
                .<Pass<WatcherCall>>map(Pass::later)
                .orElseGet(() -> Pass.call(call));
    }

    @Override
    public void committed(Key key, Map<TopicPartition, Long> nextOffsets, Marks marks, Instant now) {
        var current = rows;
        if (current == null) {
            return;
        }
        if (key.equals(CLUSTER)) {
            memory.epochTaken = true;
            marks.mark(WATCH);
        } else if (!key.name().startsWith("@")) {
            var row = current.service(ServiceKey.parse(key.name()));
            if (row == null) {
                memory.repeated.remove(key.name());
                memory.chains.computeIfPresent(key.name(), (name, chain) -> current.chain(name, null));
            } else if (row.state() == SnapshotState.PRESENT) {
                memory.alive.remove(row.uid());
                memory.repeated.remove(key.name());
            } else if (row.state() == SnapshotState.GONE) {
                memory.inferences.release(row.uid(), now);
                marks.mark(CLUSTER);
            }
            marks.mark(key);
        }
        if (key.name().startsWith(NODE)) {
            new Intake(current, memory, settings, marks, now).nodePublished();
        }
        note();
    }

    // --- answers and news

    @Override
    public void answered(Key key, WatcherCall call, WatcherNews answer, Marks marks, Instant now) {
        if (rows != null) {
            new Intake(rows, memory, settings, marks, now).answered(key, call, answer);
            note();
        }
    }

    @Override
    public void told(WatcherNews news, Marks marks, Instant now) {
        // before it: watches of an earlier ownership, which StartWatching ends
        if (rows != null && memory.epochTaken) {
            new Intake(rows, memory, settings, marks, now).told(news);
            note();
        }
    }

    private void noteUpdate(Change<?> change) {
        if (change.before() instanceof LoadBalancerStatus before
                && change.after() instanceof LoadBalancerStatus after
                && before.serviceUid().equals(after.serviceUid())
                && before.appliedGeneration() > 0
                && after.appliedGeneration() > before.appliedGeneration()
                && after.phase() == LoadBalancerPhase.ACTIVE) {
            memory.updated.add(change.key());
        }
    }

    private void suspectOrphan(Rows current, String key) {
        if (isReady()) {
            Intake.suspectOrphan(current, memory, key);
        }
    }

    private List<HeldDeletion> held(Instant now) {
        return memory.inferences.held(memory.world.departures()::of, now);
    }

    private boolean isReady() {
        return memory.epochTaken && memory.world.listed().containsAll(settings.kinds());
    }

    private void note() {
        var row = rows == null ? null : rows.record();
        var refusal = refusal();
        var before = standing;
        standing = new Standing(
                isReady() && refusal.isEmpty(),
                refusal.orElseGet(this::waitsFor),
                isReady() && refusal.isEmpty() ? words(memory.silence) : "",
                refusal,
                memory.world.names(Kind.SERVICES).size(),
                memory.world.names(Kind.SLICES).size(),
                row == null ? 0 : row.heldDeletions().size(),
                memory.heardAt);
        if (!before.waitsFor().equals(standing.waitsFor())
                && !standing.waitsFor().isEmpty()) {
            LOG.atLevel(refusal.isPresent() || !memory.trouble.isEmpty() ? Level.WARN : Level.INFO)
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("reason", standing.waitsFor())
                    .log("publishes nothing yet");
        }
        if (before.remark().isEmpty() != standing.remark().isEmpty()) {
            LOG.atLevel(standing.remark().isEmpty() ? Level.INFO : Level.WARN)
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("reason", standing.remark())
                    .log(standing.remark().isEmpty() ? "Kubernetes answers again" : "waits for Kubernetes");
        }
        if (before.heldDeletions() < standing.heldDeletions()) {
            LOG.atError()
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("held", standing.heldDeletions())
                    .log("deletions are held until a person confirms them: ballast deletions show");
        }
    }

    private Optional<String> refusal() {
        var uid = memory.clusterUid;
        return rows == null || uid == null ? Optional.empty() : ClusterIdentity.refusal(cluster, uid, rows.records());
    }

    private String waitsFor() {
        if (isReady()) {
            return "";
        }
        var trouble = words(memory.trouble);
        return trouble.isEmpty() ? "Kubernetes has not listed everything yet" : trouble;
    }

    private static String words(String silence) {
        return silence.isEmpty() ? "" : "Kubernetes does not answer: " + silence;
    }
}
