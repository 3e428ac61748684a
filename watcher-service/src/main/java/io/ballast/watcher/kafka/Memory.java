package io.ballast.watcher.kafka;

import io.ballast.watcher.snapshot.Announcement;
import io.ballast.watcher.snapshot.Chain;
import io.ballast.watcher.snapshot.Inferences;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.World;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a watcher remembers while it owns the cluster; a restart misses none of it. */
final class Memory {
    /** Objects of Kubernetes. */
    final World world = new World();
    /** Deletions concluded from absence. */
    final Inferences inferences = new Inferences();
    /** Answers of the others, by key of the Service. */
    final Map<String, Chain> chains = new HashMap<>();
    /** Uids of Services that a live answer showed and that are not published as PRESENT yet. */
    final Set<String> alive = new HashSet<>();
    /** Keys whose GONE was written since the start. */
    final Set<String> repeated = new HashSet<>();
    /** Events told and not yet followed by the write that makes their transition visible, by key. */
    final Map<String, Set<Announcement>> told = new HashMap<>();
    /** Keys whose load balancer was changed since an Event said so. */
    final Set<String> updated = new HashSet<>();
    /** When an Event last said that a load balancer was changed, by key. */
    final Map<String, Instant> updatedTold = new HashMap<>();
    /** Calls that failed. */
    final Retries retries = new Retries();
    /** Kinds whose watch runs, as far as was heard. */
    final Set<Kind> watched = EnumSet.noneOf(Kind.class);
    /** Where each watch had come to when it was last asked. */
    final Map<Kind, String> watchVersions = new EnumMap<>(Kind.class);
    /** The same when the last comparison was begun. */
    Map<Kind, String> versionsCompared = Map.of();
    /** Signs of life of each watch, as counted when they were last read. */
    final Map<Kind, Long> signs = new EnumMap<>(Kind.class);
    /** When each watch was started, or last gave a sign of life. */
    final Map<Kind, Instant> heardAt = new EnumMap<>(Kind.class);

    /** UID of the kube-system namespace; null before it was read. */
    @Nullable
    String clusterUid;
    /** Whether every Node has a row: a Service published earlier would be served without them for a moment. */
    boolean nodesPublished;
    /** Whether this take-over was counted in the record of the cluster. */
    boolean epochTaken;

    @Nullable
    Instant checkWatchesAt;

    @Nullable
    Instant compareAt;

    @Nullable
    Long comparedEpochMillis;
    /** What Kubernetes last answered instead of what was asked; empty when it answers. */
    String trouble = "";
    /** What happened instead of an answer of any kind; empty since Kubernetes answered again. */
    String silence = "";
    /** Whether Kubernetes did not answer when the watches were looked at: they may be dead without a sign of it. */
    boolean watchesInDoubt;
}
