package io.ballast.translator.translation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressType;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.EndpointTarget;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServicePort;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.SessionAffinity;
import io.ballast.schemas.contract.SliceEndpoint;
import io.ballast.schemas.contract.SlicePort;
import io.ballast.translator.TestClusters;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** 1,000 endpoints behind 250 ports. */
class LargeServiceTest {
    private static final int ENDPOINTS = 1_000;
    private static final int PORTS = 250;
    private static final int RECORD_MAX = 2 * 1024 * 1024;
    private static final ServiceKey KEY = new ServiceKey("demo", "shop", "web");

    @Test
    void isRefusedWithTheLimitNamedWhenItsMembersAreTooMany() {
        // When
        var input = input("{}", true);
        long before = allocated();
        var translated = input.translate();
        long bytes = allocated() - before;

        // Then
        assertThat(translated).isInstanceOfSatisfying(Translated.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(DesiredReason.TOO_LARGE);
            assertThat(refused.message()).contains("250000 members", "limits.members is 2000");
            var best = Objects.requireNonNull(refused.best());
            assertThat(best.bodies().getFirst().pools())
                    .as("each pool keeps its share")
                    .hasSize(PORTS)
                    .allSatisfy(pool -> assertThat(pool.members()).hasSize(8));
            assertThat(recordOf(input, translated)).isLessThan(RECORD_MAX);
        });
        assertThat(bytes)
                .as("bytes allocated in passing; 128 MB of heap are enough")
                .isLessThan(1024L * 1024 * 1024);
    }

    @Test
    void isServedWhenItsPortsShareTheirBackends() {
        // When
        var input = input("{}", false);
        var translated = input.translate();

        // Then
        assertThat(translated).isInstanceOfSatisfying(Translated.Served.class, served -> {
            var body = served.wanted().bodies().getFirst();
            assertThat(body.listeners()).hasSize(PORTS);
            assertThat(body.pools())
                    .singleElement()
                    .satisfies(pool -> assertThat(pool.members()).hasSize(ENDPOINTS));
        });
        assertThat(recordOf(input, translated)).isLessThan(RECORD_MAX);
    }

    @Test
    void theHighestLimitStillFitsARecord() {
        // Given
        var input = input("{limits: {members: 15000}}", true, 60);

        // When
        var translated = input.translate();

        // Then
        assertThat(translated).isInstanceOf(Translated.Served.class);
        assertThat(recordOf(input, translated)).isLessThan(RECORD_MAX);
    }

    private static long allocated() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }

    private static int recordOf(RandomInput input, Translated translated) {
        return Encoding.encode(Topics.DESIRED_LOAD_BALANCERS, Objects.requireNonNull(Steps.said(input, translated)))
                .length;
    }

    private static RandomInput input(String settings, boolean ownTargets) {
        return input(settings, ownTargets, PORTS);
    }

    private static RandomInput input(String settings, boolean ownTargets, int count) {
        int endpointCount = count == PORTS ? ENDPOINTS : 15_000 / count;
        var ports = IntStream.range(0, count)
                .mapToObj(number -> new ServicePort(
                        "port-" + number,
                        PortProtocol.TCP,
                        1_000 + number,
                        Integer.toString(ownTargets ? 8_000 + number : 8_080),
                        null,
                        null))
                .toList();
        var resolved = ports.stream()
                .map(port -> new SlicePort(port.name(), port.protocol(), Integer.valueOf(port.targetPort())))
                .toList();
        var slices = new ArrayList<EndpointSliceSnapshot>();
        for (int first = 0; first < endpointCount; first += 100) {
            slices.add(new EndpointSliceSnapshot(
                    "cluster-uid",
                    "slice-" + first,
                    "1",
                    AddressType.IPV4,
                    RandomInput.CONTROLLER,
                    resolved,
                    IntStream.range(first, Math.min(first + 100, endpointCount))
                            .mapToObj(LargeServiceTest::endpoint)
                            .toList()));
        }
        return new RandomInput(
                KEY, RandomInput.present(service(ports)), slices, Map.of(), TestClusters.settings(settings));
    }

    private static SliceEndpoint endpoint(int number) {
        return new SliceEndpoint(
                List.of("10.1.%d.%d".formatted(number / 250, 1 + number % 250)),
                true,
                true,
                false,
                null,
                "node-" + number % 50,
                new EndpointTarget("Pod", "shop", "web-7d4b9c6f5-%05d".formatted(number), ""));
    }

    private static ServiceBody service(List<ServicePort> ports) {
        return new ServiceBody(
                ServiceType.CLUSTER_IP,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                true,
                List.of("10.2.0.10"),
                List.of(IpFamily.IPV4),
                null,
                ports,
                null,
                null,
                List.of(),
                SessionAffinity.NONE,
                null,
                null,
                null,
                null,
                true,
                false);
    }
}
