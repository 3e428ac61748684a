package io.ballast.schemas.contract;

/** Why a Service is NOT_MANAGED or REFUSED, a closed list. */
public enum DesiredReason {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    /** clusterIP is None. */
    HEADLESS,
    /** type ExternalName needs no load balancer. */
    EXTERNAL_NAME,
    /** No clusterIP is assigned yet. */
    NO_CLUSTER_IP,
    /** Configuration says manage: none. */
    MANAGE_NONE,
    /** Only Services of type LoadBalancer are managed. */
    NOT_LOAD_BALANCER,
    /** loadBalancerClass names another implementation. */
    OTHER_CLASS,
    /** The Service carries service.kubernetes.io/service-proxy-name. */
    OTHER_PROXY,
    /** The namespace is not selected by configuration. */
    NAMESPACE_NOT_SELECTED,
    /** ballast.io/paused is set. */
    PAUSED,
    /** default/kubernetes is left to the operator. */
    KUBERNETES_API,
    /** An annotation has an unknown or unparsable value. */
    INVALID_ANNOTATION,
    /** An address does not parse or is of the wrong family. */
    INVALID_ADDRESS,
    /** Two ports collide. */
    PORT_CLASH,
    /** The Service has no port. */
    NO_PORTS,
    /** The provider cannot do what security needs. */
    FEATURE_UNSUPPORTED,
    /** One load balancer for several Services is not supported. */
    SHARING_UNSUPPORTED,
    /** An endpoint lies outside pod, node and extra member ranges. */
    MEMBER_OUTSIDE_RANGES,
    /** The load balancer is larger than one record or the configured limit. */
    TOO_LARGE,
    /** A name breaks a rule. */
    NAME_INVALID,
    /** The cluster is not configured. */
    CLUSTER_UNKNOWN,
    /** The change needs a new load balancer and is not allowed. */
    RECREATE_NEEDED
}
