package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.IpFamily;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Neutron has of security groups.
 *
 * @param groups by the id or name that configuration has; none where nothing is found
 * @param subnets ranges of subnets by the id or name that configuration has; none where nothing is found
 * @param ours rules of ours, whatever group they are in
 * @param vipPorts those asked for that are there
 */
public record ObservedAccess(
        Map<String, List<Group>> groups,
        Map<String, List<CidrRange>> subnets,
        List<Rule> ours,
        List<VipPort> vipPorts) {
    public ObservedAccess {
        groups = InOrder.copyOf(groups);
        subnets = InOrder.copyOf(subnets);
        ours = List.copyOf(ours);
        vipPorts = List.copyOf(vipPorts);
    }

    /** A security group with its ingress rules. */
    public record Group(String id, String name, List<Rule> ingress) {}

    /**
     * A rule for what comes in.
     *
     * @param id Neutron id
     * @param groupId security group it belongs to
     * @param family family that it is for
     * @param protocol protocol by its name; "" for all
     * @param remote where it admits from; null for everywhere
     * @param isPartial whether it admits only some ports, or the members of a group
     * @param description description
     * @param revision Neutron's count of its changes
     */
    public record Rule(
            String id,
            String groupId,
            IpFamily family,
            String protocol,
            @Nullable CidrRange remote,
            boolean isPartial,
            String description,
            int revision) {
        /** Whether it admits all of this protocol from there. */
        boolean admits(IpFamily from, String wanted, CidrRange source) {
            return !isPartial
                    && family == from
                    && (protocol.isEmpty() || protocol.equals(wanted))
                    && (remote == null || contains(remote, source));
        }
    }

    /**
     * A VIP port.
     *
     * @param groups how many security groups it bears
     * @param revision Neutron's count of its changes
     */
    public record VipPort(String id, int groups, int revision) {}

    static boolean contains(CidrRange outer, CidrRange inner) {
        return outer.prefix() <= inner.prefix() && outer.contains(inner.network());
    }
}
