package io.ballast.watcher.snapshot;

/** Names that stand in Kubernetes objects. */
public final class Names {
    /** Annotation that names load balancers which a person gave up on. */
    public static final String ABANDON = "ballast.io/abandon";

    /** Finalizer that holds a Service until its load balancer is gone. */
    public static final String FINALIZER = "ballast.io/load-balancer";

    /** Type of our condition on a Service. */
    public static final String CONDITION = "ballast.io/Programmed";

    /** Error of a port of the ingress that the load balancer does not serve. */
    public static final String PORT_NOT_SERVED = "ballast.io/NotServed";

    /** Label of a slice that names its Service. Source: Kubernetes discovery/v1. */
    public static final String SERVICE_NAME = "kubernetes.io/service-name";

    /** Label of a slice that names its maker. Source: Kubernetes discovery/v1. */
    public static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";

    /** Label of a node that load balancers are to leave out. Source: Kubernetes well-known labels. */
    public static final String EXCLUDE_NODE = "node.kubernetes.io/exclude-from-external-load-balancers";

    /** Taint of a node that the cluster autoscaler is about to delete. Source: cluster-autoscaler, taints. */
    public static final String TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler";

    /** Label of a Service that another proxy serves. Source: Kubernetes well-known labels. */
    static final String SERVICE_PROXY_NAME = "service.kubernetes.io/service-proxy-name";

    /** Annotation of a Service or namespace that Ballast is to leave alone for now. */
    static final String PAUSED = "ballast.io/paused";

    private Names() {}
}
