package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.AssociatedExternal;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A floating IP that a user associates by hand is known within a minute, from one request for all Services. */
class FloatingIpByHandTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String KEY = "demo/shop/web";
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final Duration RESYNC = Duration.ofHours(1);

    private final OpenStackModel cloud = new OpenStackModel(OpenStackModel.Settings.of(Timing.measured()), START);
    private final OctaviaSettings settings = new OctaviaSettings(
                    Policy.DEFAULT, 1, 4, 16, RESYNC, Duration.ofMinutes(5))
            .withFloatingIpInterval(A_MINUTE);
    private final Harness octavia = new Harness(cloud, settings, START);

    @BeforeEach
    void isServed() {
        octavia.open();
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted());
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, new DesiredSample().at(1));
        octavia.run(Duration.ofMinutes(6)); // until after the list that follows a take-over
        assertThat(status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
    }

    @Test
    void isToldWithinAMinuteAndSoIsItsEnd() {
        // When
        var floatingIp = neutron(
                        "POST",
                        "",
                        "{'floatingip':{'floating_network_id':'%s','port_id':'%s'}}"
                                .formatted(cloud.seeded().publicNetworkId(), vipPort()))
                .path("floatingip");
        octavia.run(A_MINUTE.plusSeconds(5));

        // Then
        var address = floatingIp.path("floating_ip_address").asText();
        assertThat(status().externals())
                .extracting(AssociatedExternal::address, AssociatedExternal::ours)
                .containsExactly(tuple(address, false));
        assertThat(status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);

        // When
        neutron("PUT", "/" + floatingIp.path("id").asText(), "{'floatingip':{'port_id':null}}");
        octavia.run(A_MINUTE.plusSeconds(5));

        // Then
        assertThat(status().externals()).isEmpty();
    }

    @Test
    void costsOneRequestAMinuteAndNoPassWhileNothingChanges() {
        int reads = octavia.reads;
        int said = octavia.statuses.size();

        octavia.run(Duration.ofMinutes(20));

        assertThat(octavia.reads - reads).isBetween(19, 20);
        assertThat(octavia.statuses).hasSize(said);
    }

    @Test
    void isNotAskedForWhileOpenStackDoesNotAnswer() {
        // Given
        octavia.silent = true;
        octavia.run(Duration.ofMinutes(5));
        int reads = octavia.reads;

        // When
        octavia.run(Duration.ofMinutes(20));

        // Then
        assertThat(octavia.reads - reads)
                .as("the list of everything alone asks")
                .isLessThanOrEqualTo(20);
        assertThat(octavia.statuses.getLast().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);

        // When it answers again
        octavia.silent = false;
        neutron(
                "POST",
                "",
                "{'floatingip':{'floating_network_id':'%s','port_id':'%s'}}"
                        .formatted(cloud.seeded().publicNetworkId(), vipPort()));
        octavia.run(Duration.ofMinutes(3));

        // Then
        assertThat(status().externals()).hasSize(1);
    }

    private String vipPort() {
        return status().loadBalancers().getFirst().vips().getFirst().portId();
    }

    private LoadBalancerStatus status() {
        return octavia.status(KEY).orElseThrow();
    }

    private JsonNode neutron(String method, String path, String body) {
        var reply = cloud.handle(
                ModelRequest.of(OpenStackService.NEUTRON, method, "/v2.0/floatingips" + path)
                        .withBody(body)
                        .withToken(cloud.tokenFor("k8s", "k8s", octavia.now)),
                octavia.now);
        assertThat(reply.status()).isLessThan(300);
        return reply.json();
    }

    private AddressAllocation granted() {
        return new AddressAllocation(
                AllocationState.GRANTED,
                "cluster-1",
                "uid-1",
                1,
                1,
                "amphora",
                List.of(new GrantedVip(IpFamily.IPV4, "10.2.0.5", cloud.seeded().serviceSubnetId(), "")),
                1,
                List.of(),
                List.of(),
                null,
                "",
                0L);
    }
}
