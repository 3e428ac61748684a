package io.ballast.ipam.allocation.layout;

import io.ballast.ipam.allocation.AddressRange;
import io.ballast.ipam.allocation.layout.Resource.Ingress;
import io.ballast.ipam.allocation.layout.Resource.Network;
import io.ballast.ipam.allocation.layout.Resource.Router;
import io.ballast.ipam.allocation.layout.Resource.RouterGateway;
import io.ballast.ipam.allocation.layout.Resource.RouterInterface;
import io.ballast.ipam.allocation.layout.Resource.RouterPort;
import io.ballast.ipam.allocation.layout.Resource.SecurityGroup;
import io.ballast.ipam.allocation.layout.Resource.Subnet;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Lines for a shell: the {@code openstack} command with its arguments. Source: python-openstackclient. */
public final class OpenStackCommands {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.,:=/@%+-]+");

    private OpenStackCommands() {}

    /** The command that makes it. */
    public static String create(Resource resource) {
        return switch (resource) {
            case Network(var name, var description) -> line("network", "create", "--description", description, name);
            case Subnet subnet -> create(subnet);
            case Router(var name, var description) -> line("router", "create", "--description", description, name);
            case RouterGateway(var router, var network) -> line("router", "set", "--external-gateway", network, router);
            case RouterPort port ->
                line(
                        "port",
                        "create",
                        "--network",
                        port.network(),
                        "--fixed-ip",
                        "subnet=%s,ip-address=%s".formatted(port.subnet(), port.address()),
                        "--description",
                        port.description(),
                        port.name());
            case RouterInterface(var router, var port) -> line("router", "add", "port", router, port.name());
            case SecurityGroup(var name, var description) ->
                line("security", "group", "create", "--description", description, name);
            case Ingress(var group, var family, var protocol, var remote) ->
                line(
                        "security",
                        "group",
                        "rule",
                        "create",
                        "--ingress",
                        "--ethertype",
                        family == IpFamily.IPV4 ? "IPv4" : "IPv6",
                        "--protocol",
                        protocol,
                        "--remote-ip",
                        remote.toString(),
                        group);
        };
    }

    private static String create(Subnet subnet) {
        var words = new ArrayList<>(List.of(
                "subnet",
                "create",
                "--network",
                subnet.network(),
                "--ip-version",
                subnet.cidr().family() == IpFamily.IPV4 ? "4" : "6",
                "--no-dhcp",
                "--subnet-range",
                subnet.cidr().toString(),
                "--gateway",
                subnet.gateway().toString()));
        subnet.pools().forEach(pool -> words.addAll(List.of("--allocation-pool", pool(pool))));
        words.addAll(List.of("--description", subnet.description(), subnet.name()));
        return line(words.toArray(String[]::new));
    }

    /** The command that gives a subnet another gateway. */
    public static String setGateway(String subnet, IpAddress gateway) {
        return line("subnet", "set", "--gateway", gateway.toString(), subnet);
    }

    /** The command that turns DHCP of a subnet off. */
    public static String setNoDhcp(String subnet) {
        return line("subnet", "set", "--no-dhcp", subnet);
    }

    /** The command that gives a subnet these allocation pools and no others. */
    public static String setPools(String subnet, List<AddressRange> pools) {
        var words = new ArrayList<>(List.of("subnet", "set", "--no-allocation-pool"));
        pools.forEach(pool -> words.addAll(List.of("--allocation-pool", pool(pool))));
        words.add(subnet);
        return line(words.toArray(String[]::new));
    }

    /** A command of any words, quoted where a shell would read them otherwise. */
    public static String line(String... words) {
        return Arrays.stream(words).map(OpenStackCommands::quoted).collect(Collectors.joining(" ", "openstack ", ""));
    }

    private static String pool(AddressRange range) {
        return "start=%s,end=%s".formatted(range.first(), range.last());
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
