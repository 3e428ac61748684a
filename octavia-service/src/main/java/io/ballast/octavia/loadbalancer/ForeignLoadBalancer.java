package io.ballast.octavia.loadbalancer;

/**
 * A load balancer that is not ours: its tags say nobody's identity.
 *
 * @param id Octavia id
 * @param name its name, which somebody else chose
 */
public record ForeignLoadBalancer(String id, String name) {}
