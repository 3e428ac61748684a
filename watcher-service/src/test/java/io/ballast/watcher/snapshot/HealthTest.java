package io.ballast.watcher.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerState;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedListener;
import io.ballast.schemas.contract.OperatingStatus;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the condition says of members and listeners that are in ERROR. */
class HealthTest {
    @Test
    void saysNothingWhileNothingIsInError() {
        assertThat(Health.of(status(listener(80, 3, 0, OperatingStatus.OFFLINE))))
                .isEmpty();
    }

    @Test
    void countsListenersAndMembersInError() {
        var status = status(listener(80, 3, 2, OperatingStatus.DEGRADED), listener(443, 1, 1, OperatingStatus.ERROR));

        assertThat(Health.of(status)).isEqualTo("In ERROR, as Octavia sees it: 1 of 2 listeners, 3 of 4 members.");
    }

    private static ObservedListener listener(int port, int members, int inError, OperatingStatus operating) {
        return new ObservedListener("l-" + port, "l", "TCP", port, members, inError, operating, List.of());
    }

    private static LoadBalancerStatus status(ObservedListener... listeners) {
        return new LoadBalancerStatus(
                LoadBalancerPhase.ACTIVE,
                "cluster",
                "uid",
                1,
                1,
                1,
                null,
                "",
                null,
                List.of(new LoadBalancerState(
                        "id",
                        "shop/web",
                        "amphora",
                        List.of(),
                        ProvisioningStatus.ACTIVE,
                        OperatingStatus.ONLINE,
                        List.of(listeners),
                        "")),
                List.of());
    }
}
