package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.HealthMonitorType;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.OutcomeKind;
import io.ballast.schemas.contract.PersistenceType;
import io.ballast.schemas.contract.PoolProtocol;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What octavia-service sends for each option of a Service, and how it changes one, over the OpenStack model. */
class OctaviaOptionsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String KEY = "demo/shop/web";
    private static final Duration MINUTES = Duration.ofMinutes(3);
    private static final String VIP = "10.2.0.5";
    private static final String FLAVOR_LARGE = "7f1b9a52-6d0e-4a53-8c0b-2f6f0d1c4e11"; // of the model
    private static final String TLS = "https://barbican.example.org/v1/containers/6c4b2a1e-0f5d-4e1c-9a55-3f4a5d0b7c11";
    private static final String SNI = "https://barbican.example.org/v1/containers/0d1c7f3a-8a44-4d67-b7ee-5a2f9f1f0c22";

    private final OctaviaSettings settings =
            new OctaviaSettings(Policy.DEFAULT, 1, 4, 16, Duration.ofMinutes(10), Duration.ofMinutes(5));
    private final OpenStackModel cloud = new OpenStackModel(OpenStackModel.Settings.of(Timing.measured()), START);
    private Harness octavia = new Harness(cloud, settings, START);

    @Test
    void createsWithEveryField() {
        // When
        create(new DesiredSample()
                .flavor("large")
                .availabilityZone("az-1")
                .tags(List.of("team-a"))
                .listener(ListenerProtocol.HTTP)
                .headers(Map.of("X-Forwarded-For", "true"))
                .connectionLimit(1_000)
                .timeouts(70_000, 6_000, 75_000, 10)
                .allowedCidrs(List.of("203.0.113.0/24"))
                .pool(PoolProtocol.HTTP)
                .persistence(PersistenceType.SOURCE_IP)
                .monitor(HealthMonitorType.HTTP, 10, "/healthz"));

        // Then
        var balancer = only("loadbalancers");
        assertThat(balancer.path("flavor_id").asText()).isEqualTo(FLAVOR_LARGE);
        assertThat(balancer.path("availability_zone").asText()).isEqualTo("az-1");
        assertThat(texts(balancer, "tags")).contains("team-a", "ballast");
        var listener = only("listeners");
        assertThat(listener.path("protocol").asText()).isEqualTo("HTTP");
        assertThat(listener.path("connection_limit").asInt()).isEqualTo(1_000);
        assertThat(listener.path("timeout_client_data").asInt()).isEqualTo(70_000);
        assertThat(listener.path("timeout_member_connect").asInt()).isEqualTo(6_000);
        assertThat(listener.path("timeout_member_data").asInt()).isEqualTo(75_000);
        assertThat(listener.path("timeout_tcp_inspect").asInt()).isEqualTo(10);
        assertThat(listener.at("/insert_headers/X-Forwarded-For").asText()).isEqualTo("true");
        assertThat(texts(listener, "allowed_cidrs")).containsExactly("203.0.113.0/24");
        var pool = only("pools");
        assertThat(pool.path("protocol").asText()).isEqualTo("HTTP");
        assertThat(pool.at("/session_persistence/type").asText()).isEqualTo("SOURCE_IP");
        var monitor = only("healthmonitors");
        assertThat(monitor.path("type").asText()).isEqualTo("HTTP");
        assertThat(monitor.path("delay").asInt()).isEqualTo(10);
        assertThat(monitor.path("url_path").asText()).isEqualTo("/healthz");
        assertThat(octavia.writes()).isEqualTo(1);
    }

    @Test
    void changesInPlaceWhatCanChange() {
        // Given
        create(new DesiredSample().monitor(HealthMonitorType.TCP, 5, null));
        var ids = List.of(id("loadbalancers"), id("listeners"), id("pools"), id("healthmonitors"));

        // When
        change(new DesiredSample()
                .tags(List.of("team-b"))
                .connectionLimit(50)
                .timeouts(70_000, 6_000, 75_000, 10)
                .allowedCidrs(List.of("198.51.100.0/24"))
                .persistence(PersistenceType.SOURCE_IP)
                .monitor(HealthMonitorType.TCP, 20, null));

        // Then
        assertThat(List.of(id("loadbalancers"), id("listeners"), id("pools"), id("healthmonitors")))
                .isEqualTo(ids);
        assertThat(texts(only("loadbalancers"), "tags")).contains("team-b");
        assertThat(only("listeners").path("connection_limit").asInt()).isEqualTo(50);
        assertThat(only("listeners").path("timeout_client_data").asInt()).isEqualTo(70_000);
        assertThat(texts(only("listeners"), "allowed_cidrs")).containsExactly("198.51.100.0/24");
        assertThat(only("pools").at("/session_persistence/type").asText()).isEqualTo("SOURCE_IP");
        assertThat(only("healthmonitors").path("delay").asInt()).isEqualTo(20);

        // When everything is as usual again
        change(new DesiredSample().tags(List.of("team-b")));

        // Then
        assertThat(only("listeners").path("connection_limit").asInt()).isEqualTo(-1);
        assertThat(only("listeners").path("timeout_client_data").asInt()).isEqualTo(50_000);
        assertThat(texts(only("listeners"), "allowed_cidrs")).isEmpty();
        assertThat(only("pools").path("session_persistence").isNull()).isTrue();
        assertThat(all("healthmonitors")).isEmpty();
        assertThat(id("pools")).isEqualTo(ids.get(2));
        settled();
    }

    @Test
    void aMonitorOfAnotherTypeTakesThePlaceOfTheOld() {
        // Given
        create(new DesiredSample().monitor(HealthMonitorType.TCP, 5, null));
        var old = id("healthmonitors");

        // When
        change(new DesiredSample().monitor(HealthMonitorType.HTTP, 5, "/healthz"));

        // Then
        assertThat(only("healthmonitors").path("type").asText()).isEqualTo("HTTP");
        assertThat(id("healthmonitors")).isNotEqualTo(old);
        settled();
    }

    @Test
    void aListenerOfAnotherProtocolTakesThePlaceOfTheOld() {
        // Given
        create(new DesiredSample());
        var balancer = id("loadbalancers");

        // When
        change(new DesiredSample()
                .listener(ListenerProtocol.HTTP)
                .headers(Map.of("X-Forwarded-For", "true"))
                .pool(PoolProtocol.HTTP));

        // Then
        assertThat(only("listeners").path("protocol").asText()).isEqualTo("HTTP");
        assertThat(only("pools").path("protocol").asText()).isEqualTo("HTTP");
        assertThat(members()).isEqualTo(3);

        // When
        change(new DesiredSample()
                .listener(ListenerProtocol.TERMINATED_HTTPS)
                .tls(TLS, List.of(SNI))
                .pool(PoolProtocol.HTTP));

        // Then
        assertThat(only("listeners").path("protocol").asText()).isEqualTo("TERMINATED_HTTPS");
        assertThat(only("listeners").path("default_tls_container_ref").asText()).isEqualTo(TLS);
        assertThat(texts(only("listeners"), "sni_container_refs")).containsExactly(SNI);

        // When the certificates change
        var listener = id("listeners");
        change(new DesiredSample()
                .listener(ListenerProtocol.TERMINATED_HTTPS)
                .tls(SNI, List.of())
                .pool(PoolProtocol.HTTP));

        // Then
        assertThat(id("listeners")).isEqualTo(listener);
        assertThat(only("listeners").path("default_tls_container_ref").asText()).isEqualTo(SNI);
        assertThat(texts(only("listeners"), "sni_container_refs")).isEmpty();

        // When
        change(new DesiredSample());

        // Then
        assertThat(only("listeners").path("protocol").asText()).isEqualTo("TCP");
        assertThat(only("pools").path("protocol").asText()).isEqualTo("TCP");
        assertThat(members()).isEqualTo(3);
        assertThat(id("loadbalancers")).isEqualTo(balancer);
        assertThat(octavia.outcomes).extracting(each -> each.kind()).doesNotContain(OutcomeKind.FAILED);
        settled();
    }

    @Test
    void aListenerIsLedToThePoolOfAnotherProtocolWhenThatIsFull() {
        // Given
        create(new DesiredSample());
        var listener = id("listeners");

        // When
        change(new DesiredSample().pool(PoolProtocol.PROXYV2));

        // Then
        assertThat(id("listeners")).isEqualTo(listener);
        assertThat(only("pools").path("protocol").asText()).isEqualTo("PROXYV2");
        assertThat(members()).isEqualTo(3);
        settled();
    }

    @Test
    void makesALoadBalancerAnewWithTheAddressesItHas() {
        // Given
        var floatingIp = floatingIp();
        octavia.open();
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted(List.of(floatingIp)));
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, new DesiredSample().at(1));
        octavia.run(MINUTES);
        var old = id("loadbalancers");

        // When
        change(new DesiredSample().provider("ovn").replacement("0badcafe"));

        // Then
        var balancer = only("loadbalancers");
        assertThat(balancer.path("id").asText()).isNotEqualTo(old);
        assertThat(balancer.path("provider").asText()).isEqualTo("ovn");
        assertThat(balancer.path("vip_address").asText()).isEqualTo(VIP);
        assertThat(texts(balancer, "tags")).contains("ballast:replacement:0badcafe");
        assertThat(octavia.status(KEY).orElseThrow().externals())
                .singleElement()
                .satisfies(external -> assertThat(external.address()).isEqualTo(floatingIp.address()));

        // When nothing changes any more
        long writes = octavia.writes();
        octavia.restart();
        octavia.run(Duration.ofMinutes(30));

        // Then
        assertThat(octavia.writes()).isEqualTo(writes);
        settled();
    }

    @Test
    void makesOneAnewAndOneOnlyWhenKilledAtAnyStep() {
        for (int kill = 1; kill < 25; kill++) {
            var fresh = new OpenStackModel(OpenStackModel.Settings.of(Timing.measured()), START);
            octavia = new Harness(fresh, settings, START);
            octavia.open();
            octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted(List.of()));
            octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, new DesiredSample().at(1));
            octavia.run(MINUTES);
            octavia.put(
                    Topics.DESIRED_LOAD_BALANCERS,
                    KEY,
                    new DesiredSample()
                            .flavor(FLAVOR_LARGE)
                            .replacement("0badcafe")
                            .at(2));
            for (int step = 0; step < kill; step++) {
                octavia.step(octavia.now.plus(MINUTES));
            }
            octavia.restart();
            octavia.run(Duration.ofMinutes(12));
            assertThat(fresh.inventory().loadBalancers())
                    .as("killed at %d", kill)
                    .hasSize(1);
            assertThat(octavia.status(KEY).orElseThrow().phase())
                    .as("killed at %d", kill)
                    .isEqualTo(LoadBalancerPhase.ACTIVE);
            assertThat(octavia.status(KEY).orElseThrow().appliedGeneration()).isEqualTo(2);
        }
    }

    @Test
    void saysThatAProjectIsNotOursToUse() {
        // When
        create(new DesiredSample().project("00000000000000000000000000000bad"));

        // Then
        assertThat(all("loadbalancers")).isEmpty();
        assertThat(octavia.status(KEY).orElseThrow().reason()).isEqualTo(StatusReason.FORBIDDEN);
    }

    private void create(DesiredSample sample) {
        octavia.open();
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted(List.of()));
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, sample.at(1));
        octavia.run(MINUTES);
    }

    private void change(DesiredSample sample) {
        octavia.put(
                Topics.DESIRED_LOAD_BALANCERS,
                KEY,
                sample.at(octavia.status(KEY).orElseThrow().generation() + 1));
        octavia.run(MINUTES);
    }

    private void settled() {
        var status = octavia.status(KEY).orElseThrow();
        assertThat(status.phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(status.appliedGeneration()).isEqualTo(status.generation());
    }

    private String id(String collection) {
        return only(collection).path("id").asText();
    }

    private JsonNode only(String collection) {
        var all = all(collection);
        assertThat(all).as(collection).hasSize(1);
        return all.path(0);
    }

    private JsonNode all(String collection) {
        return get("/v2.0/lbaas/" + collection).path(collection);
    }

    private int members() {
        return get("/v2.0/lbaas/pools/" + id("pools") + "/members")
                .path("members")
                .size();
    }

    private JsonNode get(String path) {
        return cloud.handle(
                        ModelRequest.of(OpenStackService.OCTAVIA, "GET", path)
                                .withToken(cloud.tokenFor("k8s", "k8s", octavia.now)),
                        octavia.now)
                .json();
    }

    private static List<String> texts(JsonNode node, String name) {
        return node.path(name).valueStream().map(JsonNode::asText).toList();
    }

    private GrantedExternal floatingIp() {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("floatingip").put("floating_network_id", cloud.seeded().publicNetworkId());
        var node = cloud.handle(
                        ModelRequest.of(OpenStackService.NEUTRON, "POST", "/v2.0/floatingips")
                                .withBody(body)
                                .withToken(cloud.tokenFor("k8s", "k8s", START)),
                        START)
                .json()
                .path("floatingip");
        return new GrantedExternal(
                IpFamily.IPV4,
                ExternalMethod.POOL,
                AllocationState.GRANTED,
                node.path("floating_ip_address").asText(),
                node.path("id").asText(),
                cloud.seeded().publicNetworkId(),
                "public",
                true,
                null,
                "");
    }

    private AddressAllocation granted(List<GrantedExternal> externals) {
        return new AddressAllocation(
                AllocationState.GRANTED,
                "cluster-1",
                "uid-1",
                1,
                1,
                "",
                List.of(new GrantedVip(IpFamily.IPV4, VIP, cloud.seeded().serviceSubnetId(), "")),
                1,
                externals,
                List.of(),
                null,
                "",
                0L);
    }
}
