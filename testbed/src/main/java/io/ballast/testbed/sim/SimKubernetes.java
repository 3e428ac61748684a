package io.ballast.testbed.sim;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.runtime.shell.Calls;
import io.ballast.schemas.contract.InOrder;
import io.ballast.testbed.kubernetes.ModelReply;
import io.ballast.testbed.kubernetes.ModelRequest;
import io.ballast.testbed.kubernetes.WatchEvent;
import io.ballast.watcher.kubernetes.KubernetesFacts;
import io.ballast.watcher.kubernetes.KubernetesPatches;
import io.ballast.watcher.snapshot.Facts;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.Listing;
import io.ballast.watcher.snapshot.ObjectName;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.WatcherNews;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The Kubernetes model as the watcher's outside world: lists that take long, watch events that are lost, doubled and
 * delayed, watches that fall silent, writes whose answer is lost. Every list of the watcher is a read of the newest state at the time when it is asked
 * for, not one of a cache: neither its informers, which have a limit and an initial state, nor its comparison send a
 * resourceVersion. All its pages show that state, however long they take. Source: fabric8 7.8, Reflector; Kubernetes API
 * concepts, resource versions.
 */
final class SimKubernetes implements Calls<WatcherCall, WatcherNews>, SimProcess.Timed {
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
    private static final String MERGE = "application/merge-patch+json";

    /** One watch of one kind. */
    private static final class Watch {
        private long revision;
        private boolean pumpScheduled;
        private boolean silent;
        private long signs;
        private boolean listing;
        private long lists;

        /** Bookmarks come at least as often as somebody asks. */
        private long signs() {
            return silent ? signs : ++signs;
        }
    }

    private final SimCluster cluster;
    private final Schedule schedule;
    private final Supplier<Faults> faults;
    private final boolean liveGetsLie;
    private final Map<Kind, Set<ObjectName>> lastListed = new EnumMap<>(Kind.class);
    private final Map<Kind, Watch> watches = new EnumMap<>(Kind.class);
    private Consumer<WatcherNews> news = ignored -> {};
    private Duration took = Duration.ZERO;
    private boolean closed;

    /**
     * Calls of one watcher process.
     *
     * @param liveGetsLie a planted defect: what the last list did not show is answered with 404
     */
    SimKubernetes(SimCluster cluster, Schedule schedule, Supplier<Faults> faults, boolean liveGetsLie) {
        this.cluster = cluster;
        this.schedule = schedule;
        this.faults = faults;
        this.liveGetsLie = liveGetsLie;
        cluster.onChange(this::schedulePumps);
        cluster.onRestart(this::watchesEnded);
    }

    @Override
    public void listen(Consumer<WatcherNews> consumer) {
        news = consumer;
    }

    @Override
    public WatcherNews failed(WatcherCall call, RuntimeException cause) {
        return new WatcherNews.Unavailable(cause.toString());
    }

    @Override
    public void close() {
        closed = true;
        watches.clear();
    }

    @Override
    public WatcherNews call(WatcherCall call) {
        took = call instanceof WatcherCall.ListAll ? listTakes() : schedule.millis(1, 20);
        if (cluster.isDown() || schedule.chance(faults.get().requestLost())) {
            return new WatcherNews.Unavailable("the connection was cut before the request was sent");
        }
        var answer = answer(call);
        return schedule.chance(faults.get().responseLost())
                ? new WatcherNews.Unavailable("the connection was cut before an answer came")
                : answer;
    }

    @Override
    public Duration lastTook() {
        return took;
    }

    @Override
    public int connection() {
        return cluster.starts();
    }

    private Duration listTakes() {
        return cluster.hasSlowLists() || schedule.chance(faults.get().listLate())
                ? schedule.millis(500, 15_000)
                : schedule.millis(1, 40);
    }

    private WatcherNews answer(WatcherCall call) {
        return switch (call) {
            case WatcherCall.ReadCluster() -> {
                var namespace = cluster.get("/api/v1/namespaces/kube-system").body();
                yield new WatcherNews.ClusterRead(
                        namespace.path("metadata").path("uid").asText());
            }
            case WatcherCall.StartWatching(var known) -> {
                for (var kind : known.keySet()) {
                    var watch = new Watch();
                    watch.listing = true;
                    watches.put(kind, watch);
                    schedule.after(schedule.millis(1, 50), () -> list(kind));
                }
                yield new WatcherNews.Watching();
            }
            case WatcherCall.ReadWatches() -> {
                var signs = new EnumMap<Kind, Long>(Kind.class);
                var versions = new EnumMap<Kind, String>(Kind.class);
                watches.forEach((kind, watch) -> {
                    signs.put(kind, watch.signs());
                    versions.put(kind, Long.toString(watch.revision));
                });
                yield new WatcherNews.WatchesRead(signs, versions);
            }
            case WatcherCall.ListAll() -> compared();
            case WatcherCall.Look look -> look(look.kind(), look.name());
            case WatcherCall.PatchFinalizers patch ->
                found(
                        cluster.patch(servicePath(patch.name()), MERGE, json(KubernetesPatches.of(patch))),
                        Kind.SERVICES);
            case WatcherCall.PatchStatus patch ->
                found(
                        cluster.patch(servicePath(patch.name()) + "/status", MERGE, json(KubernetesPatches.of(patch))),
                        Kind.SERVICES);
            case WatcherCall.PostEvent ignored -> new WatcherNews.EventPosted();
        };
    }

    private WatcherNews look(Kind kind, ObjectName name) {
        if (liveGetsLie && !lastListed.getOrDefault(kind, Set.of(name)).contains(name)) {
            return new WatcherNews.Absent();
        }
        return found(cluster.get(path(kind, name)), kind);
    }

    private static WatcherNews found(ModelReply reply, Kind kind) {
        return switch (reply.status()) {
            case 200, 201 -> new WatcherNews.Found(facts(kind, reply.body()));
            case 404 -> new WatcherNews.Absent();
            case 409 -> new WatcherNews.Conflict();
            case 403, 422 ->
                new WatcherNews.Refused(
                        reply.status(), reply.body().path("message").asText());
            default -> new WatcherNews.Unavailable(reply.status() + " " + reply.body());
        };
    }

    private WatcherNews compared() {
        var objects = new EnumMap<Kind, List<Facts>>(Kind.class);
        var versions = new EnumMap<Kind, String>(Kind.class);
        for (var kind : watches.keySet()) {
            var list = cluster.handle(ModelRequest.get(path(kind)));
            objects.put(kind, new ArrayList<>(items(kind, list).values()));
            versions.put(kind, version(list));
        }
        return new WatcherNews.Compared(objects, versions);
    }

    /**
     * The API server was started anew. One that is told a revision ahead of its own may say 410; another waits in silence until
     * it gets there. Source: kubernetes/apiserver, storage/cacher: events up to the revision asked for are left out.
     */
    private void watchesEnded() {
        watches.forEach((kind, watch) -> {
            if (watch.listing || schedule.chance(0.5)) {
                listAgain(kind, watch);
            }
        });
    }

    private void listAgain(Kind kind, Watch watch) {
        watch.listing = true;
        schedule.after(schedule.millis(10, 1000), () -> list(kind));
    }

    /** Lists a kind, until that succeeds; the watch goes on from there. */
    private void list(Kind kind) {
        var watch = watches.get(kind);
        if (closed || watch == null) {
            return;
        }
        watch.listing = true;
        long attempt = ++watch.lists;
        if (cluster.isDown()) {
            schedule.after(schedule.millis(500, 1500), () -> list(kind));
            return;
        }
        var reply = cluster.get(path(kind));
        schedule.after(listTakes(), () -> {
            if (watches.get(kind) != watch || watch.lists != attempt) {
                return;
            }
            if (cluster.isDown()) {
                list(kind);
            } else {
                listed(kind, watch, reply);
            }
        });
    }

    private void listed(Kind kind, Watch watch, ModelReply reply) {
        watch.listing = false;
        watch.silent = false;
        watch.revision = Long.parseLong(version(reply));
        var names = new HashMap<ObjectName, Listing>();
        items(kind, reply).forEach((name, facts) -> {
            names.put(name, new Listing(facts.uid(), facts.resourceVersion()));
            news.accept(new WatcherNews.Seen(facts));
        });
        news.accept(new WatcherNews.Listed(kind, names));
        schedulePump(kind, watch);
    }

    private void schedulePumps() {
        if (!closed) {
            watches.forEach(this::schedulePump);
        }
    }

    private void schedulePump(Kind kind, Watch watch) {
        if (!watch.listing && !watch.pumpScheduled && !cluster.isDown()) {
            watch.pumpScheduled = true;
            schedule.after(schedule.millis(1, 40), () -> {
                watch.pumpScheduled = false;
                if (!closed && !cluster.isDown() && watches.get(kind) == watch && !watch.listing) {
                    pump(kind, watch);
                }
            });
        }
    }

    private void pump(Kind kind, Watch watch) {
        var selector = cluster.model()
                .watchOf(ModelRequest.get(path(kind)).withQuery(Map.of("watch", "true")))
                .orElseThrow();
        watch.silent |= schedule.chance(faults.get().watchSilent());
        if (watch.silent) {
            return;
        }
        if (schedule.chance(faults.get().watchEnds())) { // 410: it lists again
            listAgain(kind, watch);
            return;
        }
        var batch = cluster.model().watch(selector, watch.revision);
        watch.revision = batch.revision();
        for (var event : batch.events()) {
            if (event.type() == WatchEvent.Type.ERROR) {
                listAgain(kind, watch);
            } else if (event.type() != WatchEvent.Type.BOOKMARK
                    && !schedule.chance(faults.get().eventLost())) {
                tell(kind, event);
                if (schedule.chance(faults.get().eventDoubled())) {
                    tell(kind, event);
                }
            }
        }
    }

    private void tell(Kind kind, WatchEvent event) {
        var facts = facts(kind, event.object());
        news.accept(
                event.type() == WatchEvent.Type.DELETED
                        ? new WatcherNews.Deleted(kind, name(event.object()), facts.uid())
                        : new WatcherNews.Seen(facts));
    }

    private Map<ObjectName, Facts> items(Kind kind, ModelReply list) {
        var found = new TreeMap<ObjectName, Facts>();
        list.body().path("items").forEach(item -> found.put(name(item), facts(kind, item)));
        lastListed.put(kind, InOrder.copyOf(found.keySet()));
        return found;
    }

    private static String version(ModelReply list) {
        return list.body().path("metadata").path("resourceVersion").asText();
    }

    private static ObjectName name(JsonNode object) {
        var metadata = object.path("metadata");
        return new ObjectName(
                metadata.path("namespace").asText(""), metadata.path("name").asText());
    }

    private static Facts facts(Kind kind, JsonNode object) {
        Class<? extends HasMetadata> type =
                switch (kind) {
                    case SERVICES -> Service.class;
                    case SLICES -> EndpointSlice.class;
                    case NODES -> Node.class;
                    case NAMESPACES -> Namespace.class;
                };
        return KubernetesFacts.from(SERIALIZATION.convertValue(object, type))
                .orElseThrow(() -> new IllegalStateException("no facts in " + object));
    }

    private static JsonNode json(Map<String, @Nullable Object> body) {
        return SERIALIZATION.convertValue(body, JsonNode.class);
    }

    private static String path(Kind kind) {
        return switch (kind) {
            case SERVICES -> "/api/v1/services";
            case SLICES -> "/apis/discovery.k8s.io/v1/endpointslices";
            case NODES -> "/api/v1/nodes";
            case NAMESPACES -> "/api/v1/namespaces";
        };
    }

    private static String path(Kind kind, ObjectName name) {
        return switch (kind) {
            case SERVICES -> servicePath(name);
            case SLICES ->
                "/apis/discovery.k8s.io/v1/namespaces/" + name.namespace() + "/endpointslices/" + name.name();
            case NODES -> "/api/v1/nodes/" + name.name();
            case NAMESPACES -> "/api/v1/namespaces/" + name.name();
        };
    }

    private static String servicePath(ObjectName name) {
        return "/api/v1/namespaces/" + name.namespace() + "/services/" + name.name();
    }
}
