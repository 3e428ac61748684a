package io.ballast.watcher.kafka;

import io.ballast.watcher.snapshot.Facts;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.Listing;
import io.ballast.watcher.snapshot.NamespaceFacts;
import io.ballast.watcher.snapshot.NodeFacts;
import io.ballast.watcher.snapshot.ObjectName;
import io.ballast.watcher.snapshot.ServiceFacts;
import io.ballast.watcher.snapshot.SliceFacts;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.WatcherNews;
import io.ballast.watcher.snapshot.World;
import io.ballast.watcher.snapshot.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A Kubernetes API with behaviour: versions, finalizers, preconditions; its news wait until they are delivered. */
final class FakeKubernetes {
    final Map<Kind, Map<ObjectName, Facts>> objects = new EnumMap<>(Kind.class);
    final ArrayDeque<WatcherNews> news = new ArrayDeque<>();
    final List<String> events = new ArrayList<>();
    final List<WatcherCall> calls = new ArrayList<>();
    /** Versions that the watches and the lists of a comparison have come to. */
    final Map<Kind, String> watched = new EnumMap<>(Kind.class);

    final Map<Kind, String> compared = new EnumMap<>(Kind.class);
    String clusterUid = Given.CLUSTER_UID;
    /** Kinds whose watch delivers nothing any more. */
    final Set<Kind> silent = EnumSet.noneOf(Kind.class);

    private final Map<Kind, Long> signs = new EnumMap<>(Kind.class);
    boolean isDown;
    private long version = 100;

    FakeKubernetes() {
        for (var kind : Kind.values()) {
            objects.put(kind, new TreeMap<>());
        }
        put(Given.namespace("shop"));
    }

    <F extends Facts> F put(F facts) {
        var stamped = stamp(facts);
        of(World.kindOf(facts)).put(World.nameOf(facts), stamped);
        tell(World.kindOf(facts), new WatcherNews.Seen(stamped));
        return stamped;
    }

    void delete(Kind kind, ObjectName name) {
        var facts = of(kind).get(name);
        if (facts instanceof ServiceFacts service && !service.finalizers().isEmpty()) {
            put(with(service, true, service.finalizers()));
        } else if (facts != null) {
            of(kind).remove(name);
            version++;
            tell(kind, new WatcherNews.Deleted(kind, name, facts.uid()));
        }
    }

    void annotate(String name, Map<String, String> annotations) {
        var before = service(name);
        put(new ServiceFacts(
                before.namespace(),
                before.name(),
                before.uid(),
                before.resourceVersion(),
                before.deleting(),
                before.finalizers(),
                Given.body(before.spec().type(), before.spec().clusterIps().getFirst(), annotations),
                before.ingress(),
                before.conditions()));
    }

    private void tell(Kind kind, WatcherNews event) {
        if (!silent.contains(kind)) {
            news.add(event);
        }
    }

    ServiceFacts service(String name) {
        return (ServiceFacts) Optional.ofNullable(of(Kind.SERVICES).get(new ObjectName("shop", name)))
                .orElseThrow(() -> new AssertionError("no Service " + name));
    }

    boolean hasService(String name) {
        return of(Kind.SERVICES).containsKey(new ObjectName("shop", name));
    }

    void list() {
        list(EnumSet.of(Kind.NAMESPACES, Kind.SLICES, Kind.SERVICES));
    }

    private void list(Set<Kind> kinds) {
        for (var kind : kinds) {
            var names = new HashMap<ObjectName, Listing>();
            of(kind).forEach((name, facts) -> {
                news.add(new WatcherNews.Seen(facts));
                names.put(name, new Listing(facts.uid(), facts.resourceVersion()));
            });
            news.add(new WatcherNews.Listed(kind, names));
        }
    }

    WatcherNews answer(WatcherCall call) {
        calls.add(call);
        if (isDown) {
            return new WatcherNews.Unavailable("connection refused");
        }
        return switch (call) {
            case WatcherCall.ReadCluster() -> new WatcherNews.ClusterRead(clusterUid);
            case WatcherCall.StartWatching(var known) -> {
                known.keySet().forEach(kind -> signs.put(kind, 0L));
                silent.removeAll(known.keySet());
                list(known.keySet());
                yield new WatcherNews.Watching();
            }
            case WatcherCall.ReadWatches() -> {
                signs.replaceAll((kind, count) -> silent.contains(kind) ? count : count + 1);
                yield new WatcherNews.WatchesRead(signs, watched);
            }
            case WatcherCall.ListAll() -> {
                var all = new EnumMap<Kind, List<Facts>>(Kind.class);
                objects.forEach((kind, of) -> all.put(kind, List.copyOf(of.values())));
                yield new WatcherNews.Compared(all, compared);
            }
            case WatcherCall.Look look -> found(of(look.kind()).get(look.name()));
            case WatcherCall.PatchFinalizers patch ->
                patch(
                        patch.name(),
                        patch.uid(),
                        patch.resourceVersion(),
                        before -> with(before, before.deleting(), patch.finalizers()));
            case WatcherCall.PatchStatus patch ->
                patch(patch.name(), patch.uid(), patch.resourceVersion(), before -> with(before, patch.status()));
            case WatcherCall.PostEvent post -> {
                events.add(post.announcement().reason());
                yield new WatcherNews.EventPosted();
            }
        };
    }

    private interface Change {
        ServiceFacts of(ServiceFacts before);
    }

    private WatcherNews patch(ObjectName name, String uid, String resourceVersion, Change change) {
        var before = (ServiceFacts) of(Kind.SERVICES).get(name);
        if (before == null) {
            return new WatcherNews.Absent();
        }
        if (!before.uid().equals(uid) || !before.resourceVersion().equals(resourceVersion)) {
            return new WatcherNews.Conflict();
        }
        var after = change.of(before);
        if (after.deleting() && after.finalizers().isEmpty()) {
            of(Kind.SERVICES).remove(name);
            tell(Kind.SERVICES, new WatcherNews.Deleted(Kind.SERVICES, name, uid));
            return new WatcherNews.Found(stamp(after));
        }
        return new WatcherNews.Found(put(after));
    }

    Map<ObjectName, Facts> of(Kind kind) {
        return objects.computeIfAbsent(kind, ignored -> new TreeMap<>());
    }

    private static WatcherNews found(@Nullable Facts facts) {
        return facts == null ? new WatcherNews.Absent() : new WatcherNews.Found(facts);
    }

    static ServiceFacts with(ServiceFacts facts, boolean deleting, List<String> finalizers) {
        return new ServiceFacts(
                facts.namespace(),
                facts.name(),
                facts.uid(),
                facts.resourceVersion(),
                deleting,
                finalizers,
                facts.spec(),
                facts.ingress(),
                facts.conditions());
    }

    static ServiceFacts with(ServiceFacts facts, Write.SetStatus status) {
        var ingress = status.ingress();
        var conditions = status.conditions();
        return new ServiceFacts(
                facts.namespace(),
                facts.name(),
                facts.uid(),
                facts.resourceVersion(),
                facts.deleting(),
                facts.finalizers(),
                facts.spec(),
                ingress == null ? facts.ingress() : ingress,
                conditions == null ? facts.conditions() : conditions);
    }

    @SuppressWarnings("unchecked") // the same kind comes back
    private <F extends Facts> F stamp(F facts) {
        var stamp = Long.toString(++version);
        return (F)
                switch ((Facts) facts) {
                    case ServiceFacts it ->
                        new ServiceFacts(
                                it.namespace(),
                                it.name(),
                                it.uid(),
                                stamp,
                                it.deleting(),
                                it.finalizers(),
                                it.spec(),
                                it.ingress(),
                                it.conditions());
                    case SliceFacts it ->
                        new SliceFacts(
                                it.namespace(),
                                it.name(),
                                it.uid(),
                                stamp,
                                it.service(),
                                it.addressType(),
                                it.managedBy(),
                                it.ports(),
                                it.endpoints());
                    case NodeFacts it ->
                        new NodeFacts(
                                it.name(), it.uid(), stamp, it.addresses(), it.ready(), it.labels(), it.leaving());
                    case NamespaceFacts it ->
                        new NamespaceFacts(it.name(), it.uid(), stamp, it.terminating(), it.labels(), it.annotations());
                };
    }
}
