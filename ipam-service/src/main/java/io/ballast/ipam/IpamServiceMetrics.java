package io.ballast.ipam;

import io.ballast.ipam.kafka.IpamReconciler;
import io.ballast.openstack.RestMetrics;
import io.ballast.runtime.kafka.ServiceReport;
import io.ballast.schemas.contract.AddressPoolStatus;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.FindingSeverity;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.PoolKind;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Every measurement of ipam, and what it says in words. Names and labels: docs/reference/metrics.md. */
public final class IpamServiceMetrics implements ServiceReport {
    private final CompositeMeterRegistry meters = new CompositeMeterRegistry();
    private final RestMetrics ofCloud = new RestMetrics(meters, "ipam.service");
    private final IpamReconciler reconciler;

    public IpamServiceMetrics(IpamReconciler reconciler) {
        this.reconciler = reconciler;
    }

    @Override
    public List<String> troubles() {
        var standing = reconciler.standing();
        return standing.trouble().isEmpty() || standing.isRead() ? List.of() : List.of(standing.trouble());
    }

    @Override
    public List<String> remarks() {
        var standing = reconciler.standing();
        var findings = Stream.of(FindingSeverity.ERROR, FindingSeverity.WARNING).flatMap(this::findings);
        return Stream.concat(Stream.of(standing.isRead() ? standing.trouble() : ""), findings)
                .filter(remark -> !remark.isEmpty())
                .distinct()
                .toList();
    }

    @Override
    public void addTo(MeterRegistry registry) {
        meters.add(registry); // first, or what is registered before would not be seen there in full
        ofCloud.register();
        for (var kind : PoolKind.values()) {
            for (var family : IpFamily.values()) {
                pools("capacity", kind, family, AddressPoolStatus::capacity);
                pools("used", kind, family, AddressPoolStatus::used);
                pools("free", kind, family, AddressPoolStatus::free);
                pools("waiting", kind, family, AddressPoolStatus::waiting);
                pools("resting", kind, family, pool -> resting(pool, false));
                pools("kept", kind, family, pool -> resting(pool, true));
                pools("conflicting", kind, family, pool -> pool.conflicting().size());
            }
        }
        var grants = reconciler.grants();
        FunctionCounter.builder("ipam.service.grants", grants, counts -> counts.vips())
                .tag("kind", word(PoolKind.VIP))
                .register(meters);
        FunctionCounter.builder("ipam.service.grants", grants, counts -> counts.externals())
                .tag("kind", word(PoolKind.EXTERNAL))
                .register(meters);
        for (var reason : AllocationReason.values()) {
            FunctionCounter.builder("ipam.service.refusals", grants, counts -> counts.notGranted(reason))
                    .tag("reason", word(reason))
                    .register(meters);
        }
        for (var severity : FindingSeverity.values()) {
            Gauge.builder("ipam.service.findings", () -> findings(severity).count())
                    .tag("severity", word(severity))
                    .register(meters);
        }
    }

    /** Measures the cloud. */
    public RestMetrics ofCloud() {
        return ofCloud;
    }

    private Stream<String> findings(FindingSeverity severity) {
        return reconciler.standing().pools().entrySet().stream()
                .flatMap(pool -> pool.getValue().findings().stream()
                        .filter(finding -> finding.severity() == severity)
                        .map(finding -> "pool %s: %s%s"
                                .formatted(
                                        pool.getKey(),
                                        finding.message(),
                                        finding.command().isEmpty() ? "" : "; mend it: " + finding.command())));
    }

    /** Sums over the pools of a kind and family; those that cannot be counted are left out. */
    private void pools(String what, PoolKind kind, IpFamily family, ToLongFunction<AddressPoolStatus> count) {
        Gauge.builder(
                        "ipam.service.pool." + what,
                        () -> reconciler.standing().pools().values().stream()
                                .filter(pool -> pool.kind() == kind && pool.family() == family)
                                .mapToLong(count)
                                .filter(known -> known >= 0)
                                .sum())
                .tag("kind", word(kind))
                .tag("family", word(family))
                .register(meters);
    }

    private static long resting(AddressPoolStatus pool, boolean kept) {
        return pool.quarantined().stream()
                .filter(address -> address.kept() == kept)
                .count();
    }

    private static String word(Enum<?> label) {
        return label.name().toLowerCase(Locale.ROOT);
    }
}
