package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.ServiceKey;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A floating IP as Neutron shows it.
 *
 * @param id Neutron id
 * @param address the external address
 * @param networkId the external network
 * @param description who it was made for
 * @param portId the port it leads to; null when it is free
 * @param fixedAddress the address it leads to; null when it is free
 * @param projectId the project it belongs to; empty when unknown
 * @param createdAt created_at as Neutron writes it, in UTC, so that texts compare as times; empty when unknown
 */
public record FloatingIp(
        String id,
        IpAddress address,
        String networkId,
        String description,
        @Nullable String portId,
        @Nullable IpAddress fixedAddress,
        String projectId,
        String createdAt) {
    /** The oldest first; of equals the lower id. */
    static final Comparator<FloatingIp> OLDEST_FIRST =
            Comparator.comparing(FloatingIp::createdAt).thenComparing(FloatingIp::id);

    /** Longest description Neutron takes. */
    public static final int DESCRIPTION_LENGTH_MAX = 255;

    /**
     * The description that makes a floating IP known as made for this Service. The uids alone make it unique, so that the
     * end of a very long key may be cut off.
     */
    public static String identity(String clusterUid, String serviceUid, ServiceKey key) {
        var identity = "ballast:%s:%s:%s".formatted(clusterUid, serviceUid, key);
        return identity.substring(0, Math.min(identity.length(), DESCRIPTION_LENGTH_MAX));
    }

    /** Whether it was made for a Service of this key in this cluster, whichever uid that had. */
    boolean wasMadeFor(String clusterUid, ServiceKey key) {
        var start = "ballast:" + clusterUid + ":";
        int end = description.startsWith(start) ? description.indexOf(':', start.length()) : -1;
        return end >= 0 && description.equals(identity(clusterUid, description.substring(start.length(), end), key));
    }

    /** The Service it was made for, as far as its description tells; empty when it is not ours, or was cut off. */
    Optional<ServiceKey> holder() {
        var parts = description.split(":", 4);
        if (parts.length < 4 || !parts[0].equals("ballast") || description.length() >= DESCRIPTION_LENGTH_MAX) {
            return Optional.empty();
        }
        try {
            return Optional.of(ServiceKey.parse(parts[3]));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    boolean isFree() {
        return portId == null;
    }
}
