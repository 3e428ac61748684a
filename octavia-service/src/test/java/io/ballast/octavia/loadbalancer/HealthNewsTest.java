package io.ballast.octavia.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerState;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedListener;
import io.ballast.schemas.contract.OperatingStatus;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which news waits, and for how long. */
class HealthNewsTest {
    private static final Instant TOLD = Instant.parse("2026-01-01T00:00:00Z");
    private static final LoadBalancerStatus WELL = status(LoadBalancerPhase.ACTIVE, OperatingStatus.ONLINE, 3, 0, "1");
    private static final LoadBalancerStatus ILL = status(LoadBalancerPhase.ACTIVE, OperatingStatus.DEGRADED, 3, 1, "2");

    @Test
    void healthAloneWaitsUntilAMinuteAfterItWasTold() {
        assertThat(HealthNews.heldUntil(WELL, ILL, TOLD, TOLD.plusSeconds(59))).contains(TOLD.plusSeconds(60));
        assertThat(HealthNews.heldUntil(WELL, ILL, TOLD, TOLD.plusSeconds(60))).isEmpty();
        assertThat(HealthNews.heldUntil(WELL, ILL, Instant.MIN, TOLD))
                .as("never told")
                .isEmpty();
    }

    @Test
    void nothingElseWaits() {
        assertThat(HealthNews.isAll(WELL, WELL)).as("no news").isFalse();
        assertThat(HealthNews.isAll(WELL, status(LoadBalancerPhase.ERROR, OperatingStatus.ERROR, 3, 3, "2")))
                .as("phase")
                .isFalse();
        assertThat(HealthNews.isAll(WELL, status(LoadBalancerPhase.ACTIVE, OperatingStatus.ONLINE, 4, 0, "2")))
                .as("members")
                .isFalse();
        assertThat(HealthNews.isAll(WELL, ILL)).isTrue();
    }

    private static LoadBalancerStatus status(
            LoadBalancerPhase phase, OperatingStatus operating, int members, int inError, String updatedAt) {
        return new LoadBalancerStatus(
                phase,
                "cluster-1",
                "uid-1",
                1,
                1,
                1,
                null,
                "",
                null,
                List.of(new LoadBalancerState(
                        "lb-1",
                        "shop/web",
                        "amphora",
                        List.of(),
                        ProvisioningStatus.ACTIVE,
                        operating,
                        List.of(new ObservedListener(
                                "l-1",
                                "shop/web:TCP:80",
                                "TCP",
                                80,
                                members,
                                inError,
                                OperatingStatus.ONLINE,
                                List.of())),
                        updatedAt)),
                List.of());
    }
}
