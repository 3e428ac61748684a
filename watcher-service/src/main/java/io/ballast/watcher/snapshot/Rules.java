package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the operator configured for one cluster.
 *
 * @param cluster name of the cluster
 * @param finalizers whether a finalizer holds each Service that may have a load balancer
 * @param manage which Services get a load balancer; as in the translator
 * @param namespaceLabels labels a namespace must carry, all of them; empty for every namespace
 * @param loadBalancerClass the spec.loadBalancerClass that is ours beside Services without one; null for none
 */
public record Rules(
        String cluster,
        boolean finalizers,
        Manage manage,
        Map<String, String> namespaceLabels,
        @Nullable String loadBalancerClass) {
    public Rules {
        namespaceLabels = Map.copyOf(namespaceLabels);
    }

    /**
     * Whether configuration lets the Service have a load balancer. The translator decides; this only says for which
     * Services it can come to yes. default/kubernetes is left out: the API server writes it again and again.
     */
    public boolean mayServe(ServiceFacts facts, NamespaceFacts namespace) {
        return switch (manage) {
            case NONE -> false;
            case LOAD_BALANCERS -> isOurs(facts, namespace) && facts.spec().type() == ServiceType.LOAD_BALANCER;
            case ALL -> isOurs(facts, namespace);
        };
    }

    private boolean isOurs(ServiceFacts facts, NamespaceFacts namespace) {
        var spec = facts.spec();
        return hasClusterIp(spec)
                && isOurClass(spec)
                && !spec.labels().containsKey(Names.SERVICE_PROXY_NAME)
                && !isPaused(spec.annotations())
                && !isPaused(namespace.annotations())
                && namespace.labels().entrySet().containsAll(namespaceLabels.entrySet())
                && !(facts.namespace().equals("default") && facts.name().equals("kubernetes"));
    }

    private boolean isOurClass(ServiceBody spec) {
        var wanted = spec.loadBalancerClass();
        return spec.type() != ServiceType.LOAD_BALANCER || wanted == null || wanted.equals(loadBalancerClass);
    }

    private static boolean hasClusterIp(ServiceBody spec) {
        return spec.type() != ServiceType.EXTERNAL_NAME
                && !spec.clusterIps().isEmpty()
                && !spec.clusterIps().getFirst().equals("None");
    }

    private static boolean isPaused(Map<String, String> annotations) {
        return "true".equalsIgnoreCase(annotations.getOrDefault(Names.PAUSED, "false"));
    }
}
