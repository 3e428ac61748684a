package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceType;
import java.util.Map;

/**
 * What the operator configured for one cluster.
 *
 * @param cluster name of the cluster
 * @param finalizers whether a finalizer holds each Service that may have a load balancer
 * @param manage which Services get a load balancer; as in the translator
 * @param namespaceLabels labels a namespace must carry, all of them; empty for every namespace
 * @param servesClassless whether Services of type LoadBalancer without a loadBalancerClass are ours; as in the translator
 */
public record Rules(
        String cluster,
        boolean finalizers,
        Manage manage,
        Map<String, String> namespaceLabels,
        boolean servesClassless) {
    private static final String OUR_CLASS = "ballast.io/octavia";
    private static final String MANAGE = "ballast.io/manage";

    public Rules {
        namespaceLabels = Map.copyOf(namespaceLabels);
    }

    /**
     * Whether configuration lets the Service have a load balancer. The translator decides; this only says for which
     * Services it can come to yes. default/kubernetes is left out: the API server writes it again and again.
     */
    public boolean mayServe(ServiceFacts facts, NamespaceFacts namespace) {
        return switch (manageOf(facts.spec())) {
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
        if (spec.type() != ServiceType.LOAD_BALANCER) {
            return true;
        }
        var wanted = spec.loadBalancerClass();
        return wanted == null ? servesClassless : wanted.equals(OUR_CLASS);
    }

    /** An annotation of the Service overrides configuration; one that does not parse is the translator's to refuse. */
    private Manage manageOf(ServiceBody spec) {
        return switch (spec.annotations().getOrDefault(MANAGE, "")) {
            case "all" -> Manage.ALL;
            case "load-balancers" -> Manage.LOAD_BALANCERS;
            case "none" -> Manage.NONE;
            default -> manage;
        };
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
