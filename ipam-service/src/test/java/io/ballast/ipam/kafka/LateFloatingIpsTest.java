package io.ballast.ipam.kafka;

import static io.ballast.ipam.world.Claims.claim;
import static io.ballast.ipam.world.Claims.floating;
import static io.ballast.ipam.world.Claims.fromPool;
import static io.ballast.ipam.world.Claims.key;
import static io.ballast.ipam.world.Claims.rules;
import static io.ballast.ipam.world.Claims.withExternals;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.allocation.FloatingIp;
import io.ballast.ipam.world.Claims;
import io.ballast.ipam.world.FakeNeutron;
import io.ballast.ipam.world.IpamWorld;
import io.ballast.openstack.RestReply;
import io.ballast.schemas.contract.AddressAllocation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Floating IPs that an earlier owner asked for and that are made after it is gone. */
class LateFloatingIpsTest {
    private final FakeNeutron neutron = new FakeNeutron();
    private final IpamWorld world = new IpamWorld(rules(floating()), neutron).started();

    private AddressAllocation row() {
        return world.row(key("web")).orElseThrow();
    }

    private void isMadeLate() {
        neutron.floatingIp(
                "fip-late",
                FakeNeutron.PUBLIC,
                "172.24.4.77",
                FloatingIp.identity(Claims.CLUSTER_UID, "uid-1", key("web")));
    }

    /** The call is on its way for long, and Neutron answers nobody in the meantime. */
    private void isAskedForInVain() {
        neutron.distortNextWrite(_ -> {
            neutron.floatingIps().clear();
            neutron.down(true);
            return new RestReply.Unanswered("read timed out", true);
        });
    }

    @Test
    void areDeletedWhenAnotherIsThere() {
        // Given
        world.claim(key("web"), claim("uid-1", "10.2.0.5", fromPool(null)));
        var kept = String.valueOf(row().externals().getFirst().floatingIpId());
        world.restart();
        world.advance(Duration.ofSeconds(40));
        isMadeLate();
        // When
        world.advance(Duration.ofMinutes(1));
        // Then
        assertThat(neutron.floatingIps()).containsOnlyKeys(kept);
        assertThat(row().externals().getFirst().floatingIpId()).isEqualTo(kept);
    }

    @Test
    void areRememberedByTheOwnerAfterTheNextThoughNobodyWantsThemAnyMore() {
        // Given
        isAskedForInVain();
        var claim = claim("uid-1", "10.2.0.5", fromPool(null));
        world.claim(key("web"), claim);
        world.restart();
        world.claim(key("web"), withExternals(claim));
        neutron.down(false);
        world.advance(Duration.ofSeconds(45));
        assertThat(row().externals()).isEmpty();
        // When
        world.restart();
        world.advance(Duration.ofSeconds(10));
        isMadeLate();
        world.advance(Duration.ofMinutes(3));
        // Then
        assertThat(neutron.floatingIps()).isEmpty();
        assertThat(row().lettingGo()).isEmpty();
    }
}
