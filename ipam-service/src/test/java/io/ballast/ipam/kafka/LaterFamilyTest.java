package io.ballast.ipam.kafka;

import static io.ballast.ipam.world.Claims.claim;
import static io.ballast.ipam.world.Claims.key;
import static io.ballast.ipam.world.Claims.withdrawn;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.allocation.AddressRange;
import io.ballast.ipam.allocation.Rules;
import io.ballast.ipam.world.FakeNeutron;
import io.ballast.ipam.world.IpamWorld;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.VipClaim;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A Service that has a VIP and claims one of its second family. */
class LaterFamilyTest {
    private static final String V4 = "10.2.0.5";
    private static final String V6 = "fd10:0:0:2::5";

    private final FakeNeutron neutron = new FakeNeutron();
    private final IpamWorld world;

    LaterFamilyTest() {
        neutron.subnet(
                "44444444-4444-4444-4444-444444444444",
                "k8s-service-subnet-v6",
                FakeNeutron.NETWORK,
                "fd10:0:0:2::/112",
                null,
                "fd10:0:0:2::8000",
                "fd10:0:0:2::fffd");
        var pools = List.of(
                pool("demo/vip/ipv4", IpFamily.IPV4, "k8s-service-subnet", "10.2.0.0/17"),
                pool("demo/vip/ipv6", IpFamily.IPV6, "k8s-service-subnet-v6", "fd10:0:0:2::/113"));
        world = new IpamWorld(new Rules(Map.of("demo", new Rules.Cluster(pools, 1, "amphora")), List.of(), 1), neutron)
                .started();
    }

    @Test
    void getsItWhenNeutronCanBeReadAgain() {
        // Given
        world.claim(key("web"), claim("uid-1", V4));
        neutron.down(true);
        world.restart();
        world.claim(key("web"), both("uid-1", 2, V4));
        assertThat(vips("web")).containsExactly(V4);

        // When
        neutron.down(false);
        world.advance(Duration.ofMinutes(2));

        // Then
        assertThat(vips("web")).containsExactly(V4, V6);
    }

    @Test
    void getsItWhenItsHolderLetsItGo() {
        // Given
        var holder = both("uid-2", 1, "10.2.0.6");
        world.claim(key("holder"), holder);
        world.claim(key("web"), claim("uid-1", V4));
        world.claim(key("web"), both("uid-1", 2, V4));
        assertThat(vips("web")).containsExactly(V4);

        // When
        world.claim(key("holder"), withdrawn(holder));
        world.octaviaDeletes(key("holder"), holder);
        world.advance(Duration.ofMinutes(2));

        // Then
        assertThat(vips("web")).containsExactly(V4, V6);
    }

    private List<String> vips(String name) {
        return world.row(key(name)).orElseThrow().vips().stream()
                .map(GrantedVip::address)
                .toList();
    }

    private static AddressClaim both(String uid, long generation, String v4) {
        var one = claim(uid, v4);
        return new AddressClaim(
                one.state(),
                one.clusterUid(),
                one.serviceUid(),
                one.incarnation(),
                generation,
                one.provider(),
                List.of(new VipClaim(IpFamily.IPV4, v4), new VipClaim(IpFamily.IPV6, V6)),
                one.memberSubnets(),
                one.externals());
    }

    private static Rules.VipPool pool(String name, IpFamily family, String subnet, String range) {
        return new Rules.VipPool(name, "demo", family, subnet, List.of(AddressRange.parse(range)));
    }
}
