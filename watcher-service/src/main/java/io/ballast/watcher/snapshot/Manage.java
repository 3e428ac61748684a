package io.ballast.watcher.snapshot;

/** Which Services get a load balancer. */
public enum Manage {
    /** Every Service with a ClusterIP. */
    ALL,
    /** Services of type LoadBalancer. */
    LOAD_BALANCERS,
    /** None. */
    NONE
}
