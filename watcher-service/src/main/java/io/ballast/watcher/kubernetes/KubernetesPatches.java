package io.ballast.watcher.kubernetes;

import io.ballast.watcher.snapshot.Announcement;
import io.ballast.watcher.snapshot.ConditionFacts;
import io.ballast.watcher.snapshot.IngressFacts;
import io.ballast.watcher.snapshot.WatcherCall;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of the writes to Kubernetes: JSON merge patches that name uid and resourceVersion, and Events. */
public final class KubernetesPatches {
    private static final String COMPONENT = "ballast-watcher";

    private KubernetesPatches() {}

    /** The merge patch of the finalizers. */
    public static Map<String, @Nullable Object> of(WatcherCall.PatchFinalizers patch) {
        var metadata = identity(patch.uid(), patch.resourceVersion());
        metadata.put("finalizers", patch.finalizers());
        return object("metadata", metadata);
    }

    /** The merge patch of the status subresource. */
    public static Map<String, @Nullable Object> of(WatcherCall.PatchStatus patch) {
        var status = new LinkedHashMap<String, @Nullable Object>();
        var ingress = patch.status().ingress();
        if (ingress != null) {
            status.put("loadBalancer", object("ingress", ingress.isEmpty() ? null : entries(ingress)));
        }
        var conditions = patch.status().conditions();
        if (conditions != null) {
            status.put("conditions", conditions.isEmpty() ? null : conditions(conditions));
        }
        var body = object("metadata", identity(patch.uid(), patch.resourceVersion()));
        body.put("status", status);
        return body;
    }

    /**
     * A new Event, core/v1 because that is what {@code kubectl describe} reads. Its name follows from what it says: the
     * same thing said again is the same Event, to be counted up.
     */
    public static Event event(WatcherCall.PostEvent post) {
        var announcement = post.announcement();
        var time = post.now().truncatedTo(ChronoUnit.SECONDS).toString();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(post.name().namespace())
                .withName(eventName(post.name().name(), post.uid(), announcement))
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("v1")
                .withKind("Service")
                .withNamespace(post.name().namespace())
                .withName(post.name().name())
                .withUid(post.uid())
                .endInvolvedObject()
                .withType(announcement.warning() ? "Warning" : "Normal")
                .withReason(announcement.reason())
                .withMessage(cut(announcement.message()))
                .withNewSource()
                .withComponent(COMPONENT)
                .endSource()
                .withReportingComponent(COMPONENT)
                .withFirstTimestamp(time)
                .withLastTimestamp(time)
                .withCount(1)
                .build();
    }

    /** The merge patch that counts an Event up. */
    public static Map<String, @Nullable Object> countUp(Event event, WatcherCall.PostEvent post) {
        var body = object("count", (event.getCount() == null ? 1 : event.getCount()) + 1);
        body.put("lastTimestamp", post.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return body;
    }

    /** Kubernetes takes messages of at most 1024 bytes. */
    private static String cut(String message) {
        return message.length() <= 1000 ? message : message.substring(0, 1000) + "…";
    }

    private static String eventName(String service, String uid, Announcement announcement) {
        var text = String.join("\n", uid, announcement.reason(), announcement.message());
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return service + "." + HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Map<String, @Nullable Object> identity(String uid, String resourceVersion) {
        var identity = object("uid", uid);
        identity.put("resourceVersion", resourceVersion);
        return identity;
    }

    private static List<Map<String, @Nullable Object>> entries(List<IngressFacts> ingress) {
        return ingress.stream()
                .map(entry -> {
                    var json = new LinkedHashMap<String, @Nullable Object>();
                    putIfSet(json, "ip", entry.ip());
                    putIfSet(json, "hostname", entry.hostname());
                    putIfSet(json, "ipMode", entry.ipMode());
                    putIfSet(json, "ports", entry.ports().isEmpty() ? null : ports(entry.ports()));
                    return (Map<String, @Nullable Object>) json;
                })
                .toList();
    }

    private static List<Map<String, @Nullable Object>> ports(List<IngressFacts.Port> ports) {
        return ports.stream()
                .map(port -> {
                    var json = object("port", port.port());
                    json.put("protocol", port.protocol().name());
                    putIfSet(json, "error", port.error());
                    return json;
                })
                .toList();
    }

    private static List<Map<String, @Nullable Object>> conditions(List<ConditionFacts> conditions) {
        return conditions.stream()
                .map(condition -> {
                    var json = object("type", condition.type());
                    json.put("status", condition.status());
                    json.put("reason", condition.reason());
                    json.put("message", condition.message());
                    putIfSet(json, "lastTransitionTime", condition.lastTransitionTime());
                    putIfSet(json, "observedGeneration", condition.observedGeneration());
                    return json;
                })
                .toList();
    }

    private static void putIfSet(Map<String, @Nullable Object> json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static Map<String, @Nullable Object> object(String name, @Nullable Object value) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        object.put(name, value);
        return object;
    }
}
