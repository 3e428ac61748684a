package io.ballast.octavia;

import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.MemberCosts;
import io.ballast.octavia.loadbalancer.MemberWeights;
import io.ballast.octavia.loadbalancer.PodAccess;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.octavia.openstack.OctaviaCalls;
import io.ballast.openstack.CloudOptions;
import io.ballast.openstack.CloudSettings;
import io.ballast.openstack.CloudSource;
import io.ballast.runtime.config.ConfigReader;
import io.ballast.schemas.contract.CidrRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Configuration of octavia-service; {@code octavia-service.yaml} among the resources is an example with every key.
 *
 * @param settings how it works
 * @param podAccess clusters whose security groups are looked after
 * @param cloud how to reach OpenStack; empty: nothing is made until it is configured
 * @param amphorae amphorae of a load balancer of provider amphora
 */
public record OctaviaServiceConfig(
        OctaviaSettings settings, List<PodAccess> podAccess, Optional<CloudSource> cloud, int amphorae) {
    private static final int TAG_MAX = 255;
    private static final int MILLIS_MAX = 600_000;
    private static final String CLUSTER_NAME = "[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?";

    private enum MemberSubnets {
        LAYER3,
        LAYER2
    }

    /**
     * Reads every key but those of the shell; mistakes are noted in the reader.
     *
     * @param environment environment variables, for those of OpenStack
     * @param keyedPartitions partitions of each keyed topic
     */
    public static OctaviaServiceConfig from(ConfigReader read, Map<String, String> environment, int keyedPartitions) {
        var standard = OctaviaSettings.DEFAULT;
        var cloud = cloud(read, environment);
        var policy = policy(read);
        int creates = read.integer("creates-in-flight", 1, 100, standard.createsInFlight());
        int writes = read.integer("writes-in-flight", 1, 1_000, standard.writesInFlight());
        if (writes < creates) {
            read.fail("writes-in-flight", "is %d, less than creates-in-flight %d".formatted(writes, creates));
        }
        var settings = new OctaviaSettings(
                cloud.isPresent() ? policy : policy.withoutCredentials(),
                keyedPartitions,
                creates,
                Math.max(writes, creates),
                read.duration("resync-interval", standard.resync()),
                longestCall(read),
                read.duration("floating-ip-interval", standard.floatingIpInterval()),
                read.duration("full-read-interval", standard.fullRead()));
        var podAccess = new ArrayList<PodAccess>();
        read.sections("clusters").forEach((name, section) -> {
            if (!name.matches(CLUSTER_NAME)) {
                read.fail("clusters." + name, "is no name of a cluster: 1..63 of a-z, 0-9, '-' and '.'");
            }
            podAccess.add(podAccess(name, section));
        });
        return new OctaviaServiceConfig(
                settings, List.copyOf(podAccess), cloud, read.integer("amphorae-per-load-balancer", 1, 2, 1));
    }

    /** How long a call of an earlier owner may still take effect, at least as long as it may take. */
    private static Duration longestCall(ConfigReader read) {
        var least = options(read.section("openstack")).longestSend().plus(OctaviaCalls.LOOKS_BEFORE_A_WRITE_MAX);
        var given = read.duration("longest-call", least);
        if (given.compareTo(least) < 0) {
            read.fail(
                    "longest-call",
                    "is %d s, less than the %d s that a write may take by openstack.read-timeout and openstack.query-timeout"
                            .formatted(given.toSeconds(), least.toSeconds()));
        }
        return given;
    }

    private static PodAccess podAccess(String cluster, ConfigReader read) {
        var groups = read.list("pod-security-groups", List.of());
        var members = read.choice("member-subnets", MemberSubnets.class, MemberSubnets.LAYER3);
        var services = read.list("service-subnets", List.of());
        var pods = read.list("pod-subnets", List.of());
        var sources = new ArrayList<>(members == MemberSubnets.LAYER3 ? services : pods);
        if (!groups.isEmpty() && sources.isEmpty()) {
            read.fail(
                    members == MemberSubnets.LAYER3 ? "service-subnets" : "pod-subnets",
                    "is empty, but what comes from there is what pod-security-groups have to admit");
        }
        for (var range : read.list("more-client-ranges", List.of())) {
            if (CidrRange.parse(range).isEmpty()) {
                read.fail(
                        "more-client-ranges",
                        "holds '%s', which is no range such as 10.0.0.0/8 or fd10::/64".formatted(range));
            }
            sources.add(range);
        }
        return new PodAccess(cluster, groups, sources, read.flag("enforce-security-groups", true));
    }

    private static Policy policy(ConfigReader read) {
        var standard = Policy.DEFAULT;
        var tags = read.list("tags", List.of());
        tags.stream()
                .filter(tag -> tag.contains(",") || tag.length() > TAG_MAX)
                .forEach(tag -> read.fail(
                        "tags", "holds '%s': a tag has no comma and at most %d characters".formatted(tag, TAG_MAX)));
        var costs = new HashMap<>(standard.costs());
        read.sections("member-costs").forEach((provider, section) -> costs.put(provider, costs(section)));
        return new Policy(
                true,
                tags,
                costs,
                read.duration("stuck-after", standard.stuckAfter()),
                read.integer("recreations-per-hour", 0, Policy.RECREATIONS_MAX, standard.recreationsPerHour()),
                read.choice("member-weights", MemberWeights.class, standard.memberWeights()),
                read.flag("failover", standard.failover()));
    }

    private static MemberCosts costs(ConfigReader read) {
        return new MemberCosts(
                read.integer("single-millis", 0, MILLIS_MAX),
                read.integer("batch-millis", 0, MILLIS_MAX),
                read.integer("batch-per-member-millis", 0, MILLIS_MAX),
                read.integer("per-write-millis", 0, MILLIS_MAX, 0));
    }

    private static Optional<CloudSource> cloud(ConfigReader root, Map<String, String> environment) {
        var read = root.section("openstack");
        var options = options(read);
        try {
            return options.find(environment);
        } catch (IllegalArgumentException e) {
            read.fail("cloud", "cannot be used: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static CloudOptions options(ConfigReader read) {
        return new CloudOptions(
                read.optionalText("cloud"),
                read.optionalText("clouds-file"),
                read.optionalText("secure-file"),
                read.duration("read-timeout", CloudSettings.DEFAULT_READ_TIMEOUT),
                read.duration("query-timeout", CloudSettings.DEFAULT_QUERY_TIMEOUT),
                read.integer("requests-per-second", 1, 1_000, CloudOptions.DEFAULT_REQUESTS_PER_SECOND));
    }
}
