package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.Spelling;
import java.util.Map;
import java.util.Set;

/**
 * Annotations that are refused whatever they say: keys nobody knows, which may be a misspelt security setting, and what one
 * of the peers grants and we do not (ADR 0040).
 */
final class KnownAnnotations {
    private KnownAnnotations() {}

    /** Whether every key is one that is understood; each that is not is a finding. */
    static boolean check(ServiceBody service, Findings findings) {
        boolean known = check("Annotation", service.annotations(), Annotation.names(false), findings);
        known &= check("Namespace annotation", service.namespaceAnnotations(), Annotation.names(true), findings);
        for (var name : service.annotations().keySet()) {
            Annotation.named(name).ifPresent(annotation -> refuse(annotation, name, findings));
        }
        return known;
    }

    private static boolean check(String what, Map<String, String> annotations, Set<String> known, Findings findings) {
        boolean all = true;
        for (var name : annotations.keySet()) {
            boolean strict = Annotation.STRICT.stream().anyMatch(name::startsWith);
            if (strict && !known.contains(name)) {
                all = false;
                findings.refuse(
                        DesiredReason.INVALID_ANNOTATION,
                        "%s %s is not known%s"
                                .formatted(
                                        what,
                                        Findings.shown(name),
                                        Spelling.nearest(name, known)
                                                .map("; did you mean %s?"::formatted)
                                                .orElse(".")));
            }
        }
        return all;
    }

    private static void refuse(Annotation annotation, String name, Findings findings) {
        switch (annotation) {
            case LOAD_BALANCER_ID ->
                findings.refuse(
                        DesiredReason.SHARING_UNSUPPORTED,
                        "Annotation %s: one load balancer for several Services is not supported; remove the annotation and the Service gets its own."
                                .formatted(name));
            case NETWORK ->
                instead(name, "the network of a VIP follows from its subnet", Annotation.VIP_SUBNET, findings);
            case PORT ->
                findings.refuse(
                        DesiredReason.INVALID_ANNOTATION,
                        "Annotation %s: the VIP's port is made with the load balancer; to choose the VIP, set %s and spec.loadBalancerIP instead."
                                .formatted(name, Annotation.INTERNAL.ourName()));
            case FLOATING_SUBNET_TAGS ->
                instead(name, "ask the operator for a pool of those subnets", Annotation.POOL, findings);
            case LISTENER_TAGS, POOL_TAGS ->
                instead(name, "only load balancers carry tags of users", Annotation.TAGS, findings);
            default -> {}
        }
    }

    private static void instead(String name, String why, Annotation instead, Findings findings) {
        findings.refuse(
                DesiredReason.INVALID_ANNOTATION,
                "Annotation %s: %s; use %s instead.".formatted(name, why, instead.ourName()));
    }
}
