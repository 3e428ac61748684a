package io.ballast.ipam.kafka;

import static io.ballast.ipam.world.Claims.claim;
import static io.ballast.ipam.world.Claims.floating;
import static io.ballast.ipam.world.Claims.fromPool;
import static io.ballast.ipam.world.Claims.key;
import static io.ballast.ipam.world.Claims.named;
import static io.ballast.ipam.world.Claims.plain;
import static io.ballast.ipam.world.Claims.rules;
import static io.ballast.ipam.world.Claims.withExternals;
import static io.ballast.ipam.world.Claims.withIncarnation;
import static io.ballast.ipam.world.Claims.withdrawn;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.allocation.FloatingIp;
import io.ballast.ipam.world.Claims;
import io.ballast.ipam.world.FakeNeutron;
import io.ballast.ipam.world.IpamWorld;
import io.ballast.openstack.RestReply;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.AssociatedExternal;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.OutcomeKind;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class IpamReconcilerTest {
    private final FakeNeutron neutron = new FakeNeutron();

    private IpamWorld world() {
        return new IpamWorld(rules(floating()), neutron).started();
    }

    private static AddressAllocation row(IpamWorld world, String name) {
        return world.row(key(name)).orElseThrow();
    }

    private static GrantedExternal external(IpamWorld world, String name) {
        return row(world, name).externals().getFirst();
    }

    @Test
    void waitsWithoutCredentials() {
        // Given
        var world = new IpamWorld(rules(floating()), neutron, false).started();
        // When
        world.claim(key("web"), claim("uid-1", "10.2.0.5", fromPool(null)));
        // Then
        assertThat(row(world, "web").state()).isEqualTo(AllocationState.WAITING);
        assertThat(row(world, "web").reason()).isEqualTo(AllocationReason.NO_CREDENTIALS);
        assertThat(neutron.writes()).isEmpty();
    }

    @Test
    void grantsNothingBeforeEveryInventoryIsThere() {
        // Given
        var world = new IpamWorld(rules(floating()), neutron);
        world.inventory(0);
        world.restart();
        world.claim(key("web"), claim("uid-1", "10.2.0.5"));
        assertThat(row(world, "web").reason()).isEqualTo(AllocationReason.INVENTORY_INCOMPLETE);
        assertThat(row(world, "web").message()).contains("2 of 3 partitions");
        // When
        world.inventory(1);
        world.inventory(2);
        world.advance(Duration.ofSeconds(2));
        // Then
        assertThat(row(world, "web").state()).isEqualTo(AllocationState.GRANTED);
    }

    @Test
    void waitsWhileNeutronCannotBeReadAndServesAfterwards() {
        // Given
        neutron.down(true);
        var world = world();
        world.claim(key("web"), claim("uid-1", "10.2.0.5"));
        assertThat(row(world, "web").reason()).isEqualTo(AllocationReason.OPENSTACK_UNAVAILABLE);
        // When
        neutron.down(false);
        world.advance(Duration.ofSeconds(10));
        // Then
        assertThat(row(world, "web").state()).isEqualTo(AllocationState.GRANTED);
    }

    @Test
    void grantsNothingInAClusterWithAnUnreadableAllocation() {
        // Given
        var world = world();
        world.tables.putUnreadable(Topics.ADDRESS_ALLOCATIONS, "demo/shop/broken");
        // When
        world.claim(key("web"), claim("uid-1", "10.2.0.5"));
        // Then
        assertThat(row(world, "web").reason()).isEqualTo(AllocationReason.ALLOCATION_UNREADABLE);
    }

    @Test
    void looksOnceMoreBeforeAForeignPortRefusesAVip() {
        // Given
        var world = world();
        neutron.port("port-x", FakeNeutron.SUBNET, "10.2.0.5").put("name", "somebody");
        world.advance(Duration.ofSeconds(61));
        neutron.collection("ports").remove("port-x");
        world.advance(Duration.ofSeconds(10));
        // When
        world.claim(key("web"), claim("uid-1", "10.2.0.5"));
        // Then
        assertThat(row(world, "web").state()).isEqualTo(AllocationState.GRANTED);
    }

    @Test
    void namesAForeignPortAndServesWhenItIsGone() {
        // Given
        neutron.port("port-x", FakeNeutron.SUBNET, "10.2.0.5").put("name", "somebody");
        var world = world();
        world.claim(key("web"), claim("uid-1", "10.2.0.5"));
        assertThat(row(world, "web").reason()).isEqualTo(AllocationReason.VIP_HELD_BY_FOREIGN_PORT);
        assertThat(row(world, "web").message()).contains("port-x").contains("somebody");
        // When
        neutron.collection("ports").remove("port-x");
        world.advance(Duration.ofSeconds(61));
        // Then
        assertThat(row(world, "web").state()).isEqualTo(AllocationState.GRANTED);
    }

    @Test
    void holdsTheAddressesOfALoadBalancerThatAPersonGaveUpOnUntilItIsGone() {
        // Given
        var world = world();
        var first = claim("uid-1", "10.2.0.5", fromPool(null));
        world.claim(key("a"), first);
        world.octaviaServes(key("a"));
        // When
        world.claim(key("a"), withdrawn(first));
        world.octaviaGivesUp(key("a"));
        world.claim(key("b"), claim("uid-2", "10.2.0.5"));
        world.advance(Duration.ofHours(1));
        // Then
        assertThat(row(world, "a").state()).isEqualTo(AllocationState.GRANTED);
        assertThat(row(world, "b").reason()).isEqualTo(AllocationReason.VIP_HELD_BY_ANOTHER);
        assertThat(neutron.floatingIps()).hasSize(1);
        // When
        world.octaviaDeletes(key("a"), first);
        world.advance(Duration.ofMinutes(2));
        // Then
        assertThat(row(world, "a").state()).isEqualTo(AllocationState.RELEASED);
        assertThat(row(world, "b").state()).isEqualTo(AllocationState.GRANTED);
        assertThat(neutron.floatingIps()).isEmpty();
    }

    @Test
    void makesAFloatingIpOnceWithItsIdentityAndTellsOfIt() {
        // Given
        var world = world();
        // When
        world.claim(key("web"), claim("uid-1", "10.2.0.5", fromPool(null)));
        // Then
        assertThat(external(world, "web").state()).isEqualTo(AllocationState.GRANTED);
        assertThat(external(world, "web").address()).isEqualTo("172.24.4.100");
        assertThat(external(world, "web").ours()).isTrue();
        assertThat(neutron.floatingIps().values())
                .singleElement()
                .satisfies(made -> assertThat(made.path("description").asText())
                        .isEqualTo("ballast:" + Claims.CLUSTER_UID + ":uid-1:demo/shop/web"));
        assertThat(world.outcomes)
                .extracting(outcome -> outcome.kind())
                .containsExactly(OutcomeKind.STARTED, OutcomeKind.DONE);
        assertThat(world.outcomes)
                .extracting(outcome -> outcome.call())
                .hasSize(2)
                .doesNotContainNull();
        assertThat(world.outcomes.getFirst().call())
                .isEqualTo(world.outcomes.getLast().call());
    }

    @Test
    void writesNothingWhenNothingChanged() {
        // Given
        var world = world();
        world.claim(key("web"), claim("uid-1", "10.2.0.5", fromPool(null)));
        world.octaviaServes(key("web"));
        world.advance(Duration.ofMinutes(5));
        int before = world.writes();
        // When
        world.restart();
        world.advance(Duration.ofMinutes(5));
        // Then
        assertThat(world.writes()).isEqualTo(before);
        assertThat(neutron.writes()).hasSize(1);
    }

    @Test
    void looksUpAFloatingIpWhoseAnswerWasLost() {
        // Given
        var world = world();
        neutron.distortNextWrite(_ -> new RestReply.Unanswered("read timed out", true));
        // When
        world.claim(key("web"), claim("uid-1", "10.2.0.5", fromPool(null)));
        world.advance(Duration.ofMinutes(2));
        // Then
        assertThat(external(world, "web").state()).isEqualTo(AllocationState.GRANTED);
        assertThat(neutron.floatingIps()).hasSize(1);
        assertThat(world.outcomes)
                .extracting(outcome -> outcome.kind())
                .containsExactly(OutcomeKind.STARTED, OutcomeKind.UNKNOWN);
    }

    @Test
    void keepsTheOldestOfSeveralAndDeletesTheRestBeforeItGrants() {
        // Given
        var identity = FloatingIp.identity(Claims.CLUSTER_UID, "uid-1", key("web"));
        neutron.floatingIp("fip-b", FakeNeutron.PUBLIC, "172.24.4.7", identity)
                .put("created_at", "2026-01-02T00:00:00Z");
        neutron.floatingIp("fip-a", FakeNeutron.PUBLIC, "172.24.4.8", identity)
                .put("created_at", "2026-01-01T00:00:00Z");
        neutron.floatingIp("fip-c", FakeNeutron.PUBLIC, "172.24.4.9", "of a user");
        var world = world();
        // When
        world.claim(key("web"), claim("uid-1", "10.2.0.5", fromPool(null)));
        // Then
        assertThat(external(world, "web").floatingIpId()).isEqualTo("fip-a");
        assertThat(neutron.floatingIps()).containsOnlyKeys("fip-a", "fip-c");
    }

    @Test
    void saysWithNumbersThatTheQuotaIsUsedUpAndServesTheFirstWaiterAfterARelease() {
        // Given
        neutron.withQuota(1);
        var world = world();
        var first = claim("uid-1", "10.2.0.1", fromPool(null));
        world.claim(key("a"), first);
        world.octaviaServes(key("a"));
        world.advance(Duration.ofSeconds(1));
        world.claim(key("c"), claim("uid-3", "10.2.0.3", fromPool(null)));
        world.advance(Duration.ofSeconds(1));
        world.claim(key("b"), claim("uid-2", "10.2.0.2", fromPool(null)));
        assertThat(external(world, "c").reason()).isEqualTo(AllocationReason.EXTERNAL_QUOTA);
        assertThat(external(world, "c").message()).contains("1 of 1");
        // When
        world.claim(key("a"), withdrawn(first));
        world.octaviaDeletes(key("a"), first);
        world.advance(Duration.ofSeconds(70));
        // Then
        assertThat(external(world, "c").state()).isEqualTo(AllocationState.GRANTED);
        assertThat(external(world, "b").state()).isEqualTo(AllocationState.WAITING);
    }

    @Test
    void releasesOnlyAfterOctaviaHasDeleted() {
        // Given
        var world = world();
        var claim = claim("uid-1", "10.2.0.5", fromPool(null));
        world.claim(key("web"), claim);
        world.octaviaServes(key("web"));
        // When
        world.claim(key("web"), withdrawn(claim));
        world.advance(Duration.ofMinutes(5));
        // Then
        assertThat(row(world, "web").state()).isEqualTo(AllocationState.GRANTED);
        assertThat(neutron.floatingIps()).hasSize(1);
        // When
        world.octaviaDeletes(key("web"), claim);
        // Then
        assertThat(row(world, "web").state()).isEqualTo(AllocationState.RELEASED);
        assertThat(row(world, "web").incarnation()).isEqualTo(1);
        assertThat(neutron.floatingIps()).isEmpty();
        // When
        world.write(Topics.ADDRESS_CLAIMS, key("web").toString(), null);
        // Then
        assertThat(world.row(key("web"))).isEmpty();
    }

    @Test
    void releasesWhatWasNeverGranted() {
        // Given
        var world = world();
        var claim = claim("uid-1", "10.2.0.5");
        // When
        world.claim(key("web"), withdrawn(claim));
        world.octaviaDeletes(key("web"), claim);
        // Then
        assertThat(row(world, "web").state()).isEqualTo(AllocationState.RELEASED);
    }

    @Test
    void namesTheRivalInDeletionAndGivesTheVipToItAfterwards() {
        // Given
        var world = world();
        var first = claim("uid-1", "10.2.0.5");
        world.claim(key("a"), first);
        world.octaviaServes(key("a"));
        world.claim(key("b"), claim("uid-2", "10.2.0.5"));
        assertThat(row(world, "b").message()).contains("held by demo/shop/a").doesNotContain("deleting");
        // When
        world.claim(key("a"), withdrawn(first));
        // Then
        assertThat(row(world, "b").reason()).isEqualTo(AllocationReason.VIP_HELD_BY_ANOTHER);
        assertThat(row(world, "b").message()).contains("held by demo/shop/a, deleting");
        // When
        world.octaviaDeletes(key("a"), first);
        // Then
        assertThat(row(world, "b").state()).isEqualTo(AllocationState.GRANTED);
    }

    @Test
    void neverLetsGoOfWhatItGrants() {
        // Given
        neutron.floatingIp(
                        "fip-old",
                        FakeNeutron.PUBLIC,
                        "172.24.4.50",
                        FloatingIp.identity(Claims.CLUSTER_UID, "uid-1", key("web")))
                .put("port_id", "vip-web")
                .put("fixed_ip_address", "10.2.0.5");
        var world = world();
        world.claim(key("web"), claim("uid-1", "10.2.0.5", fromPool(null)));
        var granted = row(world, "web");
        world.put(Topics.ADDRESS_ALLOCATIONS, key("web").toString(), intended(granted));
        world.put(
                Topics.LOAD_BALANCER_STATUS,
                key("web").toString(),
                IpamWorld.observed(
                        key("web"), "uid-1", "10.2.0.5", new AssociatedExternal("172.24.4.50", "fip-old", true)));
        // When
        world.restart();
        world.advance(Duration.ofMinutes(2));
        // Then
        assertThat(row(world, "web").externals()).isEqualTo(granted.externals());
        assertThat(row(world, "web").lettingGo()).isEmpty();
        assertThat(neutron.writes()).isEmpty();
    }

    /** The same before its external address was known, while a creation may have been under way. */
    private static AddressAllocation intended(AddressAllocation granted) {
        var waits = new GrantedExternal(
                IpFamily.IPV4,
                ExternalMethod.POOL,
                AllocationState.WAITING,
                null,
                null,
                null,
                "public",
                true,
                AllocationReason.OPENSTACK_UNAVAILABLE,
                "");
        return new AddressAllocation(
                granted.state(),
                granted.clusterUid(),
                granted.serviceUid(),
                granted.incarnation(),
                granted.claimGeneration(),
                granted.provider(),
                granted.vips(),
                granted.vrrpPorts(),
                List.of(waits),
                List.of(),
                null,
                "",
                granted.firstClaimedEpochMillis());
    }

    @Test
    void reservesWhatOctaviaFoundAfterEverythingWasLost() {
        // Given
        neutron.floatingIp(
                        "fip-old",
                        FakeNeutron.PUBLIC,
                        "172.24.4.50",
                        FloatingIp.identity(Claims.CLUSTER_UID, "uid-1", key("web")))
                .put("port_id", "vip-web")
                .put("fixed_ip_address", "10.2.0.5");
        neutron.port("vip-web", FakeNeutron.SUBNET, "10.2.0.5");
        var world = new IpamWorld(rules(floating()), neutron);
        world.put(
                Topics.LOAD_BALANCER_STATUS,
                key("web").toString(),
                IpamWorld.observed(
                        key("web"), "uid-1", "10.2.0.5", new AssociatedExternal("172.24.4.50", "fip-old", true)));
        world.started();
        // When
        world.claim(key("thief"), claim("uid-9", "10.2.0.5"));
        world.claim(key("web"), withIncarnation(claim("uid-1", "10.2.0.5", fromPool(null)), 7));
        // Then
        assertThat(row(world, "thief").reason()).isEqualTo(AllocationReason.VIP_HELD_BY_ANOTHER);
        assertThat(row(world, "web").state()).isEqualTo(AllocationState.GRANTED);
        assertThat(external(world, "web").floatingIpId()).isEqualTo("fip-old");
        assertThat(neutron.writes()).isEmpty();
    }

    @Test
    void letsGoOfAFloatingIpFoundAfterLossThatIsNoLongerWanted() {
        // Given
        neutron.floatingIp(
                        "fip-old",
                        FakeNeutron.PUBLIC,
                        "172.24.4.50",
                        FloatingIp.identity(Claims.CLUSTER_UID, "uid-1", key("web")))
                .put("port_id", "vip-web");
        var world = new IpamWorld(rules(floating()), neutron);
        world.put(
                Topics.LOAD_BALANCER_STATUS,
                key("web").toString(),
                IpamWorld.observed(
                        key("web"), "uid-1", "10.2.0.5", new AssociatedExternal("172.24.4.50", "fip-old", true)));
        world.started();
        world.claim(key("web"), claim("uid-1", "10.2.0.5"));
        assertThat(row(world, "web").lettingGo()).hasSize(1);
        // When
        world.octaviaServes(key("web"));
        world.advance(Duration.ofMinutes(1));
        // Then
        assertThat(row(world, "web").lettingGo()).isEmpty();
        assertThat(neutron.floatingIps()).isEmpty();
    }

    @Test
    void grantsTheNewAddressBeforeTheOldIsLetGo() {
        // Given
        var world = world();
        neutron.floatingIp("fip-user", FakeNeutron.PUBLIC, "172.24.4.10", "made by hand");
        var claim = claim("uid-1", "10.2.0.5", fromPool(null));
        world.claim(key("web"), claim);
        world.octaviaServes(key("web"));
        // When
        world.claim(key("web"), withExternals(claim, named("172.24.4.10")));
        // Then
        assertThat(external(world, "web").address()).isEqualTo("172.24.4.10");
        assertThat(row(world, "web").lettingGo())
                .extracting(GrantedExternal::address)
                .containsExactly("172.24.4.100");
        assertThat(neutron.floatingIps()).hasSize(2);
        // When
        world.octaviaServes(key("web"));
        world.advance(Duration.ofMinutes(1));
        // Then
        assertThat(row(world, "web").lettingGo()).isEmpty();
        assertThat(neutron.floatingIps()).containsOnlyKeys("fip-user");
    }

    @Test
    void neverMakesDeletesOrReplacesAFloatingIpOfAUser() {
        // Given
        var world = world();
        var claim = claim("uid-1", "10.2.0.5", named("172.24.4.10"));
        world.claim(key("web"), claim);
        assertThat(external(world, "web").reason()).isEqualTo(AllocationReason.EXTERNAL_NOT_FOUND);
        // When
        neutron.floatingIp("fip-user", FakeNeutron.PUBLIC, "172.24.4.10", "made by hand");
        world.advance(Duration.ofSeconds(30));
        // Then
        assertThat(external(world, "web").floatingIpId()).isEqualTo("fip-user");
        // When
        world.octaviaServes(key("web"));
        world.claim(key("web"), withdrawn(claim));
        world.octaviaDeletes(key("web"), claim);
        // Then
        assertThat(row(world, "web").state()).isEqualTo(AllocationState.RELEASED);
        assertThat(neutron.writes()).isEmpty();
    }

    @Test
    void refusesAnAddressOfAUserThatIsInUseOrElsewhere() {
        // Given
        var world = world();
        neutron.floatingIp("fip-1", FakeNeutron.PUBLIC, "172.24.4.10", "").put("port_id", "port-of-a-vm");
        neutron.floatingIp("fip-2", "44444444-4444-4444-4444-444444444444", "192.0.2.10", "");
        // When
        world.claim(key("a"), claim("uid-1", "10.2.0.1", named("172.24.4.10")));
        world.claim(key("b"), claim("uid-2", "10.2.0.2", named("192.0.2.10")));
        world.claim(key("c"), claim("uid-3", "10.2.0.3", named("not an address")));
        // Then
        assertThat(external(world, "a").reason()).isEqualTo(AllocationReason.EXTERNAL_IN_USE);
        assertThat(external(world, "b").reason()).isEqualTo(AllocationReason.EXTERNAL_WRONG_NETWORK);
        assertThat(external(world, "b").state()).isEqualTo(AllocationState.REFUSED);
        assertThat(external(world, "c").reason()).isEqualTo(AllocationReason.EXTERNAL_NOT_FOUND);
        assertThat(row(world, "a").state()).isEqualTo(AllocationState.GRANTED);
    }

    @Test
    void whoeverWaitsWritesNothingWhileNothingChanges() {
        // Given
        neutron.withQuota(0);
        var world = world();
        world.claim(key("a"), claim("uid-1", "10.2.0.1", named("172.24.4.10")));
        world.claim(key("b"), claim("uid-2", "10.2.0.2", fromPool(null)));
        world.advance(Duration.ofMinutes(1));
        var before = List.of(row(world, "a"), row(world, "b"));
        int pools = world.writes() - world.outcomes.size();
        // When
        world.advance(Duration.ofMinutes(10));
        // Then
        assertThat(List.of(row(world, "a"), row(world, "b"))).isEqualTo(before);
        assertThat(world.writes() - world.outcomes.size()).isEqualTo(pools);
    }

    @Test
    void anAddressOfAPlainRangeRestsAfterReleaseAlsoAcrossARestart() {
        // Given
        var world = new IpamWorld(rules(plain("198.51.100.7")), neutron).started();
        var first = claim("uid-1", "10.2.0.1", fromPool("plain"));
        world.claim(key("a"), first);
        world.octaviaServes(key("a"));
        world.claim(key("b"), claim("uid-2", "10.2.0.2", fromPool("plain")));
        assertThat(external(world, "b").reason()).isEqualTo(AllocationReason.EXTERNAL_POOL_EXHAUSTED);
        // When
        world.claim(key("a"), withdrawn(first));
        world.octaviaDeletes(key("a"), first);
        world.restart();
        world.advance(Duration.ofSeconds(50));
        // Then
        assertThat(external(world, "b").state()).isEqualTo(AllocationState.WAITING);
        assertThat(world.tables
                        .of(Topics.ADDRESS_POOLS)
                        .get("plain")
                        .orElseThrow()
                        .quarantined())
                .hasSize(1);
        // When
        world.advance(Duration.ofSeconds(20));
        // Then
        assertThat(external(world, "b").address()).isEqualTo("198.51.100.7");
        assertThat(world.tables
                        .of(Topics.ADDRESS_POOLS)
                        .get("plain")
                        .orElseThrow()
                        .quarantined())
                .isEmpty();
    }

    @Test
    void reportsWhatThePreflightFoundWithTheCommandThatMendsIt() {
        // Given
        neutron.object("networks", FakeNeutron.PUBLIC).put("router:external", false);
        neutron.object("routers", "router-1").putNull("external_gateway_info");
        // When
        var world = world();
        world.advance(Duration.ofSeconds(5));
        // Then
        assertThat(world.tables
                        .of(Topics.ADDRESS_POOLS)
                        .get("public")
                        .orElseThrow()
                        .findings())
                .extracting(finding -> finding.code() + ": " + finding.command())
                .containsExactly(
                        "network-not-external: openstack network set --external " + FakeNeutron.PUBLIC,
                        "router-path-missing: openstack router set --external-gateway " + FakeNeutron.PUBLIC
                                + " router-1");
    }

    @Test
    void aServiceOfTheSameNameWaitsUntilTheOneBeforeIsGone() {
        // Given
        var world = world();
        var first = claim("uid-1", "10.2.0.5", fromPool(null));
        ServiceKey web = key("web");
        world.claim(web, first);
        world.octaviaServes(web);
        // When
        world.claim(web, withIncarnation(claim("uid-2", "10.2.0.6", fromPool(null)), 2));
        // Then
        assertThat(row(world, "web").serviceUid()).isEqualTo("uid-1");
        // When
        world.octaviaDeletes(web, first);
        world.advance(Duration.ofMinutes(3));
        // Then
        assertThat(row(world, "web").serviceUid()).isEqualTo("uid-2");
        assertThat(row(world, "web").vips().getFirst().address()).isEqualTo("10.2.0.6");
        assertThat(neutron.floatingIps()).hasSize(1);
    }
}
