package io.ballast.ipam.kafka;

import static io.ballast.ipam.world.Claims.claim;
import static io.ballast.ipam.world.Claims.floating;
import static io.ballast.ipam.world.Claims.fromPool;
import static io.ballast.ipam.world.Claims.key;
import static io.ballast.ipam.world.Claims.rules;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.world.FakeNeutron;
import io.ballast.ipam.world.IpamWorld;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.GrantedExternal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** No router leads from the subnet of the VIPs to the floating network. */
class RouterPathTest {
    private final FakeNeutron neutron = new FakeNeutron();

    @Test
    void makesNothingAndSaysWhatToDoUntilTheRouterIsMended() {
        // Given
        neutron.object("routers", "router-1").putNull("external_gateway_info");
        var world = new IpamWorld(rules(floating()), neutron).started();

        // When
        world.claim(key("web"), claim("uid-1", "10.2.0.5", fromPool(null)));
        world.advance(Duration.ofMinutes(5));

        // Then
        assertThat(external(world).state()).isEqualTo(AllocationState.WAITING);
        assertThat(external(world).reason()).isEqualTo(AllocationReason.NO_ROUTER_PATH);
        assertThat(external(world).message())
                .contains("external network public", "openstack router set --external-gateway " + FakeNeutron.PUBLIC);
        assertThat(world.row(key("web")).orElseThrow().vips()).hasSize(1);
        assertThat(neutron.writes()).isEmpty();

        // When
        neutron.object("routers", "router-1").putObject("external_gateway_info").put("network_id", FakeNeutron.PUBLIC);
        world.advance(Duration.ofMinutes(2));

        // Then
        assertThat(external(world).state()).isEqualTo(AllocationState.GRANTED);
        assertThat(neutron.floatingIps()).hasSize(1);
    }

    private static GrantedExternal external(IpamWorld world) {
        return world.row(key("web")).orElseThrow().externals().getFirst();
    }
}
