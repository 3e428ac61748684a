package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.AssociatedExternal;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedVip;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ServicePort;
import io.ballast.schemas.contract.StatusReason;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What {@code status.loadBalancer.ingress} is to say: where the load balancer can be reached now. */
final class Ingress {
    private static final List<String> HOSTNAME = List.of("ballast.io/hostname", "loadbalancer.openstack.org/hostname");
    private static final List<String> PROXY =
            List.of("ballast.io/proxy-protocol", "loadbalancer.openstack.org/proxy-protocol");

    private static final Set<String> PROXIED = Set.of("true", "v1", "v2");

    private Ingress() {}

    /**
     * The wanted entries; empty when too little is known to change what stands there. An address that is about to be let
     * go is shown until the one that follows it leads to the load balancer. One that a user associated by hand is shown.
     * A VIP of IPv6 is shown where no external address of that family is wanted, or none can be had because Neutron has no
     * floating IPs of it: then it is the one address by which IPv6 reaches the load balancer.
     */
    static Optional<List<IngressFacts>> wanted(ServiceFacts facts, Chain chain, Rules rules) {
        var status = chain.statusOf(facts.uid());
        var allocation = chain.allocationOf(facts.uid());
        if (status == null) {
            return Optional.empty();
        }
        return switch (status.phase()) {
            case OBSERVED, UNKNOWN, NOT_MANAGED -> Optional.empty();
            case DELETED, CREATING -> Optional.of(List.of());
            case WAITING, UPDATING, ACTIVE, DEGRADED, ERROR, DELETING, REFUSED ->
                status.loadBalancers().isEmpty()
                        ? Optional.of(List.of())
                        : Optional.ofNullable(allocation)
                                .map(granted ->
                                        entries(facts, addresses(status, granted), ports(facts, status), rules));
        };
    }

    private static Set<String> addresses(LoadBalancerStatus status, AddressAllocation allocation) {
        if (allocation.externals().isEmpty() && status.externals().isEmpty()) {
            return vips(status);
        }
        var leading = new LinkedHashSet<String>();
        granted(allocation.externals())
                .filter(address -> leads(address, status))
                .forEach(leading::add);
        if (leading.isEmpty()) {
            granted(allocation.lettingGo())
                    .filter(address -> leads(address, status))
                    .forEach(leading::add);
        }
        status.externals().stream()
                .filter(external -> !external.ours())
                .map(AssociatedExternal::address)
                .forEach(leading::add);
        if (leading.isEmpty() && allocation.externals().isEmpty()) {
            return vips(status);
        }
        if (allocation.externals().stream()
                .filter(external -> external.family() == IpFamily.IPV6)
                .allMatch(Ingress::cannotBeHad)) {
            vips(status).stream().filter(Ingress::isIpv6).forEach(leading::add);
        }
        return leading;
    }

    /** Asked for like that of the other family. An address that a user named is another matter: nothing stands in for it. */
    private static boolean cannotBeHad(GrantedExternal external) {
        return external.method() == ExternalMethod.POOL
                && external.state() == AllocationState.REFUSED
                && external.reason() == AllocationReason.EXTERNAL_FAMILY_UNSUPPORTED;
    }

    private static Stream<String> granted(List<GrantedExternal> externals) {
        return externals.stream()
                .filter(external -> external.state() == AllocationState.GRANTED)
                .map(GrantedExternal::address)
                .filter(Objects::nonNull);
    }

    private static boolean leads(String address, LoadBalancerStatus status) {
        return status.externals().stream()
                .anyMatch(external -> external.address().equals(address));
    }

    private static Set<String> vips(LoadBalancerStatus status) {
        var vips = new LinkedHashSet<String>();
        status.loadBalancers()
                .forEach(balancer ->
                        balancer.vips().stream().map(ObservedVip::address).forEach(vips::add));
        return vips;
    }

    private static List<IngressFacts> entries(
            ServiceFacts facts, Set<String> addresses, List<IngressFacts.Port> ports, Rules rules) {
        var hostname = annotation(facts, HOSTNAME);
        if (hostname.isPresent() && !addresses.isEmpty()) {
            return List.of(new IngressFacts(null, hostname.get(), null, ports));
        }
        boolean proxied = annotation(facts, PROXY).filter(PROXIED::contains).isPresent();
        if (proxied && !rules.proxyHostnameSuffix().isEmpty()) {
            return addresses.stream()
                    .map(address -> address.replace(':', '-') + "." + rules.proxyHostnameSuffix())
                    .map(name -> new IngressFacts(null, name, null, ports))
                    .toList();
        }
        return addresses.stream()
                .map(address -> new IngressFacts(address, null, proxied ? "Proxy" : "VIP", ports))
                .toList();
    }

    /** Empty while every port is served, or none is known to be. */
    private static List<IngressFacts.Port> ports(ServiceFacts facts, LoadBalancerStatus status) {
        boolean isPartial = status.phase() == LoadBalancerPhase.DEGRADED
                || (status.phase() == LoadBalancerPhase.ACTIVE && status.reason() == StatusReason.FEATURE_UNSUPPORTED);
        var ports = facts.spec().ports().stream()
                .map(port -> new IngressFacts.Port(
                        port.port(), port.protocol(), isServed(port, status) ? null : Names.PORT_NOT_SERVED))
                .toList();
        boolean isKnown = status.loadBalancers().stream()
                .noneMatch(balancer -> balancer.listeners().isEmpty());
        return isPartial && isKnown && ports.stream().anyMatch(port -> port.error() != null) ? ports : List.of();
    }

    private static boolean isServed(ServicePort port, LoadBalancerStatus status) {
        return status.loadBalancers().stream()
                .allMatch(balancer -> balancer.listeners().stream()
                        .anyMatch(listener ->
                                listener.port() == port.port() && transportOf(listener.protocol()) == port.protocol()));
    }

    private static PortProtocol transportOf(String listenerProtocol) {
        return switch (listenerProtocol) {
            case "UDP" -> PortProtocol.UDP;
            case "SCTP" -> PortProtocol.SCTP;
            default -> PortProtocol.TCP;
        };
    }

    private static boolean isIpv6(String address) {
        return address.contains(":");
    }

    private static Optional<String> annotation(ServiceFacts facts, List<String> names) {
        return names.stream()
                .map(name -> facts.spec().annotations().getOrDefault(name, ""))
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
