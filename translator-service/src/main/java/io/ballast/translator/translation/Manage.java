package io.ballast.translator.translation;

/** Which Services get a load balancer. */
public enum Manage {
    /** Every Service with a ClusterIP, which becomes the VIP: Ballast takes the place of kube-proxy. */
    ALL,
    /** Services of type LoadBalancer; the VIP comes from a range of ipam's own. */
    LOAD_BALANCERS,
    /** None. */
    NONE
}
