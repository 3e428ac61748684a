package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.function.Consumer;

/** DaemonSet → one pod on each node that its node selector fits. */
final class DaemonSetController implements Controller {
    private static final String STORAGE = "apps/daemonsets";
    private static final String REVISION = "controller-revision-hash";

    private final Cluster cluster;

    DaemonSetController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void route(ObjectStore.Change change, Consumer<ObjectStore.Key> dirty) {
        ReplicaSetController.toOwner(change, STORAGE, "DaemonSet", dirty);
        if (change.key().storage().equals("/nodes")) {
            cluster.list(STORAGE, "").forEach(set -> dirty.accept(Meta.key(cluster.type(STORAGE), set)));
        }
    }

    @Override
    public void reconcile(ObjectStore.Key key) {
        cluster.get(key).filter(set -> !Meta.isDeleting(set)).ifPresent(this::place);
    }

    private void place(ObjectNode set) {
        var fits = LabelSelector.equality(Json.at(set, "spec", "template", "spec", "nodeSelector"));
        var nodes = cluster.list("/nodes", "").stream()
                .filter(node -> fits.matches(Meta.labels(node)))
                .map(Meta::name)
                .toList();
        var revision = Names.hash(Json.at(set, "spec", "template").toString(), 10);
        var covered = new HashSet<String>();
        var outdatedMayGo = true;
        for (var pod : cluster.controlledBy(set, Pods.STORAGE)) {
            var node = Json.text(pod, "spec", "nodeName");
            var isOutdated = !Meta.label(pod, REVISION).equals(revision);
            covered.add(node);
            if (!nodes.contains(node)) {
                cluster.delete(Pods.STORAGE, pod);
            } else if (isOutdated && outdatedMayGo && !Meta.isDeleting(pod)) {
                cluster.delete(Pods.STORAGE, pod);
            }
            outdatedMayGo &= !isOutdated && Pods.isReady(pod); // one at a time
        }
        for (var node : nodes) {
            if (covered.add(node)) {
                var name = Meta.name(set) + "-" + cluster.names().suffix();
                var pod = Pods.fromTemplate(cluster, cluster.type(STORAGE), set, name);
                Meta.of(pod).put("generateName", Meta.name(set) + "-");
                Json.child(pod, "metadata", "labels").put(REVISION, revision);
                Json.child(pod, "spec").put("nodeName", node);
                cluster.create(Pods.STORAGE, pod);
            }
        }
        status(set, nodes.size(), revision);
    }

    private void status(ObjectNode set, int desired, String revision) {
        var pods = cluster.controlledBy(set, Pods.STORAGE).stream()
                .filter(Pods::isActive)
                .toList();
        var after = set.deepCopy();
        var status = Json.child(after, "status");
        status.put("observedGeneration", Meta.generation(set))
                .put("desiredNumberScheduled", desired)
                .put("currentNumberScheduled", pods.size())
                .put("numberMisscheduled", 0)
                .put("numberReady", Pods.ready(pods));
        DeploymentController.count(status, "numberAvailable", Pods.ready(pods));
        DeploymentController.count(status, "numberUnavailable", desired - Pods.ready(pods));
        DeploymentController.count(status, "updatedNumberScheduled", (int) pods.stream()
                .filter(pod -> Meta.label(pod, REVISION).equals(revision))
                .count());
        cluster.update(STORAGE, set, after);
    }
}
