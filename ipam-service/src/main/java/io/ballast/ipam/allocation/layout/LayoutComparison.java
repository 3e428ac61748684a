package io.ballast.ipam.allocation.layout;

import static io.ballast.ipam.allocation.layout.OpenStackCommands.line;

import io.ballast.ipam.allocation.layout.Difference.Missing;
import io.ballast.ipam.allocation.layout.Difference.Wrong;
import io.ballast.ipam.allocation.layout.SeenCloud.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares a layout with what Neutron shows. */
public final class LayoutComparison {
    private final List<Resource> wanted;
    private final SeenCloud seen;
    private final List<Difference> found = new ArrayList<>();

    private LayoutComparison(List<Resource> wanted, SeenCloud seen) {
        this.wanted = List.copyOf(wanted);
        this.seen = seen;
    }

    /** Every difference, in the order of the resources; empty when all is as it should be. */
    public static List<Difference> differences(List<Resource> wanted, SeenCloud seen) {
        return new LayoutComparison(wanted, seen).all();
    }

    /** The only one in Neutron that is the wanted one. */
    public static <T extends Seen> Optional<T> only(List<T> all, Resource.Named wanted) {
        var candidates = SeenCloud.candidates(all, wanted);
        return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
    }

    private List<Difference> all() {
        for (var resource : wanted) {
            switch (resource) {
                case Resource.Network network -> one("network", network, seen.networks());
                case Resource.Subnet subnet -> subnet(subnet);
                case Resource.Router router -> one("router", router, seen.routers());
                case Resource.RouterGateway gateway -> gateway(gateway);
                case Resource.RouterPort port -> port(port);
                case Resource.RouterInterface attached -> attached(attached);
                case Resource.SecurityGroup group -> one("security group", group, seen.groups());
                case Resource.Ingress ingress -> ingress(ingress);
            }
        }
        return List.copyOf(found);
    }

    /** The one that is wanted; notes that it is missing, doubled or renamed. */
    private <T extends Seen> Optional<T> one(String kind, Resource.Named resource, List<T> all) {
        var candidates = SeenCloud.candidates(all, resource);
        if (candidates.isEmpty()) {
            found.add(new Missing(resource));
            return Optional.empty();
        }
        var words = new ArrayList<>(List.of(kind.split(" ", -1)));
        if (candidates.size() > 1) {
            words.add("list");
            wrong(
                    resource,
                    "%d of them are there, %s: delete those that are not used"
                            .formatted(
                                    candidates.size(),
                                    candidates.stream().map(Seen::id).sorted().collect(Collectors.joining(", "))),
                    line(words.toArray(String[]::new)));
            return Optional.empty();
        }
        var only = candidates.getFirst();
        if (!only.name().equals(resource.name())) {
            words.addAll(List.of("set", "--name", resource.name(), only.id()));
            wrong(resource, "it is named '%s' now".formatted(only.name()), line(words.toArray(String[]::new)));
        }
        return Optional.of(only);
    }

    private void subnet(Resource.Subnet wanted) {
        var network = network(wanted.network());
        var other = SeenCloud.candidates(seen.subnets(), wanted).isEmpty()
                ? network.flatMap(id -> seen.subnets().stream()
                        .filter(subnet ->
                                subnet.networkId().equals(id) && subnet.cidr().overlaps(wanted.cidr()))
                        .findFirst())
                : Optional.<SeenCloud.Subnet>empty();
        if (other.isPresent()) {
            var there = other.get();
            wrong(
                    wanted,
                    "its network has subnet '%s' with %s".formatted(there.name(), there.cidr()),
                    there.cidr().equals(wanted.cidr())
                            ? line("subnet", "set", "--name", wanted.name(), there.id())
                            : line("subnet", "delete", there.id()));
            return;
        }
        one("subnet", wanted, seen.subnets()).ifPresent(subnet -> compare(wanted, subnet, network.orElse(null)));
    }

    private void compare(Resource.Subnet wanted, SeenCloud.Subnet subnet, @Nullable String networkId) {
        var anew = List.of(line("subnet", "delete", subnet.id()), OpenStackCommands.create(wanted));
        if (!subnet.cidr().equals(wanted.cidr())) {
            found.add(new Wrong(
                    wanted, "%s has %s, not %s".formatted(wanted.what(), subnet.cidr(), wanted.cidr()), anew));
            return;
        }
        if (networkId != null && !networkId.equals(subnet.networkId())) {
            found.add(new Wrong(
                    wanted,
                    "%s is on network %s, not on %s".formatted(wanted.what(), subnet.networkId(), wanted.network()),
                    anew));
            return;
        }
        if (subnet.isAdvertised()) {
            found.add(new Wrong(wanted, wanted.what() + " has router advertisements", anew));
        }
        if (!wanted.gateway().equals(subnet.gateway())) {
            wrong(
                    wanted,
                    "its gateway is %s, not %s"
                            .formatted(subnet.gateway() == null ? "none" : subnet.gateway(), wanted.gateway()),
                    OpenStackCommands.setGateway(subnet.id(), wanted.gateway()));
        }
        if (subnet.hasDhcp()) {
            wrong(wanted, "it has DHCP", OpenStackCommands.setNoDhcp(subnet.id()));
        }
        if (!wanted.pools().isEmpty() && !wanted.pools().equals(subnet.pools())) {
            wrong(
                    wanted,
                    "its allocation pools are %s, not %s".formatted(subnet.pools(), wanted.pools()),
                    OpenStackCommands.setPools(subnet.id(), wanted.pools()));
        }
    }

    private void gateway(Resource.RouterGateway wanted) {
        var network = seen.external(wanted.network());
        if (network.isEmpty()) {
            wrong(
                    wanted,
                    "external network '%s' is not there, or not visible".formatted(wanted.network()),
                    line("network", "list", "--external"));
        } else if (!network.get().isExternal()) {
            wrong(
                    wanted,
                    "network '%s' is not external".formatted(wanted.network()),
                    line("network", "set", "--external", network.get().id()));
        } else {
            var router = router(wanted.router());
            var external = router.flatMap(there -> Optional.ofNullable(there.externalNetworkId()));
            if (external.isEmpty()) {
                found.add(new Missing(wanted));
            } else if (!external.get().equals(network.get().id())) {
                wrong(
                        wanted,
                        "it leads to network %s, not to %s".formatted(external.get(), wanted.network()),
                        line(
                                "router",
                                "set",
                                "--external-gateway",
                                network.get().id(),
                                router.get().id()));
            }
        }
    }

    private void port(Resource.RouterPort wanted) {
        var holder = holder(wanted);
        if (holder.isEmpty()) {
            one("port", wanted, seen.ports()).ifPresent(elsewhere -> {
                var subnet = wanted.subnet();
                wrong(
                        wanted,
                        "its address is not %s of subnet %s".formatted(wanted.address(), subnet),
                        line(
                                "port",
                                "set",
                                "--no-fixed-ip",
                                "--fixed-ip",
                                "subnet=%s,ip-address=%s".formatted(subnet, wanted.address()),
                                elsewhere.id()));
            });
        } else if (!isOurs(wanted, holder.get()) && !holder.get().deviceOwner().startsWith("network:")) {
            wrong(
                    wanted,
                    "its address %s is held by port %s ('%s', owner '%s')"
                            .formatted(
                                    wanted.address(),
                                    holder.get().id(),
                                    holder.get().name(),
                                    holder.get().deviceOwner()),
                    line("port", "delete", holder.get().id()));
        }
    }

    private void attached(Resource.RouterInterface wanted) {
        var holder = holder(wanted.port());
        var router = router(wanted.router()).map(SeenCloud.Router::id);
        if (holder.map(SeenCloud.Port::deviceId)
                .filter(device -> !device.isEmpty())
                .isEmpty()) {
            if (holder.isEmpty() || isOurs(wanted.port(), holder.get())) {
                found.add(new Missing(wanted)); // otherwise the port itself is wrong
            }
        } else if (!router.equals(holder.map(SeenCloud.Port::deviceId))) {
            found.add(new Wrong(
                    wanted,
                    "%s: address %s belongs to device %s"
                            .formatted(
                                    wanted.what(),
                                    wanted.port().address(),
                                    holder.get().deviceId()),
                    List.of(
                            line(
                                    "router",
                                    "remove",
                                    "port",
                                    holder.get().deviceId(),
                                    holder.get().id()),
                            OpenStackCommands.create(wanted.port()),
                            OpenStackCommands.create(wanted))));
        }
    }

    private void ingress(Resource.Ingress wanted) {
        var isThere = this.wanted.stream()
                .filter(resource -> resource instanceof Resource.SecurityGroup group
                        && group.name().equals(wanted.group()))
                .flatMap(group -> only(seen.groups(), (Resource.SecurityGroup) group).stream())
                .flatMap(group -> group.rules().stream())
                .anyMatch(rule -> rule.admits(wanted.family(), wanted.protocol(), wanted.remote()));
        if (!isThere) {
            found.add(new Missing(wanted));
        }
    }

    private static boolean isOurs(Resource.RouterPort wanted, SeenCloud.Port port) {
        return port.name().equals(wanted.name()) || port.description().equals(wanted.description());
    }

    private Optional<SeenCloud.Port> holder(Resource.RouterPort wanted) {
        return this.wanted.stream()
                .filter(resource -> resource instanceof Resource.Subnet subnet
                        && subnet.name().equals(wanted.subnet()))
                .flatMap(subnet -> only(seen.subnets(), (Resource.Subnet) subnet).stream())
                .flatMap(subnet -> seen.holder(subnet.id(), wanted.address()).stream())
                .findFirst();
    }

    private Optional<String> network(String name) {
        return wanted.stream()
                .filter(resource -> resource instanceof Resource.Network network
                        && network.name().equals(name))
                .flatMap(network -> only(seen.networks(), (Resource.Network) network).stream())
                .map(SeenCloud.Network::id)
                .findFirst();
    }

    private Optional<SeenCloud.Router> router(String name) {
        return wanted.stream()
                .filter(resource -> resource instanceof Resource.Router router
                        && router.name().equals(name))
                .flatMap(router -> only(seen.routers(), (Resource.Router) router).stream())
                .findFirst();
    }

    private void wrong(Resource resource, String what, String command) {
        found.add(new Wrong(resource, "%s: %s".formatted(resource.what(), what), List.of(command)));
    }
}
