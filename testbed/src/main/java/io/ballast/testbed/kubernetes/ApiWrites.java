package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** Create, update, patch and delete. */
final class ApiWrites {
    private static final int GENERATE_NAME_LIMIT = 58;

    private final ObjectStore store;
    private final Lifecycle lifecycle;
    private final Admission admission;
    private final Names names;

    ApiWrites(ObjectStore store, Lifecycle lifecycle, Admission admission, Names names) {
        this.store = store;
        this.lifecycle = lifecycle;
        this.admission = admission;
        this.names = names;
    }

    private static ObjectNode body(ModelRequest request) {
        if (request.body() instanceof ObjectNode object) {
            return object;
        }
        throw ApiError.badRequest("the object provided is unrecognized (must be a JSON object)");
    }

    private static ObjectNode decode(ApiPath target, JsonNode body) {
        if (!(body instanceof ObjectNode object)) {
            throw ApiError.badRequest("the object provided is unrecognized (must be a JSON object)");
        }
        var type = target.type();
        var kind = Json.text(object, "kind");
        var version = Json.text(object, "apiVersion");
        if ((!kind.isEmpty() && !kind.equals(type.kind()))
                || (!version.isEmpty() && !version.equals(type.apiVersion()))) {
            throw ApiError.badRequest(
                    "%s in version \"%s\" cannot be handled as a %s: no kind \"%s\" is registered for version \"%s\""
                            .formatted(kind, type.version(), type.kind(), kind, version));
        }
        var stored = Representation.store(type, object);
        if (!type.custom()) {
            Json.dropNulls(stored);
        }
        var meta = Meta.of(stored);
        var namespace = Meta.namespace(stored);
        if (!namespace.isEmpty() && !target.namespace().equals(namespace)) {
            throw ApiError.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        if (type.namespaced()) {
            meta.put("namespace", target.namespace());
        }
        return stored;
    }

    ModelReply create(ApiPath target, ModelRequest request, Instant now) {
        return create(target, decode(target, body(request)), request.isDryRun(), now);
    }

    private ModelReply create(ApiPath target, ObjectNode object, boolean dryRun, Instant now) {
        var type = target.type();
        if (!Json.text(object, "metadata", "resourceVersion").isEmpty()) {
            throw ApiError.badRequest("resourceVersion should not be set on objects to be created");
        }
        var generate = Json.text(object, "metadata", "generateName");
        if (Meta.name(object).isEmpty() && !generate.isEmpty()) {
            var stem = generate.length() > GENERATE_NAME_LIMIT ? generate.substring(0, GENERATE_NAME_LIMIT) : generate;
            Meta.of(object).put("name", stem + names.suffix());
        }
        requireNamespace(target, Meta.name(object));
        if (store.get(Meta.key(type, object)).isPresent()) {
            throw ApiError.alreadyExists(type, Meta.name(object));
        }
        admission.create(type, object, dryRun);
        if (dryRun) {
            lifecycle.identify(type, object, now);
            return new ModelReply(201, Representation.show(type, object));
        }
        return new ModelReply(201, Representation.show(type, lifecycle.create(type, object, now)));
    }

    private void requireNamespace(ApiPath target, String name) {
        if (!target.type().namespaced()) {
            return;
        }
        var namespaces = new ResourceType(
                "", "v1", "namespaces", "Namespace", false, List.of(), List.of(), List.of(), "/namespaces", false);
        var namespace = store.get(new ObjectStore.Key("/namespaces", "", target.namespace()))
                .orElseThrow(() -> ApiError.notFound(namespaces, target.namespace()));
        if (Meta.isDeleting(namespace)) {
            throw ApiError.namespaceTerminating(target.type(), name, target.namespace());
        }
    }

    private ObjectNode existing(ApiPath target) {
        return store.get(target.key()).orElseThrow(() -> ApiError.notFound(target.type(), target.name()));
    }

    ModelReply update(ApiPath target, ModelRequest request) {
        var given = decode(target, body(request));
        if (!Meta.name(given).equals(target.name())) {
            throw ApiError.badRequest("the name of the object (%s) does not match the name on the URL (%s)"
                    .formatted(Meta.name(given), target.name()));
        }
        return write(target, existing(target), given, request.isDryRun());
    }

    /** The common end of update and patch: preconditions, rules, write. */
    private ModelReply write(ApiPath target, ObjectNode before, ObjectNode after, boolean dryRun) {
        var type = target.type();
        checkPreconditions(target, before, Meta.uid(after), Json.text(after, "metadata", "resourceVersion"));
        switch (target.subresource()) {
            case "" -> admission.update(type, before, after, dryRun);
            case "status" -> admission.updateStatus(type, before, after);
            case "finalize" -> {
                Json.setOrRemove(after, "status", before.path("status"));
                Json.setOrRemove(after, "metadata", before.path("metadata"));
            }
            default -> throw ApiError.methodNotAllowed();
        }
        var written = lifecycle.replace(type, before, after, dryRun);
        return ModelReply.ok(Representation.show(type, written.object()));
    }

    private static void checkPreconditions(ApiPath target, ObjectNode object, String uid, String resourceVersion) {
        if (!uid.isEmpty() && !uid.equals(Meta.uid(object))) {
            throw ApiError.conflict(
                    target.type(),
                    target.name(),
                    "Precondition failed: UID in precondition: %s, UID in object meta: %s"
                            .formatted(uid, Meta.uid(object)));
        }
        if (!resourceVersion.isEmpty() && ApiReads.revision(resourceVersion) != Meta.revision(object)) {
            throw ApiError.stale(target.type(), target.name());
        }
    }

    ModelReply patch(ApiPath target, ModelRequest request, Instant now) {
        var contentType = mediaType(request.contentType());
        if (contentType.equals("application/apply-patch+yaml")) {
            return apply(target, request, now);
        }
        var before = existing(target);
        var after = patched(target.type(), contentType, request.body()).apply(before);
        return write(target, before, after, request.isDryRun());
    }

    static String mediaType(String contentType) {
        return contentType.split(";", 2)[0].strip();
    }

    /** What a patch does to a stored object. Events are patched in the form they are asked for. */
    private static UnaryOperator<ObjectNode> patched(ResourceType type, String contentType, JsonNode patch) {
        return stored ->
                Representation.store(type, applyTo(type, contentType, patch, Representation.show(type, stored)));
    }

    static ObjectNode applyTo(ResourceType type, String contentType, JsonNode patch, ObjectNode object) {
        return switch (contentType) {
            case "application/json-patch+json" -> JsonPatches.patch(object, patch);
            case "application/merge-patch+json" -> JsonPatches.merge(object, patch);
            case "application/strategic-merge-patch+json" -> {
                if (type.custom()) {
                    throw ApiError.unsupportedMediaType(
                            "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
                }
                yield StrategicMerge.merge(object, patch);
            }
            default ->
                throw ApiError.unsupportedMediaType(
                        "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml");
        };
    }

    private ModelReply apply(ApiPath target, ModelRequest request, Instant now) {
        var manager = request.parameter("fieldManager");
        if (manager.isEmpty()) {
            throw ApiError.badRequest(
                    "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
        }
        var given = decode(target, body(request));
        if (Json.has(given, "metadata", "managedFields")) {
            throw ApiError.badRequest("metadata.managedFields must be nil");
        }
        var live = store.get(target.key());
        var base = live.orElseGet(() -> {
            var empty = Json.object();
            Meta.of(empty).put("name", target.name());
            if (target.type().namespaced()) {
                Meta.of(empty).put("namespace", target.namespace());
            }
            return empty;
        });
        var after = ServerSideApply.apply(base, given, manager, target.subresource(), request.flag("force"), now);
        if (live.isEmpty()) {
            if (!target.subresource().isEmpty()) {
                throw ApiError.notFound(target.type(), target.name());
            }
            return create(target, after, request.isDryRun(), now);
        }
        checkPreconditions(target, live.get(), Meta.uid(given), Json.text(given, "metadata", "resourceVersion"));
        return write(target, live.get(), after, request.isDryRun());
    }

    ModelReply delete(ApiPath target, ModelRequest request, Instant now) {
        var object = existing(target);
        var options = request.body();
        var conditions = options.path("preconditions");
        checkPreconditions(target, object, Json.text(conditions, "uid"), Json.text(conditions, "resourceVersion"));
        var written = deleteOne(target.type(), object, request, now);
        if (!written.gone() || target.type().storage().equals("/pods")) {
            return ModelReply.ok(Representation.show(target.type(), written.object()));
        }
        var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Success");
        var details = status.putObject("details").put("name", target.name());
        if (!target.type().group().isEmpty()) {
            details.put("group", target.type().group());
        }
        details.put("kind", target.type().plural()).put("uid", Meta.uid(object));
        return ModelReply.ok(status);
    }

    private Lifecycle.Written deleteOne(ResourceType type, ObjectNode object, ModelRequest request, Instant now) {
        var options = request.body();
        var dryRun = request.isDryRun() || Json.texts(options.path("dryRun")).contains("All");
        var policy = Json.has(options, "propagationPolicy")
                ? Json.text(options, "propagationPolicy")
                : request.parameter("propagationPolicy");
        var subject = object;
        if (policy.equals("Foreground") && !store.dependentsOf(Meta.uid(object)).isEmpty()) {
            subject = withFinalizer(type, object, "foregroundDeletion", dryRun);
        } else if (policy.equals("Orphan") && !dryRun) {
            orphan(object);
        }
        return lifecycle.delete(type, subject, grace(type, object, request), now, dryRun);
    }

    private ObjectNode withFinalizer(ResourceType type, ObjectNode object, String finalizer, boolean dryRun) {
        if (Meta.finalizers(object).contains(finalizer)) {
            return object;
        }
        var marked = object.deepCopy();
        Json.childArray(Meta.of(marked), "finalizers").add(finalizer);
        return dryRun ? marked : store.put(Meta.key(type, object), marked);
    }

    private void orphan(ObjectNode owner) {
        for (var key : store.dependentsOf(Meta.uid(owner))) {
            store.get(key).ifPresent(dependent -> {
                var free = dependent.deepCopy();
                Json.childArray(Meta.of(free), "ownerReferences")
                        .removeIf(reference -> Json.text(reference, "uid").equals(Meta.uid(owner)));
                store.put(key, free);
            });
        }
    }

    /** Seconds of grace: only pods have any. */
    private static long grace(ResourceType type, ObjectNode object, ModelRequest request) {
        if (!type.storage().equals("/pods")) {
            return 0;
        }
        if (Json.has(request.body(), "gracePeriodSeconds")) {
            return request.body().path("gracePeriodSeconds").asLong();
        }
        var parameter = request.parameter("gracePeriodSeconds");
        return parameter.matches("\\d{1,9}")
                ? Long.parseLong(parameter)
                : Json.at(object, "spec", "terminationGracePeriodSeconds").asLong(30);
    }

    ModelReply deleteCollection(WatchSelector selector, ModelRequest request, Instant now) {
        var deleted = Json.object()
                .put("kind", selector.type().kind() + "List")
                .put("apiVersion", selector.type().apiVersion());
        deleted.putObject("metadata").put("resourceVersion", Long.toString(store.revision()));
        var items = deleted.putArray("items");
        for (var object : store.list(selector.type().storage(), selector.namespace())) {
            if (selector.matches(object)) {
                deleteOne(selector.type(), object, request, now);
                items.add(Representation.show(selector.type(), object));
            }
        }
        return ModelReply.ok(deleted);
    }

    /** The scale of a Deployment, StatefulSet or ReplicaSet. */
    static ObjectNode scale(ObjectNode workload) {
        var scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        var meta = scale.putObject("metadata");
        for (var field : new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
            meta.set(field, Json.at(workload, "metadata", field));
        }
        scale.putObject("spec")
                .put("replicas", Json.at(workload, "spec", "replicas").asInt());
        var selector = Json.textMap(Json.at(workload, "spec", "selector", "matchLabels")).entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .toList();
        scale.putObject("status")
                .put("replicas", Json.at(workload, "status", "replicas").asInt())
                .put("selector", String.join(",", selector));
        return scale;
    }

    ModelReply writeScale(ApiPath target, ModelRequest request) {
        var before = existing(target);
        var given = request.method().equals("PUT")
                ? body(request)
                : applyTo(target.type(), mediaType(request.contentType()), request.body(), scale(before));
        checkPreconditions(target, before, Meta.uid(given), Json.text(given, "metadata", "resourceVersion"));
        var after = before.deepCopy();
        Json.child(after, "spec").set("replicas", Json.at(given, "spec", "replicas"));
        admission.update(target.type(), before, after, request.isDryRun());
        return ModelReply.ok(scale(lifecycle
                .replace(target.type(), before, after, request.isDryRun())
                .object()));
    }
}
