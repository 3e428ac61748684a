package io.ballast.ipam.kafka;

import static io.ballast.ipam.world.Claims.claim;
import static io.ballast.ipam.world.Claims.floating;
import static io.ballast.ipam.world.Claims.fromPool;
import static io.ballast.ipam.world.Claims.key;
import static io.ballast.ipam.world.Claims.named;
import static io.ballast.ipam.world.Claims.rules;
import static io.ballast.ipam.world.Claims.withExternals;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.world.FakeNeutron;
import io.ballast.ipam.world.IpamWorld;
import io.ballast.openstack.RestReply;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.GrantedExternal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Floating IPs that are gone: by our own late call, or by somebody else's. */
class VanishedFloatingIpsTest {
    private static final Duration UNTIL_COMPARED = Duration.ofMinutes(12);

    private final FakeNeutron neutron = new FakeNeutron();
    private final IpamWorld world = new IpamWorld(rules(floating()), neutron).started();

    private GrantedExternal external(String name) {
        return world.row(key(name)).orElseThrow().externals().getFirst();
    }

    private String served(String name, ExternalClaim external) {
        world.claim(
                key(name),
                claim("uid-" + name, "10.2.0." + (10 + neutron.writes().size()), external));
        world.octaviaServes(key(name));
        return String.valueOf(external(name).floatingIpId());
    }

    /** octavia has let go of it, so that ipam deletes it: the call is on its way for long, and nobody knows how it ends. */
    private void asksToDeleteLate(String id) {
        var floatingIp = neutron.object("floatingips", id);
        neutron.distortNextWrite(_ -> new RestReply.Unanswered("read timed out", true));
        world.octaviaServes(key("web"));
        assertThat(neutron.writes().getLast()).isEqualTo("DELETE /v2.0/floatingips/" + id);
        neutron.floatingIps().put(id, floatingIp);
    }

    @Test
    void neverGrantsAgainWhatItAskedToDelete() {
        // Given
        var claim = claim("uid-web", "10.2.0.5", fromPool(null));
        world.claim(key("web"), claim);
        world.octaviaServes(key("web"));
        var old = String.valueOf(external("web").floatingIpId());
        world.claim(key("web"), withExternals(claim));
        asksToDeleteLate(old);
        assertThat(world.row(key("web")).orElseThrow().lettingGo())
                .extracting(GrantedExternal::state)
                .containsExactly(AllocationState.RELEASED);
        // When
        world.claim(key("web"), claim);
        world.advance(Duration.ofMinutes(2));
        // Then
        assertThat(external("web").state()).isEqualTo(AllocationState.GRANTED);
        assertThat(external("web").floatingIpId()).isNotEqualTo(old);
        assertThat(world.row(key("web")).orElseThrow().lettingGo()).isEmpty();
        assertThat(neutron.floatingIps()).hasSize(1);
    }

    @Test
    void takesBackWhatIsNotYetBeingDeleted() {
        // Given
        var claim = claim("uid-web", "10.2.0.5", fromPool(null));
        world.claim(key("web"), claim);
        world.octaviaServes(key("web"));
        var granted = external("web");
        world.claim(key("web"), withExternals(claim));
        assertThat(world.row(key("web")).orElseThrow().lettingGo()).containsExactly(granted);
        // When
        world.claim(key("web"), claim);
        // Then
        assertThat(external("web")).isEqualTo(granted);
        assertThat(neutron.writes()).hasSize(1);
    }

    @Test
    void theAddressOfOneThatIsBeingDeletedIsNotGrantedByNameEither() {
        // Given
        var claim = claim("uid-web", "10.2.0.5", fromPool(null));
        world.claim(key("web"), claim);
        world.octaviaServes(key("web"));
        var address = String.valueOf(external("web").address());
        world.claim(key("web"), withExternals(claim));
        asksToDeleteLate(String.valueOf(
                world.row(key("web")).orElseThrow().lettingGo().getFirst().floatingIpId()));
        // When
        world.claim(key("web"), withExternals(claim, named(address)));
        world.advance(Duration.ofMinutes(2));
        // Then
        assertThat(external("web").reason()).isEqualTo(AllocationReason.EXTERNAL_NOT_FOUND);
        assertThat(external("web").message()).contains(address);
    }

    @Test
    void makesAnotherWhenOctaviaMissesOneAndSaysSo() {
        // Given
        var lost = served("web", fromPool(null));
        neutron.withQuota(0); // to see what is said in between
        neutron.floatingIps().remove(lost);
        // When
        world.octaviaMisses(key("web"));
        assertThat(external("web").floatingIpId()).isEqualTo(lost);
        world.advance(Duration.ofSeconds(11));
        // Then
        assertThat(external("web").state()).isEqualTo(AllocationState.WAITING);
        // When
        neutron.withQuota(50);
        world.advance(Duration.ofMinutes(2));
        // Then
        assertThat(external("web").state()).isEqualTo(AllocationState.GRANTED);
        assertThat(external("web").floatingIpId()).isNotEqualTo(lost);
        assertThat(world.row(key("web")).orElseThrow().lettingGo()).isEmpty();
        assertThat(neutron.floatingIps()).hasSize(1);
    }

    @Test
    void namesTheLostAddressWhileAnotherIsMade() {
        // Given
        var lost = served("web", fromPool(null));
        var address = external("web").address();
        neutron.floatingIps().remove(lost);
        int before = world.allocations.size();
        // When
        world.octaviaMisses(key("web"));
        world.advance(Duration.ofSeconds(11));
        // Then
        assertThat(world.allocations.subList(before, world.allocations.size()))
                .extracting(row -> row.externals().getFirst().message())
                .containsExactly(
                        "floating IP %s is not there in Neutron any more; another one is made".formatted(address), "");
    }

    @Test
    void findsOutByItselfWhenOctaviaSaysNothing() {
        // Given
        world.claim(key("web"), claim("uid-web", "10.2.0.5", fromPool(null)));
        var lost = String.valueOf(external("web").floatingIpId());
        world.advance(Duration.ofMinutes(3));
        neutron.floatingIps().remove(lost);
        // When
        world.advance(UNTIL_COMPARED);
        // Then
        assertThat(external("web").state()).isEqualTo(AllocationState.GRANTED);
        assertThat(external("web").floatingIpId()).isNotEqualTo(lost);
        assertThat(neutron.floatingIps()).hasSize(1);
    }

    @Test
    void touchesNothingWhileOctaviaSeesItLeadToTheLoadBalancer() {
        // Given
        var kept = served("web", fromPool(null));
        var before = world.row(key("web"));
        neutron.floatingIps().remove(kept); // as it looks with the credentials of another project
        // When
        world.advance(Duration.ofHours(3));
        // Then
        assertThat(world.row(key("web"))).isEqualTo(before);
        assertThat(neutron.writes()).hasSize(1);
    }

    @Test
    void oneLookIsNoProof() {
        // Given
        var kept = served("web", fromPool(null));
        var before = world.row(key("web"));
        var hidden = neutron.object("floatingips", kept);
        neutron.floatingIps().remove(kept);
        world.octaviaMisses(key("web"));
        world.advance(Duration.ofSeconds(5));
        // When
        neutron.floatingIps().put(kept, hidden); // a replica had been behind
        world.advance(Duration.ofHours(1));
        // Then
        assertThat(world.row(key("web"))).isEqualTo(before);
        assertThat(neutron.writes()).hasSize(1);
    }

    @Test
    void aNeutronThatIsAwayTakesNothingAway() {
        // Given
        served("web", fromPool(null));
        var before = world.row(key("web"));
        neutron.down(true);
        // When
        world.octaviaMisses(key("web"));
        world.advance(Duration.ofHours(1));
        // Then
        assertThat(world.row(key("web"))).isEqualTo(before);
    }

    @Test
    void waitsForOneOfAUserAndServesAsSoonAsItIsBack() {
        // Given
        neutron.floatingIp("fip-user", FakeNeutron.PUBLIC, "172.24.4.10", "made by hand");
        served("web", named("172.24.4.10"));
        neutron.floatingIps().remove("fip-user");
        // When
        world.octaviaMisses(key("web"));
        world.advance(Duration.ofSeconds(11));
        // Then
        assertThat(external("web").state()).isEqualTo(AllocationState.WAITING);
        assertThat(external("web").reason()).isEqualTo(AllocationReason.EXTERNAL_NOT_FOUND);
        assertThat(external("web").message())
                .startsWith("floating IP 172.24.4.10 is not there in Neutron; create it (openstack floating ip create");
        // When
        int writes = world.writes();
        world.advance(Duration.ofMinutes(10));
        // Then
        assertThat(world.writes()).isEqualTo(writes);
        // When
        neutron.floatingIp("fip-again", FakeNeutron.PUBLIC, "172.24.4.10", "made by hand");
        world.advance(Duration.ofSeconds(30));
        // Then
        assertThat(external("web").state()).isEqualTo(AllocationState.GRANTED);
        assertThat(external("web").floatingIpId()).isEqualTo("fip-again");
        assertThat(neutron.writes()).isEmpty();
    }

    @Test
    void oneOfAUserThatWasMadeAgainIsGrantedWithoutAWait() {
        // Given
        neutron.floatingIp("fip-user", FakeNeutron.PUBLIC, "172.24.4.10", "made by hand");
        served("web", named("172.24.4.10"));
        neutron.floatingIps().remove("fip-user");
        neutron.floatingIp("fip-again", FakeNeutron.PUBLIC, "172.24.4.10", "made by hand");
        int before = world.allocations.size();
        // When
        world.octaviaMisses(key("web"));
        world.advance(Duration.ofSeconds(11));
        // Then
        assertThat(external("web").floatingIpId()).isEqualTo("fip-again");
        assertThat(world.allocations).hasSize(before + 1);
    }

    /** R29: no storm of floating IPs. */
    @Test
    void whoeverDeletesEachNewOneHasFewMade() {
        // Given
        served("web", fromPool(null));
        // When
        for (int minute = 0; minute < 6 * 60; minute++) {
            neutron.floatingIps().clear();
            world.octaviaMisses(key("web"));
            world.advance(Duration.ofMinutes(1));
        }
        // Then
        assertThat(neutron.writes()).hasSizeBetween(5, 13);
        // When
        world.octaviaMisses(key("web"));
        world.advance(Duration.ofHours(2));
        // Then
        assertThat(external("web").state()).isEqualTo(AllocationState.GRANTED);
        assertThat(neutron.floatingIps())
                .containsOnlyKeys(String.valueOf(external("web").floatingIpId()));
    }

    @Test
    void fewAreReplacedAtATimeWhenManyVanish() {
        // Given
        var names = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
        names.forEach(name -> served(name, fromPool(null)));
        world.advance(Duration.ofMinutes(3));
        neutron.floatingIps().clear();
        int made = neutron.writes().size();
        // When
        names.forEach(name -> world.octaviaMisses(key(name)));
        world.advance(Duration.ofMinutes(9));
        // Then
        assertThat(neutron.writes()).hasSize(made + 3);
        // When
        for (int i = 0; i < 10; i++) {
            world.advance(Duration.ofMinutes(10));
            names.stream()
                    .filter(name -> neutron.floatingIps()
                            .containsKey(String.valueOf(external(name).floatingIpId())))
                    .forEach(name -> world.octaviaServes(key(name)));
        }
        // Then
        assertThat(neutron.floatingIps()).hasSize(names.size());
        assertThat(neutron.writes()).hasSize(made + names.size());
    }
}
