package io.ballast.translator.translation;

import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who may connect. What cannot be read, or is of no use, never opens anything: it leaves fewer ranges, down to none. */
final class SourceRanges {
    private SourceRanges() {}

    /**
     * Canonical ranges of the families, sorted; null for everybody, empty for nobody. Where the VIP is the ClusterIP, the
     * cluster's own pods and nodes stay allowed, as with kube-proxy: source ranges speak of traffic from outside.
     */
    static @Nullable List<String> of(
            ServiceBody service, Manage manage, ClusterSettings settings, List<IpFamily> families, Findings findings) {
        var asked = asked(service);
        if (service.type() != ServiceType.LOAD_BALANCER || asked.isEmpty()) {
            return null;
        }
        var ranges = asked.stream().flatMap(text -> read(text, findings)).toList();
        boolean everybody = families.stream()
                .allMatch(family -> ranges.stream().anyMatch(range -> range.family() == family && range.prefix() == 0));
        if (everybody) {
            return null;
        }
        var own = manage == Manage.ALL
                ? Stream.concat(settings.podRanges().stream(), settings.nodeRanges().stream())
                : Stream.<CidrRange>empty();
        return Stream.concat(ranges.stream(), own)
                .filter(range -> families.contains(range.family()))
                .sorted()
                .distinct()
                .map(CidrRange::toString)
                .toList();
    }

    /** The field; where it is empty, the annotation. */
    private static List<String> asked(ServiceBody service) {
        var annotation = Annotation.SOURCE_RANGES
                .in(service.annotations())
                .map(Map.Entry::getValue)
                .orElse("");
        if (!service.sourceRanges().isEmpty() || annotation.isBlank()) {
            return service.sourceRanges();
        }
        return Arrays.stream(annotation.split(",", -1)).toList();
    }

    private static Stream<CidrRange> read(String text, Findings findings) {
        var range = CidrRange.ofKubernetes(text);
        if (range.isEmpty()) {
            findings.refuse(
                    DesiredReason.INVALID_ADDRESS,
                    "Source range '%s' is not a range such as 203.0.113.0/24.".formatted(Findings.shown(text)));
        }
        return range.stream();
    }
}
