package io.ballast.translator.translation;

import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.IpFamily;
import java.util.Map;

/** How load balancers reach members. */
public sealed interface MemberSubnets {
    /** Through the gateway of the VIP's subnet. */
    record Layer3() implements MemberSubnets {}

    /**
     * Over a port of their own in the members' subnet.
     *
     * @param pods subnet, id or name, of pod addresses by family
     * @param nodes subnet, id or name, of node addresses by family
     */
    record Layer2(Map<IpFamily, String> pods, Map<IpFamily, String> nodes) implements MemberSubnets {
        public Layer2 {
            pods = InOrder.copyOf(pods);
            nodes = InOrder.copyOf(nodes);
        }
    }
}
