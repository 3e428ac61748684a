package io.ballast.ipam.allocation.layout;

import io.ballast.ipam.allocation.AddressRange;
import io.ballast.ipam.allocation.layout.NetworkLayout.Family;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a person asked for, as it was written.
 *
 * @param cluster name of the cluster
 * @param provider Octavia provider
 * @param cidr IPv4 range of services, or of the shared subnet; null for none
 * @param pods IPv4 range of pods; null for 10.1.0.0/16, as in kuryr's documentation
 * @param ipv6 IPv6 range of services, or of the shared subnet; null for none
 * @param podsIpv6 IPv6 range of pods; null for fd10:0:0:1::/64
 * @param isShared whether pods and services share a subnet
 * @param externals a network by id or name, and plain ranges of addresses
 * @param isLayer2 whether load balancers have a port in the subnet of their members
 */
public record LayoutRequest(
        String cluster,
        String provider,
        @Nullable String cidr,
        @Nullable String pods,
        @Nullable String ipv6,
        @Nullable String podsIpv6,
        boolean isShared,
        List<String> externals,
        boolean isLayer2) {
    private static final String PODS = "10.1.0.0/16";
    private static final String PODS_IPV6 = "fd10:0:0:1::/64";

    /** What begins like an address: a network may be named in any other way. */
    private static final Pattern ADDRESSES =
            Pattern.compile("[0-9]+\\.[0-9.]*([/-].*)?|[0-9a-fA-F]*:[0-9a-fA-F:.]*([/-].*)?");

    /** Members are reached through the router. */
    public LayoutRequest(
            String cluster,
            String provider,
            @Nullable String cidr,
            @Nullable String pods,
            @Nullable String ipv6,
            @Nullable String podsIpv6,
            boolean isShared,
            List<String> externals) {
        this(cluster, provider, cidr, pods, ipv6, podsIpv6, isShared, externals, false);
    }

    public LayoutRequest {
        externals = List.copyOf(externals);
    }

    /** The layout. Throws {@link IllegalArgumentException} that names the option, its value and what is allowed. */
    public NetworkLayout layout() {
        var families = new ArrayList<Family>();
        add(families, IpFamily.IPV4, "--cidr", cidr, "--pods", pods, PODS);
        add(families, IpFamily.IPV6, "--ipv6", ipv6, "--pods-ipv6", podsIpv6, PODS_IPV6);
        var networks = externals.stream()
                .filter(external -> !ADDRESSES.matcher(external).matches())
                .toList();
        if (networks.size() > 1) {
            throw new IllegalArgumentException(
                    "--external names %d networks, %s: a router leads to one".formatted(networks.size(), networks));
        }
        var ranges = externals.stream()
                .filter(external -> ADDRESSES.matcher(external).matches())
                .map(LayoutRequest::range)
                .toList();
        return new NetworkLayout(
                cluster, provider, families, networks.isEmpty() ? null : networks.getFirst(), ranges, isLayer2);
    }

    private void add(
            List<Family> families,
            IpFamily family,
            String option,
            @Nullable String services,
            String podOption,
            @Nullable String wantedPods,
            String usualPods) {
        if (services == null) {
            if (wantedPods != null) {
                throw new IllegalArgumentException("%s %s without %s: pods of a family need services of it"
                        .formatted(podOption, wantedPods, option));
            }
            return;
        }
        var range = cidr(option, services, family);
        if (isShared && wantedPods != null) {
            throw new IllegalArgumentException("%s %s with --shared-subnet: pods are on the subnet %s of %s"
                    .formatted(podOption, wantedPods, range, option));
        }
        families.add(
                isShared
                        ? Family.shared(range)
                        : Family.separate(range, cidr(podOption, wantedPods == null ? usualPods : wantedPods, family)));
    }

    private static CidrRange cidr(String option, String text, IpFamily family) {
        var read = CidrRange.ofKubernetes(text)
                .orElseThrow(() -> new IllegalArgumentException("%s '%s' is no range such as %s"
                        .formatted(option, text, family == IpFamily.IPV4 ? "10.2.0.0/16" : "fd10:0:0:2::/112")));
        if (read.family() != family) {
            throw new IllegalArgumentException(
                    "%s %s is %s, but this option takes %s".formatted(option, text, read.family(), family));
        }
        boolean isNetwork = IpAddress.parse(
                        text.strip().substring(0, text.strip().indexOf('/')))
                .filter(read.network()::equals)
                .isPresent();
        if (!isNetwork) {
            throw new IllegalArgumentException(
                    "%s %s has bits set after its prefix: the network is %s".formatted(option, text, read));
        }
        return read;
    }

    private static AddressRange range(String text) {
        try {
            return AddressRange.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--external %s is no first-last, network or address: %s".formatted(text, e.getMessage()), e);
        }
    }
}
