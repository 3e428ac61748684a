package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Namespaces and garbage: fills a new namespace, empties one that is being deleted, deletes what has lost all its owners, and accepts
 * CustomResourceDefinitions. The keys it reconciles are those of any object.
 */
final class HousekeepingController implements Controller {
    private static final String NAMESPACES = "/namespaces";
    private static final String DEFINITIONS = "apiextensions.k8s.io/customresourcedefinitions";
    private static final String FOREGROUND = "foregroundDeletion";

    private final Cluster cluster;
    private final Set<String> terminating = new HashSet<>();

    HousekeepingController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void route(ObjectStore.Change change, Consumer<ObjectStore.Key> dirty) {
        var key = change.key();
        var latest = change.latest();
        if (key.storage().equals(NAMESPACES) || key.storage().equals(DEFINITIONS)) {
            dirty.accept(key);
        }
        if (terminating.contains(key.namespace())) {
            dirty.accept(new ObjectStore.Key(NAMESPACES, "", key.namespace()));
        }
        if (change.after() == null || Meta.finalizers(latest).contains(FOREGROUND)) {
            cluster.store().dependentsOf(Meta.uid(latest)).forEach(dirty);
        }
        if (Meta.finalizers(latest).contains(FOREGROUND)) {
            dirty.accept(key);
        }
        for (var owner : Json.objects(Json.at(latest, "metadata", "ownerReferences"))) {
            if (change.after() == null) {
                dirty.accept(ownerKey(owner, key.namespace()));
            } else if (change.before() == null) {
                dirty.accept(key); // its owner may be gone already
            }
        }
    }

    private ObjectStore.Key ownerKey(ObjectNode owner, String namespace) {
        var type = cluster.typeOf(Json.text(owner, "apiVersion"), Json.text(owner, "kind"));
        var storage = type.map(ResourceType::storage).orElse("unknown/" + Json.text(owner, "kind"));
        var isNamespaced = type.map(ResourceType::namespaced).orElse(true);
        return new ObjectStore.Key(storage, isNamespaced ? namespace : "", Json.text(owner, "name"));
    }

    @Override
    public void reconcile(ObjectStore.Key key) {
        var object = cluster.get(key);
        if (object.isEmpty()) {
            return;
        }
        switch (key.storage()) {
            case NAMESPACES -> namespace(object.get());
            case DEFINITIONS -> definition(object.get());
            default -> collect(key, object.get());
        }
    }

    private void namespace(ObjectNode namespace) {
        var name = Meta.name(namespace);
        if (!Meta.isDeleting(namespace)) {
            furnish(name);
            return;
        }
        terminating.add(name);
        for (var key : cluster.store().keysOfNamespace(name)) {
            cluster.get(key).ifPresent(object -> cluster.delete(key.storage(), object));
        }
        if (cluster.store().keysOfNamespace(name).isEmpty()) {
            terminating.remove(name);
            var after = namespace.deepCopy();
            Json.child(after, "spec").remove("finalizers");
            cluster.update(NAMESPACES, namespace, after);
        }
    }

    private void furnish(String namespace) {
        if (cluster.get(new ObjectStore.Key("/serviceaccounts", namespace, "default"))
                .isEmpty()) {
            cluster.create("/serviceaccounts", cluster.blank("/serviceaccounts", namespace, "default"));
        }
        if (cluster.get(new ObjectStore.Key("/configmaps", namespace, "kube-root-ca.crt"))
                .isEmpty()) {
            var authority = cluster.blank("/configmaps", namespace, "kube-root-ca.crt");
            authority.putObject("data").put("ca.crt", "");
            cluster.create("/configmaps", authority);
        }
    }

    private void definition(ObjectNode definition) {
        if (Meta.isDeleting(definition)) {
            return;
        }
        var after = definition.deepCopy();
        var status = Json.child(after, "status");
        status.set("acceptedNames", Json.at(definition, "spec", "names"));
        var stored = status.putArray("storedVersions");
        Json.objects(Json.at(definition, "spec", "versions")).stream()
                .filter(version -> version.path("storage").asBoolean())
                .forEach(version -> stored.add(Json.text(version, "name")));
        cluster.condition(status, "NamesAccepted", true, "NoConflicts", "no conflicts found");
        cluster.condition(status, "Established", true, "InitialNamesAccepted", "the initial names have been accepted");
        cluster.update(DEFINITIONS, definition, after);
    }

    /** Deletes an object whose owners are all gone, or whose owner waits for it; lets an owner go that waited long enough. */
    private void collect(ObjectStore.Key key, ObjectNode object) {
        if (Meta.isDeleting(object) && Meta.finalizers(object).contains(FOREGROUND)) {
            if (cluster.store().dependentsOf(Meta.uid(object)).isEmpty()) {
                var after = object.deepCopy();
                Json.childArray(Meta.of(after), "finalizers")
                        .removeIf(name -> name.asText().equals(FOREGROUND));
                cluster.update(key.storage(), object, after);
            }
            return;
        }
        var owners = Json.objects(Json.at(object, "metadata", "ownerReferences"));
        var isOrphan = !owners.isEmpty()
                && owners.stream().allMatch(owner -> {
                    var ownerKey = ownerKey(owner, key.namespace());
                    var found = cluster.get(ownerKey)
                            .filter(there -> Meta.uid(there).equals(Json.text(owner, "uid")));
                    return found.isEmpty()
                            || (Meta.isDeleting(found.get())
                                    && Meta.finalizers(found.get()).contains(FOREGROUND));
                });
        if (isOrphan) {
            cluster.delete(key.storage(), waiting(key, object, owners));
        }
    }

    /** The object, made to wait for its own dependents where its owner waits for it. */
    private ObjectNode waiting(ObjectStore.Key key, ObjectNode object, List<ObjectNode> owners) {
        var isForeground = owners.stream()
                .anyMatch(owner -> cluster.get(ownerKey(owner, key.namespace())).isPresent());
        if (!isForeground
                || Meta.isDeleting(object)
                || cluster.store().dependentsOf(Meta.uid(object)).isEmpty()) {
            return object;
        }
        var after = object.deepCopy();
        Json.childArray(Meta.of(after), "finalizers").add(FOREGROUND);
        return cluster.update(key.storage(), object, after);
    }
}
