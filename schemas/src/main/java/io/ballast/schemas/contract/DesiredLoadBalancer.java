package io.ballast.schemas.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a Service should have. Topic desired-load-balancers, key cluster/namespace/name. The same inputs give the same bytes.
 *
 * @param state what should be
 * @param clusterUid UID of the cluster's kube-system namespace
 * @param serviceUid uid of the Service
 * @param serviceResourceVersion resourceVersion of the snapshot this came from; not part of any comparison of content
 * @param incarnation +1 for each PRESENT after an ABSENT, from 1; 0 when there never was one
 * @param generation +1 for each changed body, over all incarnations
 * @param reason why NOT_MANAGED or REFUSED; null otherwise
 * @param message one sentence for the user; empty when PRESENT or ABSENT
 * @param serviceType spec.type of the Service; UNKNOWN when ABSENT
 * @param external whether an external address is wanted
 * @param unsupported features asked for that the provider lacks and that are served without, sorted
 * @param loadBalancers one, or one per address family; empty when ABSENT or NOT_MANAGED, and when REFUSED before there was one
 * @param recreate ids of load balancers that a person wants made anew, in whatever state they are; sorted
 * @param abandoned ids of load balancers that a person gave up on, for as long as they are PENDING; sorted
 */
public record DesiredLoadBalancer(
        DesiredState state,
        String clusterUid,
        String serviceUid,
        String serviceResourceVersion,
        long incarnation,
        long generation,
        @Nullable DesiredReason reason,
        String message,
        ServiceType serviceType,
        boolean external,
        List<String> unsupported,
        List<DesiredLoadBalancerBody> loadBalancers,
        List<String> recreate,
        List<String> abandoned) {
    public DesiredLoadBalancer {
        unsupported = List.copyOf(unsupported);
        loadBalancers = List.copyOf(loadBalancers);
        recreate = List.copyOf(recreate);
        abandoned = List.copyOf(abandoned);
    }

    /** Nobody asks for more than the Service itself does. */
    public DesiredLoadBalancer(
            DesiredState state,
            String clusterUid,
            String serviceUid,
            String serviceResourceVersion,
            long incarnation,
            long generation,
            @Nullable DesiredReason reason,
            String message,
            ServiceType serviceType,
            boolean external,
            List<String> unsupported,
            List<DesiredLoadBalancerBody> loadBalancers) {
        this(
                state,
                clusterUid,
                serviceUid,
                serviceResourceVersion,
                incarnation,
                generation,
                reason,
                message,
                serviceType,
                external,
                unsupported,
                loadBalancers,
                List.of(),
                List.of());
    }

    /** The same, with what a person says about single load balancers. */
    public DesiredLoadBalancer asked(List<String> idsToRecreate, List<String> idsAbandoned) {
        return new DesiredLoadBalancer(
                state,
                clusterUid,
                serviceUid,
                serviceResourceVersion,
                incarnation,
                generation,
                reason,
                message,
                serviceType,
                external,
                unsupported,
                loadBalancers,
                idsToRecreate,
                idsAbandoned);
    }
}
