package io.ballast.schemas.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a Service's load balancers. Topic load-balancer-status, key cluster/namespace/name; mirrored as JSON.
 *
 * @param phase where it stands
 * @param clusterUid UID of the cluster's kube-system namespace
 * @param serviceUid uid of the Service this speaks of
 * @param incarnation incarnation of the desired state this speaks of; 0 for OBSERVED
 * @param generation generation of the desired state that was last looked at
 * @param appliedGeneration highest generation that OpenStack was seen to match; 0 before the first
 * @param reason why; null when there is nothing to say
 * @param message one sentence for the user; may be empty
 * @param requestId OpenStack request id of the last failed call; null when none
 * @param loadBalancers as Octavia last showed them; empty when there are none
 * @param externals external addresses that lead to it now, sorted by address
 * @param repairs repairs of the last day, oldest first, at most 20
 */
public record LoadBalancerStatus(
        LoadBalancerPhase phase,
        String clusterUid,
        String serviceUid,
        long incarnation,
        long generation,
        long appliedGeneration,
        @Nullable StatusReason reason,
        String message,
        @Nullable String requestId,
        List<LoadBalancerState> loadBalancers,
        List<AssociatedExternal> externals,
        List<Repair> repairs) {
    public LoadBalancerStatus {
        loadBalancers = List.copyOf(loadBalancers);
        externals = List.copyOf(externals);
        repairs = List.copyOf(repairs);
    }

    /** One of which nothing was repaired. */
    public LoadBalancerStatus(
            LoadBalancerPhase phase,
            String clusterUid,
            String serviceUid,
            long incarnation,
            long generation,
            long appliedGeneration,
            @Nullable StatusReason reason,
            String message,
            @Nullable String requestId,
            List<LoadBalancerState> loadBalancers,
            List<AssociatedExternal> externals) {
        this(
                phase,
                clusterUid,
                serviceUid,
                incarnation,
                generation,
                appliedGeneration,
                reason,
                message,
                requestId,
                loadBalancers,
                externals,
                List.of());
    }

    /** The same, as if its last call had failed with this request id: it alone is no news. */
    public LoadBalancerStatus withRequestId(@Nullable String id) {
        return new LoadBalancerStatus(
                phase,
                clusterUid,
                serviceUid,
                incarnation,
                generation,
                appliedGeneration,
                reason,
                message,
                id,
                loadBalancers,
                externals,
                repairs);
    }
}
