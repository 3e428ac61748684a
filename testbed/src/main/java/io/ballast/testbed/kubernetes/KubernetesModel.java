package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A Kubernetes API server with its controllers, as a passive value for one thread: no clock, no randomness, no I/O. The driver hands in
 * requests and the time, pulls watches, and lets the controllers work:
 *
 * <pre>
 *   reply = model.handle(request, now)      the request alone; controllers have not seen it yet
 *   model.advance(now)                      runs the controllers and every delay that is due
 *   model.nextChange()                      when advance has something to do again
 *   batch = model.watch(selector, from)     what a watch brings since a revision
 * </pre>
 *
 * For the simulator: {@link #compact} answers older watches with 410, {@link #lagAt} turns it into a replica that is behind,
 * {@link #dropWatchEvent} loses one event for every watch, and {@link #restore} takes it back to an earlier state.
 */
public final class KubernetesModel {
    private final KubernetesSettings settings;
    private final ObjectStore store;
    private final ResourceCatalog catalog = new ResourceCatalog();
    private final Discovery discovery = new Discovery(catalog);
    private final ApiReads reads;
    private final ApiWrites writes;
    private final Cluster cluster;
    private final Set<Long> dropped = new HashSet<>();

    /** A cluster as it is after its start: namespaces, nodes, and default/kubernetes at the first address of the range. */
    public KubernetesModel(KubernetesSettings settings, Instant now) {
        this.settings = settings;
        this.store = new ObjectStore(settings.historyLimit());
        var names = new Names(settings.seed());
        var lifecycle = new Lifecycle(store, names);
        var allocations = new ServiceAllocations(settings.serviceCidrs());
        this.reads = new ApiReads(store);
        this.writes = new ApiWrites(store, lifecycle, new Admission(allocations), names);
        this.cluster = new Cluster(store, catalog, lifecycle, names, settings, now);
        store.onChange(allocations::follow);
        store.onChange(this::followDefinitions);
        List.of(
                        new HousekeepingController(cluster),
                        new PodController(cluster),
                        new ReplicaSetController(cluster),
                        new DeploymentController(cluster),
                        new StatefulSetController(cluster),
                        new DaemonSetController(cluster),
                        new JobController(cluster),
                        new EndpointSliceController(cluster),
                        new MirroringController(cluster))
                .forEach(cluster::add);
        new Bootstrap(this, cluster, names).start(now);
        advance(now);
    }

    private void followDefinitions(ObjectStore.Change change) {
        if (change.key().storage().equals("apiextensions.k8s.io/customresourcedefinitions")) {
            var after = change.after();
            catalog.define(change.key().name(), after == null ? MissingNode.getInstance() : after);
        }
    }

    public KubernetesSettings settings() {
        return settings;
    }

    /** Shows every write as it is made, however far lists and watches lag: the object as it is now, or as it was when it went. */
    public void onWrite(Consumer<WatchEvent> witness) {
        store.onChange(change -> {
            var kind = catalog.storage(change.key().storage());
            var type = change.after() == null
                    ? WatchEvent.Type.DELETED
                    : change.before() == null ? WatchEvent.Type.ADDED : WatchEvent.Type.MODIFIED;
            witness.accept(new WatchEvent(type, Representation.show(kind, change.latest()), change.revision()));
        });
    }

    /** The revision of the latest write. */
    public long revision() {
        return store.revision();
    }

    /** Answers one request. A watch is answered as a list; use {@link #watchOf} and {@link #watch} for it. */
    public ModelReply handle(ModelRequest request, Instant now) {
        cluster.setNow(now);
        try {
            var target = ApiPath.parse(catalog, request.path());
            if (target.isEmpty()) {
                return discovery
                        .answer(request.path())
                        .filter(_ -> request.method().equals("GET"))
                        .map(ModelReply::ok)
                        .orElseThrow(ApiError::noSuchPath);
            }
            return dispatch(target.get(), request, now);
        } catch (ApiError error) {
            return error.reply();
        }
    }

    private ModelReply dispatch(ApiPath target, ModelRequest request, Instant now) {
        if (target.type().custom() && request.contentType().contains(Protobuf.MEDIA_TYPE)) {
            throw ApiError.unsupportedMediaType("application/json, application/yaml");
        }
        if (!target.subresource().isEmpty() && !target.type().has(target.subresource())) {
            throw ApiError.noSuchPath();
        }
        var hasName = !target.name().isEmpty();
        var isScale = target.subresource().equals("scale");
        return switch (request.method()) {
            case "GET" -> {
                if (!hasName) {
                    yield reads.list(selector(target, request), request, now);
                }
                var reply = reads.get(target, request, now);
                yield isScale ? ModelReply.ok(ApiWrites.scale((ObjectNode) reply.body())) : reply;
            }
            case "POST" -> {
                if (hasName || (target.type().namespaced() && target.namespace().isEmpty())) {
                    throw ApiError.methodNotAllowed();
                }
                yield writes.create(target, request, now);
            }
            case "PUT" -> isScale ? writes.writeScale(named(target), request) : writes.update(named(target), request);
            case "PATCH" ->
                isScale ? writes.writeScale(named(target), request) : writes.patch(named(target), request, now);
            case "DELETE" ->
                hasName
                        ? writes.delete(target, request, now)
                        : writes.deleteCollection(selector(target, request), request, now);
            default -> throw ApiError.methodNotAllowed();
        };
    }

    private static ApiPath named(ApiPath target) {
        if (target.name().isEmpty()) {
            throw ApiError.methodNotAllowed();
        }
        return target;
    }

    private static WatchSelector selector(ApiPath target, ModelRequest request) {
        var fields = FieldSelector.parse(target.type(), request.parameter("fieldSelector"));
        return new WatchSelector(
                target.type(),
                target.namespace(),
                LabelSelector.parse(request.parameter("labelSelector")),
                fields,
                Representation.isTableWanted(request.accept()));
    }

    /** What a request watches; empty when it is no watch. Throws nothing: a malformed selector is for {@link #handle} to answer. */
    public Optional<WatchSelector> watchOf(ModelRequest request) {
        try {
            return request.method().equals("GET") && request.flag("watch")
                    ? ApiPath.parse(catalog, request.path())
                            .filter(target -> target.subresource().isEmpty())
                            .map(target -> named(target, request))
                    : Optional.empty();
        } catch (ApiError malformed) {
            return Optional.empty();
        }
    }

    private static WatchSelector named(ApiPath target, ModelRequest request) {
        var selector = selector(target, request);
        if (target.name().isEmpty()) {
            return selector;
        }
        var fields = new ArrayList<>(selector.fields().requirements());
        fields.add(new FieldSelector.Requirement("metadata.name", target.name(), false));
        return new WatchSelector(
                selector.type(),
                selector.namespace(),
                selector.labels(),
                new FieldSelector(fields),
                selector.asTable());
    }

    /** The state of what is watched as ADDED events, as a watch from no revision (or from 0) starts. */
    public WatchBatch initialEvents(WatchSelector selector) {
        var revision = visibleRevision();
        var events = store.listAt(selector.type().storage(), selector.namespace(), revision).stream()
                .filter(selector::matches)
                .map(object -> new WatchEvent(
                        WatchEvent.Type.ADDED, Representation.show(selector.type(), object), Meta.revision(object)))
                .toList();
        return new WatchBatch(events, revision);
    }

    private long visibleRevision() {
        var lag = reads.lag();
        return lag.isPresent() ? Math.max(store.compacted(), lag.getAsLong()) : store.revision();
    }

    /** What happened after a revision to what is watched. A compacted revision brings one ERROR event with a 410 Status. */
    public WatchBatch watch(WatchSelector selector, long fromRevision) {
        if (fromRevision < store.compacted()) {
            var message = "too old resource version: %d (%d)".formatted(fromRevision, store.compacted());
            var gone = new WatchEvent(
                    WatchEvent.Type.ERROR, ApiError.expired(message).status(), fromRevision);
            return new WatchBatch(List.of(gone), fromRevision);
        }
        var visible = visibleRevision();
        var events = new ArrayList<WatchEvent>();
        for (var change : store.since(fromRevision)) {
            if (change.revision() <= visible && !dropped.contains(change.revision()) && selector.covers(change.key())) {
                event(selector, change).ifPresent(events::add);
            }
        }
        return new WatchBatch(events, Math.max(fromRevision, visible));
    }

    private static Optional<WatchEvent> event(WatchSelector selector, ObjectStore.Change change) {
        var before = change.before();
        var after = change.after();
        var was = before != null && selector.matches(before);
        if (after != null && selector.matches(after)) {
            var type = was ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED;
            return Optional.of(new WatchEvent(type, Representation.show(selector.type(), after), change.revision()));
        }
        if (!was) {
            return Optional.empty();
        }
        var last = change.latest().deepCopy(); // a deletion carries its own revision, leaving a selector too
        Meta.of(last).put("resourceVersion", Long.toString(change.revision()));
        return Optional.of(
                new WatchEvent(WatchEvent.Type.DELETED, Representation.show(selector.type(), last), change.revision()));
    }

    /** A bookmark that says how far a watch has come; {@code endsInitial} marks the end of the initial events. */
    public WatchEvent bookmark(WatchSelector selector, long revision, boolean endsInitial) {
        var object = Json.object()
                .put("kind", selector.type().kind())
                .put("apiVersion", selector.type().apiVersion());
        Meta.of(object).put("resourceVersion", Long.toString(revision));
        if (endsInitial) {
            Json.child(object, "metadata", "annotations").put("k8s.io/initial-events-end", "true");
        }
        return new WatchEvent(WatchEvent.Type.BOOKMARK, object, revision);
    }

    /** The object of an event as this watch sends it: the object itself, or a table with one row. */
    public ObjectNode onTheWire(WatchSelector selector, WatchEvent event, Instant now) {
        var isObject = event.type() != WatchEvent.Type.ERROR && event.type() != WatchEvent.Type.BOOKMARK;
        if (!selector.asTable() || !isObject) {
            return event.object();
        }
        var meta = Json.object().put("resourceVersion", Long.toString(event.revision()));
        return Tables.table(selector.type(), List.of(event.object()), meta, "", now);
    }

    /** Lets the controllers do all that is due by {@code now}. */
    public void advance(Instant now) {
        cluster.advance(now);
    }

    /** When {@link #advance} has something to do: a time already reached when writes wait for the controllers; empty when nothing will come. */
    public Optional<Instant> nextChange() {
        return cluster.nextChange();
    }

    /** Forgets the history up to a revision: watches and pages from before it are answered 410. */
    public void compact(long upToRevision) {
        store.compact(upToRevision);
    }

    /**
     * Goes back to the state of an earlier revision, as after a restore of etcd from a backup: what was made since is gone, what
     * was deleted since is there under its old uid, and revisions are given a second time. A watch that goes on from a revision
     * which is not reached again brings nothing until it is. A revision that is compacted away stands for the oldest there is.
     */
    public void restore(long revision, Instant now) {
        cluster.setNow(now);
        catchUp();
        dropped.clear();
        store.restore(Math.clamp(revision, store.compacted(), store.revision()));
    }

    /** From now on reads that allow any version ({@code resourceVersion=0}) and all watches see the state of this revision. Others stay exact. */
    public void lagAt(long revision) {
        reads.lagAt(OptionalLong.of(revision));
    }

    /** Ends {@link #lagAt}. */
    public void catchUp() {
        reads.lagAt(OptionalLong.empty());
    }

    /** Loses the event of a revision for every watch, as etcd has been seen to do; lists still tell the truth. */
    public void dropWatchEvent(long revision) {
        dropped.add(revision);
    }
}
