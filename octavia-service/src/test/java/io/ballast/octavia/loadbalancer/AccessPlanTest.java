package io.ballast.octavia.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.octavia.loadbalancer.AccessAction.AdmitRange;
import io.ballast.octavia.loadbalancer.AccessAction.BareVipPort;
import io.ballast.octavia.loadbalancer.AccessAction.WithdrawRule;
import io.ballast.octavia.loadbalancer.ObservedAccess.Group;
import io.ballast.octavia.loadbalancer.ObservedAccess.Rule;
import io.ballast.octavia.loadbalancer.ObservedAccess.VipPort;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AccessPlanTest {
    private static final String OURS = "ballast:pod-access:demo";
    private static final PodAccess DEMO = new PodAccess("demo", List.of("pods"), List.of("services"), true);
    private static final CidrRange SERVICES = CidrRange.of("10.2.0.0/16");

    @Test
    void admitsEachProtocolFromTheSubnet() {
        assertThat(plan(DEMO).actions())
                .containsExactly(admit("tcp", SERVICES), admit("udp", SERVICES), admit("sctp", SERVICES));
    }

    @Test
    void plansNothingForRulesThatAreThere() {
        assertThat(plan(DEMO, ours("tcp", SERVICES), ours("udp", SERVICES), ours("sctp", SERVICES))
                        .actions())
                .isEmpty();
    }

    @Test
    void countsRulesOfOthersThatAdmitAsMuchOrMore() {
        assertThat(plan(DEMO, theirs("tcp", CidrRange.of("10.0.0.0/8")), theirs("udp", null))
                        .actions())
                .containsExactly(admit("sctp", SERVICES));
        assertThat(plan(DEMO, theirs("", null)).actions()).isEmpty();
    }

    @Test
    void countsNoRuleThatAdmitsLess() {
        // Given
        var otherFamily = new Rule("r", "group-1", IpFamily.IPV6, "", null, false, "", 1);
        var somePorts = new Rule("r", "group-1", IpFamily.IPV4, "tcp", null, true, "", 1);

        // Then
        assertThat(plan(DEMO, otherFamily, somePorts, theirs("icmp", null), theirs("udp", CidrRange.of("10.2.0.0/17")))
                        .actions())
                .hasSize(3);
    }

    @Test
    void admitsIpv6FromASubnetOfIpv6() {
        // When
        var plan = AccessPlan.of(
                List.of(DEMO),
                new ObservedAccess(
                        groups(), Map.of("services", List.of(CidrRange.of("fd10:0:0:2::/112"))), List.of(), List.of()));

        // Then
        assertThat(plan.actions())
                .hasSize(3)
                .allSatisfy(action -> assertThat(((AdmitRange) action).family()).isEqualTo(IpFamily.IPV6));
    }

    @Test
    void withdrawsWhatConfigurationNoLongerNamesAndNeverWhatOthersMade() {
        // Given
        var old = CidrRange.of("10.9.0.0/16");
        var all = Stream.of("tcp", "udp", "sctp")
                .map(each -> ours(each, SERVICES))
                .toList();
        var elsewhere = new Rule("elsewhere", "group-2", IpFamily.IPV4, "tcp", SERVICES, false, OURS, 7);
        var otherCluster = new Rule("r", "group-1", IpFamily.IPV4, "tcp", old, false, "ballast:pod-access:demo-2", 1);

        // When
        var plan = plan(
                DEMO,
                Stream.concat(all.stream(), Stream.of(ours("tcp", old), theirs("tcp", old), elsewhere, otherCluster))
                        .toArray(Rule[]::new));

        // Then
        assertThat(plan.actions())
                .containsExactly(
                        new WithdrawRule("tcp from 10.9.0.0/16", "group-1", 3),
                        new WithdrawRule("elsewhere", "group-2", 7));
    }

    @Test
    void admitsTheNarrowerRangeBeforeTheWiderRuleOfOursThatCoveredItGoes() {
        // When
        var plan = plan(DEMO, ours("tcp", CidrRange.of("0.0.0.0/0")));

        // Then
        assertThat(plan.actions())
                .containsExactly(
                        admit("tcp", SERVICES),
                        admit("udp", SERVICES),
                        admit("sctp", SERVICES),
                        new WithdrawRule("tcp from 0.0.0.0/0", "group-1", 3));
    }

    @Test
    void asksForNoRangeThatAnotherOneHolds() {
        var wide = new PodAccess("demo", List.of("pods"), List.of("services", "0.0.0.0/0"), true);

        assertThat(plan(wide).actions())
                .extracting(action -> ((AdmitRange) action).source().toString())
                .containsExactly("0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0");
    }

    @Test
    void withdrawsEverythingOfOursWhenNoGroupIsNamedAnyMore() {
        var none = new PodAccess("demo", List.of(), List.of("services"), true);

        assertThat(plan(none, ours("tcp", SERVICES), theirs("tcp", SERVICES)).actions())
                .containsExactly(new WithdrawRule("tcp from 10.2.0.0/16", "group-1", 3));
    }

    @Test
    void saysWhichGroupIsMissingTendsTheOthersAndWithdrawsNothing() {
        // Given
        var two = new PodAccess("demo", List.of("gone", "pods"), List.of("services"), true);

        // When
        var plan = plan(two, ours("tcp", SERVICES), ours("udp", CidrRange.of("10.9.0.0/16")));

        // Then
        assertThat(plan.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding)
                        .contains("cluster demo", "no security group 'gone'", "pod-security-groups"));
        assertThat(plan.actions()).containsExactly(admit("udp", SERVICES), admit("sctp", SERVICES));
    }

    @Test
    void saysThatANameStandsForSeveral() {
        // Given
        var twice = List.of(new Group("a", "pods", List.of()), new Group("b", "pods", List.of()));
        var subnets = Map.of("services", List.of(SERVICES, SERVICES));

        // When
        var plan =
                AccessPlan.of(List.of(DEMO), new ObservedAccess(Map.of("pods", twice), subnets, List.of(), List.of()));

        // Then
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.findings())
                .anySatisfy(finding -> assertThat(finding).contains("2 security groups are named 'pods'"))
                .anySatisfy(finding -> assertThat(finding).contains("2 subnets are named 'services'"));
    }

    @Test
    void baresOnlyVipPortsThatBearGroups() {
        // When
        var ports = List.of(new VipPort("bare", 0, 4), new VipPort("clad", 1, 5));
        var plan = AccessPlan.of(List.of(), new ObservedAccess(Map.of(), Map.of(), List.of(), ports));

        // Then
        assertThat(plan.actions()).containsExactly(new BareVipPort("clad", 5));
    }

    private static AccessPlan plan(PodAccess access, Rule... rules) {
        var inGroup = Stream.of(rules)
                .filter(rule -> rule.groupId().equals("group-1"))
                .toList();
        var ours =
                Stream.of(rules).filter(rule -> !rule.description().isEmpty()).toList();
        return AccessPlan.of(
                List.of(access),
                new ObservedAccess(
                        Map.of("pods", List.of(new Group("group-1", "pods", inGroup))),
                        Map.of("services", List.of(SERVICES)),
                        ours,
                        List.of()));
    }

    private static Map<String, List<Group>> groups() {
        return Map.of("pods", List.of(new Group("group-1", "pods", List.of())));
    }

    private static AdmitRange admit(String protocol, CidrRange source) {
        return new AdmitRange("group-1", "pods", source.family(), protocol, source, OURS);
    }

    private static Rule ours(String protocol, CidrRange source) {
        return new Rule(protocol + " from " + source, "group-1", source.family(), protocol, source, false, OURS, 3);
    }

    private static Rule theirs(String protocol, @Nullable CidrRange source) {
        return new Rule("theirs " + protocol, "group-1", IpFamily.IPV4, protocol, source, false, "", 1);
    }
}
