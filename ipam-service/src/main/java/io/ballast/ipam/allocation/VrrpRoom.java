package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.IpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Addresses in the allocation pools of a subnet, which amphorae take for their own ports: those that others really use,
 * those that our load balancers have or will have, those kept for failovers, and the rest.
 */
final class VrrpRoom {
    private final NeutronFacts.@Nullable Subnet subnet;
    private final Map<IpAddress, NeutronFacts.Port> ports = new HashMap<>();
    private final Map<IpAddress, Integer> seenByVip = new HashMap<>();
    private final Set<IpAddress> held = new HashSet<>();
    private final long capacity;
    private final int headroom;
    private long others;
    private long granted;

    /** @param vipsByDevice VIPs of each amphora, by the device id of its ports: in layer 2 it has ports on other subnets too */
    VrrpRoom(NeutronFacts.Subnet subnet, int headroom, Map<String, List<IpAddress>> vipsByDevice) {
        this.subnet = subnet;
        this.headroom = headroom;
        this.capacity = subnet.pools().stream()
                .mapToLong(AddressRange::size)
                .reduce(0, (sum, more) -> sum > Long.MAX_VALUE - more ? Long.MAX_VALUE : sum + more);
        for (var port : subnet.ports()) {
            ports.put(port.address(), port);
            if (subnet.isInPools(port.address())) {
                others++;
                var vips = port.isVrrp() ? port.allowed() : vipsByDevice.getOrDefault(port.deviceId(), List.of());
                vips.forEach(vip -> seenByVip.merge(vip, 1, Integer::sum));
            }
        }
    }

    private VrrpRoom() {
        this.subnet = null;
        this.headroom = 0;
        this.capacity = Long.MAX_VALUE;
    }

    /** A subnet that Neutron has not shown: nothing is known to be scarce. */
    static VrrpRoom unknown() {
        return new VrrpRoom();
    }

    boolean isKnown() {
        return subnet != null;
    }

    /** The port at an address, whoever owns it. */
    Optional<NeutronFacts.Port> portAt(IpAddress address) {
        return Optional.ofNullable(ports.get(address));
    }

    /** A VIP is granted: the ports that serve it are ours, not another's. */
    void hold(IpAddress vip) {
        if (held.add(vip)) {
            others -= seenByVip.getOrDefault(vip, 0);
        }
    }

    void letGo(IpAddress vip) {
        if (held.remove(vip)) {
            others += seenByVip.getOrDefault(vip, 0);
        }
    }

    void take(int count) {
        granted += count;
    }

    void giveBack(int count) {
        granted -= count;
    }

    /** Ports already there that serve this VIP although it is not granted: they will not be needed a second time. */
    int seenFor(IpAddress vip) {
        return held.contains(vip) ? 0 : seenByVip.getOrDefault(vip, 0);
    }

    /** Room for more, beyond the headroom; negative when more is used than should be. */
    long left() {
        return capacity == Long.MAX_VALUE ? Long.MAX_VALUE : capacity - others - granted - headroom;
    }

    long capacity() {
        return capacity;
    }

    long others() {
        return others;
    }

    long granted() {
        return granted;
    }

    int headroom() {
        return headroom;
    }
}
