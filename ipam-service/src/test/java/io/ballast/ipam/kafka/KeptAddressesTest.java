package io.ballast.ipam.kafka;

import static io.ballast.ipam.world.Claims.claim;
import static io.ballast.ipam.world.Claims.floating;
import static io.ballast.ipam.world.Claims.fromPool;
import static io.ballast.ipam.world.Claims.kept;
import static io.ballast.ipam.world.Claims.key;
import static io.ballast.ipam.world.Claims.named;
import static io.ballast.ipam.world.Claims.plain;
import static io.ballast.ipam.world.Claims.rules;
import static io.ballast.ipam.world.Claims.withExternals;
import static io.ballast.ipam.world.Claims.withIncarnation;
import static io.ballast.ipam.world.Claims.withdrawn;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.allocation.PoolTerms;
import io.ballast.ipam.allocation.Rules;
import io.ballast.ipam.world.FakeNeutron;
import io.ballast.ipam.world.IpamWorld;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.LabelSelector;
import io.ballast.schemas.contract.QuarantinedAddress;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** External addresses that outlive their Service, and come back to it. */
class KeptAddressesTest {
    private static final ServiceKey WEB = key("web");

    private final FakeNeutron neutron = new FakeNeutron();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFloatingIpThatIsKeptComesBackToItsService(boolean restarts) {
        // Given
        var world = new IpamWorld(rules(floating()), neutron).started();
        var first = claim("uid-1", "10.2.0.1", kept(null));
        var address = serve(world, first);
        leave(world, first);
        assertThat(neutron.floatingIps()).hasSize(1);
        if (restarts) {
            world.restart();
        }
        // When
        var second = withIncarnation(claim("uid-2", "10.2.0.1", fromPool(null)), 2);
        var again = serve(world, second);
        // Then
        assertThat(again.address()).isEqualTo(address.address());
        assertThat(again.floatingIpId()).isEqualTo(address.floatingIpId());
        assertThat(neutron.floatingIps().values())
                .singleElement()
                .satisfies(each -> assertThat(each.path("description").asText()).contains(":uid-2:"));
        assertThat(resting(world, "public")).isEmpty();
        leave(world, second);
        assertThat(neutron.floatingIps()).isEmpty();
    }

    @Test
    void anAddressOfAPlainRangeIsKeptForItsTime() {
        // Given
        var world = new IpamWorld(rules(pool(Duration.ofHours(1))), neutron).started();
        var first = claim("uid-1", "10.2.0.1", kept(null));
        serve(world, first);
        leave(world, first);
        assertThat(resting(world, "plain"))
                .singleElement()
                .satisfies(each -> assertThat(each.kept()).isTrue());
        // When
        world.claim(key("other"), claim("uid-3", "10.2.0.3", fromPool(null)));
        // Then
        assertThat(external(world, key("other")).reason()).isEqualTo(AllocationReason.EXTERNAL_POOL_EXHAUSTED);
        // When
        world.advance(Duration.ofHours(1).plusSeconds(1));
        // Then
        assertThat(external(world, key("other")).address()).isEqualTo("198.51.100.1");
    }

    @Test
    void anAddressOfAPlainRangeComesBackToItsService() {
        var world = new IpamWorld(rules(pool(Duration.ofHours(1))), neutron).started();
        var first = claim("uid-1", "10.2.0.1", kept(null));
        serve(world, first);
        leave(world, first);
        var again = serve(world, withIncarnation(claim("uid-2", "10.2.0.1", kept(null)), 2));
        assertThat(again.address()).isEqualTo("198.51.100.1");
        assertThat(resting(world, "plain")).isEmpty();
    }

    @Test
    void aKeptFloatingIpMayBeNamedByItsServiceAlone() {
        // Given
        var world = new IpamWorld(rules(floating()), neutron).started();
        var first = claim("uid-1", "10.2.0.1", kept(null));
        var address = String.valueOf(serve(world, first).address());
        leave(world, first);
        // When
        world.claim(key("thief"), claim("uid-9", "10.2.0.9", named(address)));
        var again = serve(world, withIncarnation(claim("uid-2", "10.2.0.1", named(address)), 2));
        // Then
        assertThat(external(world, key("thief")).state()).isEqualTo(AllocationState.WAITING);
        assertThat(again.address()).isEqualTo(address);
    }

    @Test
    void whatSomebodyDeletedIsKeptNoMore() {
        // Given
        var world = new IpamWorld(rules(floating()), neutron).started();
        var first = claim("uid-1", "10.2.0.1", kept(null));
        serve(world, first);
        leave(world, first);
        neutron.floatingIps().clear();
        // When
        world.advance(Duration.ofMinutes(25));
        // Then
        assertThat(resting(world, "public")).isEmpty();
        assertThat(serve(world, withIncarnation(claim("uid-2", "10.2.0.1", kept(null)), 2))
                        .state())
                .isEqualTo(AllocationState.GRANTED);
    }

    @Test
    void aFloatingIpIsKeptWhenTheServiceBecomesInternalAndIsItsOwnAgainAfterwards() {
        // Given
        var world = new IpamWorld(rules(floating()), neutron).started();
        var external = claim("uid-1", "10.2.0.1", kept(null));
        var address = serve(world, external);
        // When
        world.claim(WEB, withExternals(external));
        world.octaviaServes(WEB);
        world.octaviaServes(WEB);
        // Then
        assertThat(resting(world, "public")).hasSize(1);
        assertThat(neutron.floatingIps()).hasSize(1);
        // When
        world.claim(WEB, withExternals(external, kept(null)));
        // Then
        assertThat(external(world, WEB).address()).isEqualTo(address.address());
    }

    /** R12: nothing of ours is left but what Neutron says. */
    @Test
    void aFloatingIpThatWasKeptIsKeptStillWhenAllTopicsAreLost() {
        // Given
        var before = new IpamWorld(rules(floating()), neutron).started();
        var first = claim("uid-1", "10.2.0.1", kept(null));
        var address = serve(before, first);
        leave(before, first);
        int writes = neutron.writes().size();
        neutron.floatingIp("fip-user", FakeNeutron.PUBLIC, "172.24.4.10", "made by hand");
        neutron.floatingIp("fip-other", FakeNeutron.PUBLIC, "172.24.4.11", "ballast:uid:uid-9:elsewhere/shop/web");
        // When
        var after = new IpamWorld(rules(floating()), neutron).started();
        // Then
        assertThat(resting(after, "public")).singleElement().satisfies(each -> {
            assertThat(each.kept()).isTrue();
            assertThat(each.address()).isEqualTo(address.address());
            assertThat(each.lastHolder()).isEqualTo(WEB.toString());
        });
        assertThat(neutron.writes()).hasSize(writes);
        after.claim(key("thief"), claim("uid-9", "10.2.0.9", named(String.valueOf(address.address()))));
        assertThat(external(after, key("thief")).state()).isEqualTo(AllocationState.WAITING);
        var again = serve(after, withIncarnation(claim("uid-2", "10.2.0.1", kept(null)), 1));
        assertThat(again.floatingIpId()).isEqualTo(address.floatingIpId());
        assertThat(neutron.floatingIps()).hasSize(3);
    }

    @Test
    void nothingIsGrantedBeforeWhatWasKeptIsKnown() {
        // Given
        var before = new IpamWorld(rules(floating()), neutron).started();
        var first = claim("uid-1", "10.2.0.1", kept(null));
        var address = serve(before, first);
        leave(before, first);
        var after = new IpamWorld(rules(floating()), neutron);
        after.put(Topics.ADDRESS_CLAIMS, WEB.toString(), claim("uid-2", "10.2.0.1", kept(null)));
        // When
        neutron.down(true);
        after.started();
        // Then
        assertThat(after.tables.of(Topics.ADDRESS_POOLS).get("public")).isEmpty();
        // When
        neutron.down(false);
        after.advance(Duration.ofMinutes(2));
        // Then
        assertThat(external(after, WEB).floatingIpId()).isEqualTo(address.floatingIpId());
        assertThat(neutron.floatingIps()).hasSize(1);
    }

    /** Whatever the moment at which ipam dies: no second floating IP, and the first comes back. */
    @Test
    void everyCrashIsSafe() {
        for (int point = 0; point < 40; point++) {
            var cloud = new FakeNeutron();
            var world = new IpamWorld(rules(floating()), cloud).started();
            var first = claim("uid-1", "10.2.0.1", kept(null));
            var address = serve(world, first);
            world.crashAfter(point);
            leave(world, first);
            world.advance(Duration.ofMinutes(3));
            var again = serve(world, withIncarnation(claim("uid-2", "10.2.0.1", kept(null)), 2));
            world.advance(Duration.ofMinutes(3));
            assertThat(external(world, WEB).address()).as("point %d", point).isEqualTo(address.address());
            assertThat(again.ours()).isTrue();
            assertThat(cloud.floatingIps()).as("point %d", point).hasSize(1);
        }
    }

    private static Rules.ExternalPool pool(Duration keepFor) {
        var terms = new PoolTerms(
                Set.of(),
                Set.of(),
                null,
                LabelSelector.ALL,
                0,
                true,
                false,
                PoolTerms.UNLIMITED,
                PoolTerms.UNLIMITED,
                keepFor);
        var one = plain("198.51.100.1");
        return new Rules.ExternalPool(one.name(), null, null, one.ranges(), one.rest(), terms);
    }

    private static GrantedExternal serve(IpamWorld world, AddressClaim claim) {
        world.claim(WEB, claim);
        world.advance(Duration.ofMinutes(2));
        world.octaviaServes(WEB);
        return external(world, WEB);
    }

    private static void leave(IpamWorld world, AddressClaim claim) {
        world.claim(WEB, withdrawn(claim));
        world.octaviaDeletes(WEB, claim);
        world.advance(Duration.ofMinutes(2));
        assertThat(world.row(WEB).orElseThrow().state()).isEqualTo(AllocationState.RELEASED);
    }

    private static GrantedExternal external(IpamWorld world, ServiceKey key) {
        return world.row(key).orElseThrow().externals().getFirst();
    }

    private static List<QuarantinedAddress> resting(IpamWorld world, String pool) {
        world.advance(Duration.ofSeconds(5));
        return world.tables.of(Topics.ADDRESS_POOLS).get(pool).orElseThrow().quarantined();
    }
}
