package io.ballast.watcher.kafka;

import io.ballast.runtime.shell.Key;
import io.ballast.runtime.shell.Marks;
import io.ballast.schemas.contract.GoneReason;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.SliceKey;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.watcher.snapshot.Announcement;
import io.ballast.watcher.snapshot.Chain;
import io.ballast.watcher.snapshot.Facts;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.Listing;
import io.ballast.watcher.snapshot.ObjectName;
import io.ballast.watcher.snapshot.ResourceVersions;
import io.ballast.watcher.snapshot.ServiceFacts;
import io.ballast.watcher.snapshot.SliceFacts;
import io.ballast.watcher.snapshot.View;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.WatcherNews;
import io.ballast.watcher.snapshot.World;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes answers and news in, and marks what they touch. */
record Intake(Rows rows, Memory memory, WatcherSettings settings, Marks marks, Instant now) {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final Duration CHECK_WATCHES_EVERY = Duration.ofSeconds(30);

    /** An answer to a call of the key. */
    void answered(Key key, WatcherCall call, WatcherNews answer) {
        switch (answer) {
            case WatcherNews.Unavailable(var message) -> {
                troubled(key, message);
                memory.silence = message;
                memory.watchesInDoubt |= call instanceof WatcherCall.ReadWatches;
            }
            case WatcherNews.Refused(var status, var message) -> {
                troubled(key, status + " " + message);
                memory.silence = "";
            }
            default -> {
                memory.retries.succeeded(key.name());
                memory.trouble = "";
                memory.silence = "";
                take(key, call, answer);
            }
        }
    }

    private void troubled(Key key, String message) {
        memory.retries.failed(key.name(), now);
        memory.trouble = message;
    }

    private void take(Key key, WatcherCall call, WatcherNews answer) {
        switch (call) {
            case WatcherCall.ReadCluster() -> {
                if (answer instanceof WatcherNews.ClusterRead(var uid)) {
                    memory.clusterUid = uid;
                }
            }
            case WatcherCall.StartWatching(var known) -> started(known.keySet());
            case WatcherCall.ReadWatches() -> {
                if (answer instanceof WatcherNews.WatchesRead read) {
                    watches(read);
                }
            }
            case WatcherCall.ListAll() -> {
                if (answer instanceof WatcherNews.Compared compared) {
                    compared(compared);
                }
            }
            case WatcherCall.Look look -> looked(key, look, answer);
            case WatcherCall.PatchFinalizers patch -> patched(key, patch.name(), answer);
            case WatcherCall.PatchStatus patch -> patched(key, patch.name(), answer);
            case WatcherCall.PostEvent post -> {
                if (post.announcement().equals(Announcement.updated())) {
                    memory.updated.remove(key.name());
                    memory.updatedTold.put(key.name(), now);
                } else {
                    memory.told
                            .computeIfAbsent(key.name(), ignored -> new HashSet<>())
                            .add(post.announcement());
                }
            }
        }
    }

    /** News that no call asked for. */
    void told(WatcherNews news) {
        switch (news) {
            case WatcherNews.Seen(var facts) -> seen(facts);
            case WatcherNews.Deleted(var kind, var name, var uid) -> {
                markAll(kind, name);
                memory.world.seeDeleted(kind, name, uid);
                memory.alive.remove(uid);
                memory.inferences.clear(uid);
                markAll(kind, name);
            }
            case WatcherNews.Listed(var kind, var names) -> listed(kind, names);
            case WatcherNews.Unavailable(var message) -> {
                memory.trouble = message;
                memory.silence = message;
            }
            default -> throw new IllegalStateException("no such news are expected: " + news);
        }
    }

    // --- watches and lists

    private void started(Set<Kind> kinds) {
        memory.watched.addAll(kinds);
        memory.signs.keySet().removeAll(kinds);
        memory.watchVersions.keySet().removeAll(kinds);
        kinds.forEach(kind -> memory.heardAt.put(kind, now));
        memory.checkWatchesAt = now.plus(CHECK_WATCHES_EVERY);
    }

    /** A watch that ended, or has been silent for too long, is to be started anew. */
    private void watches(WatcherNews.WatchesRead read) {
        memory.checkWatchesAt = now.plus(CHECK_WATCHES_EVERY);
        memory.watched.retainAll(read.signs().keySet());
        if (memory.watchesInDoubt) {
            memory.watchesInDoubt = false;
            memory.watched.clear();
            memory.retries.clear(); // the lists of the new watches mark every key
        }
        if (read.versions().entrySet().stream()
                .anyMatch(each -> isOlder(each.getValue(), memory.watchVersions.get(each.getKey())))) {
            compareNow("a watch has come to an older state than before");
        }
        memory.watchVersions.putAll(read.versions());
        read.signs().forEach((kind, signs) -> {
            if (!signs.equals(memory.signs.put(kind, signs))) {
                memory.heardAt.put(kind, now);
            } else if (isSilent(kind)) {
                memory.watched.remove(kind);
                LOG.atWarn()
                        .addKeyValue("kind", kind)
                        .addKeyValue("silentFor", settings.silence())
                        .log("watch is silent and started anew");
            }
        });
    }

    private boolean isSilent(Kind kind) {
        var heard = memory.heardAt.getOrDefault(kind, now);
        return !now.isBefore(heard.plus(settings.silence()));
    }

    /**
     * Something went back, as after a restore from a backup: other watches may wait in silence for what is over, which
     * the next comparison would find out much later.
     */
    private void compareNow(String because) {
        LOG.atWarn().addKeyValue("reason", because).log("Kubernetes is compared with what was seen now");
        memory.compareAt = now;
        marks.mark(WatcherReconciler.COMPARE);
    }

    private static boolean isOlder(String version, @Nullable String other) {
        return other != null && ResourceVersions.compare(version, other) == ResourceVersions.Age.OLDER;
    }

    /** Versions of lists that are older than what the watches had come to before: they would wait in silence for what is over. */
    private void restartAfterRestore(Map<Kind, String> versions) {
        boolean wentBack = versions.entrySet().stream()
                .anyMatch(entry -> isOlder(entry.getValue(), memory.versionsCompared.get(entry.getKey())));
        if (wentBack) {
            LOG.atWarn()
                    .addKeyValue("versions", versions)
                    .addKeyValue("watched", memory.versionsCompared)
                    .log("Kubernetes went back to an older state, and is watched anew");
            memory.watched.clear();
            memory.watchVersions.clear();
            marks.mark(WatcherReconciler.WATCH);
        }
    }

    private void compared(WatcherNews.Compared compared) {
        restartAfterRestore(compared.versions());
        for (var kind : Kind.values()) {
            var objects = compared.objects().get(kind);
            if (objects != null) {
                var names = new HashMap<ObjectName, Listing>();
                for (var facts : objects) {
                    seen(facts);
                    names.put(World.nameOf(facts), new Listing(facts.uid(), facts.resourceVersion()));
                }
                listed(kind, names);
            }
        }
        memory.comparedEpochMillis = now.toEpochMilli();
        memory.compareAt = now.plus(settings.comparison());
        marks.mark(WatcherReconciler.CLUSTER);
    }

    private void listed(Kind kind, Map<ObjectName, Listing> names) {
        boolean wasReady = isReady();
        memory.world.list(kind, names);
        memory.trouble = "";
        memory.silence = "";
        if (kind == Kind.SERVICES) {
            suspectMissing(names);
        }
        if (isReady()) {
            if (!wasReady) {
                memory.compareAt = now.plus(settings.comparison());
                marks.markAt(WatcherReconciler.COMPARE, now.plus(settings.comparison()));
                rows.answered().forEach(key -> suspectOrphan(rows, memory, key));
                memory.nodesPublished = areNodesPublished();
            }
            markEverything();
        }
    }

    /** A Node was written; Services come after the last of them. */
    void nodePublished() {
        if (!memory.nodesPublished && areNodesPublished()) {
            memory.nodesPublished = true;
            markEverything();
        }
    }

    private boolean areNodesPublished() {
        return !settings.nodes()
                || memory.world.names(Kind.NODES).stream()
                        .allMatch(name -> rows.node(name.name()) != null
                                || memory.world.view(Kind.NODES, name).seen() == null);
    }

    private boolean isReady() {
        return memory.epochTaken && memory.world.listed().containsAll(settings.kinds());
    }

    private void suspectMissing(Map<ObjectName, Listing> names) {
        memory.inferences.count(rows.present());
        rows.services().forEach((text, row) -> {
            if (row.state() == SnapshotState.PRESENT
                    && !isListed(row.uid(), names.get(Rows.nameOf(ServiceKey.parse(text))))
                    && !isSeenDeleting(ServiceKey.parse(text), row.uid())) {
                memory.inferences.suspect(row.uid(), text);
            }
        });
    }

    private static boolean isListed(String uid, @Nullable Listing listing) {
        return listing != null && listing.uid().equals(uid);
    }

    private boolean isSeenDeleting(ServiceKey key, String uid) {
        var seen = memory.world.service(Rows.nameOf(key)).seen();
        return seen != null && seen.uid().equals(uid) && seen.deleting();
    }

    /** What octavia found without a Service counts for the brake as a Service that is missing does. */
    static void suspectOrphan(Rows rows, Memory memory, String text) {
        var key = ServiceKey.parse(text);
        var alive = memory.chains.getOrDefault(text, Chain.SILENT);
        var status = alive.status();
        if (status != null
                && status.phase() == LoadBalancerPhase.OBSERVED
                && rows.service(key) == null
                && memory.world.service(Rows.nameOf(key)).seen() == null) {
            memory.inferences.suspect(status.serviceUid(), text);
        }
    }

    private void markEverything() {
        memory.world.names(Kind.SERVICES).forEach(name -> rows.key(name).ifPresent(key -> background(key.toString())));
        memory.world
                .names(Kind.SLICES)
                .forEach(name -> markSlice(memory.world.view(Kind.SLICES, name).seen()));
        memory.world.names(Kind.NODES).forEach(name -> background("@node/" + name.name()));
        rows.services().keySet().forEach(this::background);
        rows.slices()
                .keySet()
                .forEach(text -> background(SliceKey.parse(text).service().toString()));
        rows.nodes().keySet().forEach(text -> background("@node/" + rows.nodeName(text)));
        rows.answered().forEach(this::background);
    }

    private void background(String key) {
        marks.markInBackground(new Key(0, key));
    }

    // --- single objects

    private void seen(Facts facts) {
        var kind = World.kindOf(facts);
        var name = World.nameOf(facts);
        var before = memory.world.view(kind, name);
        var replaced = memory.world.see(facts, rows.published(facts));
        suspectReplaced(name, replaced);
        if (!before.equals(memory.world.view(kind, name)) && isReady()) {
            markSlice(before.seen());
            markAll(kind, name);
        }
    }

    private void looked(Key key, WatcherCall.Look look, WatcherNews answer) {
        var before = memory.world.view(look.kind(), look.name()).seen();
        if (answer instanceof WatcherNews.Found(var facts)) {
            if (isOlder(facts.resourceVersion(), look.basis())) {
                compareNow("a live read of %s is older than what was seen of it".formatted(look.name()));
            }
            look.uids().stream().filter(uid -> !uid.equals(facts.uid())).forEach(this::provenReplaced);
            memory.inferences.clear(facts.uid());
            suspectReplaced(look.name(), memory.world.seeLive(facts, look.basis()));
            noteAlive(facts);
        } else if (answer instanceof WatcherNews.Absent) {
            memory.world.seeAbsent(look.kind(), look.name(), look.uids(), look.basis());
        }
        markSlice(before);
        markAll(look.kind(), look.name());
        if (look.kind() == Kind.SERVICES) {
            suspectProven(key, look);
        }
    }

    /** A live answer showed the Service; until it is published as PRESENT that is worth remembering. */
    private void noteAlive(Facts facts) {
        var name = World.nameOf(facts);
        if (facts instanceof ServiceFacts service
                && !service.deleting()
                && memory.world.departures().of(service.uid()) == null) {
            rows.key(name)
                    .map(rows::service)
                    .filter(row ->
                            row.state() == SnapshotState.PRESENT && row.uid().equals(service.uid()))
                    .ifPresentOrElse(row -> {}, () -> memory.alive.add(service.uid()));
        } else {
            memory.alive.remove(facts.uid());
        }
    }

    /** What a live read proved counts for the brake, and may have set others free or brought them to a halt. */
    private void suspectProven(Key key, WatcherCall.Look look) {
        var row = rows.service(ServiceKey.parse(key.name()));
        var present = row != null && row.state() == SnapshotState.PRESENT ? row.uid() : null;
        var alive = memory.chains.getOrDefault(key.name(), Chain.SILENT).aliveUid();
        var departures = memory.world.departures();
        look.uids().stream()
                .filter(uid -> uid.equals(present) || (row == null && uid.equals(alive)))
                .filter(uid -> View.isInferred(Objects.requireNonNullElse(departures.of(uid), GoneReason.UNKNOWN)))
                .forEach(uid -> memory.inferences.suspect(uid, key.name()));
        memory.inferences.count(rows.present());
        memory.inferences.suspects().forEach(text -> marks.markInBackground(new Key(0, text)));
        marks.mark(WatcherReconciler.CLUSTER);
    }

    private void provenReplaced(String uid) {
        memory.world.departures().add(uid, GoneReason.REPLACED);
    }

    private void suspectReplaced(ObjectName name, @Nullable String uid) {
        if (uid != null) {
            rows.key(name)
                    .filter(key -> {
                        var row = rows.service(key);
                        return row != null
                                && row.state() == SnapshotState.PRESENT
                                && row.uid().equals(uid);
                    })
                    .ifPresent(key -> memory.inferences.suspect(uid, key.toString()));
        }
    }

    private void patched(Key key, ObjectName name, WatcherNews answer) {
        if (answer instanceof WatcherNews.Found(ServiceFacts facts)) {
            memory.told.remove(key.name());
            seen(facts);
            noteAlive(facts);
        } else {
            memory.world.doubt(Kind.SERVICES, name);
        }
    }

    private void markAll(Kind kind, ObjectName name) {
        switch (kind) {
            case SERVICES -> rows.key(name).ifPresent(key -> marks.mark(new Key(0, key.toString())));
            case SLICES -> markSlice(memory.world.view(kind, name).seen());
            case NODES -> marks.mark(new Key(0, "@node/" + name.name()));
            case NAMESPACES ->
                memory.world
                        .names(Kind.SERVICES)
                        .subSet(new ObjectName(name.name(), ""), new ObjectName(name.name() + "\0", ""))
                        .forEach(service -> rows.key(service).ifPresent(key -> marks.mark(new Key(0, key.toString()))));
        }
    }

    private void markSlice(@Nullable Facts facts) {
        if (facts instanceof SliceFacts slice) {
            rows.key(new ObjectName(slice.namespace(), slice.service()))
                    .ifPresent(key -> marks.mark(new Key(0, key.toString())));
        }
    }
}
