package io.ballast.translator.translation;

/** What of OpenStack an annotation may name by itself, where the operator allows it. */
public enum RawId {
    FLAVOR(Annotation.FLAVOR),
    AVAILABILITY_ZONE(Annotation.AVAILABILITY_ZONE),
    VIP_SUBNET(Annotation.VIP_SUBNET),
    MEMBER_SUBNET(Annotation.MEMBER_SUBNET),
    FLOATING_NETWORK(Annotation.FLOATING_NETWORK),
    FLOATING_SUBNET(Annotation.FLOATING_SUBNET),
    /** Secrets in Barbican. */
    TLS_CONTAINER(Annotation.TLS_CONTAINER);

    private final Annotation annotation;

    RawId(Annotation annotation) {
        this.annotation = annotation;
    }

    Annotation annotation() {
        return annotation;
    }
}
