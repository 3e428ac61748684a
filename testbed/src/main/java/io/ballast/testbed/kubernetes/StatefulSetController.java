package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.function.Consumer;

/** StatefulSet → pods with ordinals, one after the other unless it is told to go parallel. */
final class StatefulSetController implements Controller {
    private static final String STORAGE = "apps/statefulsets";
    private static final String REVISION = "controller-revision-hash";

    private final Cluster cluster;

    StatefulSetController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void route(ObjectStore.Change change, Consumer<ObjectStore.Key> dirty) {
        ReplicaSetController.toOwner(change, STORAGE, "StatefulSet", dirty);
    }

    @Override
    public void reconcile(ObjectStore.Key key) {
        cluster.get(key).filter(set -> !Meta.isDeleting(set)).ifPresent(set -> {
            scale(set);
            status(set);
        });
    }

    private static String revision(ObjectNode set) {
        return Meta.name(set) + "-"
                + Names.hash(Json.at(set, "spec", "template").toString(), 10);
    }

    private void scale(ObjectNode set) {
        var wanted = Json.at(set, "spec", "replicas").asInt(1);
        var isParallel = Json.text(set, "spec", "podManagementPolicy").equals("Parallel");
        var surplus = new ArrayList<ObjectNode>();
        for (var pod : cluster.controlledBy(set, Pods.STORAGE)) {
            if (ordinal(pod) >= wanted && !Meta.isDeleting(pod)) {
                surplus.add(pod);
            }
        }
        surplus.forEach(pod -> cluster.delete(Pods.STORAGE, pod));
        for (var i = 0; i < wanted; i++) {
            var name = Meta.name(set) + "-" + i;
            var pod = cluster.get(new ObjectStore.Key(Pods.STORAGE, Meta.namespace(set), name));
            if (pod.isEmpty()) {
                create(set, name, i);
            }
            if (!isParallel && (pod.isEmpty() || Meta.isDeleting(pod.get()) || !Pods.isReady(pod.get()))) {
                return; // the next one waits for this
            }
        }
        replaceOutdated(set, wanted);
    }

    private static int ordinal(ObjectNode pod) {
        var name = Meta.name(pod);
        return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    }

    private void create(ObjectNode set, String name, int ordinal) {
        var pod = Pods.fromTemplate(cluster, cluster.type(STORAGE), set, name);
        Meta.of(pod).put("generateName", Meta.name(set) + "-");
        Json.child(pod, "metadata", "labels")
                .put(REVISION, revision(set))
                .put("statefulset.kubernetes.io/pod-name", name)
                .put("apps.kubernetes.io/pod-index", Integer.toString(ordinal));
        Json.child(pod, "spec").put("hostname", name).put("subdomain", Json.text(set, "spec", "serviceName"));
        cluster.create(Pods.STORAGE, pod);
    }

    private void replaceOutdated(ObjectNode set, int wanted) {
        if (Json.text(set, "spec", "updateStrategy", "type").equals("OnDelete")) {
            return;
        }
        for (var i = wanted - 1; i >= 0; i--) {
            var pod = cluster.get(new ObjectStore.Key(Pods.STORAGE, Meta.namespace(set), Meta.name(set) + "-" + i));
            if (pod.isPresent() && (Meta.isDeleting(pod.get()) || !Pods.isReady(pod.get()))) {
                return;
            }
            if (pod.isPresent() && !Meta.label(pod.get(), REVISION).equals(revision(set))) {
                cluster.delete(Pods.STORAGE, pod.get());
                return;
            }
        }
    }

    private void status(ObjectNode set) {
        var pods = cluster.controlledBy(set, Pods.STORAGE).stream()
                .filter(Pods::isActive)
                .toList();
        var updated = pods.stream()
                .filter(pod -> Meta.label(pod, REVISION).equals(revision(set)))
                .count();
        var wanted = Json.at(set, "spec", "replicas").asInt(1);
        var after = set.deepCopy();
        var status = Json.child(after, "status");
        status.put("observedGeneration", Meta.generation(set))
                .put("replicas", pods.size())
                .put("availableReplicas", Pods.ready(pods))
                .put("updateRevision", revision(set));
        if (updated == wanted || Json.text(status, "currentRevision").isEmpty()) {
            status.put("currentRevision", revision(set));
        }
        DeploymentController.count(status, "readyReplicas", Pods.ready(pods));
        DeploymentController.count(status, "updatedReplicas", (int) updated);
        DeploymentController.count(status, "currentReplicas", updated == wanted ? wanted : pods.size() - (int) updated);
        cluster.update(STORAGE, set, after);
    }
}
