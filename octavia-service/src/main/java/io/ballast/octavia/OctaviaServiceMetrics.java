package io.ballast.octavia;

import io.ballast.octavia.kafka.OctaviaStanding;
import io.ballast.openstack.RestMetrics;
import io.ballast.runtime.kafka.ServiceReport;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Every measurement of octavia-service, and what it says in words. Names and labels: docs/reference/metrics.md. */
public final class OctaviaServiceMetrics implements ServiceReport {
    private final CompositeMeterRegistry meters = new CompositeMeterRegistry();
    private final RestMetrics ofCloud = new RestMetrics(meters, "octavia.service");
    private final OctaviaStanding standing = new OctaviaStanding();
    private final int amphorae;

    /** @param amphorae amphorae of a load balancer of provider amphora */
    public OctaviaServiceMetrics(int amphorae) {
        this.amphorae = amphorae;
    }

    /** Where the reconciler says how it stands. */
    public OctaviaStanding standing() {
        return standing;
    }

    @Override
    public List<String> troubles() {
        var trouble = standing.trouble();
        return trouble.isEmpty() ? List.of() : List.of(trouble);
    }

    @Override
    public List<String> remarks() {
        return Stream.concat(Stream.of(standing.remark()), standing.findings().stream())
                .filter(remark -> !remark.isEmpty())
                .toList();
    }

    @Override
    public void addTo(MeterRegistry registry) {
        meters.add(registry); // first, or what is registered before would not be seen there in full
        ofCloud.register();
        for (var phase : LoadBalancerPhase.values()) {
            Gauge.builder("octavia.service.load.balancers", () -> standing.inPhase(phase))
                    .tag("phase", word(phase))
                    .register(meters);
        }
        Gauge.builder("octavia.service.openstack.silence", () -> secondsSince(standing.silentSince()))
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("octavia.service.pending.age.max", () -> secondsSince(standing.oldestPending()))
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("octavia.service.creates.in.flight", standing::creates).register(meters);
        Gauge.builder("octavia.service.writes.in.flight", standing::writes).register(meters);
        Gauge.builder(
                        "octavia.service.access.findings",
                        () -> standing.findings().size())
                .register(meters);
        Gauge.builder("octavia.service.writes.limit", standing::limit).register(meters);
        Gauge.builder("octavia.service.waiting", standing::waiting).register(meters);
        Gauge.builder("octavia.service.amphorae.expected", () -> standing.ofAmphora() * amphorae)
                .register(meters);
        var convergence = Timer.builder("octavia.service.convergence.lag")
                .serviceLevelObjectives(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(5))
                .register(meters);
        standing.onApplied(convergence::record);
    }

    /** Measures the cloud. */
    public RestMetrics ofCloud() {
        return ofCloud;
    }

    private double secondsSince(Optional<Instant> time) {
        return time.map(since -> (meters.config().clock().wallTime() - since.toEpochMilli()) / 1_000.0)
                .orElse(0.0);
    }

    private static String word(Enum<?> label) {
        return label.name().toLowerCase(Locale.ROOT);
    }
}
