package io.ballast.testbed.octavia;

import static io.ballast.testbed.octavia.OneService.A_MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.testbed.openstack.OpenStackService;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The router lost its way out after a floating IP was granted: Neutron refuses to associate it. */
class RouterPathTest {
    private static final Duration A_LIST = Duration.ofMinutes(11);

    @Test
    void saysWhatToDoServesInsideAndGoesOnWhenTheRouterIsMended() {
        // Given
        var service = new OneService();
        var floatingIp = service.floatingIp();
        var router = router(service);
        gateway(service, router, null);

        // When
        service.create(List.of(floatingIp));

        // Then
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.DEGRADED);
        assertThat(service.status().reason()).isEqualTo(StatusReason.PARTLY_REFUSED);
        assertThat(service.status().message())
                .contains(
                        "floating IP " + floatingIp.address(),
                        "is not reachable from subnet " + service.cloud.seeded().serviceSubnetId(),
                        "openstack router set --external-gateway");
        assertThat(service.status().externals()).isEmpty();

        // When nobody mends it
        long before = service.started("AssociateFloatingIp");
        service.octavia.run(Duration.ofHours(1));

        // Then
        assertThat(service.started("AssociateFloatingIp") - before).isBetween(1L, 12L);
        assertThat(service.cloud.inventory().loadBalancers()).hasSize(1);

        // When somebody does
        gateway(service, router, service.cloud.seeded().publicNetworkId());
        service.octavia.run(A_LIST);

        // Then
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(service.status().externals())
                .singleElement()
                .satisfies(external -> assertThat(external.floatingIpId()).isEqualTo(floatingIp.floatingIpId()));

        // When the Service goes
        service.desire(OneService.absent());
        service.octavia.run(A_MINUTE);

        // Then
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.DELETED);
        assertThat(service.cloud.inventory().loadBalancers()).isEmpty();
    }

    private static JsonNode router(OneService service) {
        return service.send(OpenStackService.NEUTRON, "GET", "/v2.0/routers", null)
                .path("routers")
                .path(0);
    }

    private static void gateway(OneService service, JsonNode router, @Nullable String network) {
        var body = JsonNodeFactory.instance.objectNode();
        var given = body.putObject("router");
        if (network == null) {
            given.putNull("external_gateway_info");
        } else {
            given.putObject("external_gateway_info").put("network_id", network);
        }
        var changed = service.send(
                OpenStackService.NEUTRON,
                "PUT",
                "/v2.0/routers/" + router.path("id").asText(),
                body);
        assertThat(changed.has("router")).as("%s", changed).isTrue();
    }
}
