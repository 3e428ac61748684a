package io.ballast.testbed.demo;

import io.ballast.schemas.contract.AssociatedExternal;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedListener;
import io.ballast.schemas.contract.ObservedVip;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/** The table at the end of the demo: what became of each Service. */
final class ServiceTable {
    private static final String FORMAT = "%-34s %-22s %-16s %9s %8s %10s %7s%n";

    private ServiceTable() {}

    /**
     * One row for each Service.
     *
     * @param served last status while it served, by namespace/name
     * @param applied when the objects were applied
     * @param active when each was first ACTIVE
     * @param writes OpenStack writes by namespace/name
     */
    static String of(
            Map<String, LoadBalancerStatus> served,
            Instant applied,
            Map<String, Instant> active,
            Map<String, Integer> writes) {
        var text = new StringBuilder(
                FORMAT.formatted("Service", "VIP", "external", "listeners", "members", "to ACTIVE", "writes"));
        served.forEach((name, status) -> {
            var loadBalancers = status.loadBalancers();
            var since = active.get(name);
            text.append(FORMAT.formatted(
                    name,
                    loadBalancers.stream()
                            .flatMap(each -> each.vips().stream())
                            .map(ObservedVip::address)
                            .collect(Collectors.joining(" ")),
                    status.externals().isEmpty()
                            ? "-"
                            : status.externals().stream()
                                    .map(AssociatedExternal::address)
                                    .collect(Collectors.joining(" ")),
                    loadBalancers.stream()
                            .mapToInt(each -> each.listeners().size())
                            .sum(),
                    loadBalancers.stream()
                            .flatMap(each -> each.listeners().stream())
                            .mapToInt(ObservedListener::members)
                            .sum(),
                    since == null || since.isBefore(applied)
                            ? "-"
                            : "%.1f s"
                                    .formatted(Duration.between(applied, since).toMillis() / 1000.0),
                    writes.getOrDefault(name, 0)));
        });
        return text.toString();
    }
}
