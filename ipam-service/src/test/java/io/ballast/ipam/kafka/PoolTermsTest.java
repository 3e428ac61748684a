package io.ballast.ipam.kafka;

import static io.ballast.ipam.world.Claims.claim;
import static io.ballast.ipam.world.Claims.floating;
import static io.ballast.ipam.world.Claims.fromPool;
import static io.ballast.ipam.world.Claims.key;
import static io.ballast.ipam.world.Claims.named;
import static io.ballast.ipam.world.Claims.plainNamed;
import static io.ballast.ipam.world.Claims.rules;
import static io.ballast.ipam.world.Claims.withLabels;
import static io.ballast.ipam.world.Claims.withdrawn;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.allocation.PoolTerms;
import io.ballast.ipam.allocation.Rules;
import io.ballast.ipam.world.FakeNeutron;
import io.ballast.ipam.world.IpamWorld;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LabelSelector;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which external pool serves a Service, and how much of it a namespace may have. */
class PoolTermsTest {
    private static final PoolTerms USUAL = PoolTerms.of(Set.of(), Set.of());

    private final FakeNeutron neutron = new FakeNeutron();

    @Test
    void theHighestPriorityComesFirst() {
        var world = world(
                pool("low", "198.51.100.1", terms(null, 0, true, false)),
                pool("high", "198.51.100.2", terms(null, 5, true, false)));
        assertThat(external(world, "a", fromPool(null)).pool()).isEqualTo("high");
    }

    @Test
    void aPoolThatIsNotAutomaticWaitsToBeNamed() {
        var world = world(pool("asked", "198.51.100.1-198.51.100.2", terms(null, 0, false, false)));
        assertThat(external(world, "a", fromPool(null)).reason()).isEqualTo(AllocationReason.NO_EXTERNAL_POOL);
        assertThat(external(world, "b", fromPool("asked")).address()).isEqualTo("198.51.100.1");
        assertThat(external(world, "c", named("198.51.100.2")).address()).isEqualTo("198.51.100.2");
    }

    @Test
    void aPoolThatIsDrainedKeepsItsHoldersAndTakesNobody() {
        // Given
        var world = world(pool("old", "198.51.100.0/28", USUAL));
        assertThat(external(world, "a", fromPool("old")).state()).isEqualTo(AllocationState.GRANTED);
        // When
        world.restart(rules(
                pool("old", "198.51.100.0/28", terms(null, 0, true, true)), pool("new", "203.0.113.0/28", USUAL)));
        // Then
        assertThat(external(world, "a").pool()).isEqualTo("old");
        assertThat(external(world, "b", fromPool(null)).pool()).isEqualTo("new");
        assertThat(external(world, "c", fromPool("old")).reason()).isEqualTo(AllocationReason.EXTERNAL_POOL_DRAINING);
        assertThat(external(world, "d", named("198.51.100.9")).reason())
                .isEqualTo(AllocationReason.EXTERNAL_POOL_DRAINING);
    }

    @Test
    void whoNamesAPoolThatWasRenamedKeepsItsAddress() {
        // Given
        var world = world(pool("old", "198.51.100.0/28", USUAL));
        var address = external(world, "a", fromPool("old")).address();
        world.octaviaServes(key("a"));
        // When
        world.restart(rules(pool("new", "198.51.100.0/28", USUAL)));
        world.octaviaServes(key("a"));
        // Then
        assertThat(external(world, "a").address()).isEqualTo(address);
        assertThat(external(world, "a").pool()).isEqualTo("new");
        assertThat(external(world, "b", fromPool("old")).reason()).isEqualTo(AllocationReason.NO_EXTERNAL_POOL);
    }

    @Test
    void labelsOfTheNamespaceCountAndThoseOfTheServiceDoNotStandInForThem() {
        // Given
        var world = world(pool("public", "198.51.100.0/28", terms("tier=public", 0, true, false)));
        var tier = Map.of("tier", "public");
        // When
        world.claim(key("chosen"), withLabels(claim("uid-1", "10.2.0.1", fromPool(null)), tier, Map.of()));
        world.claim(key("forger"), withLabels(claim("uid-2", "10.2.0.2", fromPool(null)), Map.of(), tier));
        // Then
        assertThat(external(world, "chosen").state()).isEqualTo(AllocationState.GRANTED);
        assertThat(external(world, "forger").reason()).isEqualTo(AllocationReason.NO_EXTERNAL_POOL);
    }

    @Test
    void labelsOfTheServiceNarrow() {
        // Given
        var terms = new PoolTerms(
                Set.of(), Set.of("other"), null, LabelSelector.parse("exposed"), 0, true, false, 9, 9, null);
        var world = world(pool("public", "198.51.100.0/28", terms));
        var exposed = Map.of("exposed", "");
        var elsewhere = new ServiceKey("demo", "other", "web");
        // When
        world.claim(key("a"), withLabels(claim("uid-1", "10.2.0.1", fromPool(null)), Map.of(), exposed));
        world.claim(elsewhere, withLabels(claim("uid-2", "10.2.0.2", fromPool(null)), Map.of(), exposed));
        world.claim(key("c"), withLabels(claim("uid-3", "10.2.0.3", fromPool(null)), Map.of(), Map.of()));
        // Then
        assertThat(external(world, "a").state()).isEqualTo(AllocationState.REFUSED);
        assertThat(world.row(elsewhere).orElseThrow().externals().getFirst().state())
                .isEqualTo(AllocationState.GRANTED);
        assertThat(external(world, "c").state()).isEqualTo(AllocationState.REFUSED);
    }

    @Test
    void aNamespaceHasNoMoreThanItMayAndTheOldestWaiterIsServedWhenOneGoes() {
        // Given
        var world = world(limited(plainNamed("plain", "198.51.100.0/28"), 2));
        var first = claim("uid-a", "10.2.0.1", fromPool(null));
        world.claim(key("a"), first);
        external(world, "b", fromPool(null));
        // When
        var refused = external(world, "c", fromPool(null));
        world.advance(Duration.ofSeconds(1));
        external(world, "d", fromPool(null));
        world.claim(new ServiceKey("demo", "other", "e"), claim("uid-e", "10.2.0.9", fromPool(null)));
        // Then
        assertThat(refused.reason()).isEqualTo(AllocationReason.EXTERNAL_POOL_QUOTA);
        assertThat(refused.message()).contains("2 of the 2").contains("namespace demo/shop");
        assertThat(world.row(new ServiceKey("demo", "other", "e"))
                        .orElseThrow()
                        .externals()
                        .getFirst()
                        .state())
                .isEqualTo(AllocationState.GRANTED);
        // When
        world.claim(key("a"), withdrawn(first));
        world.octaviaDeletes(key("a"), first);
        // Then
        assertThat(external(world, "c").state()).isEqualTo(AllocationState.GRANTED);
        assertThat(external(world, "d").state()).isEqualTo(AllocationState.WAITING);
    }

    @Test
    void floatingIpsThatAreBeingMadeCountToo() {
        var world = world(limited(floating(), 1));
        assertThat(external(world, "a", fromPool(null)).state()).isEqualTo(AllocationState.GRANTED);
        assertThat(external(world, "b", fromPool(null)).reason()).isEqualTo(AllocationReason.EXTERNAL_POOL_QUOTA);
        assertThat(neutron.floatingIps()).hasSize(1);
        world.restart();
        assertThat(external(world, "a").state()).isEqualTo(AllocationState.GRANTED);
    }

    @Test
    void aClusterHasNoMoreThanItMay() {
        // Given
        var terms = new PoolTerms(
                Set.of(), Set.of(), null, LabelSelector.ALL, 0, true, false, PoolTerms.UNLIMITED, 1, null);
        var world = world(pool("plain", "198.51.100.0/28", terms));
        external(world, "a", fromPool(null));
        var elsewhere = new ServiceKey("demo", "other", "e");
        // When
        world.claim(elsewhere, claim("uid-e", "10.2.0.9", fromPool(null)));
        // Then
        var refused = world.row(elsewhere).orElseThrow().externals().getFirst();
        assertThat(refused.reason()).isEqualTo(AllocationReason.EXTERNAL_POOL_QUOTA);
        assertThat(refused.message()).contains("cluster demo has 1 of the 1");
    }

    @Test
    void anIpv6AddressComesFromARoutableRangeOrIsRefused() {
        // Given
        var wanted = new ExternalClaim(IpFamily.IPV6, ExternalMethod.POOL, null, null, false);
        // When
        var refused = external(world(floating()), "a", wanted);
        var granted = external(world(floating(), plainNamed("six", "2001:db8::10-2001:db8::1f")), "a", wanted);
        // Then
        assertThat(refused.state()).isEqualTo(AllocationState.REFUSED);
        assertThat(refused.reason()).isEqualTo(AllocationReason.EXTERNAL_FAMILY_UNSUPPORTED);
        assertThat(refused.message()).contains("Neutron has no IPv6 floating IPs; configure an external pool");
        assertThat(granted.address()).isEqualTo("2001:db8::10");
    }

    private static Rules.ExternalPool limited(Rules.ExternalPool pool, int perNamespace) {
        var terms = new PoolTerms(
                Set.of(), Set.of(), null, LabelSelector.ALL, 0, true, false, perNamespace, PoolTerms.UNLIMITED, null);
        return new Rules.ExternalPool(pool.name(), pool.network(), null, pool.ranges(), pool.rest(), terms);
    }

    private static Rules.ExternalPool pool(String name, String ranges, PoolTerms terms) {
        var plain = plainNamed(name, ranges);
        return new Rules.ExternalPool(name, null, null, plain.ranges(), plain.rest(), terms);
    }

    private static PoolTerms terms(@Nullable String namespaces, int priority, boolean auto, boolean draining) {
        return new PoolTerms(
                Set.of(),
                Set.of(),
                namespaces == null ? null : LabelSelector.parse(namespaces),
                LabelSelector.ALL,
                priority,
                auto,
                draining,
                PoolTerms.UNLIMITED,
                PoolTerms.UNLIMITED,
                null);
    }

    private IpamWorld world(Rules.ExternalPool... pools) {
        return new IpamWorld(rules(pools), neutron).started();
    }

    private static GrantedExternal external(IpamWorld world, String name, ExternalClaim wanted) {
        AddressClaim claim = claim("uid-" + name, "10.2.0." + (name.charAt(0) - 'a' + 1), wanted);
        world.claim(key(name), claim);
        return external(world, name);
    }

    private static GrantedExternal external(IpamWorld world, String name) {
        return world.row(key(name)).orElseThrow().externals().getFirst();
    }
}
