package io.ballast.translator;

import io.ballast.runtime.config.ConfigReader;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LabelSelector;
import io.ballast.schemas.contract.LbAlgorithm;
import io.ballast.translator.translation.ClusterSettings;
import io.ballast.translator.translation.DualStack;
import io.ballast.translator.translation.KubernetesApiSettings;
import io.ballast.translator.translation.ListenerTimeouts;
import io.ballast.translator.translation.LocalTraffic;
import io.ballast.translator.translation.Manage;
import io.ballast.translator.translation.MemberKind;
import io.ballast.translator.translation.MemberSubnets;
import io.ballast.translator.translation.PoolSharing;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of the translator; {@code translator-service.yaml} among the resources is an example with every key.
 *
 * @param clusters settings by the name of the cluster, as its watcher is configured
 */
public record TranslatorServiceConfig(Map<String, ClusterSettings> clusters) {
    private static final int MEMBERS_MAX = 15_000; // a record of 2 MB holds no more
    private static final String CLUSTER_NAME = "[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?";

    public TranslatorServiceConfig {
        clusters = Map.copyOf(clusters);
    }

    /** Reads every key but those of the shell; mistakes are noted in the reader. */
    public static TranslatorServiceConfig from(ConfigReader read) {
        var clusters = new LinkedHashMap<String, ClusterSettings>();
        read.sections("clusters").forEach((name, section) -> {
            if (!name.matches(CLUSTER_NAME)) {
                read.fail("clusters." + name, "is no name of a cluster: 1..63 of a-z, 0-9, '-' and '.'");
            }
            clusters.put(name, cluster(section));
        });
        if (clusters.isEmpty()) {
            read.fail("clusters", "names no cluster: at least one is needed, its keys may all be left out");
        }
        return new TranslatorServiceConfig(clusters);
    }

    private static ClusterSettings cluster(ConfigReader read) {
        var defaults = ClusterSettings.DEFAULT;
        var provider = read.optionalText("provider").orElse(defaults.provider());
        return new ClusterSettings(
                read.choice("manage", Manage.class, defaults.manage()),
                selector(read),
                read.choice("members", MemberKind.class, defaults.members()),
                memberSubnets(read),
                provider,
                algorithm(read, provider),
                read.choice("pools", PoolSharing.class, defaults.pools()),
                timeouts(read.section("timeouts")),
                ranges(read, "pod-ranges"),
                ranges(read, "node-ranges"),
                ranges(read, "extra-member-ranges"),
                ranges(read, "service-ranges"),
                read.flag("serve-classless", defaults.servesClassless()),
                read.choice("local-traffic", LocalTraffic.class, defaults.localTraffic()),
                kubernetesApi(read),
                read.choice("dual-stack", DualStack.class, defaults.dualStack()),
                read.integer("limits.members", 1, MEMBERS_MAX, defaults.membersMax()),
                OptionSettingsConfig.from(read));
    }

    private enum Api {
        SERVE,
        LEAVE
    }

    private static KubernetesApiSettings kubernetesApi(ConfigReader read) {
        var choice = read.choice("kubernetes-api", Api.class, Api.SERVE);
        var timeout = millis(read, "kubernetes-api-timeout");
        return KubernetesApiSettings.of(
                choice == Api.SERVE, timeout == null ? KubernetesApiSettings.TIMEOUT_MILLIS_DEFAULT : timeout);
    }

    private static LabelSelector selector(ConfigReader read) {
        try {
            return LabelSelector.parse(read.optionalText("namespace-selector").orElse(""));
        } catch (IllegalArgumentException e) {
            read.fail("namespace-selector", "cannot be read: " + e.getMessage());
            return LabelSelector.ALL;
        }
    }

    private enum Layer {
        LAYER3,
        LAYER2
    }

    private static MemberSubnets memberSubnets(ConfigReader read) {
        var layer = read.choice("member-subnets", Layer.class, Layer.LAYER3);
        var pods = subnets(read, "pod-subnets");
        var nodes = subnets(read, "node-subnets");
        return switch (layer) {
            case LAYER3 -> {
                if (!pods.isEmpty() || !nodes.isEmpty()) {
                    read.fail("member-subnets", "is layer3, which uses neither pod-subnets nor node-subnets");
                }
                yield new MemberSubnets.Layer3();
            }
            case LAYER2 -> {
                if (pods.isEmpty() && nodes.isEmpty()) {
                    read.fail("member-subnets", "is layer2, which needs pod-subnets or node-subnets");
                }
                yield new MemberSubnets.Layer2(pods, nodes);
            }
        };
    }

    private static Map<IpFamily, String> subnets(ConfigReader read, String key) {
        var section = read.section(key);
        var subnets = new EnumMap<IpFamily, String>(IpFamily.class);
        section.optionalText("ipv4").ifPresent(subnet -> subnets.put(IpFamily.IPV4, subnet));
        section.optionalText("ipv6").ifPresent(subnet -> subnets.put(IpFamily.IPV6, subnet));
        return subnets;
    }

    private static @Nullable LbAlgorithm algorithm(ConfigReader read, String provider) {
        var known = ClusterSettings.algorithms(provider);
        var text = read.optionalText("algorithm");
        var algorithm = text.flatMap(
                name -> known.stream().filter(each -> each.name().equals(name)).findFirst());
        if (text.isPresent() && algorithm.isEmpty()) {
            read.fail("algorithm", "is %s, but provider '%s' knows only %s".formatted(text.get(), provider, known));
        }
        return algorithm.orElse(null);
    }

    private static ListenerTimeouts timeouts(ConfigReader read) {
        return new ListenerTimeouts(
                millis(read, "client-data"),
                millis(read, "member-connect"),
                millis(read, "member-data"),
                millis(read, "tcp-inspect"));
    }

    private static @Nullable Integer millis(ConfigReader read, String key) {
        if (!read.has(key)) {
            return null;
        }
        var timeout = read.duration(key);
        if (timeout.compareTo(Duration.ofMillis(ListenerTimeouts.MILLIS_MAX)) > 0) {
            read.fail(
                    key,
                    "is %s, Octavia takes at most 1d"
                            .formatted(timeout.toString().toLowerCase(Locale.ROOT)));
            return null;
        }
        return (int) timeout.toMillis();
    }

    private static List<CidrRange> ranges(ConfigReader read, String key) {
        return read.list(key, List.of()).stream()
                .flatMap(text -> {
                    var range = CidrRange.parse(text);
                    if (range.isEmpty()) {
                        read.fail(
                                key,
                                "holds %s, which is no range such as 10.1.0.0/16 or fd10:0:0:1::/64".formatted(text));
                    }
                    return range.stream();
                })
                .sorted()
                .toList();
    }
}
