package io.ballast.testbed.openstack;

import java.util.Set;

/** Whom a token stands for. */
record Caller(String userId, String projectId, Set<String> roles) {

    /** The model itself: sees and may do all. */
    static Caller operator(String projectId) {
        return new Caller("", projectId, Set.of("admin"));
    }

    boolean isAdmin() {
        return roles.contains("admin");
    }

    boolean mayReadLoadBalancers() {
        return mayWriteLoadBalancers() || roles.contains("load-balancer_observer");
    }

    boolean mayWriteLoadBalancers() {
        return isAdmin() || roles.contains("load-balancer_member") || roles.contains("load-balancer_admin");
    }

    boolean mayWriteNetworks() {
        return isAdmin() || roles.contains("member");
    }

    boolean owns(String project) {
        return isAdmin() || projectId.equals(project);
    }
}
