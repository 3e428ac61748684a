package io.ballast.testbed.takeover;

import io.ballast.schemas.contract.ServiceKey;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What becomes of what a peer made for one Service. */
public sealed interface Verdict {
    ServiceKey key();

    /**
     * It is taken over by these writes, in this order: whatever is done already is not done again, so that a take-over that
     * broke off is run once more.
     *
     * @param loadBalancerId the load balancer; empty when the peer never made one
     * @param provider its Octavia provider; empty when there is none
     * @param vipAddress its VIP; empty when there is none
     * @param floatingIps floating IPs that become ours
     * @param loadBalancer its new name and tags; null when it has them
     * @param service what is taken off the Service; null for nothing
     * @param record what is taken off kuryr's record; null for nothing
     * @param notes what a person should know, in sentences
     */
    record TakeOver(
            ServiceKey key,
            String loadBalancerId,
            String provider,
            String vipAddress,
            List<FloatingIpChange> floatingIps,
            @Nullable LoadBalancerChange loadBalancer,
            @Nullable ObjectChange service,
            @Nullable ObjectChange record,
            List<String> notes)
            implements Verdict {
        public TakeOver {
            floatingIps = List.copyOf(floatingIps);
            notes = List.copyOf(notes);
        }

        boolean changesNothing() {
            return floatingIps.isEmpty() && loadBalancer == null && service == null && record == null;
        }
    }

    /** Taken over before, completely. */
    record AlreadyOurs(ServiceKey key, String loadBalancerId) implements Verdict {}

    /** Left as it is, and why. */
    record Refused(ServiceKey key, String sentence) implements Verdict {}

    /** A floating IP gets our description, so that ipam has it and deletes it with its Service. */
    record FloatingIpChange(String id, String address, String description) {}

    /** A load balancer gets our name and our tags, in one write. */
    record LoadBalancerChange(String id, String name, SortedSet<String> tags) {
        public LoadBalancerChange {
            tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
        }
    }

    /**
     * A Kubernetes object loses what its peer wrote, if it is still of this version.
     *
     * @param finalizers those that stay, in order
     * @param annotations names of those that go
     */
    record ObjectChange(
            String namespace, String name, String resourceVersion, List<String> finalizers, List<String> annotations) {
        public ObjectChange {
            finalizers = List.copyOf(finalizers);
            annotations = List.copyOf(annotations);
        }
    }
}
