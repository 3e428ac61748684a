package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Pods as their owners make and count them. */
final class Pods {
    static final String STORAGE = "/pods";

    private Pods() {}

    /** A pod from the template of its owner. */
    static ObjectNode fromTemplate(Cluster cluster, ResourceType ownerType, ObjectNode owner, String name) {
        var template = Json.at(owner, "spec", "template");
        var pod = cluster.blank(STORAGE, Meta.namespace(owner), name);
        var meta = Meta.of(pod);
        for (var field : new String[] {"labels", "annotations"}) {
            Json.setOrRemove(meta, field, Json.at(template, "metadata", field).deepCopy());
        }
        meta.putArray("ownerReferences").add(Meta.ownerReference(ownerType, owner));
        pod.set("spec", template.path("spec").deepCopy());
        pod.putObject("status").put("phase", "Pending");
        return pod;
    }

    static boolean isReady(ObjectNode pod) {
        return Json.objects(Json.at(pod, "status", "conditions")).stream()
                .anyMatch(condition -> Json.text(condition, "type").equals("Ready")
                        && Json.text(condition, "status").equals("True"));
    }

    static boolean isActive(ObjectNode pod) {
        return !Meta.isDeleting(pod) && !isFinished(pod);
    }

    static boolean isFinished(ObjectNode pod) {
        var phase = Json.text(pod, "status", "phase");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    static int ready(List<ObjectNode> pods) {
        return (int) pods.stream().filter(Pods::isReady).count();
    }

    /** Whom a scale-down takes first: what is not ready, then the youngest. */
    static Comparator<ObjectNode> leastWorthFirst() {
        return Comparator.comparing(Pods::isReady)
                .thenComparing(Comparator.<ObjectNode>comparingLong(pod -> created(pod))
                        .reversed())
                .thenComparing(Meta::name);
    }

    private static long created(ObjectNode pod) {
        return Json.text(pod, "metadata", "creationTimestamp").isEmpty()
                ? 0
                : Instant.parse(Json.text(pod, "metadata", "creationTimestamp")).getEpochSecond();
    }
}
