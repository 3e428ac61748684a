package io.ballast.testbed.octavia;

import static io.ballast.testbed.octavia.OneService.A_MINUTE;
import static io.ballast.testbed.octavia.OneService.KEY;
import static io.ballast.testbed.octavia.OneService.VIP;
import static io.ballast.testbed.octavia.OneService.absent;
import static io.ballast.testbed.octavia.OneService.present;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.Repair;
import io.ballast.schemas.contract.RepairKind;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.testbed.openstack.Faults;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R28, R29: what is done about load balancers in ERROR and those that stay PENDING, and what is left to people. */
class OctaviaFailureTest {
    private static final Duration A_DAY = Duration.ofHours(24);
    private static final Duration HOURS = Duration.ofHours(5);

    @Test
    void makesOneThatAlwaysFailsAnewAtMostTwiceAnHourAlsoOverRestarts() {
        // Given
        var service = new OneService();
        service.faults(Faults.none().with("nextCreatesFail", 1_000));
        service.create();

        // When
        for (int restart = 0; restart < 10; restart++) {
            service.octavia.run(Duration.ofMinutes(5));
            service.octavia.restart();
        }

        // Then
        assertThat(service.started("CreateLoadBalancer")).isEqualTo(3);
        assertThat(service.status().repairs())
                .extracting(Repair::kind)
                .containsExactly(RepairKind.RECREATED, RepairKind.RECREATED);
        assertThat(service.status().message()).contains("at most 2 times an hour");
    }

    @Test
    void makesAtMostTwoAnHourForADayAndOneServesInTheEnd() {
        // Given
        var service = new OneService();
        service.faults(Faults.none().with("nextCreatesFail", 1_000));
        service.create();

        // When
        service.octavia.run(A_DAY);

        // Then
        assertThat(service.started("CreateLoadBalancer")).isBetween(24L, 2L * 25 + 1);
        assertThat(service.status().repairs()).hasSizeLessThanOrEqualTo(20);

        // When
        service.faults(Faults.none());
        service.octavia.run(Duration.ofHours(1));

        // Then
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(service.cloud.inventory().loadBalancers()).hasSize(1);
    }

    @Test
    void neverDeletesOneThatHasServedAndSaysThatAFailoverWasRefused() {
        // Given
        var service = new OneService();
        service.create();
        var id = service.loadBalancer().id();

        // When
        service.breakIt();
        service.octavia.run(A_DAY);

        // Then
        assertThat(service.started("DeleteLoadBalancer")).isZero();
        assertThat(service.started("FailoverLoadBalancer"))
                .as("a refusal is remembered")
                .isEqualTo(1);
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.ERROR);
        assertThat(service.status().reason()).isEqualTo(StatusReason.LOAD_BALANCER_ERROR);
        assertThat(service.status().message()).contains("refuses a failover").contains("ballast.io/recreate: " + id);
        assertThat(service.status().appliedGeneration()).isEqualTo(1);
    }

    @Test
    void goesOnByItselfWhenAnAdministratorHasFailedItOver() {
        // Given
        var service = new OneService();
        service.create();
        service.breakIt();

        // When
        int answer =
                service.asAdmin("PUT", "loadbalancers/" + service.loadBalancer().id() + "/failover");
        service.octavia.run(Duration.ofMinutes(11));

        // Then
        assertThat(answer).isEqualTo(202);
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(service.status().reason()).isNull();
    }

    @Test
    void failsOverOnceADayWhereItMay() {
        // Given
        var service = new OneService();
        service.create();
        service.octavia.user = "admin";
        service.octavia.project = "admin";

        // When
        service.breakIt();
        service.octavia.run(A_MINUTE);

        // Then
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(service.status().repairs()).extracting(Repair::kind).containsExactly(RepairKind.FAILED_OVER);

        // When it breaks again and again, and octavia-service with it
        service.breakIt();
        service.octavia.restart();
        service.octavia.run(Duration.ofHours(20));

        // Then
        assertThat(service.started("FailoverLoadBalancer")).isEqualTo(1);
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.ERROR);
        assertThat(service.status().message()).contains("A failover did not mend it");

        // When
        service.octavia.run(A_DAY);

        // Then
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(service.started("DeleteLoadBalancer")).isZero();
    }

    @Test
    void failsNothingOverWhenThatIsSwitchedOff() {
        // Given
        var service = new OneService(Policy.DEFAULT.withoutFailover());
        service.create();
        service.octavia.user = "admin";
        service.octavia.project = "admin";

        // When
        service.breakIt();

        // Then
        assertThat(service.started("FailoverLoadBalancer")).isZero();
        assertThat(service.status().message()).contains("Failovers are switched off");
    }

    @Test
    void makesOneAnewThatAPersonNamesWithItsAddresses() {
        // Given
        var service = new OneService();
        var floatingIp = service.floatingIp();
        service.create(List.of(floatingIp));
        service.breakIt();
        var id = service.loadBalancer().id();

        // When
        service.desire(present(2).asked(List.of(id), List.of()));
        service.octavia.run(A_MINUTE);

        // Then
        assertThat(service.loadBalancer().id()).isNotEqualTo(id);
        assertThat(service.loadBalancer().vips().getFirst().address()).isEqualTo(VIP);
        assertThat(service.status().externals())
                .singleElement()
                .satisfies(external -> assertThat(external.floatingIpId()).isEqualTo(floatingIp.floatingIpId()));
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(service.cloud.inventory().loadBalancers()).hasSize(1);

        // When the annotation stays
        service.octavia.run(A_DAY);

        // Then
        assertThat(service.started("CreateLoadBalancer")).isEqualTo(2);
    }

    @Test
    void reportsOneThatStaysPendingAndDoesNothingAboutIt() {
        // Given
        var service = new OneService();
        service.faults(Faults.none().with("nextChangesStuck", 1));
        service.create();

        // When
        service.octavia.run(HOURS);

        // Then
        assertThat(service.octavia.writes()).isEqualTo(1);
        assertThat(service.status().reason()).isEqualTo(StatusReason.STUCK_PENDING);
        assertThat(service.octavia.statuses).hasSizeLessThan(5);
    }

    @Test
    void letsAServiceGoWithoutOneThatAPersonGaveUpOn() {
        // Given
        var service = new OneService();
        service.faults(Faults.none().with("workersStopped", true));
        service.create();
        service.desire(absent());
        service.octavia.run(Duration.ofMinutes(30));
        var stuck = service.status();

        // When
        service.desire(absent().asked(
                        List.of(), List.of(stuck.loadBalancers().getFirst().id())));
        service.octavia.run(A_MINUTE);

        // Then
        assertThat(stuck.phase()).isEqualTo(LoadBalancerPhase.DELETING);
        assertThat(stuck.message())
                .contains("ballast.io/abandon: "
                        + stuck.loadBalancers().getFirst().id());
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.DELETED);
        assertThat(service.status().reason()).isEqualTo(StatusReason.ABANDONED);
        assertThat(service.status().loadBalancers()).hasSize(1);

        // When octavia-service starts anew, and Octavia's worker goes on long after
        service.octavia.restart();
        service.octavia.run(HOURS);
        service.faults(Faults.none());
        service.octavia.run(Duration.ofMinutes(11));

        // Then
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.DELETED);
        assertThat(service.status().reason()).isNull();
        assertThat(service.cloud.inventory().loadBalancers()).isEmpty();
        assertThat(service.ports()).noneMatch(port -> port.path("name").asText().startsWith("octavia-lb-"));
    }

    @Test
    void doesNotGiveUpOnOneThatCanBeDeleted() {
        // Given
        var service = new OneService();
        service.create();
        var id = service.loadBalancer().id();

        // When
        service.desire(present(2).asked(List.of(), List.of(id)));
        service.octavia.run(A_MINUTE);

        // Then
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);

        // When
        service.desire(absent().asked(List.of(), List.of(id)));
        service.octavia.run(A_MINUTE);

        // Then
        assertThat(service.status().reason()).isNull();
        assertThat(service.cloud.inventory().loadBalancers()).isEmpty();
    }

    @Test
    void saysAFailureOnceHoweverOftenItRepeats() {
        // Given
        var service = new OneService();
        service.faults(Faults.none().withStorm(new Faults.Storm(10_000, 503, Duration.ZERO, true, "OCTAVIA")));
        service.create();
        int told = service.octavia.statuses.size();

        // When
        service.octavia.run(Duration.ofHours(2));

        // Then
        assertThat(service.status().reason()).isEqualTo(StatusReason.OPENSTACK_BUSY);
        assertThat(service.octavia.statuses)
                .as("each retry has another request id")
                .hasSize(told);
        assertThat(service.octavia.outcomes.stream()
                        .map(each -> each.requestId())
                        .distinct()
                        .count())
                .isGreaterThan(5);
    }

    @Test
    void countsNothingTwiceWhenItDiesBetweenTheDeleteAndTheNextCreate() {
        for (int kill = 1; kill < 30; kill++) {
            var service = new OneService();
            service.faults(Faults.none().with("nextCreatesFail", 1_000));
            service.octavia.open();
            service.octavia.put(io.ballast.schemas.Topics.ADDRESS_ALLOCATIONS, KEY, service.granted(List.of()));
            service.desire(present(1));
            for (int step = 0; step < kill; step++) {
                service.octavia.step(OneService.START.plus(A_MINUTE));
            }
            service.octavia.restart();
            service.octavia.run(Duration.ofMinutes(50));
            assertThat(service.started("CreateLoadBalancer"))
                    .as("killed at %d", kill)
                    .isLessThanOrEqualTo(4);
            assertThat(service.octavia.statuses)
                    .as("killed at %d", kill)
                    .extracting(LoadBalancerStatus::repairs)
                    .allMatch(repairs -> repairs.size() <= 2);
        }
    }
}
