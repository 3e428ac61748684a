package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Scheduler and kubelet in one: gives a pod its node and addresses at once, makes it ready after a delay (never, while it is annotated
 * {@code testbed.ballast.io/ready: "false"}), and lets a deleted one go after the cluster's grace or its own, whichever is shorter; one
 * annotated {@code testbed.ballast.io/drains: "true"} serves until its own is over.
 */
final class PodController implements Controller {
    static final String READY_ANNOTATION = "testbed.ballast.io/ready";
    static final String DRAINS_ANNOTATION = "testbed.ballast.io/drains";

    private final Cluster cluster;
    private final List<AddressRange> ranges;
    private final Set<String> taken = new HashSet<>();
    private final Map<AddressRange, Integer> lastOffset = new HashMap<>();
    private final Map<String, Instant> startedAt = new HashMap<>();
    private final Map<String, Instant> deletedAt = new HashMap<>();
    private int lastNode;

    PodController(Cluster cluster) {
        this.cluster = cluster;
        this.ranges =
                cluster.settings().podCidrs().stream().map(AddressRange::parse).toList();
    }

    @Override
    public void route(ObjectStore.Change change, Consumer<ObjectStore.Key> dirty) {
        if (change.key().storage().equals(Pods.STORAGE)) {
            var before = change.before();
            if (change.after() == null && before != null) {
                release(before);
            }
            dirty.accept(change.key());
        } else if (change.key().storage().equals("/nodes")) {
            cluster.list(Pods.STORAGE, "").stream()
                    .filter(pod -> Json.text(pod, "spec", "nodeName").isEmpty())
                    .forEach(pod ->
                            dirty.accept(new ObjectStore.Key(Pods.STORAGE, Meta.namespace(pod), Meta.name(pod))));
        }
    }

    private void release(ObjectNode pod) {
        if (!Json.at(pod, "spec", "hostNetwork").asBoolean()) {
            Json.objects(Json.at(pod, "status", "podIPs")).forEach(address -> taken.remove(Json.text(address, "ip")));
        }
        startedAt.remove(Meta.uid(pod));
        deletedAt.remove(Meta.uid(pod));
    }

    @Override
    public void reconcile(ObjectStore.Key key) {
        cluster.get(key).ifPresent(pod -> {
            if (Meta.isDeleting(pod)) {
                terminate(key, pod);
            } else {
                run(key, pod);
            }
        });
    }

    private void terminate(ObjectStore.Key key, ObjectNode pod) {
        var grace = Duration.ofSeconds(
                Json.at(pod, "metadata", "deletionGracePeriodSeconds").asLong());
        var stays = Meta.annotation(pod, DRAINS_ANNOTATION).equals("true")
                ? grace
                : cluster.settings().terminationGrace();
        var gone = deletedAt
                .computeIfAbsent(Meta.uid(pod), _ -> cluster.now())
                .plus(stays.compareTo(grace) < 0 ? stays : grace);
        if (cluster.now().isBefore(gone)) {
            cluster.wake(gone, this, key);
        } else if (!grace.isZero() || Meta.finalizers(pod).isEmpty()) {
            cluster.deleteNow(Pods.STORAGE, pod);
        }
    }

    private void run(ObjectStore.Key key, ObjectNode pod) {
        if (Pods.isFinished(pod)) {
            return;
        }
        var after = pod.deepCopy();
        var node = node(after);
        var status = Json.child(after, "status");
        if (node.isEmpty()) {
            cluster.condition(
                    status,
                    "PodScheduled",
                    false,
                    "Unschedulable",
                    "no node is schedulable and fits the node selector");
            cluster.update(Pods.STORAGE, pod, after);
            return;
        }
        if (Json.text(status, "podIP").isEmpty() && !start(after, status, node.get())) {
            cluster.update(Pods.STORAGE, pod, after);
            return;
        }
        var due = startedAt
                .computeIfAbsent(Meta.uid(pod), _ -> cluster.now())
                .plus(cluster.settings().readyDelay());
        var isDue = !cluster.now().isBefore(due);
        readiness(
                after,
                status,
                isDue && !Meta.annotation(after, READY_ANNOTATION).equals("false"));
        cluster.update(Pods.STORAGE, pod, after);
        if (!isDue) {
            cluster.wake(due, this, key);
        }
    }

    private Optional<ObjectNode> node(ObjectNode pod) {
        var assigned = Json.text(pod, "spec", "nodeName");
        if (!assigned.isEmpty()) {
            return cluster.get(new ObjectStore.Key("/nodes", "", assigned));
        }
        var wanted = LabelSelector.equality(Json.at(pod, "spec", "nodeSelector"));
        var fitting = cluster.list("/nodes", "").stream()
                .filter(node -> !Json.at(node, "spec", "unschedulable").asBoolean())
                .filter(node -> wanted.matches(Meta.labels(node)))
                .toList();
        if (fitting.isEmpty()) {
            return Optional.empty();
        }
        var node = fitting.get(Math.floorMod(lastNode, fitting.size()));
        lastNode++;
        Json.child(pod, "spec").put("nodeName", Meta.name(node));
        return Optional.of(node);
    }

    /** Puts the pod on its node; false when no address is left. */
    private boolean start(ObjectNode pod, ObjectNode status, ObjectNode node) {
        var hostIps = nodeAddresses(node);
        var addresses = new ArrayList<String>();
        if (Json.at(pod, "spec", "hostNetwork").asBoolean()) {
            addresses.addAll(hostIps);
        } else {
            for (var range : ranges) {
                nextAddress(range).ifPresent(addresses::add);
            }
        }
        if (addresses.isEmpty()) {
            cluster.condition(status, "PodScheduled", true, "", "");
            cluster.condition(status, "Ready", false, "NoAddress", "the pod range is full: " + ranges);
            return false;
        }
        status.put("phase", "Running").put("startTime", Meta.time(cluster.now()));
        status.put("hostIP", hostIps.getFirst()).put("podIP", addresses.getFirst());
        fill(status, "hostIPs", hostIps);
        fill(status, "podIPs", addresses);
        cluster.condition(status, "PodScheduled", true, "", "");
        cluster.condition(status, "Initialized", true, "", "");
        return true;
    }

    private static void fill(ObjectNode status, String field, List<String> addresses) {
        var array = status.putArray(field);
        addresses.forEach(address -> array.addObject().put("ip", address));
    }

    private static List<String> nodeAddresses(ObjectNode node) {
        return Json.objects(Json.at(node, "status", "addresses")).stream()
                .filter(address -> Json.text(address, "type").equals("InternalIP"))
                .map(address -> Json.text(address, "address"))
                .toList();
    }

    private Optional<String> nextAddress(AddressRange range) {
        var usable = range.usable() - 1;
        var last = lastOffset.getOrDefault(range, 1);
        for (var i = 1; i <= usable; i++) {
            var offset = 2 + Math.floorMod(last - 2 + i, usable - 1);
            var address = range.at(offset);
            if (taken.add(address)) {
                lastOffset.put(range, offset);
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    private void readiness(ObjectNode pod, ObjectNode status, boolean isReady) {
        var why = isReady ? "" : "ContainersNotReady";
        var names = Json.objects(Json.at(pod, "spec", "containers")).stream()
                .map(container -> Json.text(container, "name"))
                .toList();
        var message = "containers with unready status: [" + String.join(" ", names) + "]";
        cluster.condition(status, "ContainersReady", isReady, why, message);
        cluster.condition(status, "Ready", isReady, why, message);
        var statuses = Json.array();
        for (var container : Json.objects(Json.at(pod, "spec", "containers"))) {
            var entry = statuses.addObject()
                    .put("name", Json.text(container, "name"))
                    .put("image", Json.text(container, "image"))
                    .put("imageID", "")
                    .put("containerID", "testbed://" + Meta.uid(pod))
                    .put("ready", isReady)
                    .put("started", true)
                    .put("restartCount", 0);
            entry.putObject("state").putObject("running").put("startedAt", Json.text(status, "startTime"));
            entry.putObject("lastState");
        }
        status.set("containerStatuses", statuses);
    }
}
