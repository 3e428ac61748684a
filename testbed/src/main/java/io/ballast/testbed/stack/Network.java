package io.ballast.testbed.stack;

import java.util.List;

/**
 * Where load balancers lie in the cloud of a stack.
 *
 * @param families one for each address family, primary first
 * @param externalNetwork id or name of the network of floating IPs
 * @param podGroup id or name of the security group that pods have
 */
public record Network(List<Family> families, String externalNetwork, String podGroup) {
    public Network {
        families = List.copyOf(families);
    }

    /**
     * The networks of one address family.
     *
     * @param serviceSubnet id or name of the subnet of VIPs
     * @param vipRange range VIPs come from, a CIDR
     * @param podCidr addresses of pods, a CIDR
     * @param podSubnet id or name of the subnet of pods
     */
    public record Family(String serviceSubnet, String vipRange, String podCidr, String podSubnet) {}
}
