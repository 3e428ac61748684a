package io.ballast.schemas.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One load balancer as it should be; its VIP addresses come with the grant. Source: Octavia API v2, load balancers.
 *
 * @param name name, at most 255 characters
 * @param provider Octavia provider; "" for the cloud's default
 * @param flavor Octavia flavor, id or name; null for none
 * @param availabilityZone Octavia availability zone; null for none
 * @param families families of its VIPs, primary first; more than one means additional VIPs
 * @param tags tags beyond the identity ones, sorted
 * @param listeners listeners, sorted by protocol and port
 * @param pools pools, sorted by name
 * @param project OpenStack project it belongs to; null for that of the credentials
 * @param replacement mark of the shape it is to be made anew for, also a tag; null when it never was
 */
public record DesiredLoadBalancerBody(
        String name,
        String provider,
        @Nullable String flavor,
        @Nullable String availabilityZone,
        List<IpFamily> families,
        List<String> tags,
        List<DesiredListener> listeners,
        List<DesiredPool> pools,
        @Nullable String project,
        @Nullable String replacement) {
    public DesiredLoadBalancerBody {
        families = List.copyOf(families);
        tags = List.copyOf(tags);
        listeners = List.copyOf(listeners);
        pools = List.copyOf(pools);
    }

    /** In the project of the credentials, and never made anew. */
    public DesiredLoadBalancerBody(
            String name,
            String provider,
            @Nullable String flavor,
            @Nullable String availabilityZone,
            List<IpFamily> families,
            List<String> tags,
            List<DesiredListener> listeners,
            List<DesiredPool> pools) {
        this(name, provider, flavor, availabilityZone, families, tags, listeners, pools, null, null);
    }

    /** The same, made anew for the shape of this mark. */
    public DesiredLoadBalancerBody withReplacement(@Nullable String mark) {
        return new DesiredLoadBalancerBody(
                name, provider, flavor, availabilityZone, families, tags, listeners, pools, project, mark);
    }
}
