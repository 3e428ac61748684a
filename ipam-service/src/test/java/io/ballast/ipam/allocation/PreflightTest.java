package io.ballast.ipam.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.allocation.Surroundings.PodSubnet;
import io.ballast.ipam.allocation.layout.SeenCloud;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.Finding;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What PreflightIT cannot make on the model, and the words. */
class PreflightTest {
    private static final String ROUTER = "router-1";
    private static final NeutronFacts.Router LEADS_OUT = new NeutronFacts.Router(ROUTER, true, "public-id");

    @Test
    void aRangeOutsideItsSubnetIsTheConfigurationsFault() {
        assertThat(check("10.9.0.0/17", "amphora", subnet(LEADS_OUT), Surroundings.NONE))
                .containsExactly(
                        "vip-range-outside-subnet: VIP range 10.9.0.0-10.9.127.255 of cluster demo is not inside"
                                + " subnet services (10.2.0.0/16): ");
    }

    @Test
    void aRouterThatIsNotVisibleIsNoWayAndNoFault() {
        assertThat(check(
                        "10.2.0.0/17",
                        "amphora",
                        subnet(new NeutronFacts.Router(ROUTER, false, null)),
                        Surroundings.NONE))
                .containsExactly("router-not-visible: the router of subnet services is not visible, so that its way to"
                        + " network public of external pool 'public' is not known: ");
    }

    @Test
    void withNoRouterAtAllOneIsMade() {
        assertThat(check("10.2.0.0/17", "amphora", subnet(), Surroundings.NONE))
                .contains("router-missing: no router has an interface on subnet services: openstack router create"
                        + " demo-router && openstack router add subnet demo-router services-id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "amphora | 10.2.0.0/16",
                "ovn | 10.2.0.0/16 10.1.0.0/16",
            })
    void groupsLetInWhatEachProviderSends(String provider, String sources) {
        // Given
        var group = new SeenCloud.Group("group-id", "access", "", List.of());
        // When
        var found = check("10.2.0.0/17", provider, subnet(LEADS_OUT), surroundings(group, true, Set.of()));
        // Then
        assertThat(found)
                .containsExactlyInAnyOrder(List.of(sources.split(" ", -1)).stream()
                        .map(source ->
                                ("pod-security-group-rule-missing: security groups [access] of the pods of cluster"
                                                + " demo do not let tcp in from %s, where load balancers send from: openstack"
                                                + " security group rule create --ingress --ethertype IPv4 --protocol tcp"
                                                + " --remote-ip %s group-id")
                                        .formatted(source, source))
                        .toArray(String[]::new));
    }

    @Test
    void inLayerTwoGroupsLetInWhatComesFromTheSubnetOfThePods() {
        // Given
        var group = new SeenCloud.Group("group-id", "access", "", List.of());
        var layer3 = rules("10.2.0.0/17", "amphora", true);
        var cluster = Objects.requireNonNull(layer3.clusters().get("demo"));
        var pods = new PodRules(List.of("pods"), List.of("access"), List.of("tcp", "udp"), List.of(), true);
        var layer2 =
                new Rules(Map.of("demo", new Rules.Cluster(cluster.vips(), 1, "amphora", pods)), layer3.externals(), 1);
        var facts = new NeutronFacts(
                Map.of("services", subnet(LEADS_OUT)),
                Map.of("public", new NeutronFacts.ExternalNetwork("public-id", "public", List.of(), true, Set.of())),
                Map.of(),
                surroundings(group, true, Set.of()));
        // When
        var found = Preflight.check(layer2, facts);
        // Then
        assertThat(found.values().stream().flatMap(List::stream).map(Finding::command))
                .containsExactlyInAnyOrder(
                        "openstack security group rule create --ingress --ethertype IPv4 --protocol tcp --remote-ip 10.1.0.0/16 group-id",
                        "openstack security group rule create --ingress --ethertype IPv4 --protocol udp --remote-ip 10.1.0.0/16 group-id");
    }

    @ParameterizedTest
    @CsvSource({
        "true, tcp, 10.2.0.0/16, false, true",
        "true, , , false, true",
        "true, tcp, 10.0.0.0/8, false, true",
        "true, tcp, 10.2.0.0/17, false, false",
        "true, udp, 10.2.0.0/16, false, false",
        "false, tcp, 10.2.0.0/16, false, false",
        "true, tcp, 10.2.0.0/16, true, false",
    })
    void aWiderRuleIsAsGood(
            boolean isIngress,
            @Nullable String protocol,
            @Nullable String remote,
            boolean isLimited,
            boolean isEnough) {
        // Given
        var rule = new SeenCloud.Rule(
                isIngress, IpFamily.IPV4, protocol, remote == null ? null : CidrRange.of(remote), isLimited);
        var group = new SeenCloud.Group("group-id", "access", "", List.of(rule));
        // When
        var found = check("10.2.0.0/17", "amphora", subnet(LEADS_OUT), surroundings(group, true, Set.of()));
        // Then
        assertThat(found.isEmpty()).isEqualTo(isEnough);
    }

    @Test
    void aHostIsReachedOverARouteToo() {
        // Given
        var open = new SeenCloud.Rule(true, IpFamily.IPV4, null, null, false);
        var group = new SeenCloud.Group("group-id", "access", "", List.of(open));
        // When
        var without = check("10.2.0.0/17", "amphora", subnet(LEADS_OUT), surroundings(group, false, Set.of()));
        var with = check(
                "10.2.0.0/17",
                "amphora",
                subnet(LEADS_OUT),
                surroundings(group, false, Set.of(CidrRange.of("192.168.0.0/16"))));
        // Then
        assertThat(without)
                .containsExactly("api-host-unreachable: host 192.168.1.2 of the API server of cluster demo cannot be"
                        + " reached from subnet pods of pods: no router of it leads there: openstack router set"
                        + " --external-gateway public-id router-1");
        assertThat(with).isEmpty();
    }

    @Test
    void takesHolesOutOfRanges() {
        assertThat(MendingCommands.without(
                        List.of(AddressRange.parse("10.2.0.1-10.2.0.20")),
                        List.of(
                                AddressRange.parse("10.2.0.1-10.2.0.4"),
                                AddressRange.parse("10.2.0.8"),
                                AddressRange.parse("10.2.0.19-10.2.0.30"))))
                .hasToString("[10.2.0.5-10.2.0.7, 10.2.0.9-10.2.0.18]");
    }

    /** Pods are looked at where something is around. */
    private static List<String> check(String vips, String provider, NeutronFacts.Subnet subnet, Surroundings around) {
        var network = new NeutronFacts.ExternalNetwork("public-id", "public", List.of(), true, Set.of());
        var facts = new NeutronFacts(Map.of("services", subnet), Map.of("public", network), Map.of(), around);
        return Preflight.check(rules(vips, provider, !around.groups().isEmpty()), facts).values().stream()
                .flatMap(List::stream)
                .map(PreflightTest::text)
                .toList();
    }

    private static String text(Finding finding) {
        return "%s: %s: %s".formatted(finding.code(), finding.message(), finding.command());
    }

    private static Rules rules(String vips, String provider, boolean arePodsLookedAt) {
        var pool = new Rules.VipPool(
                "demo/vip/ipv4", "demo", IpFamily.IPV4, "services", List.of(AddressRange.parse(vips)));
        var pods =
                new PodRules(List.of("pods"), List.of("access"), List.of("tcp"), List.of(IpAddress.of("192.168.1.2")));
        var external = new Rules.ExternalPool("public", "public", null, List.of(), Duration.ZERO, Set.of(), Set.of());
        return new Rules(
                Map.of("demo", new Rules.Cluster(List.of(pool), 1, provider, arePodsLookedAt ? pods : PodRules.NONE)),
                List.of(external),
                1);
    }

    private static NeutronFacts.Subnet subnet(NeutronFacts.Router... routers) {
        return new NeutronFacts.Subnet(
                "services-id",
                "services",
                "network-id",
                CidrRange.of("10.2.0.0/16"),
                IpAddress.of("10.2.255.254"),
                List.of(AddressRange.parse("10.2.128.1-10.2.255.253")),
                List.of(),
                List.of(routers));
    }

    private static Surroundings surroundings(SeenCloud.Group group, boolean leadsOut, Set<CidrRange> routes) {
        var router = new Surroundings.Router(ROUTER, true, leadsOut ? "public-id" : null, routes);
        var pods = new PodSubnet("pods-id", "pods", CidrRange.of("10.1.0.0/16"), List.of(ROUTER));
        return new Surroundings(
                Map.of("pods", pods), Map.of("access", group), Map.of(ROUTER, router), List.of(), Map.of(), "");
    }
}
