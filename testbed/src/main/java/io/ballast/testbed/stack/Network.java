package io.ballast.testbed.stack;

/**
 * Where load balancers lie in the cloud of a stack.
 *
 * @param serviceSubnet id or name of the subnet of VIPs
 * @param vipRange range VIPs come from, a CIDR
 * @param podCidr addresses of pods, a CIDR
 * @param externalNetwork id or name of the network of floating IPs
 */
public record Network(String serviceSubnet, String vipRange, String podCidr, String externalNetwork) {}
