package io.ballast.ipam.allocation;

import static io.ballast.ipam.allocation.layout.OpenStackCommands.line;

import io.ballast.ipam.allocation.Surroundings.PodSubnet;
import io.ballast.ipam.allocation.layout.OpenStackCommands;
import io.ballast.ipam.allocation.layout.Resource;
import io.ballast.ipam.allocation.layout.SeenCloud;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.Finding;
import io.ballast.schemas.contract.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What stands between VIPs and pods of one family: subnets, routers, hosts of the API server, security groups. */
final class PodPreflight {
    private final Rules.VipPool pool;
    private final Rules.Cluster cluster;
    private final NeutronFacts facts;
    private final Surroundings around;
    private final List<PodSubnet> pods;
    private final List<Finding> found = new ArrayList<>();

    private PodPreflight(Rules.VipPool pool, Rules.Cluster cluster, NeutronFacts facts) {
        this.pool = pool;
        this.cluster = cluster;
        this.facts = facts;
        this.around = facts.surroundings();
        this.pods = cluster.pods().subnets().stream()
                .map(around.podSubnets()::get)
                .filter(Objects::nonNull)
                .filter(subnet -> subnet.cidr().family() == pool.family())
                .toList();
    }

    /** Findings of the cluster and family of a VIP pool. */
    static List<Finding> check(Rules.VipPool pool, Rules rules, NeutronFacts facts) {
        var cluster = Objects.requireNonNull(rules.clusters().get(pool.cluster()));
        var preflight = new PodPreflight(pool, cluster, facts);
        preflight.subnets();
        preflight.paths();
        preflight.hosts();
        preflight.groups();
        return List.copyOf(preflight.found);
    }

    private void subnets() {
        for (var asked : cluster.pods().subnets()) {
            var range = CidrRange.parse(asked);
            boolean isToldHere =
                    range.map(cidr -> cidr.family() == pool.family()).orElseGet(this::isFirst);
            if (around.podSubnets().containsKey(asked) || !isToldHere) {
                continue;
            }
            found.add(FindingKind.POD_SUBNET_MISSING.finding(
                    "subnet '%s' of the pods of cluster %s cannot be used: %s"
                            .formatted(asked, pool.cluster(), facts.missing().getOrDefault(asked, "it was not found")),
                    line("subnet", "list")));
        }
    }

    /** What is of no family is told once. */
    private boolean isFirst() {
        return cluster.vips().getFirst().equals(pool);
    }

    private void paths() {
        var vips = facts.subnet(pool.subnet());
        if (vips.isEmpty()) {
            return;
        }
        for (var subnet : pods) {
            if (subnet.id().equals(vips.get().id())) {
                continue;
            }
            var routers =
                    vips.get().routers().stream().map(NeutronFacts.Router::id).toList();
            boolean isJoined = subnet.routers().stream().anyMatch(routers::contains)
                    || routers.stream()
                            .map(around.routers()::get)
                            .anyMatch(router -> router == null
                                    || !router.isVisible()
                                    || router.reaches().stream()
                                            .anyMatch(range ->
                                                    range.contains(subnet.cidr().network())));
            if (!isJoined) {
                found.add(FindingKind.POD_PATH_MISSING.finding(
                        "no router joins subnet %s of VIPs and subnet %s of pods, so that load balancers do not reach pods"
                                .formatted(vips.get().name(), subnet.name()),
                        join(vips.get(), subnet)));
            }
        }
    }

    private String join(NeutronFacts.Subnet vips, PodSubnet subnet) {
        if (!vips.routers().isEmpty()) {
            return line("router", "add", "subnet", vips.routers().getFirst().id(), subnet.id());
        }
        return subnet.routers().isEmpty()
                ? MendingCommands.addToRouter(pool.cluster(), vips.id(), facts) + " && "
                        + line("router", "add", "subnet", pool.cluster() + "-router", subnet.id())
                : line("router", "add", "subnet", subnet.routers().getFirst(), vips.id());
    }

    private void hosts() {
        for (var host : cluster.pods().apiHosts()) {
            if (host.family() != pool.family()) {
                continue;
            }
            for (var subnet : pods) {
                var routers = subnet.routers().stream()
                        .map(around.routers()::get)
                        .filter(Objects::nonNull)
                        .toList();
                if (!subnet.cidr().contains(host) && routers.stream().noneMatch(router -> router.mayReach(host))) {
                    found.add(FindingKind.API_HOST_UNREACHABLE.finding(
                            "host %s of the API server of cluster %s cannot be reached from subnet %s of pods: no router of it leads there"
                                    .formatted(host, pool.cluster(), subnet.name()),
                            reach(host, subnet)));
                }
            }
        }
    }

    private String reach(IpAddress host, PodSubnet subnet) {
        var own = subnet.routers().stream().findFirst();
        var join = own.isPresent() ? "" : MendingCommands.addToRouter(pool.cluster(), subnet.id(), facts);
        var other = around.routers().values().stream()
                .filter(Surroundings.Router::isVisible)
                .findFirst();
        if (own.isEmpty() && other.filter(router -> router.mayReach(host)).isPresent()) {
            return join;
        }
        var router = own.or(() -> other.map(Surroundings.Router::id)).orElse(pool.cluster() + "-router");
        var lead = around.around(host)
                .map(near -> line("router", "add", "subnet", router, near.id()))
                .or(() -> facts.externals().values().stream()
                        .findFirst()
                        .map(external -> MendingCommands.leadOutside(router, external.networkId())))
                .orElse(line("network", "list", "--external"));
        return join.isEmpty() ? lead : join + " && " + lead;
    }

    private void groups() {
        var asked = cluster.pods().securityGroups();
        var groups = asked.stream()
                .map(around.groups()::get)
                .filter(Objects::nonNull)
                .toList();
        for (var name : asked) {
            if (isFirst() && !around.groups().containsKey(name)) {
                found.add(FindingKind.POD_SECURITY_GROUP_MISSING.finding(
                        "security group '%s' of the pods of cluster %s cannot be used: %s"
                                .formatted(
                                        name, pool.cluster(), facts.missing().getOrDefault(name, "it was not found")),
                        line("security", "group", "create", name)));
            }
        }
        if (groups.isEmpty()) {
            return;
        }
        for (var protocol : cluster.pods().protocols()) {
            sources().stream()
                    .filter(source -> !isAdmitted(groups, protocol, source))
                    .forEach(source -> found.add(FindingKind.POD_SECURITY_GROUP_RULE_MISSING.finding(
                            "security groups %s of the pods of cluster %s do not let %s in from %s, where load balancers send from"
                                    .formatted(asked, pool.cluster(), protocol, source),
                            OpenStackCommands.create(
                                    new Resource.Ingress(groups.getFirst().id(), pool.family(), protocol, source)))));
        }
    }

    private boolean isAdmitted(List<SeenCloud.Group> groups, String protocol, CidrRange source) {
        return groups.stream()
                .flatMap(group -> group.rules().stream())
                .anyMatch(rule -> rule.admits(pool.family(), protocol, source));
    }

    /** As in a layout: amphorae send from the subnet of VIPs, in layer 2 from that of the pods; ovn keeps the sender. */
    private List<CidrRange> sources() {
        var sources = new ArrayList<CidrRange>();
        boolean isOvn = cluster.defaultProvider().equals("ovn");
        boolean isLayer2 = cluster.pods().isLayer2() && !isOvn;
        if (!isLayer2) {
            Optional<NeutronFacts.Subnet> vips = facts.subnet(pool.subnet());
            vips.map(NeutronFacts.Subnet::cidr).ifPresent(sources::add);
        }
        if (isOvn || isLayer2) {
            pods.stream().map(PodSubnet::cidr).forEach(sources::add);
        }
        return sources.stream().distinct().toList();
    }
}
