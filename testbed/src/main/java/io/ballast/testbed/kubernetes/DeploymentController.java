package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;

/** Deployment → ReplicaSets: one per template, rolled within {@code maxSurge} and {@code maxUnavailable}. */
final class DeploymentController implements Controller {
    private static final String STORAGE = "apps/deployments";
    private static final String SETS = "apps/replicasets";
    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String HASH = "pod-template-hash";

    private final Cluster cluster;

    DeploymentController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void route(ObjectStore.Change change, Consumer<ObjectStore.Key> dirty) {
        if (change.key().storage().equals(STORAGE)) {
            dirty.accept(change.key());
        } else if (change.key().storage().equals(SETS)) {
            Meta.controller(change.latest())
                    .ifPresent(owner -> dirty.accept(
                            new ObjectStore.Key(STORAGE, change.key().namespace(), Json.text(owner, "name"))));
        }
    }

    @Override
    public void reconcile(ObjectStore.Key key) {
        cluster.get(key).filter(deployment -> !Meta.isDeleting(deployment)).ifPresent(this::roll);
    }

    private void roll(ObjectNode deployment) {
        var desired = Json.at(deployment, "spec", "replicas").asInt(1);
        var all = cluster.controlledBy(deployment, SETS);
        var current = current(deployment, all);
        var old = cluster.controlledBy(deployment, SETS).stream()
                .filter(set -> !Meta.name(set).equals(Meta.name(current)))
                .toList();
        if (!Json.at(deployment, "spec", "paused").asBoolean()) {
            scale(deployment, current, old, desired);
        }
        status(deployment, desired);
    }

    private ObjectNode current(ObjectNode deployment, List<ObjectNode> sets) {
        var template = Json.at(deployment, "spec", "template").deepCopy();
        var hash = Names.hash(template.toString(), 10);
        var name = Meta.name(deployment) + "-" + hash;
        var existing = sets.stream().filter(set -> Meta.name(set).equals(name)).findFirst();
        var highest =
                sets.stream().mapToInt(DeploymentController::revision).max().orElse(0);
        var set = existing.orElseGet(() -> create(deployment, (ObjectNode) template, name, hash));
        if (existing.isEmpty() || revision(set) < highest) {
            var revised = set.deepCopy();
            Json.child(revised, "metadata", "annotations").put(REVISION, Integer.toString(highest + 1));
            set = cluster.update(SETS, set, revised);
        }
        return set;
    }

    private static int revision(JsonNode object) {
        var text = Meta.annotation(object, REVISION);
        return text.isEmpty() ? 0 : Integer.parseInt(text);
    }

    private ObjectNode create(ObjectNode deployment, ObjectNode template, String name, String hash) {
        var set = cluster.blank(SETS, Meta.namespace(deployment), name);
        Json.child(template, "metadata", "labels").put(HASH, hash);
        Meta.of(set).set("labels", Json.at(template, "metadata", "labels").deepCopy());
        Meta.of(set).putArray("ownerReferences").add(Meta.ownerReference(cluster.type(STORAGE), deployment));
        var spec = set.putObject("spec").put("replicas", 0);
        spec.set("selector", Json.at(deployment, "spec", "selector").deepCopy());
        Json.child(spec, "selector", "matchLabels").put(HASH, hash);
        spec.set("template", template);
        return cluster.create(SETS, set);
    }

    private void scale(ObjectNode deployment, ObjectNode current, List<ObjectNode> old, int desired) {
        var isRecreate = Json.text(deployment, "spec", "strategy", "type").equals("Recreate");
        var rolling = Json.at(deployment, "spec", "strategy", "rollingUpdate");
        var surge = isRecreate ? 0 : share(rolling.path("maxSurge"), desired, true);
        var unavailable = isRecreate ? desired : share(rolling.path("maxUnavailable"), desired, false);
        if (surge == 0 && unavailable == 0) {
            unavailable = 1;
        }
        var oldWanted = old.stream().mapToInt(DeploymentController::wanted).sum();
        var oldThere = old.stream()
                .mapToInt(set -> cluster.controlledBy(set, Pods.STORAGE).size())
                .sum();
        var room = isRecreate ? (oldThere == 0 ? desired : 0) : desired + surge - oldWanted;
        resize(current, Math.min(desired, Math.max(room, Math.min(wanted(current), desired))));
        var mayGo = available(current)
                + old.stream().mapToInt(DeploymentController::available).sum()
                - (desired - unavailable);
        for (var set : old) {
            var healthy = available(set);
            var broken = wanted(set) - healthy;
            var takes = broken + Math.clamp(mayGo, 0, healthy);
            mayGo -= Math.clamp(mayGo, 0, healthy);
            resize(set, isRecreate ? 0 : Math.max(0, wanted(set) - takes));
        }
    }

    private static int share(JsonNode value, int of, boolean up) {
        if (value.isTextual() && value.asText().matches("\\d{1,3}%")) {
            var percent =
                    Integer.parseInt(value.asText().substring(0, value.asText().length() - 1));
            return up ? Math.ceilDiv(of * percent, 100) : of * percent / 100;
        }
        return value.asInt();
    }

    private static int wanted(ObjectNode set) {
        return Json.at(set, "spec", "replicas").asInt();
    }

    private static int available(ObjectNode set) {
        return Math.min(wanted(set), Json.at(set, "status", "availableReplicas").asInt());
    }

    private void resize(ObjectNode set, int replicas) {
        cluster.get(Meta.key(cluster.type(SETS), set)).ifPresent(stored -> {
            var after = stored.deepCopy();
            Json.child(after, "spec").put("replicas", replicas);
            cluster.update(SETS, stored, after);
        });
    }

    private void status(ObjectNode deployment, int desired) {
        var after = deployment.deepCopy();
        var sets = cluster.controlledBy(deployment, SETS);
        var status = Json.child(after, "status");
        var newest =
                sets.stream().mapToInt(DeploymentController::revision).max().orElse(0);
        Json.child(after, "metadata", "annotations").put(REVISION, Integer.toString(newest));
        var total = sum(sets, "replicas");
        var available = sum(sets, "availableReplicas");
        var updated = sets.stream()
                .filter(set -> revision(set) == newest)
                .mapToInt(set -> Json.at(set, "status", "replicas").asInt())
                .sum();
        status.put("observedGeneration", Meta.generation(deployment));
        count(status, "replicas", total);
        count(status, "updatedReplicas", updated);
        count(status, "readyReplicas", sum(sets, "readyReplicas"));
        count(status, "availableReplicas", available);
        count(status, "unavailableReplicas", Math.max(0, Math.max(desired, total) - available));
        var rolling = Json.at(deployment, "spec", "strategy", "rollingUpdate", "maxUnavailable");
        var isAvailable = available >= desired - share(rolling, desired, false);
        cluster.condition(
                status,
                "Available",
                isAvailable,
                isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                isAvailable
                        ? "Deployment has minimum availability."
                        : "Deployment does not have minimum availability.");
        var isDone = updated == desired && total == desired && available == desired;
        cluster.condition(
                status,
                "Progressing",
                true,
                isDone ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                isDone ? "Deployment has successfully progressed." : "Deployment is progressing.");
        cluster.update(STORAGE, deployment, after);
    }

    private static int sum(List<ObjectNode> sets, String field) {
        return sets.stream()
                .mapToInt(set -> Json.at(set, "status", field).asInt())
                .sum();
    }

    static void count(ObjectNode status, String field, int value) {
        if (value == 0) {
            status.remove(field);
        } else {
            status.put(field, value);
        }
    }
}
