package io.ballast.octavia.loadbalancer;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A Neutron port that holds a VIP, and what is known of the load balancer it was made for.
 *
 * @param address the VIP
 * @param portId its id
 * @param name its name
 * @param deviceOwner its device_owner; may be empty
 * @param deviceId its device_id; may be empty
 * @param loadBalancer what Octavia says of the load balancer that the port names
 * @param words that load balancer in words; empty unless it is there
 */
public record VipHolder(
        String address,
        String portId,
        String name,
        String deviceOwner,
        String deviceId,
        LoadBalancer loadBalancer,
        String words) {
    /** Whether the load balancer that a port names exists. */
    public enum LoadBalancer {
        /** The port names none. */
        NONE,
        /** It does: ours, or somebody else's. */
        THERE,
        /** Octavia answered 404. */
        GONE
    }

    private static final String UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final Pattern OF_AMPHORA = Pattern.compile("octavia-lb-(" + UUID + ")");
    private static final Pattern OF_OVN = Pattern.compile("ovn-lb-vip-(" + UUID + ")");

    /**
     * The load balancer that a VIP port was made for, as Octavia and its ovn provider name their ports; empty for any other
     * port. Source: Octavia, allowed address pairs driver; ovn-octavia-provider, LB_VIP_PORT_PREFIX.
     */
    public static Optional<String> loadBalancerOf(String name, String deviceOwner, String deviceId) {
        var amphora = OF_AMPHORA.matcher(name);
        if (amphora.matches()) {
            return Optional.of(amphora.group(1))
                    .filter(id -> deviceOwner.equals("Octavia") && deviceId.equals("lb-" + id));
        }
        var ovn = OF_OVN.matcher(name);
        return ovn.matches() && (deviceId.isEmpty() || deviceId.endsWith(ovn.group(1)))
                ? Optional.of(ovn.group(1))
                : Optional.empty();
    }

    /** Whether it looks like what a create leaves that fails after its port was made. */
    boolean isLeftover() {
        return loadBalancer == LoadBalancer.GONE;
    }

    /** It, for a sentence. */
    public String text() {
        return words.isEmpty()
                ? "port %s (%s)"
                        .formatted(
                                portId,
                                (name + " " + deviceOwner).isBlank() ? "unnamed" : (name + " " + deviceOwner).strip())
                : words;
    }
}
