package io.ballast.testbed.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator.Feature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.ballast.ipam.allocation.AddressRange;
import io.ballast.ipam.allocation.layout.LayoutResources;
import io.ballast.ipam.allocation.layout.NetworkLayout;
import io.ballast.ipam.allocation.layout.NetworkLayout.Family;
import io.ballast.ipam.allocation.layout.OpenStackCommands;
import io.ballast.ipam.allocation.layout.Room;
import io.ballast.ipam.allocation.layout.SubnetLayout;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpFamily;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A layout as a document: everything it says, and the configuration that goes with it. */
public final class PlanDocument {
    /** As many failovers as ipam keeps room for by default. */
    static final int FAILOVERS = 1;

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(Feature.WRITE_DOC_START_MARKER)
            .disable(Feature.SPLIT_LINES)
            .enable(Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private PlanDocument() {}

    /** All of it as YAML. */
    public static String yaml(NetworkLayout layout) {
        var document = new LinkedHashMap<String, Object>();
        document.put("cluster", layout.cluster());
        document.put("provider", layout.provider());
        document.put("shared-subnet", layout.isShared());
        document.put("member-subnets", layout.isLayer2() ? "layer2" : "layer3");
        var families = new LinkedHashMap<String, Object>();
        layout.families().forEach(family -> families.put(word(family.family()), family(layout, family)));
        document.put("families", families);
        var router = new LinkedHashMap<String, Object>();
        router.put("name", LayoutResources.router(layout));
        layout.floating().ifPresent(network -> router.put("external-network", network));
        document.put("router", router);
        document.put("security-group", group(layout));
        document.put("kubernetes", kubernetes(layout));
        document.put("ipam-service.yaml", ipam(layout));
        document.put("translator-service.yaml", translator(layout));
        document.put("notes", layout.notes());
        document.put(
                "commands",
                LayoutResources.of(layout).stream()
                        .map(OpenStackCommands::create)
                        .toList());
        return write(document);
    }

    /** What belongs into the configuration of ipam-service, as YAML. */
    public static String ipamYaml(NetworkLayout layout) {
        return write(ipam(layout));
    }

    /** What belongs into the configuration of translator-service, as YAML. */
    public static String translatorYaml(NetworkLayout layout) {
        return write(translator(layout));
    }

    /** Flags of kube-apiserver and kube-controller-manager, with their values. */
    static Map<String, String> kubernetes(NetworkLayout layout) {
        var flags = new LinkedHashMap<String, String>();
        flags.put("service-cluster-ip-range", joined(layout, Family::vips));
        flags.put("cluster-cidr", joined(layout, family -> family.podSubnet().cidr()));
        return flags;
    }

    private static Map<String, Object> family(NetworkLayout layout, Family family) {
        var document = new LinkedHashMap<String, Object>();
        if (!family.isShared()) {
            document.put(
                    "pods",
                    subnet(
                            LayoutResources.podNetwork(layout),
                            LayoutResources.podSubnet(layout, family.family()),
                            family.podSubnet()));
        }
        document.put(
                "services",
                subnet(
                        LayoutResources.serviceNetwork(layout),
                        LayoutResources.serviceSubnet(layout, family.family()),
                        family.services()));
        var room = Room.of(family, FAILOVERS);
        var fits = new LinkedHashMap<String, Object>();
        fits.put("cluster-ips", room.clusterIps());
        fits.put("allocation-pool", room.ports());
        fits.put("load-balancers-single", room.single());
        fits.put("load-balancers-active-standby", room.activeStandby());
        fits.put("load-balancers-ovn", room.clusterIps());
        document.put("room", fits);
        return document;
    }

    private static Map<String, Object> subnet(String network, String name, SubnetLayout subnet) {
        var document = new LinkedHashMap<String, Object>();
        document.put("network", network);
        document.put("subnet", name);
        document.put("cidr", subnet.cidr().toString());
        document.put("dhcp", false);
        subnet.vipRange().ifPresent(vips -> document.put("vips", vips.toString()));
        subnet.clusterIps().ifPresent(ips -> document.put("cluster-ips", ips.toString()));
        document.put("allocation-pool", subnet.pool().toString());
        document.put("gateway", subnet.gateway().toString());
        document.put("router-port", name + "-router");
        return document;
    }

    private static Map<String, Object> group(NetworkLayout layout) {
        var document = new LinkedHashMap<String, Object>();
        document.put("name", LayoutResources.podGroup(layout));
        document.put("protocols", LayoutResources.PROTOCOLS);
        document.put(
                "from",
                layout.families().stream()
                        .flatMap(family -> LayoutResources.sources(layout, family).stream())
                        .map(CidrRange::toString)
                        .toList());
        return document;
    }

    private static Map<String, Object> ipam(NetworkLayout layout) {
        var cluster = new LinkedHashMap<String, Object>();
        cluster.put("default-provider", layout.provider());
        for (var family : layout.families()) {
            var vips = new LinkedHashMap<String, Object>();
            vips.put("subnet", LayoutResources.serviceSubnet(layout, family.family()));
            vips.put("ranges", List.of(family.vips().toString()));
            cluster.put(word(family.family()), vips);
        }
        cluster.put(
                "pod-subnets",
                layout.families().stream()
                        .map(family -> LayoutResources.podSubnet(layout, family.family()))
                        .toList());
        cluster.put("pod-security-groups", List.of(LayoutResources.podGroup(layout)));
        if (layout.isLayer2()) {
            cluster.put("member-subnets", "layer2");
        }
        var document = new LinkedHashMap<String, Object>();
        document.put("clusters", Map.of(layout.cluster(), cluster));
        var pools = new LinkedHashMap<String, Object>();
        layout.floating().ifPresent(network -> pools.put("floating", Map.of("network", network)));
        for (var family : IpFamily.values()) {
            var ranges = layout.externalRanges().stream()
                    .filter(range -> range.family() == family)
                    .map(AddressRange::toString)
                    .toList();
            if (!ranges.isEmpty()) {
                pools.put("external-" + word(family), Map.of("ranges", ranges));
            }
        }
        if (!pools.isEmpty()) {
            document.put("external-pools", pools);
        }
        return document;
    }

    private static Map<String, Object> translator(NetworkLayout layout) {
        var cluster = new LinkedHashMap<String, Object>();
        cluster.put("provider", layout.provider());
        cluster.put("pod-ranges", texts(layout, family -> family.podSubnet().cidr()));
        cluster.put("service-ranges", texts(layout, Family::vips));
        if (layout.isLayer2()) {
            cluster.put("member-subnets", "layer2");
            var subnets = new LinkedHashMap<String, Object>();
            layout.families()
                    .forEach(family ->
                            subnets.put(word(family.family()), LayoutResources.podSubnet(layout, family.family())));
            cluster.put("pod-subnets", subnets);
        }
        return Map.of("clusters", Map.of(layout.cluster(), cluster));
    }

    private static List<String> texts(NetworkLayout layout, Function<Family, CidrRange> each) {
        return layout.families().stream().map(each).map(CidrRange::toString).toList();
    }

    private static String joined(NetworkLayout layout, Function<Family, CidrRange> each) {
        return texts(layout, each).stream().collect(Collectors.joining(","));
    }

    static String word(IpFamily family) {
        return family.name().toLowerCase(Locale.ROOT);
    }

    private static String write(Object document) {
        try {
            return YAML.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
