package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.LabelSelector;
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
 * @param namespaces namespaces whose Services may be served, by their labels; as in the translator
 * @param servesClassless whether Services of type LoadBalancer without a loadBalancerClass are ours; as in the translator
 * @param proxyHostnameSuffix suffix of the hostname that a Service with PROXY protocol shows instead of its address, such as
 *     nip.io; empty for none
 */
public record Rules(
        String cluster,
        boolean finalizers,
        Manage manage,
        LabelSelector namespaces,
        boolean servesClassless,
        String proxyHostnameSuffix) {
    private static final String OUR_CLASS = "ballast.io/octavia";
    private static final String MANAGE = "ballast.io/manage";

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
                && !isPaused(facts, namespace)
                && namespaces.selects(namespace.labels())
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

    /** Whether Ballast is to leave the Service as it is for now. */
    static boolean isPaused(ServiceFacts facts, @Nullable NamespaceFacts namespace) {
        return isPaused(facts.spec().annotations()) || (namespace != null && isPaused(namespace.annotations()));
    }

    private static boolean isPaused(Map<String, String> annotations) {
        return "true".equalsIgnoreCase(annotations.getOrDefault(Names.PAUSED, "false"));
    }
}
