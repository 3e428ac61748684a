package io.ballast.testbed.sim;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * R6 and R5: older state never overwrites newer. Kubernetes itself says in which order states came to be: every write is a
 * moment of its own, and so is everything that a restore from a backup takes away or brings back. A record of the watcher must tell of a state that existed, never of one from before the moment that its key told of last,
 * and so never of a uid that was said to be gone, unless Kubernetes brought it back since. GONE must be true at some time.
 */
final class OrderCheck {
    private record Version(String uid, String resourceVersion) {}

    private final Map<Version, Long> moments = new HashMap<>();
    private final Map<String, Long> left = new HashMap<>();
    private final Map<String, Long> told = new HashMap<>();
    private final List<String> violations;
    private long moment;

    OrderCheck(List<String> violations) {
        this.violations = violations;
    }

    /** A write: the object as it is now. */
    void written(JsonNode object) {
        moment++;
        var metadata = object.path("metadata");
        var uid = metadata.path("uid").asText();
        moments.put(new Version(uid, metadata.path("resourceVersion").asText()), moment);
        if (metadata.has("deletionTimestamp")) {
            left.put(uid, moment);
        }
    }

    /** An object is gone. */
    void removed(JsonNode object) {
        moment++;
        left.put(object.path("metadata").path("uid").asText(), moment);
    }

    /** A record that shows an object. */
    void told(String key, String uid, String resourceVersion) {
        var at = moments.get(new Version(uid, resourceVersion));
        if (at == null) {
            violations.add("%s shows %s at resourceVersion %s, which never was".formatted(key, uid, resourceVersion));
            return;
        }
        long last = told.getOrDefault(key, 0L);
        if (at < last) {
            violations.add("%s went back to %s at resourceVersion %s".formatted(key, uid, resourceVersion));
        }
        told.put(key, at);
    }

    /** A record that says that an object is gone. */
    void toldGone(String key, String uid) {
        var at = left.get(uid);
        if (at == null) {
            violations.add("%s says that %s is gone, which never left".formatted(key, uid));
        } else {
            told.merge(key, at, Math::max);
        }
    }
}
