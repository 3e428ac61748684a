package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/** ReplicaSet → as many pods as it wants. */
final class ReplicaSetController implements Controller {
    private static final String STORAGE = "apps/replicasets";

    private final Cluster cluster;

    ReplicaSetController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void route(ObjectStore.Change change, Consumer<ObjectStore.Key> dirty) {
        toOwner(change, STORAGE, "ReplicaSet", dirty);
    }

    /** Routes a change of an owner to itself, and one of a pod to the owner of this kind. */
    static void toOwner(ObjectStore.Change change, String storage, String kind, Consumer<ObjectStore.Key> dirty) {
        if (change.key().storage().equals(storage)) {
            dirty.accept(change.key());
        } else if (change.key().storage().equals(Pods.STORAGE)) {
            Meta.controller(change.latest())
                    .filter(owner -> Json.text(owner, "kind").equals(kind))
                    .ifPresent(owner -> dirty.accept(
                            new ObjectStore.Key(storage, change.key().namespace(), Json.text(owner, "name"))));
        }
    }

    @Override
    public void reconcile(ObjectStore.Key key) {
        cluster.get(key).filter(set -> !Meta.isDeleting(set)).ifPresent(this::scale);
    }

    private void scale(ObjectNode set) {
        var active = cluster.controlledBy(set, Pods.STORAGE).stream()
                .filter(Pods::isActive)
                .toList();
        var wanted = Json.at(set, "spec", "replicas").asInt(1);
        for (var i = active.size(); i < wanted; i++) {
            var name = Meta.name(set) + "-" + cluster.names().suffix();
            var pod = Pods.fromTemplate(cluster, cluster.type(STORAGE), set, name);
            Meta.of(pod).put("generateName", Meta.name(set) + "-");
            cluster.create(Pods.STORAGE, pod);
        }
        active.stream()
                .sorted(Pods.leastWorthFirst())
                .limit(Math.max(0, active.size() - wanted))
                .forEach(pod -> cluster.delete(Pods.STORAGE, pod));
        status(set);
    }

    private void status(ObjectNode set) {
        var pods = cluster.controlledBy(set, Pods.STORAGE).stream()
                .filter(Pods::isActive)
                .toList();
        var after = set.deepCopy();
        var status = Json.child(after, "status");
        status.put("replicas", pods.size()).put("observedGeneration", Meta.generation(set));
        DeploymentController.count(status, "fullyLabeledReplicas", pods.size());
        DeploymentController.count(status, "readyReplicas", Pods.ready(pods));
        DeploymentController.count(status, "availableReplicas", Pods.ready(pods));
        cluster.update(STORAGE, set, after);
    }
}
