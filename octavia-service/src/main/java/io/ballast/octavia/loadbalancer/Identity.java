package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.ServiceKey;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whose a load balancer is, as its tags say. Tags are matched exactly, never by prefix or name.
 *
 * @param clusterUid UID of the cluster's kube-system namespace
 * @param serviceUid uid of the Service
 * @param key the Service in readable form
 */
public record Identity(String clusterUid, String serviceUid, String key) {
    /** Tag of everything that is ours. */
    public static final String OURS = "ballast";

    private static final String UUID_TEXT = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String CLUSTER = "ballast:cluster:";
    private static final String SERVICE = "ballast:service:";
    private static final String KEY = "ballast:key:";
    private static final String REPLACEMENT = "ballast:replacement:";

    public static Identity of(String clusterUid, String serviceUid, ServiceKey key) {
        return new Identity(clusterUid, serviceUid, key.toString());
    }

    /** What these tags say; empty when they are not a complete set of ours. */
    public static Optional<Identity> read(Collection<String> tags) {
        var cluster = only(tags, CLUSTER);
        var service = only(tags, SERVICE);
        var key = only(tags, KEY);
        return tags.contains(OURS) && cluster.isPresent() && service.isPresent() && key.isPresent()
                ? Optional.of(new Identity(cluster.get(), service.get(), key.get()))
                : Optional.empty();
    }

    /** Whether both are of one Service of one cluster, whatever the cluster is called by now. */
    public boolean isSameService(Identity other) {
        return clusterUid.equals(other.clusterUid) && serviceUid.equals(other.serviceUid);
    }

    /** Whether a tag is one of an identity, ours or another's, and none that people chose. */
    static boolean isPart(String tag) {
        return tag.equals(OURS) || tag.startsWith(OURS + ":");
    }

    /** Every identity tag, sorted. */
    public List<String> tags() {
        return Stream.of(OURS, CLUSTER + clusterUid, keyTag(), serviceTag()).toList();
    }

    public String serviceTag() {
        return SERVICE + serviceUid;
    }

    public String keyTag() {
        return KEY + key;
    }

    /** Tag of a load balancer that was made anew for a shape; null for no mark. */
    static @Nullable String replacementTag(@Nullable String mark) {
        return mark == null ? null : REPLACEMENT + mark;
    }

    /**
     * All of it in one text without a comma, for a description where there are no tags: at most 245 characters, because a UUID
     * is written in 22 and a key has at most 191.
     */
    public String description() {
        return String.join(":", OURS, brief(clusterUid), brief(serviceUid), key);
    }

    /** What a description says, up to its first comma; empty when it is not ours. */
    public static Optional<Identity> readDescription(String text) {
        var parts = text.split(",", 2)[0].split(":", -1);
        if (parts.length != 4 || !parts[0].equals(OURS)) {
            return Optional.empty();
        }
        return full(parts[1])
                .flatMap(cluster -> full(parts[2]).map(service -> new Identity(cluster, service, parts[3])));
    }

    private static String brief(String uid) {
        if (!uid.matches(UUID_TEXT)) {
            return "=" + uid;
        }
        var id = UUID.fromString(uid);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .array());
    }

    private static Optional<String> full(String brief) {
        if (brief.startsWith("=")) {
            return Optional.of(brief.substring(1));
        }
        if (!brief.matches("[A-Za-z0-9_-]{22}")) {
            return Optional.empty();
        }
        var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(brief));
        return Optional.of(new UUID(bytes.getLong(), bytes.getLong()).toString());
    }

    /** Beginning of the description of a floating IP that ipam made for this Service. */
    public String floatingIpDescription() {
        return "ballast:" + clusterUid + ":" + serviceUid + ":";
    }

    /** The value behind the prefix; empty when there is none or more than one. */
    private static Optional<String> only(Collection<String> tags, String prefix) {
        var found = tags.stream().filter(tag -> tag.startsWith(prefix)).toList();
        return found.size() == 1 ? Optional.of(found.getFirst().substring(prefix.length())) : Optional.empty();
    }
}
