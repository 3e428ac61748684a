package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.OutcomeKind;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.testbed.openstack.Faults;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Octavia refuses one port or one member: it is named, and the rest lives. */
class OctaviaRefusalsTest {
    private static final List<Integer> PORTS = List.of(80, 443);

    /** A text that is no address is 400 everywhere; a member of the other family 501 on ovn, the metadata address 400. */
    @ParameterizedTest
    @CsvSource({"amphora,not-an-address", "amphora,169.254.169.254", "ovn,not-an-address", "ovn,fd00::9"})
    void aCreateWithAMemberThatIsRefusedServesTheOthers(String provider, String address) {
        // Given
        var stage = tidy(provider);

        // When
        stage.make(1, stage.of(1, 1, PORTS, with(Stage.members(1, 3), address)));

        // Then
        assertThat(stage.status(1).phase()).isEqualTo(LoadBalancerPhase.DEGRADED);
        assertThat(stage.status(1).reason()).isEqualTo(StatusReason.PARTLY_REFUSED);
        assertThat(stage.status(1).message()).contains("member " + address + ":8080");
        assertThat(stage.sizes()).containsExactly(3, 3);
        assertThat(stage.cloud.inventory().loadBalancers()).hasSize(1);
    }

    @Test
    void aCreateWithAPortThatIsRefusedServesTheOthers() {
        // Given
        var stage = tidy("amphora");
        var listeners = List.of(Stage.listener(80), Stage.listener(443, List.of("2001:db8::/32")));
        var pools = List.of(stage.pool(80, Stage.members(1, 3)), stage.pool(443, Stage.members(1, 3)));

        // When
        stage.make(1, stage.of(1, 1, listeners, pools, List.of()));

        // Then
        assertThat(stage.status(1).phase()).isEqualTo(LoadBalancerPhase.DEGRADED);
        assertThat(stage.status(1).message()).contains("listener shop/web:TCP:443", "2001:db8::/32");
        assertThat(stage.sizes()).containsExactly(3);

        // When it is corrected
        stage.want(1, stage.of(1, 2, PORTS, Stage.members(1, 3)));

        // Then
        assertThat(stage.status(1).phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(stage.sizes()).containsExactly(3, 3);
    }

    @Test
    void aPortThatIsRefusedLaterHoldsUpNoOther() {
        // Given
        var stage = new Stage("amphora");
        stage.make(1, stage.of(1, 1, PORTS, Stage.members(1, 3)));
        var listeners =
                List.of(Stage.listener(80), Stage.listener(443), Stage.listener(8443, List.of("2001:db8::/32")));
        var pools = List.of(
                stage.pool(80, Stage.members(1, 5)),
                stage.pool(443, Stage.members(1, 5)),
                stage.pool(8443, Stage.members(1, 3)));

        // When
        stage.want(1, stage.of(1, 2, listeners, pools, List.of()));

        // Then
        assertThat(stage.status(1).phase()).isEqualTo(LoadBalancerPhase.DEGRADED);
        assertThat(stage.status(1).message()).contains("listener shop/web:TCP:8443");
        assertThat(stage.sizes()).containsExactly(5, 5);
    }

    @Test
    void whatTheProviderCannotDoIsAskedForOnce() {
        // Given
        var stage = tidy("ovn");
        stage.make(1, stage.of(1, 1, List.of(80), with(Stage.members(1, 3), "fd00::9")));
        long refused = refusals(stage);

        // When
        stage.octavia.run(Stage.RESYNC.multipliedBy(5));

        // Then
        assertThat(refusals(stage)).isEqualTo(refused);
        assertThat(stage.status(1).phase()).isEqualTo(LoadBalancerPhase.DEGRADED);

        // When something else is wanted
        stage.want(1, stage.of(1, 2, List.of(80), Stage.members(1, 4)));

        // Then
        assertThat(stage.status(1).phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
    }

    /** Octavia 11 leaves the VIP port of a create that it refuses late; until it is certain to be a leftover it stands in our way. */
    @Test
    void aCreateThatLeftItsPortBehindIsRepeatedWhenThePortIsDeleted() {
        // Given
        var stage = new Stage("ovn");
        stage.make(1, stage.of(1, 1, List.of(80), with(Stage.members(1, 3), "fd00::9")));
        assertThat(stage.status(1).reason()).isEqualTo(StatusReason.LEFTOVER_PORT);
        assertThat(stage.status(1).message())
                .as("the holder")
                .contains("Port " + stage.cloud.inventory().ports().getFirst().substring(0, 36), "ovn-lb-vip-");

        // When
        stage.octavia.run(Stage.RESYNC);
        assertThat(refusals(stage)).as("tries in 13 minutes").isLessThan(5);
        stage.octavia.run(Stage.RESYNC.plus(Stage.RESYNC));

        // Then
        assertThat(stage.status(1).phase()).isEqualTo(LoadBalancerPhase.DEGRADED);
        assertThat(stage.sizes()).containsExactly(3);
    }

    @ParameterizedTest
    @CsvSource({
        "listener,2,'listeners of project %s: limit 2, in use 2, needed 2'",
        "pool,3,'pools of project %s: limit 3, in use 2, needed 2'",
        "member,5,'members of project %s: limit 5, in use 4, needed 4'"
    })
    void aCreateBeyondAQuotaOfItsChildrenIsNotSentAndToldWithNumbers(String resource, int limit, String words) {
        // Given
        var stage = new Stage("amphora");
        stage.make(1, stage.of(1, 1, PORTS, Stage.members(1, 2)));
        stage.cloud.setFaults(
                Faults.none().with("brokenCreatesLeakPort", false).withQuota(resource, limit), stage.octavia.now);

        // When
        stage.make(2, stage.of(2, 1, PORTS, Stage.members(1, 2)));
        stage.octavia.run(Stage.RESYNC);

        // Then
        assertThat(stage.status(2).reason()).isEqualTo(StatusReason.QUOTA_EXCEEDED);
        assertThat(stage.status(2).message())
                .contains(words.formatted(
                        stage.only("listeners", "listeners").path("project_id").asText()));
        assertThat(stage.octavia.outcomes)
                .filteredOn(each -> each.kind() == OutcomeKind.FAILED)
                .as("tries in 13 minutes, none of which reached Octavia")
                .hasSizeBetween(2, 9)
                .allMatch(each -> each.status() == null);

        // When
        stage.cloud.setFaults(Faults.none(), stage.octavia.now);
        stage.octavia.run(Stage.RESYNC);

        // Then
        assertThat(stage.status(2).phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
    }

    /** Whether the quota is raised or one of those that use it up goes. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLoadBalancerBeyondTheQuotaIsNotAskedForAndMadeWhenThereIsRoom(boolean isRaised) {
        // Given
        var stage = new Stage("amphora");
        stage.make(1, stage.of(1, 1, PORTS, Stage.members(1, 2)));
        stage.cloud.setFaults(Faults.none().withQuota("loadbalancer", 1), stage.octavia.now);

        // When
        stage.make(2, stage.of(2, 1, PORTS, Stage.members(1, 2)));
        stage.octavia.run(Stage.RESYNC);

        // Then
        assertThat(stage.status(2).reason()).isEqualTo(StatusReason.QUOTA_EXCEEDED);
        assertThat(stage.status(2).message()).contains("load balancers of project ", ": limit 1, in use 1");
        assertThat(stage.octavia.outcomes)
                .filteredOn(each -> each.kind() == OutcomeKind.FAILED)
                .as("tries in 13 minutes, none of which reached Octavia")
                .hasSizeBetween(2, 9)
                .allMatch(each -> each.status() == null);

        // When
        if (isRaised) {
            stage.cloud.setFaults(Faults.none().withQuota("loadbalancer", 2), stage.octavia.now);
        } else {
            stage.want(1, Stage.absent(1));
        }
        stage.octavia.run(Stage.RESYNC);

        // Then
        assertThat(stage.status(2).phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
    }

    @Test
    void aPortBeyondTheQuotaHoldsUpNoOther() {
        // Given
        var stage = new Stage("amphora");
        stage.make(1, stage.of(1, 1, List.of(80), Stage.members(1, 2)));
        stage.cloud.setFaults(Faults.none().withQuota("listener", 1), stage.octavia.now);

        // When
        stage.want(1, stage.of(1, 2, PORTS, Stage.members(1, 3)));
        stage.want(1, stage.of(1, 3, PORTS, Stage.members(1, 5)));

        // Then
        assertThat(stage.status(1).phase()).isEqualTo(LoadBalancerPhase.DEGRADED);
        assertThat(stage.status(1).message())
                .contains("listener shop/web:TCP:443", " is 1, 1 in use", "Raise the quota");
        assertThat(stage.sizes()).containsExactly(5);

        // When
        stage.cloud.setFaults(Faults.none(), stage.octavia.now);
        stage.octavia.run(Stage.RESYNC);

        // Then
        assertThat(stage.status(1).phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(stage.sizes()).containsExactly(5, 5);
    }

    /** Members are counted by the list of pools: Octavia lists them by pool only. */
    @Test
    void aMemberBeyondTheQuotaIsNamedWithNumbers() {
        // Given
        var stage = new Stage("ovn");
        stage.make(1, stage.of(1, 1, List.of(80), Stage.members(1, 2)));
        stage.cloud.setFaults(Faults.none().withQuota("member", 2), stage.octavia.now);

        // When
        stage.want(1, stage.of(1, 2, List.of(80), Stage.members(1, 3)));

        // Then
        assertThat(stage.status(1).phase()).isEqualTo(LoadBalancerPhase.DEGRADED);
        assertThat(stage.status(1).message()).contains("member 10.1.0.4:8080", " is 2, 2 in use", "Raise the quota");
        assertThat(stage.sizes()).containsExactly(2);
    }

    private static Stage tidy(String provider) {
        var stage = new Stage(provider);
        stage.cloud.setFaults(Faults.none().with("brokenCreatesLeakPort", false), stage.octavia.now);
        return stage;
    }

    private static long refusals(Stage stage) {
        return stage.octavia.outcomes.stream()
                .filter(each -> each.kind() == OutcomeKind.FAILED)
                .count();
    }

    @Test
    void childrenThatStayPendingAreMendedForEachPool() {
        // Given
        var stage = new Stage("amphora");
        stage.cloud.setFaults(Faults.none().with("childrenStayPending", true), stage.octavia.now);

        // When
        stage.make(1, stage.of(1, 1, PORTS, Stage.members(1, 3)));

        // Then
        assertThat(stage.status(1).phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        for (var collection : List.of("listeners", "pools")) {
            assertThat(stage.get(collection).path(collection))
                    .allMatch(each -> each.path("provisioning_status").asText().equals("ACTIVE"));
        }
        assertThat(stage.get("pools/" + stage.only("pools", "pools").path("id").asText() + "/members")
                        .path("members"))
                .hasSize(3)
                .allMatch(each -> each.path("provisioning_status").asText().equals("ACTIVE"));
    }

    private static List<DesiredMember> with(List<DesiredMember> members, String address) {
        var all = new ArrayList<>(members);
        all.add(Stage.member(address, 1));
        return all;
    }
}
