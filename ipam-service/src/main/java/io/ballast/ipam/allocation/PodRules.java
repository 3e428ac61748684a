package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.IpAddress;
import java.util.List;

/**
 * What the pre-flight compares beside VIPs; nothing is decided by it.
 *
 * @param subnets subnets of the pods: id, name or range
 * @param securityGroups security groups that pods have, id or name
 * @param protocols protocols of Services, in lower case
 * @param apiHosts addresses of the hosts of the API server
 * @param isLayer2 whether load balancers have a port in the subnet of the pods
 */
public record PodRules(
        List<String> subnets,
        List<String> securityGroups,
        List<String> protocols,
        List<IpAddress> apiHosts,
        boolean isLayer2) {
    /** Nothing is compared. */
    public static final PodRules NONE = new PodRules(List.of(), List.of(), List.of(), List.of());

    /** Pods are reached through the router. */
    public PodRules(
            List<String> subnets, List<String> securityGroups, List<String> protocols, List<IpAddress> apiHosts) {
        this(subnets, securityGroups, protocols, apiHosts, false);
    }

    public PodRules {
        subnets = List.copyOf(subnets);
        securityGroups = List.copyOf(securityGroups);
        protocols = List.copyOf(protocols);
        apiHosts = List.copyOf(apiHosts);
    }
}
