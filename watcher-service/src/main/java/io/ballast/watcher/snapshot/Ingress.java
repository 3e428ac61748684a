package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.AssociatedExternal;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedVip;
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

    private Ingress() {}

    /**
     * The wanted entries; empty when too little is known to change what stands there. An address that is about to be let
     * go is shown until the one that follows it leads to the load balancer. One that a user associated by hand is shown.
     */
    static Optional<List<IngressFacts>> wanted(ServiceFacts facts, Chain chain) {
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
                        : Optional.ofNullable(allocation).map(granted -> entries(facts, addresses(status, granted)));
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
        return leading.isEmpty() && allocation.externals().isEmpty() ? vips(status) : leading;
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

    private static List<IngressFacts> entries(ServiceFacts facts, Set<String> addresses) {
        var hostname = annotation(facts, HOSTNAME);
        if (hostname.isPresent() && !addresses.isEmpty()) {
            return List.of(new IngressFacts(null, hostname.get(), null));
        }
        var proxied = annotation(facts, PROXY).filter(value -> !value.equals("false"));
        var mode = proxied.isPresent() ? "Proxy" : "VIP";
        return addresses.stream()
                .map(address -> new IngressFacts(address, null, mode))
                .toList();
    }

    private static Optional<String> annotation(ServiceFacts facts, List<String> names) {
        return names.stream()
                .map(name -> facts.spec().annotations().getOrDefault(name, ""))
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
