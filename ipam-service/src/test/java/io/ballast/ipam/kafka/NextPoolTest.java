package io.ballast.ipam.kafka;

import static io.ballast.ipam.world.Claims.claim;
import static io.ballast.ipam.world.Claims.floating;
import static io.ballast.ipam.world.Claims.fromPool;
import static io.ballast.ipam.world.Claims.kept;
import static io.ballast.ipam.world.Claims.key;
import static io.ballast.ipam.world.Claims.plainNamed;
import static io.ballast.ipam.world.Claims.rules;
import static io.ballast.ipam.world.Claims.withIncarnation;
import static io.ballast.ipam.world.Claims.withdrawn;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.allocation.PoolTerms;
import io.ballast.ipam.allocation.Rules;
import io.ballast.ipam.world.FakeNeutron;
import io.ballast.ipam.world.IpamWorld;
import io.ballast.openstack.RestReply;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.LabelSelector;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A pool that is full is followed by the next that serves the claim, unless the claim names one. */
class NextPoolTest {
    private final FakeNeutron neutron = new FakeNeutron();

    @Test
    void aClaimThatNamesNoneIsServedByTheNextPool() {
        var world = world(plainNamed("one", "198.51.100.1"), plainNamed("two", "203.0.113.1"));

        assertThat(external(world, "a", fromPool(null)).pool()).isEqualTo("one");
        assertThat(external(world, "b", fromPool(null)).address()).isEqualTo("203.0.113.1");
        assertThat(external(world, "b").pool()).isEqualTo("two");
        var waits = external(world, "c", fromPool(null));
        assertThat(waits.reason()).isEqualTo(AllocationReason.EXTERNAL_POOL_EXHAUSTED);
        assertThat(waits.message()).contains("'one' has no address left", "nor has two");
    }

    @Test
    void aClaimThatNamesAPoolWaitsForIt() {
        var world = world(plainNamed("one", "198.51.100.1"), plainNamed("two", "203.0.113.1"));
        external(world, "a", fromPool("one"));

        var waits = external(world, "b", fromPool("one"));

        assertThat(waits.reason()).isEqualTo(AllocationReason.EXTERNAL_POOL_EXHAUSTED);
        assertThat(waits.message()).doesNotContain("two");
    }

    @Test
    void neitherAPoolThatIsDrainedNorOneThatWaitsToBeNamedIsNext() {
        var world = world(
                plainNamed("one", "198.51.100.1"),
                pool("drained", "203.0.113.1", true, true, PoolTerms.UNLIMITED),
                pool("asked", "203.0.113.2", false, false, PoolTerms.UNLIMITED));
        external(world, "a", fromPool(null));

        assertThat(external(world, "b", fromPool(null)).state()).isEqualTo(AllocationState.WAITING);
    }

    @Test
    void whoeverClaimedFirstIsServedWhicheverPoolAnAddressComesFreeIn() {
        // Given
        var world = world(plainNamed("one", "198.51.100.1"), plainNamed("two", "203.0.113.1"));
        external(world, "a", fromPool(null));
        external(world, "b", fromPool(null));
        external(world, "c", fromPool(null));
        world.advance(Duration.ofSeconds(1));
        external(world, "d", fromPool("two"));
        world.advance(Duration.ofSeconds(1));
        external(world, "e", fromPool(null));
        // When
        leave(world, "b");
        // Then
        assertThat(external(world, "c").address()).isEqualTo("203.0.113.1");
        assertThat(external(world, "d").state()).isEqualTo(AllocationState.WAITING);
        assertThat(external(world, "e").state()).isEqualTo(AllocationState.WAITING);
        // When
        leave(world, "a");
        // Then
        assertThat(external(world, "e").address()).isEqualTo("198.51.100.1");
        assertThat(external(world, "d").state()).isEqualTo(AllocationState.WAITING);
    }

    @Test
    void aLimitOfTheNextPoolHoldsUpNobodyElseThere() {
        // Given
        var world = world(plainNamed("one", "198.51.100.1"), pool("two", "203.0.113.1-203.0.113.2", true, false, 1));
        external(world, "a", fromPool(null));
        assertThat(external(world, "b", fromPool(null)).pool()).isEqualTo("two");
        assertThat(external(world, "c", fromPool(null)).state()).isEqualTo(AllocationState.WAITING);
        // When
        var elsewhere = new ServiceKey("demo", "other", "x");
        world.claim(elsewhere, claim("uid-x", "10.2.0.40", fromPool("two")));
        // Then
        assertThat(world.row(elsewhere).orElseThrow().externals().getFirst().address())
                .isEqualTo("203.0.113.2");
        // When
        leave(world, "b");
        world.advance(Duration.ofSeconds(30));
        // Then
        assertThat(external(world, "c").address()).isEqualTo("203.0.113.1");
    }

    @Test
    void floatingIpsComeFromTheNextNetworkThatHasRoom() {
        // Given
        otherNetwork();
        neutron.full(FakeNeutron.PUBLIC);
        var world = world(floating(), network("other"));
        // When
        var granted = external(world, "a", fromPool(null));
        // Then
        assertThat(granted.pool()).isEqualTo("other");
        assertThat(neutron.floatingIps()).hasSize(1);
        // When
        world.restart();
        world.advance(Duration.ofMinutes(5));
        // Then
        assertThat(external(world, "a")).isEqualTo(granted);
        assertThat(neutron.floatingIps()).hasSize(1);
    }

    @Test
    void plainRangesFollowAFloatingNetworkThatIsFull() {
        neutron.full(FakeNeutron.PUBLIC);
        var world = world(floating(), plainNamed("plain", "198.51.100.1"));

        assertThat(external(world, "a", fromPool(null)).address()).isEqualTo("198.51.100.1");
        assertThat(external(world, "b", fromPool(null)).reason()).isEqualTo(AllocationReason.EXTERNAL_POOL_EXHAUSTED);
    }

    @Test
    void aQuotaThatIsUsedUpIsSaidAndNotAvoided() {
        neutron.withQuota(0);
        var world = world(floating(), plainNamed("plain", "198.51.100.1"));

        assertThat(external(world, "a", fromPool(null)).reason()).isEqualTo(AllocationReason.EXTERNAL_QUOTA);
    }

    @Test
    void whatWasKeptComesBackFromTheSecondPoolThoughTheFirstHasRoomAgain() {
        // Given
        var world = world(plainNamed("one", "198.51.100.1"), plainNamed("two", "203.0.113.1"));
        external(world, "a", fromPool(null));
        external(world, "b", kept(null));
        leave(world, "b");
        leave(world, "a");
        // When
        world.claim(key("b"), withIncarnation(claim("uid-b2", "10.2.0.2", kept(null)), 2));
        // Then
        assertThat(external(world, "b").address()).isEqualTo("203.0.113.1");
    }

    /** Whatever the moment at which ipam dies while it goes from one network to the next: one floating IP, none left behind. */
    @Test
    void everyCrashIsSafe() {
        for (int point = 0; point < 14; point++) {
            for (boolean losesAnswer : List.of(false, true)) {
                var cloud = new FakeNeutron();
                otherNetwork(cloud);
                cloud.full(FakeNeutron.PUBLIC);
                var world = new IpamWorld(
                                rules(floating(), plainNamed("plain", "198.51.100.1"), network("other")), cloud)
                        .started();
                world.claim(key("x"), claim("uid-x", "10.2.0.30", fromPool("plain")));
                if (losesAnswer) {
                    cloud.distortNextWrite(reply -> reply);
                    cloud.distortNextWrite(_ -> new RestReply.Unanswered("connection reset", true));
                }
                world.crashAfter(point);
                var wanted = claim("uid-a", "10.2.0.1", fromPool(null));
                world.claim(key("a"), wanted);
                world.advance(Duration.ofMinutes(3));
                assertThat(external(world, "a").pool()).as("point %d", point).isEqualTo("other");
                assertThat(cloud.floatingIps()).as("point %d", point).hasSize(1);
                world.octaviaServes(key("a"));
                world.claim(key("a"), withdrawn(wanted));
                world.octaviaDeletes(key("a"), wanted);
                world.advance(Duration.ofMinutes(3));
                assertThat(cloud.floatingIps()).as("point %d", point).isEmpty();
            }
        }
    }

    private void otherNetwork() {
        otherNetwork(neutron);
    }

    private static void otherNetwork(FakeNeutron neutron) {
        neutron.network("44444444-4444-4444-4444-444444444444", "other");
        neutron.gateway("router-2", "44444444-4444-4444-4444-444444444444", "10.2.255.253");
    }

    private static Rules.ExternalPool network(String name) {
        return new Rules.ExternalPool(name, name, null, List.of(), Duration.ofSeconds(60), Set.of(), Set.of());
    }

    private static Rules.ExternalPool pool(
            String name, String ranges, boolean autoAssign, boolean draining, int perNamespace) {
        var plain = plainNamed(name, ranges);
        var terms = new PoolTerms(
                Set.of(),
                Set.of(),
                null,
                LabelSelector.ALL,
                0,
                autoAssign,
                draining,
                perNamespace,
                PoolTerms.UNLIMITED,
                null);
        return new Rules.ExternalPool(name, null, null, plain.ranges(), Duration.ZERO, terms);
    }

    private IpamWorld world(Rules.ExternalPool... pools) {
        return new IpamWorld(rules(pools), neutron).started();
    }

    private static AddressClaim claimOf(String name, ExternalClaim wanted) {
        return claim("uid-" + name, "10.2.0." + (name.charAt(0) - 'a' + 1), wanted);
    }

    private static void leave(IpamWorld world, String name) {
        var claim = claimOf(name, fromPool(null));
        world.claim(key(name), withdrawn(claim));
        world.octaviaDeletes(key(name), claim);
        world.advance(Duration.ofSeconds(61));
    }

    private static GrantedExternal external(IpamWorld world, String name, ExternalClaim wanted) {
        world.claim(key(name), claimOf(name, wanted));
        return external(world, name);
    }

    private static GrantedExternal external(IpamWorld world, String name) {
        return world.row(key(name)).orElseThrow().externals().getFirst();
    }
}
