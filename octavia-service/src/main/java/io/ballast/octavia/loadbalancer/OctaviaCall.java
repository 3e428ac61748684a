package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.util.List;
import java.util.Set;

/** What octavia asks of OpenStack. */
public sealed interface OctaviaCall {
    /** Everything that carries our tag, the names of all other load balancers, and every floating IP of the project. */
    record ListOurs() implements OctaviaCall {}

    /** Every floating IP of the project alone. */
    record ListFloatingIps() implements OctaviaCall {}

    /**
     * Load balancers of one Service, or of an earlier one of the same name, straight from OpenStack; for default/kubernetes
     * also one that an operator made.
     */
    record Look(Identity identity) implements OctaviaCall {}

    /** The ports that hold these VIPs, and whose they are. */
    record LookAtVips(List<GrantedVip> vips) implements OctaviaCall {
        public LookAtVips {
            vips = List.copyOf(vips);
        }
    }

    /** One load balancer with all its children. */
    record Read(String loadBalancerId) implements OctaviaCall {}

    /** The statuses of one load balancer and all its children, in one request. */
    record ReadTree(String loadBalancerId) implements OctaviaCall {}

    /**
     * Where these stand, in as few requests as there can be.
     *
     * @param loadBalancerIds those that are PENDING
     * @param seen the statuses they were last seen in
     */
    record Poll(Set<String> loadBalancerIds, Set<ProvisioningStatus> seen) implements OctaviaCall {
        public Poll {
            loadBalancerIds = InOrder.copyOf(loadBalancerIds);
            seen = InOrder.copyOf(seen);
        }
    }

    /**
     * The security groups that pods of these clusters have, the rules of ours, and VIP ports.
     *
     * @param clusters those whose groups are ours to tend; empty for none
     * @param vipPortIds ports to look at
     */
    record ReadAccess(List<PodAccess> clusters, Set<String> vipPortIds) implements OctaviaCall {
        public ReadAccess {
            clusters = List.copyOf(clusters);
            vipPortIds = InOrder.copyOf(vipPortIds);
        }
    }

    /** A write about security groups. */
    record ChangeAccess(AccessAction action) implements OctaviaCall {}

    /** A write. */
    record Write(String call, OctaviaAction action) implements OctaviaCall {}
}
