package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.translator.translation.Translated.NotManaged;
import java.util.Optional;

/** Whose Services are ours. */
final class Eligibility {
    /** The loadBalancerClass that names Ballast. */
    static final String OUR_CLASS = "ballast.io/octavia";

    static final String NO_CLUSTER_IP = "None";

    private static final String PROXY_NAME_LABEL = "service.kubernetes.io/service-proxy-name";

    private Eligibility() {}

    /** Why the Service is not served; empty when it is. The first reason that holds is told. */
    static Optional<NotManaged> check(ServiceKey key, ServiceBody service, Manage manage, ClusterSettings settings) {
        return what(service)
                .or(() -> whose(key, service, manage, settings))
                .or(() -> mode(service, manage))
                .or(() -> yet(service));
    }

    private static Optional<NotManaged> what(ServiceBody service) {
        if (service.type() == ServiceType.EXTERNAL_NAME) {
            return no(DesiredReason.EXTERNAL_NAME, "A Service of type ExternalName needs no load balancer.");
        }
        if (service.clusterIps().contains(NO_CLUSTER_IP)) {
            return no(DesiredReason.HEADLESS, "A headless Service (clusterIP: None) has no address to serve.");
        }
        return Optional.empty();
    }

    private static Optional<NotManaged> whose(
            ServiceKey key, ServiceBody service, Manage manage, ClusterSettings settings) {
        if (KubernetesApi.is(key)
                && (manage != Manage.ALL || !settings.kubernetesApi().served())) {
            return no(
                    DesiredReason.KUBERNETES_API,
                    "The API server's own Service is left to the operator (kubernetes-api: leave, or not manage: all).");
        }
        if (!settings.namespaces().selects(service.namespaceLabels())) {
            return no(
                    DesiredReason.NAMESPACE_NOT_SELECTED,
                    "Namespace %s is not selected by namespace-selector of this cluster.".formatted(key.namespace()));
        }
        if (service.labels().containsKey(PROXY_NAME_LABEL)) {
            return no(
                    DesiredReason.OTHER_PROXY,
                    "Label %s leaves the Service to another proxy.".formatted(PROXY_NAME_LABEL));
        }
        if (service.type() != ServiceType.LOAD_BALANCER) {
            return Optional.empty();
        }
        var loadBalancerClass = service.loadBalancerClass();
        boolean ours = loadBalancerClass == null ? settings.servesClassless() : loadBalancerClass.equals(OUR_CLASS);
        return ours
                ? Optional.empty()
                : no(
                        DesiredReason.OTHER_CLASS,
                        loadBalancerClass == null
                                ? "Services without a loadBalancerClass are not served here; ours is %s."
                                        .formatted(OUR_CLASS)
                                : "loadBalancerClass '%s' is not ours, which is %s."
                                        .formatted(Findings.shown(loadBalancerClass), OUR_CLASS));
    }

    private static Optional<NotManaged> mode(ServiceBody service, Manage manage) {
        return switch (manage) {
            case ALL -> Optional.empty();
            case LOAD_BALANCERS ->
                service.type() == ServiceType.LOAD_BALANCER
                        ? Optional.empty()
                        : no(
                                DesiredReason.NOT_LOAD_BALANCER,
                                "Only Services of type LoadBalancer are served here (manage: load-balancers).");
            case NONE -> no(DesiredReason.MANAGE_NONE, "No Service is served here (manage: none).");
        };
    }

    private static Optional<NotManaged> yet(ServiceBody service) {
        return service.clusterIps().isEmpty()
                ? no(DesiredReason.NO_CLUSTER_IP, "No clusterIP is assigned yet.")
                : Optional.empty();
    }

    private static Optional<NotManaged> no(DesiredReason reason, String message) {
        return Optional.of(new NotManaged(reason, message));
    }
}
