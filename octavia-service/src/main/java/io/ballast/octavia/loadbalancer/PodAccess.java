package io.ballast.octavia.loadbalancer;

import java.util.List;

/**
 * What configuration says about the security groups of one cluster.
 *
 * @param cluster name of the cluster
 * @param groups security groups of its pods, id or name; empty: they are the operator's
 * @param sources where load balancers and their clients reach pods from: ranges, or subnets by id or name
 * @param enforced whether VIP ports keep their security groups; off, those of provider ovn bear none
 */
public record PodAccess(String cluster, List<String> groups, List<String> sources, boolean enforced) {
    private static final String DESCRIPTION = "ballast:pod-access:";

    public PodAccess {
        groups = List.copyOf(groups);
        sources = List.copyOf(sources);
    }

    /** Description of every rule of ours for this cluster: its whole identity, matched exactly. */
    public String description() {
        return DESCRIPTION + cluster;
    }
}
