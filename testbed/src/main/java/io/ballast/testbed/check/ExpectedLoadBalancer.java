package io.ballast.testbed.check;

import io.ballast.schemas.contract.InOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What OpenStack must hold for one Service, worked out from Kubernetes objects alone.
 *
 * @param name namespace/name
 * @param uid uid of the Service
 * @param vips canonical clusterIPs, primary first
 * @param members for each listener, PROTOCOL:port, the address:port pairs behind it, sorted
 * @param external whether an external address must lead to it
 * @param ingress addresses in status.loadBalancer.ingress
 */
public record ExpectedLoadBalancer(
        String name,
        String uid,
        List<String> vips,
        Map<String, Set<String>> members,
        boolean external,
        Set<String> ingress) {
    public ExpectedLoadBalancer {
        vips = List.copyOf(vips);
        members = InOrder.copyOf(members);
        ingress = InOrder.copyOf(ingress);
    }
}
