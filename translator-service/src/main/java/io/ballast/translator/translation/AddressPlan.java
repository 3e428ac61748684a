package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.VipClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The addresses a Service needs.
 *
 * @param vips VIPs, primary family first, one per family; empty when none can be told
 * @param externals external addresses, in the order of the families
 */
record AddressPlan(List<VipClaim> vips, List<ExternalClaim> externals) {
    AddressPlan {
        vips = List.copyOf(vips);
        externals = List.copyOf(externals);
    }

    static AddressPlan of(ServiceBody service, ServiceOptions options, Manage manage, Findings findings) {
        var vips =
                switch (manage) {
                    case ALL -> {
                        checkSubnet(options, findings);
                        yield clusterIps(service, findings);
                    }
                    case LOAD_BALANCERS, NONE -> fromRange(service, options, findings);
                };
        boolean external = service.type() == ServiceType.LOAD_BALANCER && !options.internal();
        if (!external && manage == Manage.ALL && named(service)) {
            findings.unsupported("LoadBalancerIP"); // the VIP is the ClusterIP, and nothing else is wanted
        }
        return new AddressPlan(vips, external ? externals(service, options, families(vips), findings) : List.of());
    }

    List<IpFamily> families() {
        return families(vips);
    }

    private static List<IpFamily> families(List<VipClaim> vips) {
        return vips.stream().map(VipClaim::family).toList();
    }

    private static boolean named(ServiceBody service) {
        return service.type() == ServiceType.LOAD_BALANCER && service.loadBalancerIp() != null;
    }

    /** The VIP is the ClusterIP, read as Kubernetes reads it. */
    private static List<VipClaim> clusterIps(ServiceBody service, Findings findings) {
        var vips = new ArrayList<VipClaim>();
        for (var text : service.clusterIps()) {
            var address = IpAddress.ofKubernetes(text);
            if (address.isEmpty()) {
                findings.refuse(
                        DesiredReason.INVALID_ADDRESS,
                        "clusterIP '%s' is not an IPv4 or IPv6 address.".formatted(Findings.shown(text)));
            } else if (families(vips).contains(address.get().family())) {
                findings.refuse(
                        DesiredReason.INVALID_ADDRESS,
                        "clusterIP %s is the second of its family %s."
                                .formatted(address.get(), address.get().family()));
            } else {
                vips.add(new VipClaim(address.get().family(), address.get().toString()));
            }
        }
        return vips;
    }

    /** A ClusterIP lies where it lies. */
    private static void checkSubnet(ServiceOptions options, Findings findings) {
        if (options.placement().vipSubnet() != null) {
            findings.unsupported("VipSubnet");
        }
    }

    /** ipam chooses the VIP; for an internal load balancer the user may have named it. */
    private static List<VipClaim> fromRange(ServiceBody service, ServiceOptions options, Findings findings) {
        var named = service.ipFamilies().stream()
                .filter(family -> family != IpFamily.UNKNOWN)
                .distinct()
                .toList();
        var families = named.isEmpty() ? families(clusterIps(service, findings)) : named;
        var asked = options.internal() ? asked(service, families, findings) : Optional.<IpAddress>empty();
        return families.stream()
                .map(family -> new VipClaim(
                        family,
                        asked.filter(address -> address.family() == family)
                                .map(IpAddress::toString)
                                .orElse(null),
                        family == families.getFirst() ? options.placement().vipSubnet() : null))
                .toList();
    }

    /** By user: the address named, and no other in its place. By pool: one for each family. */
    private static List<ExternalClaim> externals(
            ServiceBody service, ServiceOptions options, List<IpFamily> families, Findings findings) {
        var place = options.placement();
        boolean keep = options.keepExternal();
        if (named(service)) {
            return asked(service, families, findings)
                    .map(address -> new ExternalClaim(
                            address.family(),
                            ExternalMethod.USER,
                            address.toString(),
                            place.pool(),
                            keep,
                            null, // of whatever network: the address says it
                            null,
                            place.project()))
                    .stream()
                    .toList();
        }
        return families.stream()
                .map(family -> new ExternalClaim(
                        family,
                        ExternalMethod.POOL,
                        null,
                        place.pool(),
                        keep,
                        place.floatingNetwork(),
                        place.floatingSubnet(),
                        place.project()))
                .toList();
    }

    private static Optional<IpAddress> asked(ServiceBody service, List<IpFamily> families, Findings findings) {
        var text = service.loadBalancerIp();
        if (text == null || !named(service)) {
            return Optional.empty();
        }
        var address = IpAddress.parse(text);
        if (address.isEmpty()) {
            findings.refuse(
                    DesiredReason.INVALID_ADDRESS,
                    "loadBalancerIP '%s' is not an IPv4 or IPv6 address.".formatted(Findings.shown(text)));
        } else if (!families.contains(address.get().family())) {
            findings.refuse(
                    DesiredReason.INVALID_ADDRESS,
                    "loadBalancerIP %s is of family %s, the Service has %s."
                            .formatted(address.get(), address.get().family(), families));
        } else {
            return address;
        }
        return Optional.empty();
    }
}
