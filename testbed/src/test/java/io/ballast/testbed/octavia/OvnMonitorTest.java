package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.DesiredHealthMonitor;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.HealthMonitorType;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.testbed.openstack.Faults;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A health monitor of ovn in ERROR stops all traffic through the VIP: it goes, and is not made again. */
class OvnMonitorTest {
    private final Stage stage = new Stage("ovn");

    @Test
    void oneThatEndsInErrorIsDeletedAndTold() {
        // Given
        fail(true);

        // When
        stage.make(1, wanted(1, 3, monitor(5)));

        // Then
        assertThat(monitors()).isZero();
        assertThat(stage.status(1).phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(stage.status(1).reason()).isEqualTo(StatusReason.MONITOR_FAILED);
        assertThat(stage.status(1).message()).contains("shop/web:TCP:80", "deleted");
        assertThat(stage.status(1).loadBalancers().getFirst().failedMonitors()).hasSize(1);
        assertThat(stage.writes())
                .as("the create, the monitor, its deletion, and one to the listener that this leaves pending")
                .isEqualTo(4);
    }

    @Test
    void itIsNotMadeAgainWhateverElseChangesAndWhoeverOwnsIt() {
        // Given
        fail(true);
        stage.make(1, wanted(1, 3, monitor(5)));
        stage.count();

        // When members change, a process dies, and time goes by
        stage.want(1, wanted(2, 4, monitor(5)));
        stage.octavia.restart();
        stage.want(1, wanted(3, 5, monitor(5)));
        stage.octavia.run(Stage.RESYNC.multipliedBy(3));

        // Then
        assertThat(monitors()).isZero();
        assertThat(stage.writes()).as("two members").isEqualTo(2);
        assertThat(stage.status(1).reason()).isEqualTo(StatusReason.MONITOR_FAILED);
        assertThat(stage.status(1).appliedGeneration()).isEqualTo(3);
    }

    @Test
    void anotherOneIsTriedAndSoIsTheSameAfterItWasSwitchedOff() {
        // Given
        fail(true);
        stage.make(1, wanted(1, 3, monitor(5)));
        fail(false);

        // When
        stage.want(1, wanted(2, 3, monitor(7)));
        var another = monitors();
        var said = stage.status(1).reason();
        stage.want(1, wanted(3, 3, null));
        stage.want(1, wanted(4, 3, monitor(5)));

        // Then
        assertThat(another).isEqualTo(1);
        assertThat(said).isNull();
        assertThat(monitors()).isEqualTo(1);
        assertThat(stage.status(1).reason()).isNull();
        assertThat(stage.status(1).loadBalancers().getFirst().failedMonitors()).isEmpty();
    }

    private void fail(boolean fails) {
        stage.cloud.setFaults(Faults.none().with("ovnMonitorsFail", fails), stage.octavia.now);
    }

    private int monitors() {
        return stage.get("healthmonitors").path("healthmonitors").size();
    }

    private DesiredLoadBalancer wanted(int generation, int members, @Nullable DesiredHealthMonitor monitor) {
        var plain = stage.pool(80, Stage.members(1, members));
        var pool = new DesiredPool(
                plain.name(), plain.protocol(), plain.algorithm(), null, null, monitor, plain.members());
        return stage.of(1, generation, List.of(Stage.listener(80)), List.of(pool), List.of());
    }

    private static DesiredHealthMonitor monitor(int delay) {
        return new DesiredHealthMonitor("shop/web:TCP:80", HealthMonitorType.TCP, delay, 3, 3, 3, null, null, null);
    }
}
