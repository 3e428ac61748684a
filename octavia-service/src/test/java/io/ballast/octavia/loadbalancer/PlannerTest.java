package io.ballast.octavia.loadbalancer;

import static io.ballast.octavia.loadbalancer.Samples.blueprint;
import static io.ballast.octavia.loadbalancer.Samples.listener;
import static io.ballast.octavia.loadbalancer.Samples.member;
import static io.ballast.octavia.loadbalancer.Samples.members;
import static io.ballast.octavia.loadbalancer.Samples.pool;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.DesiredHealthMonitor;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.HealthMonitorType;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.OperatingStatus;
import io.ballast.schemas.contract.PoolProtocol;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private final World world = new World();

    @Test
    void plansNothingUnlessActive() {
        // Given
        world.set(world.state().withHead(world.state().head().with(ProvisioningStatus.PENDING_UPDATE)));

        // Then
        assertThat(plan(web(80, 1, 3), MemberCosts.AMPHORA)).isEmpty();
    }

    @Test
    void plansNothingWhenConverged() {
        // Given
        converge(web(80, 1, 3));

        // Then
        assertThat(plan(web(80, 1, 3), MemberCosts.AMPHORA)).isEmpty();
    }

    @Test
    void scalesWithOneWriteOnAmphora() {
        // Given
        converge(web(80, 1, 3));

        // When
        var scaled = converge(web(80, 1, 50));
        var replaced = converge(web(80, 2, 51));

        // Then
        assertThat(scaled).singleElement().isInstanceOf(OctaviaAction.BatchMembers.class);
        assertThat(replaced).hasSize(1);
    }

    @Test
    void addsBeforeItRemovesOnOvnWhereSingleWritesAreCheaper() {
        // Given
        converge(web(80, 1, 50));

        // When
        var actions = converge(web(80, 2, 51), MemberCosts.OVN);

        // Then
        assertThat(actions).extracting(OctaviaAction::word).containsExactly("CreateMember", "DeleteMember");
    }

    @Test
    void renumbersAPortWithoutTouchingItsMembers() {
        // Given
        converge(web(80, 1, 20));

        // When
        var actions = converge(web(81, 1, 20));

        // Then
        assertThat(actions)
                .extracting(OctaviaAction::word)
                .containsExactly("CreateListener", "UpdatePool", "DeleteListener");
    }

    @Test
    void keepsThePoolThatSomebodyElseMadeForAListener() {
        // Given: as another controller made it, with other names and other members
        converge(blueprint(
                List.of(
                        listener(ListenerProtocol.TCP, 80, "pool_0_theirs"),
                        listener(ListenerProtocol.TCP, 81, "pool_1_theirs")),
                List.of(
                        pool("pool_0_theirs", PoolProtocol.TCP, members(1, 3)),
                        pool("pool_1_theirs", PoolProtocol.TCP, members(4, 6)))));
        var pools = List.copyOf(world.state().head().poolIds());

        // When
        var actions = converge(blueprint(
                List.of(listener(ListenerProtocol.TCP, 80, "web"), listener(ListenerProtocol.TCP, 81, "admin")),
                List.of(
                        pool("web", PoolProtocol.TCP, members(11, 13)),
                        pool("admin", PoolProtocol.TCP, members(14, 16)))));

        // Then
        assertThat(world.state().head().poolIds()).containsExactlyElementsOf(pools);
        assertThat(actions)
                .extracting(OctaviaAction::word)
                .containsExactly("UpdatePool", "BatchMembers", "UpdatePool", "BatchMembers");
    }

    @Test
    void makesPoolsForTwoListenersThatPartRatherThanMisleadOneOfThem() {
        // Given
        converge(blueprint(
                List.of(listener(ListenerProtocol.TCP, 80, "both"), listener(ListenerProtocol.TCP, 81, "both")),
                List.of(pool("both", PoolProtocol.TCP, members(1, 3)))));

        // When
        var actions = converge(blueprint(
                List.of(listener(ListenerProtocol.TCP, 80, "web"), listener(ListenerProtocol.TCP, 81, "admin")),
                List.of(
                        pool("web", PoolProtocol.TCP, members(11, 13)),
                        pool("admin", PoolProtocol.TCP, members(14, 16)))));

        // Then: no member of one is ever behind the listener of the other
        assertThat(actions)
                .extracting(OctaviaAction::word)
                .containsExactly(
                        "CreatePool",
                        "BatchMembers",
                        "CreatePool",
                        "BatchMembers",
                        "UpdateListener",
                        "UpdateListener",
                        "DeletePool");
    }

    @Test
    void fillsTheNewPoolBeforeTheProtocolOfAListenerChanges() {
        // Given
        converge(web(80, 1, 3));

        // When
        var actions = converge(blueprint(
                List.of(listener(ListenerProtocol.HTTP, 80, "http")),
                List.of(pool("http", PoolProtocol.HTTP, members(1, 3)))));

        // Then
        assertThat(actions)
                .extracting(OctaviaAction::word)
                .containsExactly("CreatePool", "BatchMembers", "DeleteListener", "CreateListener", "DeletePool");
    }

    @Test
    void narrowsWhoMayConnectBeforeAnythingElse() {
        // Given
        converge(web(80, 1, 3));
        var narrower = blueprint(
                List.of(listener(ListenerProtocol.TCP, 80, "pool-80", List.of("192.0.2.0/24"))),
                List.of(pool("pool-80", PoolProtocol.TCP, members(1, 9))));

        // When
        var actions = converge(narrower);

        // Then
        assertThat(actions).extracting(OctaviaAction::word).containsExactly("UpdateListener", "BatchMembers");
    }

    @Test
    void closesAListenerThatNobodyMayUse() {
        // When
        converge(blueprint(
                List.of(listener(ListenerProtocol.TCP, 80, "pool-80", List.of())),
                List.of(pool("pool-80", PoolProtocol.TCP, members(1, 3)))));

        // Then
        assertThat(world.state().listeners().getFirst().adminUp()).isFalse();
    }

    @Test
    void mendsChildrenThatOctaviaLeftPending() {
        // Given
        converge(web(80, 1, 3));
        world.set(new ObservedLoadBalancer(
                world.state().head(),
                world.state().listeners().stream()
                        .map(each -> each.with(ProvisioningStatus.PENDING_CREATE))
                        .toList(),
                world.state().pools().stream()
                        .map(each -> each.with(ProvisioningStatus.PENDING_CREATE)
                                .withMembers(each.members().stream()
                                        .map(member -> member.with(ProvisioningStatus.PENDING_CREATE))
                                        .toList()))
                        .toList()));

        // Then
        assertThat(plan(web(80, 1, 3), MemberCosts.AMPHORA))
                .extracting(OctaviaAction::word)
                .containsExactly("UpdateListener", "UpdatePool", "BatchMembers");
    }

    @Test
    void offersTheSingleWritesBehindABatchThatMayBeRefused() {
        // Given
        converge(web(80, 1, 3));

        // Then
        assertThat(plan(web(80, 1, 6), MemberCosts.AMPHORA))
                .extracting(OctaviaAction::word)
                .containsExactly("BatchMembers", "CreateMember", "CreateMember", "CreateMember");
    }

    @Test
    void putsUpAgainWhatAnOperatorTookDownAndChangesBackWhatHeChanged() {
        // Given
        converge(web(80, 1, 3));
        var pool = world.state().pools().getFirst();
        var member = pool.members().getFirst();
        world.set(new ObservedLoadBalancer(
                new LoadBalancerHead(
                        "lb",
                        "shop/web",
                        "amphora",
                        ProvisioningStatus.ACTIVE,
                        OperatingStatus.OFFLINE,
                        world.state().head().vips(),
                        world.state().head().tags(),
                        "",
                        "",
                        world.state().head().listenerIds(),
                        world.state().head().poolIds(),
                        false),
                world.state().listeners(),
                List.of(new ObservedLoadBalancer.Pool(
                        pool.id(),
                        pool.name(),
                        "TCP",
                        "SOURCE_IP",
                        null,
                        null,
                        null,
                        List.of(
                                new ObservedLoadBalancer.Member(
                                        member.id(),
                                        member.name(),
                                        member.address(),
                                        member.port(),
                                        1,
                                        false,
                                        null,
                                        null,
                                        ProvisioningStatus.ACTIVE,
                                        OperatingStatus.OFFLINE,
                                        Samples.SUBNET,
                                        false),
                                pool.members().get(1),
                                pool.members().get(2)),
                        ProvisioningStatus.ACTIVE,
                        false))));

        // When
        var actions = converge(web(80, 1, 3));

        // Then
        assertThat(actions)
                .extracting(OctaviaAction::word)
                .containsExactly("UpdateLoadBalancer", "UpdatePool", "UpdateMember");
    }

    @Test
    void writesNothingForAnAddressThatIsSpeltInAnotherWay() {
        // Given
        var wanted = blueprint(
                List.of(listener(ListenerProtocol.TCP, 80, "pool-80")),
                List.of(pool("pool-80", PoolProtocol.TCP, List.of(member("fd00::1", 1), member("fd00::2", 1)))));
        converge(wanted);
        world.set(world.state()
                .withPools(world.state().pools().stream()
                        .map(pool -> pool.withMembers(pool.members().stream()
                                .map(each -> spelt(
                                        each,
                                        each.address().toUpperCase(Locale.ROOT).replace("::", ":0::")))
                                .toList()))
                        .toList()));

        // Then
        assertThat(plan(wanted, MemberCosts.AMPHORA)).isEmpty();

        // When a third one comes
        var more = blueprint(
                List.of(listener(ListenerProtocol.TCP, 80, "pool-80")),
                List.of(pool(
                        "pool-80",
                        PoolProtocol.TCP,
                        List.of(member("fd00::2", 1), member("fd00::3", 1), member("fd00::4", 1)))));

        // Then it is listed as it is spelt there
        assertThat(plan(more, MemberCosts.AMPHORA).getFirst())
                .isInstanceOfSatisfying(
                        OctaviaAction.BatchMembers.class,
                        batch -> assertThat(batch.members())
                                .extracting(DesiredMember::address)
                                .containsExactly("FD00:0::2", "fd00::3", "fd00::4"));
    }

    private static ObservedLoadBalancer.Member spelt(ObservedLoadBalancer.Member member, String address) {
        return new ObservedLoadBalancer.Member(
                member.id(),
                member.name(),
                address,
                member.port(),
                member.weight(),
                false,
                null,
                null,
                ProvisioningStatus.ACTIVE,
                OperatingStatus.ONLINE);
    }

    @Test
    void movesMembersToAnotherSubnetWhileOthersServe() {
        // Given
        converge(web(80, 1, 3));
        world.set(world.state()
                .withPools(world.state().pools().stream()
                        .map(pool -> pool.withMembers(pool.members().stream()
                                .map(PlannerTest::elsewhere)
                                .toList()))
                        .toList()));

        // When
        var actions = converge(web(80, 1, 3), MemberCosts.OVN);

        // Then
        assertThat(actions)
                .extracting(OctaviaAction::word)
                .containsExactly("BatchMembers", "BatchMembers", "CreateMember");
        assertThat(((OctaviaAction.BatchMembers) actions.getFirst()).members()).hasSize(1);
        assertThat(((OctaviaAction.BatchMembers) actions.get(1)).members()).hasSize(2);
        assertThat(world.state().pools().getFirst().members())
                .hasSize(3)
                .noneMatch(each -> "99999999-0000-0000-0000-000000000000".equals(each.subnetId()));
    }

    private static ObservedLoadBalancer.Member elsewhere(ObservedLoadBalancer.Member member) {
        return new ObservedLoadBalancer.Member(
                member.id(),
                member.name(),
                member.address(),
                member.port(),
                member.weight(),
                false,
                null,
                null,
                ProvisioningStatus.ACTIVE,
                OperatingStatus.ONLINE,
                "99999999-0000-0000-0000-000000000000",
                true);
    }

    @Test
    void resetsToItsDefaultWhatIsNotDesiredOfAnHttpMonitor() {
        // Given
        var monitor = new DesiredHealthMonitor("m", HealthMonitorType.HTTP, 5, 3, 1, 3, null, "/healthz", null);
        var plain = new DesiredHealthMonitor("m", HealthMonitorType.HTTP, 5, 3, 1, 3, null, null, null);
        var observed = new ObservedLoadBalancer.Monitor(
                "h", "m", "HTTP", 5, 3, 1, 3, "GET", "/healthz", "200", ProvisioningStatus.ACTIVE, true);

        // Then
        assertThat(Differences.in(monitor, observed)).isFalse();
        assertThat(Differences.in(plain, observed)).isTrue();
    }

    @Test
    void takesAwayItsOwnTagsAndLeavesThoseOfOthers() {
        // Given
        converge(web(80, 1, 3));
        var tags = new TreeSet<>(List.of("ballast", "team-a", "by hand"));
        var head = world.state().head();
        world.set(world.state()
                .withHead(new LoadBalancerHead(
                        "lb",
                        head.name(),
                        "amphora",
                        ProvisioningStatus.ACTIVE,
                        OperatingStatus.ONLINE,
                        head.vips(),
                        tags,
                        "",
                        "",
                        head.listenerIds(),
                        head.poolIds())));

        // When
        var plan = Planner.plan(
                web(80, 1, 3), world.state(), MemberCosts.AMPHORA, ListenerDefaults.DOCUMENTED, Set.of("team-a"));

        // Then
        assertThat(plan)
                .singleElement()
                .isEqualTo(new OctaviaAction.UpdateLoadBalancer(
                        "lb", "shop/web", new TreeSet<>(List.of("ballast", "by hand"))));
    }

    @Test
    void keepsTheOldListenerOfAPortWhileItsSuccessorHasNoMembers() {
        // Given
        converge(web(80, 1, 3));
        var http = blueprint(
                List.of(listener(ListenerProtocol.HTTP, 80, "http")),
                List.of(pool("http", PoolProtocol.HTTP, members(1, 3))));
        world.write(plan(http, MemberCosts.AMPHORA).getFirst());

        // Then no way leads around the members, refused as they may be
        assertThat(plan(http, MemberCosts.AMPHORA))
                .extracting(OctaviaAction::word)
                .containsExactly("BatchMembers", "CreateMember", "CreateMember", "CreateMember");
    }

    private static Blueprint web(int port, int from, int to) {
        return blueprint(
                List.of(listener(ListenerProtocol.TCP, port, "pool-" + port)),
                List.of(pool("pool-" + port, PoolProtocol.TCP, members(from, to))));
    }

    private List<OctaviaAction> plan(Blueprint blueprint, MemberCosts costs) {
        return Planner.plan(blueprint, world.state(), costs);
    }

    private List<OctaviaAction> converge(Blueprint blueprint) {
        return converge(blueprint, MemberCosts.AMPHORA);
    }

    private List<OctaviaAction> converge(Blueprint blueprint, MemberCosts costs) {
        var made = new ArrayList<OctaviaAction>();
        for (var plan = plan(blueprint, costs); !plan.isEmpty(); plan = plan(blueprint, costs)) {
            world.write(plan.getFirst());
            made.add(plan.getFirst());
            assertThat(made).as("no end in sight").hasSizeLessThan(100);
        }
        return made;
    }
}
