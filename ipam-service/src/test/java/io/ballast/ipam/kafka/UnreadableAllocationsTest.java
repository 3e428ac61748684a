package io.ballast.ipam.kafka;

import static io.ballast.ipam.world.Claims.claim;
import static io.ballast.ipam.world.Claims.floating;
import static io.ballast.ipam.world.Claims.fromPool;
import static io.ballast.ipam.world.Claims.key;
import static io.ballast.ipam.world.Claims.rules;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.world.FakeNeutron;
import io.ballast.ipam.world.IpamWorld;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AllocationState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Allocations that cannot be read are made anew from claim, status and Neutron; until then nothing new is granted. */
class UnreadableAllocationsTest {
    private final FakeNeutron neutron = new FakeNeutron();
    private final IpamWorld world =
            new IpamWorld(rules(List.of("10.2.0.1-10.2.0.9"), 1, floating()), neutron).started();

    @Test
    void isMadeAnewWithTheSameAddresses() {
        // Given
        world.claim(key("early"), claim("uid-0", null));
        world.claim(key("web"), claim("uid-1", null, fromPool(null)));
        world.octaviaServes(key("web"));
        var before = world.row(key("web")).orElseThrow();
        // When
        lose("web");
        world.put(Topics.ADDRESS_CLAIMS, "demo/shop/late", claim("uid-2", null));
        world.restart();
        // Then
        var after = world.row(key("web")).orElseThrow();
        assertThat(after.vips()).isEqualTo(before.vips());
        assertThat(after.externals()).isEqualTo(before.externals());
        assertThat(neutron.floatingIps()).hasSize(1);
        assertThat(world.tables.of(Topics.ADDRESS_ALLOCATIONS).unreadable()).isEmpty();
        assertThat(world.row(key("late")).orElseThrow().state()).isEqualTo(AllocationState.GRANTED);
    }

    @Test
    void oneThatNobodyClaimsAnyMoreEnds() {
        // Given
        world.tables.putUnreadable(Topics.ADDRESS_ALLOCATIONS, "demo/shop/gone");
        // When
        world.restart();
        world.claim(key("web"), claim("uid-1", null));
        // Then
        assertThat(world.tables.of(Topics.ADDRESS_ALLOCATIONS).unreadable()).isEmpty();
        assertThat(world.row(key("web")).orElseThrow().state()).isEqualTo(AllocationState.GRANTED);
    }

    @Test
    void oneThatNobodyClaimsStaysWhileItsLoadBalancerDoes() {
        // Given
        world.tables.putUnreadable(Topics.ADDRESS_ALLOCATIONS, "demo/shop/gone");
        world.status(key("gone"), IpamWorld.observed(key("gone"), "uid-9", "10.2.0.1"));
        // When
        world.restart();
        world.claim(key("web"), claim("uid-1", null));
        world.advance(Duration.ofMinutes(2));
        // Then
        assertThat(world.row(key("web")).orElseThrow().state()).isEqualTo(AllocationState.WAITING);
    }

    private void lose(String name) {
        world.put(Topics.ADDRESS_ALLOCATIONS, key(name).toString(), null);
        world.tables.putUnreadable(Topics.ADDRESS_ALLOCATIONS, key(name).toString());
    }
}
