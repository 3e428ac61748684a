package io.ballast.ipam.kafka;

import static io.ballast.ipam.world.Claims.claim;
import static io.ballast.ipam.world.Claims.fromPool;
import static io.ballast.ipam.world.Claims.key;
import static io.ballast.ipam.world.Claims.plain;
import static io.ballast.ipam.world.Claims.plainNamed;
import static io.ballast.ipam.world.Claims.withIncarnation;
import static io.ballast.ipam.world.Claims.withProvider;
import static io.ballast.ipam.world.Claims.withdrawn;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.allocation.AddressRange;
import io.ballast.ipam.allocation.Rules;
import io.ballast.ipam.world.Claims;
import io.ballast.ipam.world.FakeNeutron;
import io.ballast.ipam.world.IpamWorld;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random lives of eight Services in a VIP range of four and an external range of three, against a naive model: claims,
 * releases, restarts (as after a rebalance), duplicates, pools that are renamed, split, shrunk and grown, and somebody else
 * at an address.
 */
class AllocationProperties {
    private static final int SERVICES = 8;
    private static final Duration REST = Duration.ofSeconds(60);
    private static final List<String> VIPS = List.of("10.2.0.1", "10.2.0.2", "10.2.0.3", "10.2.0.4");

    /** How the operator edits the pools: as they were, renamed, split, shrunk, both. */
    private record Edit(String name, List<String> vips, List<Rules.ExternalPool> externals) {
        static final List<Edit> ALL = List.of(
                new Edit("as at first", List.of("10.2.0.1-10.2.0.4"), List.of(plain("198.51.100.1-198.51.100.3"))),
                new Edit(
                        "renamed",
                        List.of("10.2.0.1-10.2.0.4"),
                        List.of(plainNamed("other", "198.51.100.1-198.51.100.3"))),
                new Edit(
                        "split",
                        List.of("10.2.0.1-10.2.0.2", "10.2.0.3-10.2.0.4"),
                        List.of(plainNamed("low", "198.51.100.1"), plainNamed("high", "198.51.100.2-198.51.100.3"))),
                new Edit("shrunk", List.of("10.2.0.2-10.2.0.3"), List.of(plain("198.51.100.2"))),
                new Edit("shrunk and renamed", List.of("10.2.0.4"), List.of(plainNamed("few", "198.51.100.3"))));

        boolean isVip(String address) {
            return contains(vips.stream().map(AddressRange::parse).toList(), address);
        }

        boolean isExternal(String address) {
            return externals.stream().anyMatch(pool -> contains(pool.ranges(), address));
        }

        private static boolean contains(List<AddressRange> ranges, String address) {
            return ranges.stream().anyMatch(range -> range.contains(IpAddress.of(address)));
        }

        Rules rules() {
            return Claims.rules(vips, 1, externals.toArray(Rules.ExternalPool[]::new));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1_000, 2_000, 3_000, 4_000})
    void nothingIsHeldTwiceOrMovedOrStarved(long firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + 200; seed++) {
            new Run(seed).run(100);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {10_000, 20_000, 30_000, 40_000, 50_000})
    @Tag("full")
    void nothingIsHeldTwiceOrMovedOrStarvedInLongRuns(long firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + 10_000; seed++) {
            new Run(seed).run(100);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {100_000, 101_000})
    void aRestartAfterEachStepChangesNothing(long firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + 50; seed++) {
            var run = new Run(seed);
            run.restartsAlways = true;
            run.run(60);
        }
    }

    private static final class Run {
        private final long seed;
        private final Random random;
        private final FakeNeutron neutron = new FakeNeutron();
        private final IpamWorld world;
        private final Map<ServiceKey, AddressClaim> claims = new TreeMap<>();
        private final Map<String, Instant> restsUntil = new HashMap<>();
        private final Set<String> foreign = new HashSet<>();
        private Edit pools = Edit.ALL.getFirst();
        private boolean restartsAlways;
        private int uids;
        private String last = "start";

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.world = new IpamWorld(pools.rules(), neutron).started();
        }

        void run(int operations) {
            for (int i = 0; i < operations; i++) {
                var before = rows();
                world.advance(Duration.ofSeconds(1));
                operate();
                check(before);
                if (restartsAlways) {
                    restart();
                }
            }
            endWell();
        }

        private void operate() {
            var key = key("s" + random.nextInt(SERVICES));
            var claim = claims.get(key);
            switch (random.nextInt(9)) {
                case 0, 1, 2 -> appear(key, claim);
                case 3, 4 -> disappear(key, claim);
                case 5 -> restart();
                case 7 -> edit(Edit.ALL.get(random.nextInt(Edit.ALL.size())));
                case 6 -> takeOrLeave(VIPS.get(random.nextInt(VIPS.size())));
                default -> {
                    last = "duplicate of " + key;
                    if (claim != null) {
                        world.claim(key, claim);
                    }
                    world.octaviaServes(key);
                }
            }
        }

        /** As after a rebalance: another instance reads the tables again, and nothing changes by that. */
        private void restart() {
            var before = rows();
            world.restart();
            assertThat(rows()).as(() -> described() + ", restarted").isEqualTo(before);
        }

        private void edit(Edit edit) {
            last = "pools " + edit.name();
            pools = edit;
            world.restart(edit.rules());
        }

        private void appear(ServiceKey key, @Nullable AddressClaim before) {
            last = "claim by " + key;
            if (before != null && before.state() == ClaimState.WANTED) {
                return;
            }
            long incarnation = before == null ? 1 : before.incarnation() + 1;
            var vip = random.nextInt(3) == 0 ? VIPS.get(random.nextInt(VIPS.size())) : null;
            var pool = random.nextInt(3) == 0 ? pools.externals().getFirst().name() : null;
            var claim =
                    random.nextBoolean() ? claim("uid-" + uids++, vip, fromPool(pool)) : claim("uid-" + uids++, vip);
            var wanted = withProvider(withIncarnation(claim, incarnation), random.nextBoolean() ? "ovn" : "amphora");
            claims.put(key, wanted);
            world.claim(key, wanted);
            world.octaviaServes(key);
        }

        private void disappear(ServiceKey key, @Nullable AddressClaim claim) {
            last = "deletion of " + key;
            if (claim != null && claim.state() == ClaimState.WANTED) {
                claims.put(key, withdrawn(claim));
                world.claim(key, withdrawn(claim));
                if (random.nextInt(4) == 0) {
                    world.restart();
                }
                world.octaviaDeletes(key, claim);
                if (random.nextBoolean()) {
                    world.write(Topics.ADDRESS_CLAIMS, key.toString(), null);
                    assertThat(world.row(key)).as(this::described).isEmpty();
                }
            }
        }

        /** Somebody makes a port at an address, whether or not we hold it (then Neutron would refuse, unless it has no port yet). */
        private void takeOrLeave(String address) {
            last = "somebody at " + address;
            if (foreign.remove(address)) {
                neutron.collection("ports").remove("port-" + address);
            } else {
                foreign.add(address);
                neutron.port("port-" + address, FakeNeutron.SUBNET, address);
            }
            world.advance(Duration.ofSeconds(61)); // read again
        }

        private Map<ServiceKey, AddressAllocation> rows() {
            var rows = new TreeMap<ServiceKey, AddressAllocation>();
            world.tables
                    .of(Topics.ADDRESS_ALLOCATIONS)
                    .rows()
                    .forEach((key, row) -> rows.put(ServiceKey.parse(key), row));
            return rows;
        }

        private void check(Map<ServiceKey, AddressAllocation> before) {
            var after = rows();
            var held = new HashMap<String, ServiceKey>();
            after.forEach((key, row) -> addresses(row)
                    .forEach(address -> assertThat(held.put(address, key))
                            .as(() -> described() + ": two hold " + address)
                            .isNull()));
            before.forEach((key, row) -> notMoved(key, row, after.get(key)));
            rested(before, after);
            after.forEach((key, row) -> granted(key, before.get(key), row, after));
            notStarved(after, held);
            notStarvedOutside(after, held);
        }

        private void notMoved(ServiceKey key, AddressAllocation row, @Nullable AddressAllocation after) {
            var claim = claims.get(key);
            if (after != null
                    && claim != null
                    && claim.state() == ClaimState.WANTED
                    && claim.serviceUid().equals(row.serviceUid())
                    && row.state() == AllocationState.GRANTED) {
                assertThat(after.vips()).as(() -> described() + ": " + key).isEqualTo(row.vips());
                assertThat(externals(after))
                        .as(() -> described() + ": " + key)
                        .containsAll(externals(row).toList());
            }
        }

        private void rested(Map<ServiceKey, AddressAllocation> before, Map<ServiceKey, AddressAllocation> after) {
            before.forEach((key, row) -> {
                var now = after.get(key);
                externals(row).forEach(address -> {
                    if (now == null || externals(now).noneMatch(address::equals)) {
                        restsUntil.put(address, world.now().plus(REST));
                    }
                });
            });
        }

        private void granted(
                ServiceKey key,
                @Nullable AddressAllocation before,
                AddressAllocation after,
                Map<ServiceKey, AddressAllocation> rows) {
            var had = before == null ? List.<String>of() : addresses(before).toList();
            after.vips().stream()
                    .map(GrantedVip::address)
                    .filter(address -> !had.contains(address))
                    .forEach(address -> {
                        assertThat(pools.isVip(address))
                                .as(() -> described() + ": granted " + address)
                                .isTrue();
                        assertThat(foreign)
                                .as(() -> described() + ": robbed of " + address)
                                .doesNotContain(address);
                    });
            externals(after)
                    .filter(address -> !had.contains(address))
                    .forEach(address -> assertThat(pools.isExternal(address))
                            .as(() -> described() + ": granted " + address)
                            .isTrue());
            externals(after)
                    .filter(address -> !had.contains(address))
                    .forEach(address -> assertThat(restsUntil.getOrDefault(address, Instant.MIN))
                            .as(() -> described() + ": " + address + " was to rest")
                            .isBeforeOrEqualTo(world.now()));
            var claim = claims.get(key);
            if (claim != null
                    && claim.state() == ClaimState.WANTED
                    && had.isEmpty()
                    && !after.vips().isEmpty()
                    && claim.vips().getFirst().address() == null) {
                rows.forEach((other, row) -> assertThat(waitsForRange(row) && first(row) < first(after))
                        .as(() -> described() + ": " + key + " was served before " + other)
                        .isFalse());
            }
        }

        private void notStarved(Map<ServiceKey, AddressAllocation> rows, Map<String, ServiceKey> held) {
            boolean isFree =
                    VIPS.stream().anyMatch(vip -> pools.isVip(vip) && !held.containsKey(vip) && !foreign.contains(vip));
            if (isFree) {
                rows.forEach((key, row) -> assertThat(waitsForRange(row) && isWanted(key, row))
                        .as(() -> described() + ": " + key + " waits while an address is free")
                        .isFalse());
            }
        }

        /** Who names no pool is served by any. */
        private void notStarvedOutside(Map<ServiceKey, AddressAllocation> rows, Map<String, ServiceKey> held) {
            boolean isFree = Stream.of("198.51.100.1", "198.51.100.2", "198.51.100.3")
                    .filter(pools::isExternal)
                    .filter(address -> !held.containsKey(address))
                    .anyMatch(address ->
                            restsUntil.getOrDefault(address, Instant.MIN).isBefore(world.now()));
            if (isFree) {
                rows.forEach((key, row) -> assertThat(waitsForAnyPool(key, row) && isWanted(key, row))
                        .as(() -> described() + ": " + key + " waits while an external address is free")
                        .isFalse());
            }
        }

        private boolean waitsForAnyPool(ServiceKey key, AddressAllocation row) {
            var claim = claims.get(key);
            return claim != null
                    && claim.externals().stream().anyMatch(wanted -> wanted.pool() == null)
                    && row.externals().stream()
                            .anyMatch(each -> each.reason() == AllocationReason.EXTERNAL_POOL_EXHAUSTED);
        }

        /** Everybody goes; nothing is left and everything rests out. */
        private void endWell() {
            last = "the end";
            for (var key : new ArrayList<>(claims.keySet())) {
                disappear(key, claims.get(key));
            }
            world.advance(Duration.ofMinutes(3));
            rows().values()
                    .forEach(row -> assertThat(row.state()).as(this::described).isEqualTo(AllocationState.RELEASED));
            world.tables.of(Topics.ADDRESS_POOLS).rows().forEach((pool, status) -> {
                assertThat(status.used()).as(() -> described() + " " + pool).isZero();
                assertThat(status.quarantined())
                        .as(() -> described() + " " + pool)
                        .isEmpty();
                assertThat(status.waiting()).as(() -> described() + " " + pool).isZero();
            });
        }

        private boolean isWanted(ServiceKey key, AddressAllocation row) {
            var claim = claims.get(key);
            return claim != null
                    && claim.state() == ClaimState.WANTED
                    && claim.serviceUid().equals(row.serviceUid());
        }

        private static boolean waitsForRange(AddressAllocation row) {
            return row.state() == AllocationState.WAITING && row.reason() == AllocationReason.VIP_RANGE_EXHAUSTED;
        }

        private static long first(AddressAllocation row) {
            var first = row.firstClaimedEpochMillis();
            return first == null ? Long.MAX_VALUE : first;
        }

        private static Stream<String> addresses(AddressAllocation row) {
            return Stream.concat(row.vips().stream().map(GrantedVip::address), externals(row));
        }

        private static Stream<String> externals(AddressAllocation row) {
            return Stream.concat(row.externals().stream(), row.lettingGo().stream())
                    .filter(external -> external.state() == AllocationState.GRANTED)
                    .map(external -> String.valueOf(external.address()));
        }

        private String described() {
            return "seed %d, after %s".formatted(seed, last);
        }
    }
}
