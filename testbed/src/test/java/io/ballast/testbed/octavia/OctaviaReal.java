package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.testbed.pipeline.Pipeline;
import io.ballast.testbed.real.OnRealCloud;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Octavia refuses, and what comes while it is busy: the stories of octavia-service on a real one. */
@OnRealCloud
class OctaviaReal {
    private static final List<Integer> PORTS = List.of(80, 443);

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"amphora", "ovn"})
    void whatIsRefusedIsNamedAndTheRestServes(String provider) {
        try (var octavia = new RealOctavia(provider, folder.resolve("stack"))) {
            // Given some that are made while the service is killed
            for (int service = 1; service <= 3; service++) {
                octavia.grant(service);
            }
            octavia.want(1, plain(provider, 1, 1, PORTS, 3));
            octavia.want(2, plain(provider, 2, 1, PORTS, 3));
            await().atMost(Pipeline.WITHIN)
                    .until(() -> !octavia.loadBalancers(1).isEmpty()
                            || !octavia.loadBalancers(2).isEmpty());
            octavia.kill();
            octavia.restart();
            octavia.reach(1, LoadBalancerPhase.ACTIVE, 1);
            octavia.reach(2, LoadBalancerPhase.ACTIVE, 1);
            assertThat(octavia.loadBalancers(1)).hasSize(1);
            assertThat(octavia.loadBalancers(2)).hasSize(1);

            // When a member comes that is refused among others
            var bad = provider.equals("ovn") ? "fd00::9" : "169.254.169.254";
            var members = new ArrayList<>(Stage.members(1, 5));
            members.add(Stage.member(bad, 1));
            octavia.want(1, withMembers(provider, members));

            // Then
            var status = octavia.reach(1, LoadBalancerPhase.DEGRADED, 2);
            assertThat(status.reason()).isEqualTo(StatusReason.PARTLY_REFUSED);
            assertThat(status.message()).contains("member " + bad + ":8080");
            assertThat(octavia.sizes(1)).containsExactly(5, 5);

            // When a port comes that is refused, and members beside it
            var cidrs = List.of("2001:db8::/32");
            octavia.want(
                    2,
                    Stage.of(
                            provider,
                            2,
                            2,
                            List.of(Stage.listener(80), Stage.listener(443), Stage.listener(8443, cidrs)),
                            List.of(80, 443, 8443).stream()
                                    .map(port -> Stage.pool(provider, port, Stage.members(1, 5)))
                                    .toList(),
                            List.of()));

            // Then
            assertThat(octavia.reach(2, LoadBalancerPhase.DEGRADED, 2).message())
                    .contains("listener shop/web:TCP:8443");
            assertThat(octavia.sizes(2)).containsExactly(5, 5);

            // When all is corrected
            octavia.want(1, plain(provider, 1, 3, PORTS, 4));
            octavia.want(2, plain(provider, 2, 3, PORTS, 1));

            // Then
            octavia.reach(1, LoadBalancerPhase.ACTIVE, 3);
            octavia.reach(2, LoadBalancerPhase.ACTIVE, 3);
            assertThat(octavia.sizes(1)).containsExactly(4, 4);
            assertThat(octavia.sizes(2)).containsExactly(1, 1);

            // When one is deleted while it is made
            octavia.want(3, plain(provider, 3, 1, PORTS, 3));
            await().atMost(Pipeline.WITHIN)
                    .until(() -> !octavia.loadBalancers(3).isEmpty());
            octavia.want(3, Stage.absent(3));

            // Then
            octavia.reach(3, LoadBalancerPhase.DELETED, 99);
            assertThat(octavia.loadBalancers(3)).isEmpty();
        }
    }

    private static DesiredLoadBalancer withMembers(String provider, List<DesiredMember> members) {
        return Stage.of(
                provider,
                1,
                2,
                PORTS.stream().map(Stage::listener).toList(),
                PORTS.stream().map(port -> Stage.pool(provider, port, members)).toList(),
                List.of());
    }

    private static DesiredLoadBalancer plain(
            String provider, int service, long generation, List<Integer> ports, int members) {
        return Stage.of(
                provider,
                service,
                generation,
                ports.stream().map(Stage::listener).toList(),
                ports.stream()
                        .map(port -> Stage.pool(provider, port, Stage.members(1, members)))
                        .toList(),
                List.of());
    }
}
