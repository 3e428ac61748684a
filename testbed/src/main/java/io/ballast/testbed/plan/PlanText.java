package io.ballast.testbed.plan;

import io.ballast.ipam.allocation.AddressRange;
import io.ballast.ipam.allocation.layout.LayoutResources;
import io.ballast.ipam.allocation.layout.NetworkLayout;
import io.ballast.ipam.allocation.layout.NetworkLayout.Family;
import io.ballast.ipam.allocation.layout.OpenStackCommands;
import io.ballast.ipam.allocation.layout.Room;
import io.ballast.ipam.allocation.layout.SubnetLayout;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpFamily;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A layout for people, and as commands for a shell. */
public final class PlanText {
    private final NetworkLayout layout;
    private final StringBuilder text = new StringBuilder();

    private PlanText(NetworkLayout layout) {
        this.layout = layout;
    }

    /** Everything: the layout, what goes into Kubernetes and Ballast, and the commands. */
    public static String of(NetworkLayout layout) {
        return new PlanText(layout).all();
    }

    /** The commands alone, a script that stops at the first failure. */
    public static String commands(NetworkLayout layout) {
        return LayoutResources.of(layout).stream()
                .map(OpenStackCommands::create)
                .collect(Collectors.joining("\n", "set -e\n", "\n"));
    }

    private String all() {
        line("Cluster %s: pods and services on %s, provider %s%s"
                .formatted(
                        layout.cluster(),
                        layout.isShared() ? "one shared subnet" : "networks of their own",
                        layout.provider(),
                        layout.isLayer2() ? ", members in layer 2" : ""));
        for (var family : layout.families()) {
            if (!family.isShared()) {
                subnet("pods", LayoutResources.podNetwork(layout), podSubnet(family), family.podSubnet());
            }
            subnet(
                    family.isShared() ? "pods and services" : "services",
                    LayoutResources.serviceNetwork(layout),
                    LayoutResources.serviceSubnet(layout, family.family()),
                    family.services());
            room(family);
        }
        router();
        group();
        section("Kubernetes");
        PlanDocument.kubernetes(layout).forEach((flag, value) -> line("  --%s=%s".formatted(flag, value)));
        section("ipam-service.yaml");
        block(PlanDocument.ipamYaml(layout));
        section("translator-service.yaml");
        block(PlanDocument.translatorYaml(layout));
        if (!layout.notes().isEmpty()) {
            section("Notes");
            layout.notes().forEach(note -> line("  " + note));
        }
        section("Commands");
        LayoutResources.of(layout).forEach(resource -> line("  " + OpenStackCommands.create(resource)));
        return text.toString();
    }

    private String podSubnet(Family family) {
        return LayoutResources.podSubnet(layout, family.family());
    }

    private void subnet(String who, String network, String name, SubnetLayout subnet) {
        section("%s of %s".formatted(name(subnet.family()), who));
        row("network", network);
        row(
                "subnet",
                "%s, %s, without DHCP%s"
                        .formatted(
                                name,
                                subnet.cidr(),
                                subnet.family() == IpFamily.IPV6 ? " and router advertisements" : ""));
        subnet.vipRange().ifPresent(vips -> row("VIPs", vips.toString()));
        subnet.clusterIps()
                .ifPresent(ips -> row("ClusterIPs", "%s; default/kubernetes is %s".formatted(ips, ips.first())));
        row("allocation pool", "%s%s".formatted(subnet.pool(), use(subnet)));
        row("gateway", "%s, port %s-router".formatted(subnet.gateway(), name));
    }

    private String use(SubnetLayout subnet) {
        if (subnet.vipRange().isEmpty()) {
            return layout.takesPortsOfPods() ? ", for pods and a port of each amphora" : ", for pods";
        }
        return layout.isShared() ? ", for pods and the ports of amphorae" : ", for the ports of amphorae";
    }

    private void room(Family family) {
        var room = Room.of(family, PlanDocument.FAILOVERS);
        var less = family.isShared() ? ", less what pods take" : "";
        if (layout.provider().equals("amphora")) {
            row(
                    "room",
                    "%s load balancers of one amphora, %s of two (active-standby)%s"
                            .formatted(count(room.single()), count(room.activeStandby()), less));
            row(
                    "",
                    "out of %s ClusterIPs and %s ports, one of them kept for a failover"
                            .formatted(count(room.clusterIps()), count(room.ports())));
        } else {
            row("room", "%s load balancers; they take no ports".formatted(count(room.clusterIps())));
        }
    }

    private void router() {
        section("Router");
        row("router", LayoutResources.router(layout));
        layout.floating().ifPresent(network -> row("gateway to", network));
        if (!layout.externalRanges().isEmpty()) {
            row("plain ranges", texts(layout.externalRanges()) + ", which the provider network must route to the VIPs");
        }
    }

    private void group() {
        section("Security group of pods");
        row("group", LayoutResources.podGroup(layout));
        for (var family : layout.families()) {
            row(
                    "lets in",
                    "%s from %s"
                            .formatted(
                                    String.join(", ", LayoutResources.PROTOCOLS),
                                    LayoutResources.sources(layout, family).stream()
                                            .map(CidrRange::toString)
                                            .collect(Collectors.joining(", "))));
        }
    }

    private void section(String title) {
        text.append('\n').append(title).append('\n');
    }

    private void row(String what, String value) {
        text.append("  %-16s%s%n".formatted(what, value));
    }

    private void block(String yaml) {
        yaml.lines().forEach(line -> line("  " + line));
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static String texts(List<AddressRange> ranges) {
        return ranges.stream().map(AddressRange::toString).collect(Collectors.joining(", "));
    }

    private static String count(Number number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String name(IpFamily family) {
        return family == IpFamily.IPV4 ? "IPv4" : "IPv6";
    }
}
