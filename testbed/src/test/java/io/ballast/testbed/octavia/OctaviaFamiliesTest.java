package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.RepairKind;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.testbed.openstack.Faults;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.SeededLayout;
import io.ballast.testbed.openstack.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** octavia-service while the second family of a Service comes and goes. */
class OctaviaFamiliesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String KEY = "demo/shop/web";
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private final OpenStackModel cloud =
            new OpenStackModel(OpenStackModel.Settings.of(Timing.measured()).withLayout(Layout.DUAL), START);
    private final OctaviaSettings settings =
            new OctaviaSettings(Policy.DEFAULT, 1, 4, 16, Duration.ofMinutes(10), Duration.ofMinutes(5));
    private final Harness octavia = new Harness(cloud, settings, START);

    @BeforeEach
    void oneFamilyIsServed() {
        octavia.open();
        grant("", IpFamily.IPV4);
        desire(1, IpFamily.IPV4);
        assertThat(status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
    }

    @Test
    void waitsForTheVipOfAFamilyThatComesAndTouchesNothingMeanwhile() {
        // Given
        long writes = octavia.writes();
        int said = octavia.statuses.size();

        // When
        grant("VIP fd10:0:0:2::5 is held by demo/shop/other", IpFamily.IPV4);
        desire(2, IpFamily.IPV4, IpFamily.IPV6);

        // Then
        assertThat(octavia.writes()).isEqualTo(writes);
        assertThat(status().phase()).isEqualTo(LoadBalancerPhase.UPDATING);
        assertThat(status().reason()).isEqualTo(StatusReason.ADDRESS_WAITING);
        assertThat(status().message()).contains("held by demo/shop/other");
        assertThat(status().appliedGeneration()).isEqualTo(1);

        // When it is granted
        grant("", IpFamily.IPV4, IpFamily.IPV6);
        octavia.run(A_MINUTE);

        // Then
        assertThat(octavia.writes()).isEqualTo(writes + 1);
        assertThat(vips()).containsExactlyInAnyOrder("10.2.0.5", "fd10:0:0:2::5");
        assertThat(status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(status().appliedGeneration()).isEqualTo(2);
        assertThat(octavia.statuses.subList(said, octavia.statuses.size()))
                .as("a load balancer that serves is never made anew by itself")
                .extracting(LoadBalancerStatus::phase)
                .doesNotContain(LoadBalancerPhase.CREATING);
    }

    @Test
    void deletesTheLoadBalancerOfAFamilyThatGoesBeforeItSaysThatAllIsDone() {
        // Given
        grant("", IpFamily.IPV4, IpFamily.IPV6);
        desire(2, IpFamily.IPV4, IpFamily.IPV6);
        long writes = octavia.writes();
        int said = octavia.statuses.size();

        // When: ipam goes on holding the VIP
        desire(3, IpFamily.IPV4);

        // Then
        assertThat(octavia.writes()).isEqualTo(writes + 1);
        assertThat(vips()).containsExactly("10.2.0.5");
        assertThat(status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(status().appliedGeneration()).isEqualTo(3);
        assertThat(octavia.statuses.subList(said, octavia.statuses.size()))
                .filteredOn(each -> each.phase() == LoadBalancerPhase.ACTIVE && each.appliedGeneration() == 3)
                .allSatisfy(each -> assertThat(each.loadBalancers()).hasSize(1));
    }

    @Test
    void makesAFurtherOneAnewThatFailsWhileItIsMadeAndLeavesTheFirstAlone() {
        // Given
        var first = status().loadBalancers().getFirst().id();
        grant("", IpFamily.IPV4, IpFamily.IPV6);
        cloud.setFaults(Faults.none().with("nextCreatesFail", 1), octavia.now);

        // When
        desire(2, IpFamily.IPV4, IpFamily.IPV6);
        octavia.run(A_MINUTE);

        // Then
        assertThat(vips()).containsExactlyInAnyOrder("10.2.0.5", "fd10:0:0:2::5");
        assertThat(status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(status().loadBalancers()).extracting(each -> each.id()).contains(first);
        assertThat(status().repairs()).singleElement().satisfies(repair -> {
            assertThat(repair.kind()).isEqualTo(RepairKind.RECREATED);
            assertThat(repair.loadBalancerId()).isNotEqualTo(first);
        });
    }

    private LoadBalancerStatus status() {
        return octavia.status(KEY).orElseThrow();
    }

    private List<String> vips() {
        return status().loadBalancers().stream()
                .flatMap(each -> each.vips().stream())
                .map(vip -> vip.address())
                .toList();
    }

    private void grant(String message, IpFamily... families) {
        var vips = Stream.of(families)
                .map(family -> family == IpFamily.IPV4
                        ? new GrantedVip(family, "10.2.0.5", cloud.seeded().serviceSubnetId(), "")
                        : new GrantedVip(family, "fd10:0:0:2::5", subnetV6(), ""))
                .toList();
        octavia.put(
                Topics.ADDRESS_ALLOCATIONS,
                KEY,
                new AddressAllocation(
                        AllocationState.GRANTED,
                        "cluster-1",
                        "uid-1",
                        1,
                        1,
                        "amphora",
                        vips,
                        1,
                        List.of(),
                        List.of(),
                        null,
                        message,
                        0L));
    }

    private String subnetV6() {
        var reply = cloud.handle(
                ModelRequest.of(OpenStackService.NEUTRON, "GET", "/v2.0/subnets")
                        .withToken(cloud.tokenFor("k8s", "k8s", START)),
                START);
        for (var subnet : reply.json().path("subnets")) {
            if (subnet.path("name").asText().equals(SeededLayout.SERVICE_SUBNET_V6)) {
                return subnet.path("id").asText();
            }
        }
        throw new AssertionError("no subnet of IPv6 VIPs");
    }

    /** One load balancer for each family. */
    private void desire(long generation, IpFamily... families) {
        var bodies = new ArrayList<DesiredLoadBalancerBody>();
        for (var family : families) {
            var name =
                    bodies.isEmpty() ? "shop/web" : "shop/web:" + family.name().toLowerCase(Locale.ROOT);
            bodies.add(new DesiredLoadBalancerBody(
                    name, "", null, null, List.of(family), List.of(), List.of(), List.of()));
        }
        octavia.put(
                Topics.DESIRED_LOAD_BALANCERS,
                KEY,
                new DesiredLoadBalancer(
                        DesiredState.PRESENT,
                        "cluster-1",
                        "uid-1",
                        "1",
                        1,
                        generation,
                        null,
                        "",
                        ServiceType.CLUSTER_IP,
                        false,
                        List.of(),
                        bodies));
        octavia.run(A_MINUTE);
    }
}
