package io.ballast.octavia.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.StatusReason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void isNotActiveWithANewGenerationWhileOpenStackWasNotSeen() {
        // Given
        var status = status(LoadBalancerPhase.ACTIVE, 1, 1);

        // When
        var report = report(desired(2), status);

        // Then
        var said = ((Decision.Report.Say) report).status();
        assertThat(said.phase()).isEqualTo(LoadBalancerPhase.UPDATING);
        assertThat(said.generation()).isEqualTo(2);
        assertThat(said.appliedGeneration()).isEqualTo(1);
        assertThat(said.reason()).isEqualTo(StatusReason.OPENSTACK_UNAVAILABLE);
    }

    @Test
    void keepsItsWordOnTheGenerationThatIsApplied() {
        assertThat(report(desired(1), status(LoadBalancerPhase.ACTIVE, 1, 1))).isEqualTo(new Decision.Report.Keep());
    }

    private static Decision.Report report(DesiredLoadBalancer desired, LoadBalancerStatus status) {
        return Lifecycle.decide(new Situation(
                        new ServiceKey("c", "shop", "web"), desired, null, status, unanswered(), Policy.DEFAULT, NOW))
                .report();
    }

    private static Knowledge unanswered() {
        var failure = new Failure(Failure.Kind.UNREACHABLE, 0, "connection refused", null, null);
        return new Knowledge(
                false,
                NOW,
                new TreeMap<>(),
                Map.of(),
                Set.of(),
                Set.of(),
                List.of(),
                Map.of(),
                Set.of(),
                failure,
                null,
                VipSight.NONE,
                Map.of(),
                List.of(),
                ListenerDefaults.DOCUMENTED);
    }

    private static DesiredLoadBalancer desired(long generation) {
        return new DesiredLoadBalancer(
                DesiredState.PRESENT,
                "cluster-uid",
                "uid",
                "7",
                1,
                generation,
                null,
                "",
                ServiceType.CLUSTER_IP,
                false,
                List.of(),
                List.of());
    }

    private static LoadBalancerStatus status(LoadBalancerPhase phase, long generation, long applied) {
        return new LoadBalancerStatus(
                phase, "cluster-uid", "uid", 1, generation, applied, null, "", null, List.of(), List.of());
    }
}
