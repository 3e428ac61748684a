package io.ballast.testbed.octavia;

import static io.ballast.testbed.octavia.OneService.A_MINUTE;
import static io.ballast.testbed.octavia.OneService.KEY;
import static io.ballast.testbed.octavia.OneService.VIP;
import static io.ballast.testbed.octavia.OneService.absent;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.testbed.openstack.Faults;
import io.ballast.testbed.openstack.OpenStackService;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What a failed create leaves is found and tidied; what holds a VIP and is not ours is named and left alone (R25, R34). */
class OctaviaLeftoversTest {
    private final OneService service = new OneService();

    @Test
    void deletesThePortThatAFailedCreateLeftAndMakesTheLoadBalancer() {
        // Given
        service.faults(Faults.none().with("nextCreatesBreak", 1));

        // When
        service.create();
        service.octavia.run(Duration.ofMinutes(7));

        // Then
        assertThat(service.status().reason()).isEqualTo(StatusReason.LEFTOVER_PORT);
        assertThat(service.status().message()).contains(VIP).contains(vipPorts().getFirst());
        assertThat(service.started("DeletePort")).isZero();
        assertThat(service.started("CreateLoadBalancer"))
                .as("nothing is asked for in vain")
                .isLessThan(4);

        // When
        service.octavia.run(Duration.ofMinutes(4));

        // Then
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(service.started("DeletePort")).isEqualTo(1);
        assertThat(vipPorts()).hasSize(1);
    }

    @Test
    void letsAServiceGoOnlyWhenThePortThatItsFailedCreateLeftIsGone() {
        // Given
        service.faults(Faults.none().with("nextCreatesBreak", 1));
        service.octavia.open();
        service.octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, service.granted(List.of()));
        service.desire(OneService.present(1));
        service.octavia.run(Duration.ofSeconds(2));

        // When
        service.desire(absent());
        service.octavia.run(A_MINUTE);

        // Then
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.DELETING);
        assertThat(service.status().reason()).isEqualTo(StatusReason.LEFTOVER_PORT);

        // When its process dies, the ten minutes begin anew
        service.octavia.restart();
        service.octavia.run(Duration.ofMinutes(12));

        // Then
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.DELETED);
        assertThat(vipPorts()).isEmpty();
    }

    @Test
    void namesAForeignLoadBalancerOfTheSameNameThatHasTheVip() {
        // Given
        var foreign = foreignLoadBalancer("shop/web", VIP);

        // When
        service.create();
        service.octavia.run(Duration.ofHours(1));

        // Then
        assertThat(service.status().reason()).isEqualTo(StatusReason.VIP_CONFLICT);
        assertThat(service.status().message())
                .contains(foreign)
                .contains("shop/web")
                .contains("no tags of ours");
        assertThat(service.started("DeletePort")).isZero();
        assertThat(service.started("CreateLoadBalancer")).isLessThan(3);

        // When the Service goes
        service.desire(absent());
        service.octavia.run(A_MINUTE);

        // Then
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.DELETED);
        assertThat(service.cloud.inventory().loadBalancers()).hasSize(1);
    }

    @Test
    void makesItsOwnWhenTheForeignOneIsGone() {
        // Given
        var foreign = foreignLoadBalancer("shop/web", VIP);
        service.create();

        // When
        service.send(OpenStackService.OCTAVIA, "DELETE", "/v2.0/lbaas/loadbalancers/" + foreign, null);
        service.octavia.run(Duration.ofMinutes(3));

        // Then
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(service.loadBalancer().id()).isNotEqualTo(foreign);
    }

    @Test
    void namesAForeignPortAndLeavesItAloneWhateverItIsCalled() {
        // Given
        var port = foreignPort("octavia-lb-not-a-uuid");

        // When
        service.create();
        service.octavia.run(Duration.ofHours(1));

        // Then
        assertThat(service.status().reason()).isEqualTo(StatusReason.VIP_CONFLICT);
        assertThat(service.status().message()).contains(port);
        assertThat(vipPorts()).containsExactly(port);
    }

    @Test
    void touchesNothingOfTheSameNameOrALongerOneThatDoesNotCarryItsTags() {
        // Given
        var same = foreignLoadBalancer("shop/web", "10.2.0.77");
        var longer = foreignLoadBalancer("shop/web2", "10.2.0.78");

        service.octavia.run(A_MINUTE);
        var before = List.of(seen(same), seen(longer));

        // When
        service.create();
        service.octavia.run(Duration.ofMinutes(21));
        var id = service.loadBalancer().id();
        service.desire(absent());
        service.octavia.run(A_MINUTE);

        // Then
        assertThat(List.of(same, longer)).doesNotContain(id);
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.DELETED);
        assertThat(List.of(seen(same), seen(longer))).as("never written to").isEqualTo(before);
    }

    @Test
    void reportsWhatIsNotOursAndHasItsNameOrALongerOneUntilItIsGone() {
        // Given
        var same = foreignLoadBalancer("shop/web", "10.2.0.77");
        var longer = foreignLoadBalancer("shop/web2", "10.2.0.78");
        var other = foreignLoadBalancer("shop/we", "10.2.0.79");
        service.create();
        service.octavia.run(Duration.ofMinutes(21));
        var told = service.status();

        // When
        List.of(same, longer)
                .forEach(id ->
                        service.send(OpenStackService.OCTAVIA, "DELETE", "/v2.0/lbaas/loadbalancers/" + id, null));
        service.octavia.run(Duration.ofMinutes(21));

        // Then
        assertThat(told.phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(told.reason()).isEqualTo(StatusReason.FOREIGN_NAME);
        assertThat(told.message()).contains(same, longer, "left alone").doesNotContain(other);
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(service.status().reason()).isNull();
        assertThat(service.octavia.statuses.stream().filter(told::equals))
                .as("told once")
                .hasSize(1);
    }

    private JsonNode seen(String loadBalancer) {
        return service.read("loadbalancers/" + loadBalancer).path("loadbalancer");
    }

    /** Ids of the ports that hold the VIP. */
    private List<String> vipPorts() {
        return StreamSupport.stream(service.ports().spliterator(), false)
                .filter(port -> port.at("/fixed_ips/0/ip_address").asText().equals(VIP))
                .map(port -> port.path("id").asText())
                .toList();
    }

    private String foreignLoadBalancer(String name, String vip) {
        return service.octavia(
                        "POST",
                        "loadbalancers",
                        "loadbalancer",
                        node -> node.put("name", name)
                                .put("vip_subnet_id", service.cloud.seeded().serviceSubnetId())
                                .put("vip_address", vip))
                .path("loadbalancer")
                .path("id")
                .asText();
    }

    private String foreignPort(String name) {
        var subnet = service.cloud.seeded().serviceSubnetId();
        JsonNode network = service.send(OpenStackService.NEUTRON, "GET", "/v2.0/subnets/" + subnet, null)
                .at("/subnet/network_id");
        var body = JsonNodeFactory.instance.objectNode();
        var port = body.putObject("port").put("name", name).put("network_id", network.asText());
        port.putArray("fixed_ips").addObject().put("subnet_id", subnet).put("ip_address", VIP);
        return service.send(OpenStackService.NEUTRON, "POST", "/v2.0/ports", body)
                .at("/port/id")
                .asText();
    }
}
