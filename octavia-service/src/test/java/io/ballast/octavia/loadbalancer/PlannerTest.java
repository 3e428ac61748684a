package io.ballast.octavia.loadbalancer;

import static io.ballast.octavia.loadbalancer.Samples.blueprint;
import static io.ballast.octavia.loadbalancer.Samples.listener;
import static io.ballast.octavia.loadbalancer.Samples.members;
import static io.ballast.octavia.loadbalancer.Samples.pool;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.PoolProtocol;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.util.ArrayList;
import java.util.List;
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
                .containsExactly("UpdatePool", "CreateListener", "DeleteListener");
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
