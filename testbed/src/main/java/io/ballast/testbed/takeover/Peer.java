package io.ballast.testbed.takeover;

import io.ballast.schemas.contract.ServiceKey;

/**
 * Whose load balancers are taken over, and by what they are known. Source: kuryr-kubernetes, drivers lbaasv2 and lb_public_ip
 * and its constants; cloud-provider-openstack, pkg/openstack/loadbalancer.go; kubernetes/cloud-provider, service controller.
 */
public enum Peer {
    /** kuryr-kubernetes: a load balancer for every Service with a ClusterIP, which is its VIP. */
    KURYR("kuryr", "kuryr.openstack.org/service-finalizer"),
    /** The OpenStack cloud provider: a load balancer for every Service of type LoadBalancer, at any VIP. */
    OCCM("the OpenStack cloud provider", "service.kubernetes.io/load-balancer-cleanup");

    /** Finalizer of the KuryrLoadBalancer of a Service, in which kuryr remembers what it made. */
    static final String KURYR_RECORD_FINALIZER = "kuryr.openstack.org/kuryrloadbalancer-finalizers";

    /** Written by the cloud provider; also the way to lead it to a load balancer that it did not make. */
    static final String LOAD_BALANCER_ID = "loadbalancer.openstack.org/load-balancer-id";

    private static final String OCCM_PREFIX = "kube_service_";
    private static final int NAME_LENGTH_MAX = 255;

    private final String title;
    private final String finalizer;

    Peer(String title, String finalizer) {
        this.title = title;
        this.finalizer = finalizer;
    }

    /** As sentences name it. */
    public String title() {
        return title;
    }

    /** Its finalizer on Services. */
    String finalizer() {
        return finalizer;
    }

    /**
     * The name of the load balancer it makes for a Service.
     *
     * @param peerCluster what the cloud provider was told as --cluster-name; kuryr has no such name
     */
    String loadBalancerName(ServiceKey key, String peerCluster) {
        var name =
                switch (this) {
                    case KURYR -> key.namespace() + "/" + key.name();
                    case OCCM -> OCCM_PREFIX + peerCluster + "_" + key.namespace() + "_" + key.name();
                };
        return name.substring(0, Math.min(name.length(), NAME_LENGTH_MAX));
    }

    /** Whether it may be the cloud provider's load balancer for a Service of these names, in whichever cluster. */
    static boolean isOfSomeCluster(ServiceKey key, String loadBalancerName) {
        return loadBalancerName.startsWith(OCCM_PREFIX)
                && loadBalancerName.endsWith("_" + key.namespace() + "_" + key.name());
    }

    /** The tag by which the cloud provider counts who uses a load balancer. */
    static boolean isUserTag(String tag) {
        return tag.startsWith(OCCM_PREFIX);
    }

    /** The description of a floating IP that it made for a Service. */
    String floatingIpDescription(ServiceKey key, String peerCluster) {
        return switch (this) {
            case KURYR -> "kuryr_lb";
            case OCCM ->
                "Floating IP for Kubernetes external service %s/%s from cluster %s"
                        .formatted(key.namespace(), key.name(), peerCluster);
        };
    }
}
