package io.ballast.ipam.kafka;

import static io.ballast.ipam.world.Claims.claim;
import static io.ballast.ipam.world.Claims.floating;
import static io.ballast.ipam.world.Claims.fromPool;
import static io.ballast.ipam.world.Claims.key;
import static io.ballast.ipam.world.Claims.named;
import static io.ballast.ipam.world.Claims.rules;
import static io.ballast.ipam.world.Claims.withExternals;
import static io.ballast.ipam.world.Claims.withdrawn;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.world.FakeNeutron;
import io.ballast.ipam.world.IpamWorld;
import io.ballast.openstack.RestReply;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AllocationState;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The process dies before each commit, before each call and between each call and its answer: nothing leaks, nothing is doubled. */
class CrashPointsTest {
    @Test
    void everyPointIsSafe() {
        int points = live(-1, -1, false);
        assertThat(points).isGreaterThan(20);
        for (int crash = 0; crash < points + 2; crash++) {
            live(crash, -1, false);
            live(crash, -1, true);
        }
    }

    @Test
    @Tag("full")
    void everyPairOfPointsIsSafe() {
        int points = live(-1, -1, false);
        for (int first = 0; first < points; first++) {
            for (int second = 0; second < points; second++) {
                live(first, second, false);
            }
        }
    }

    /** One Service from claim to tombstone, changing its external address twice; answers how many points it passed. */
    private static int live(int crash, int next, boolean losesAnswer) {
        var neutron = new FakeNeutron();
        neutron.floatingIp("fip-user", FakeNeutron.PUBLIC, "172.24.4.10", "made by hand");
        if (losesAnswer) {
            neutron.distortNextWrite(_ -> new RestReply.Unanswered("connection reset", true));
        }
        var world = new IpamWorld(rules(floating()), neutron).started();
        world.advance(Duration.ofSeconds(5));
        int from = world.point();
        if (crash >= 0) {
            world.crashAfter(crash);
        }
        var web = key("web");
        var claim = claim("uid-1", "10.2.0.5", fromPool(null));
        world.claim(web, claim);
        if (next >= 0) {
            world.crashAfter(next);
        }
        settle(world);
        assertThat(neutron.floatingIps()).as("made, crash at %d", crash).hasSize(2);
        world.octaviaServes(web);
        world.claim(web, withExternals(claim, named("172.24.4.10")));
        settle(world);
        world.octaviaServes(web);
        settle(world);
        assertThat(neutron.floatingIps())
                .as("replaced, crash at %d, %s", crash, world.row(web))
                .containsOnlyKeys("fip-user");
        world.claim(web, claim);
        settle(world);
        world.octaviaServes(web);
        settle(world);
        assertThat(neutron.floatingIps()).as("made again, crash at %d", crash).hasSize(2);
        world.claim(web, withdrawn(claim));
        world.octaviaDeletes(web, claim);
        settle(world);
        assertThat(world.row(web).orElseThrow().state())
                .as("crash at %d", crash)
                .isEqualTo(AllocationState.RELEASED);
        assertThat(neutron.floatingIps()).as("deleted, crash at %d", crash).containsOnlyKeys("fip-user");
        world.write(Topics.ADDRESS_CLAIMS, web.toString(), null);
        settle(world);
        assertThat(world.row(web)).isEmpty();
        return world.point() - from;
    }

    private static void settle(IpamWorld world) {
        world.advance(Duration.ofMinutes(3));
    }
}
