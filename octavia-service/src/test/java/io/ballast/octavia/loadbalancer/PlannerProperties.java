package io.ballast.octavia.loadbalancer;

import static io.ballast.octavia.loadbalancer.Samples.blueprint;
import static io.ballast.octavia.loadbalancer.Samples.listener;
import static io.ballast.octavia.loadbalancer.Samples.member;
import static io.ballast.octavia.loadbalancer.Samples.pool;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Listener;
import io.ballast.schemas.contract.DesiredHealthMonitor;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.HealthMonitorType;
import io.ballast.schemas.contract.LbAlgorithm;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.PersistenceType;
import io.ballast.schemas.contract.PoolProtocol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlannerProperties {
    private static final int CASES = 2_000;
    private static final int WRITES_MAX = 200;

    @Test
    void convergesFromAnyStateAndThenPlansNothing() {
        for (long seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            var world = new World();
            var costs = random.nextBoolean() ? MemberCosts.AMPHORA : MemberCosts.OVN;
            var first = randomBlueprint(random);
            converge(world, first, costs, seed);
            var second = randomBlueprint(random);
            var served = served(world);
            int from = world.writes;
            for (var plan = Planner.plan(second, world.state(), costs);
                    !plan.isEmpty();
                    plan = Planner.plan(second, world.state(), costs)) {
                world.write(plan.getFirst());
                assertServes(world, served, second, seed);
                assertThat(world.writes - from).as("writes, seed %d", seed).isLessThan(WRITES_MAX);
            }
            assertMatches(world, second, seed);
        }
    }

    @Test
    void neverMakesAListenerOfOvnBesideAMonitor() {
        for (long seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            var world = new World("ovn");
            converge(world, randomBlueprint(random), MemberCosts.OVN, seed);
            world.writes = 0;
            converge(world, randomBlueprint(random), MemberCosts.OVN, seed);
        }
    }

    @Test
    void undoesWhatWasDoneByHandAndHarmsNobodyOnTheWay() {
        for (long seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            var world = new World();
            var costs = random.nextBoolean() ? MemberCosts.AMPHORA : MemberCosts.OVN;
            converge(world, randomBlueprint(random), costs, seed);
            world.set(Tampering.with(random, world.state()));
            var desired = randomBlueprint(random);
            var served = served(world);
            var admitted = admitted(world);
            int from = world.writes;
            @Nullable Listener deleted = null;
            for (var plan = Planner.plan(desired, world.state(), costs);
                    !plan.isEmpty();
                    plan = Planner.plan(desired, world.state(), costs)) {
                assertNothingBetween(deleted, plan.getFirst(), desired, seed);
                deleted = deletedBy(plan.getFirst(), world);
                world.write(plan.getFirst());
                assertServes(world, served, desired, seed);
                assertAdmitsNobodyNew(world, admitted, desired, seed);
                assertThat(world.writes - from).as("writes, seed %d", seed).isLessThan(WRITES_MAX);
            }
            assertMatches(world, desired, seed);
            assertThat(world.state().head().adminUp()).isTrue();
        }
    }

    /** Who may connect, by transport and port: nobody, everybody or these. */
    private static Map<String, Set<String>> admitted(World world) {
        var admitted = new TreeMap<String, Set<String>>();
        world.state()
                .listeners()
                .forEach(each -> admitted.put(
                        Words.transport(each.protocol()) + each.port(),
                        !each.adminUp()
                                ? Set.of()
                                : each.allowedCidrs().isEmpty()
                                        ? Set.of("everybody")
                                        : Set.copyOf(each.allowedCidrs())));
        return admitted;
    }

    /** Nobody may connect on the way who could neither before nor should afterwards. */
    private static void assertAdmitsNobodyNew(
            World world, Map<String, Set<String>> before, Blueprint desired, long seed) {
        var allowed = new TreeMap<String, Set<String>>();
        before.forEach((port, who) -> allowed.put(port, new HashSet<>(who)));
        desired.listeners()
                .forEach(each -> allowed.computeIfAbsent(
                                Words.transport(each.protocol().name()) + each.port(), _ -> new HashSet<>())
                        .addAll(each.allowedCidrs() == null ? Set.of("everybody") : each.allowedCidrs()));
        admitted(world).forEach((port, who) -> {
            if (!allowed.getOrDefault(port, Set.of()).contains("everybody")) {
                assertThat(allowed.getOrDefault(port, Set.of()))
                        .as("%s, seed %d", port, seed)
                        .containsAll(who);
            }
        });
    }

    /** A listener that is made anew on its port is made at once. */
    private static void assertNothingBetween(
            @Nullable Listener deleted, OctaviaAction next, Blueprint desired, long seed) {
        if (deleted != null && desired.listeners().stream().anyMatch(each -> isOfPort(each, deleted))) {
            assertThat(next)
                    .as("after the listener of port %d is gone, seed %d", deleted.port(), seed)
                    .isInstanceOfSatisfying(
                            OctaviaAction.CreateListener.class,
                            create -> assertThat(create.listener().port()).isEqualTo(deleted.port()));
        }
    }

    private static boolean isOfPort(DesiredListener listener, Listener there) {
        return listener.port() == there.port()
                && Words.transport(listener.protocol().name()).equals(Words.transport(there.protocol()));
    }

    private static @Nullable Listener deletedBy(OctaviaAction action, World world) {
        return world.state().listeners().stream()
                .filter(each -> action instanceof OctaviaAction.DeleteListener(var id, var _)
                        && each.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    private static List<OctaviaAction> plan(World world, Blueprint blueprint, MemberCosts costs) {
        return OvnMonitors.outOfTheWay(Planner.plan(blueprint, world.state(), costs), world.state());
    }

    private static void converge(World world, Blueprint blueprint, MemberCosts costs, long seed) {
        for (var plan = plan(world, blueprint, costs); !plan.isEmpty(); plan = plan(world, blueprint, costs)) {
            world.write(plan.getFirst());
            assertThat(world.writes).as("writes, seed %d", seed).isLessThan(WRITES_MAX);
        }
        assertMatches(world, blueprint, seed);
    }

    /** Listeners with members behind them, by protocol and port. */
    private static Map<String, Integer> served(World world) {
        var served = new TreeMap<String, Integer>();
        world.state()
                .listeners()
                .forEach(each -> served.put(
                        each.protocol() + each.port(),
                        world.state()
                                .pool(each.defaultPoolId())
                                .map(pool -> pool.members().size())
                                .orElse(0)));
        return served;
    }

    /** A listener that served before and should serve afterwards has members all the while. */
    private static void assertServes(World world, Map<String, Integer> before, Blueprint desired, long seed) {
        var now = served(world);
        for (var listener : desired.listeners()) {
            var name = listener.protocol().name() + listener.port();
            var wanted = desired.pools().stream()
                    .filter(pool -> pool.name().equals(listener.pool()))
                    .anyMatch(pool -> pool.members().size() > 1); // the only one of another subnet has to leave first
            if (wanted && before.getOrDefault(name, 0) > 0) {
                assertThat(now.getOrDefault(name, 0))
                        .as("members behind %s, seed %d", name, seed)
                        .isPositive();
            }
        }
    }

    private static void assertMatches(World world, Blueprint desired, long seed) {
        var state = world.state();
        assertThat(state.listeners()).as("listeners, seed %d", seed).hasSameSizeAs(desired.listeners());
        assertThat(state.pools()).as("pools, seed %d", seed).hasSameSizeAs(desired.pools());
        for (var listener : desired.listeners()) {
            var there = state.listeners().stream()
                    .filter(each -> each.name().equals(listener.name()))
                    .findFirst()
                    .orElseThrow();
            var pool = state.pool(there.defaultPoolId()).orElseThrow();
            var wanted = desired.pools().stream()
                    .filter(each -> each.name().equals(listener.pool()))
                    .findFirst()
                    .orElseThrow();
            assertThat(pool.name()).isEqualTo(wanted.name());
            assertThat(Differences.in(wanted, pool)).as("pool, seed %d", seed).isFalse();
            assertThat(Differences.in(listener, there, there.defaultPoolId(), ListenerDefaults.DOCUMENTED))
                    .as("listener, seed %d", seed)
                    .isFalse();
            assertThat(pool.monitor() == null).isEqualTo(wanted.healthMonitor() == null);
            assertThat(pool.members())
                    .allMatch(each -> each.adminUp() && !each.backup() && each.monitorAddress() == null)
                    .allMatch(each -> each.subnetId() == null || each.subnetId().equals(Samples.SUBNET));
            assertThat(pool.members().stream()
                            .map(each -> each.address() + " " + each.weight())
                            .sorted())
                    .as("members, seed %d", seed)
                    .isEqualTo(wanted.members().stream()
                            .map(each -> each.address() + " " + each.weight())
                            .sorted()
                            .toList());
        }
    }

    private static Blueprint randomBlueprint(Random random) {
        var pools = new ArrayList<DesiredPool>();
        var listeners = new ArrayList<DesiredListener>();
        for (int port = 80; port < 84; port++) {
            if (random.nextInt(4) == 0) {
                continue;
            }
            var protocol = List.of(ListenerProtocol.TCP, ListenerProtocol.HTTP, ListenerProtocol.UDP)
                    .get(random.nextInt(3));
            var poolProtocol = PoolProtocol.valueOf(protocol.name());
            var shared = pools.stream()
                    .filter(each -> each.protocol() == poolProtocol)
                    .findFirst();
            var name = "pool-" + (random.nextInt(3) == 0 ? "x" : "") + port;
            if (shared.isPresent() && random.nextBoolean()) {
                name = shared.get().name();
            } else {
                pools.add(randomPool(random, name, poolProtocol));
            }
            listeners.add(listener(
                    protocol,
                    port,
                    name,
                    random.nextInt(3) == 0 ? List.of("192.0.2." + random.nextInt(3) + "/32") : null));
        }
        return blueprint(listeners, pools);
    }

    private static DesiredPool randomPool(Random random, String name, PoolProtocol protocol) {
        var members = new ArrayList<DesiredMember>();
        for (int last = 1; last <= 8; last++) {
            if (random.nextInt(3) != 0) {
                members.add(member("10.1.0." + last, random.nextInt(2)));
            }
        }
        var plain = pool(name, protocol, members);
        return new DesiredPool(
                plain.name(),
                plain.protocol(),
                random.nextBoolean() ? LbAlgorithm.ROUND_ROBIN : LbAlgorithm.LEAST_CONNECTIONS,
                random.nextInt(3) == 0 ? PersistenceType.SOURCE_IP : null,
                null,
                random.nextInt(3) == 0 ? monitor(random, name) : null,
                plain.members());
    }

    private static DesiredHealthMonitor monitor(Random random, String name) {
        return new DesiredHealthMonitor(
                name,
                random.nextBoolean() ? HealthMonitorType.TCP : HealthMonitorType.UDP_CONNECT,
                5 + random.nextInt(2),
                3,
                2,
                3,
                null,
                null,
                null);
    }
}
