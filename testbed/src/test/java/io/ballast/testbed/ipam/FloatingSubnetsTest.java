package io.ballast.testbed.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.ipam.allocation.IpamAnswer;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.allocation.NeutronFacts;
import io.ballast.ipam.allocation.PoolTerms;
import io.ballast.ipam.allocation.Rules;
import io.ballast.ipam.openstack.NeutronAddresses;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A floating network with two small subnets in the model of Neutron, and a pool that names both. */
class FloatingSubnetsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final OpenStackModel cloud = new OpenStackModel(OpenStackModel.Settings.of(Timing.zero()), NOW);
    private String user = "admin";
    private final NeutronAddresses addresses = new NeutronAddresses(this::send);
    private final String network = make("networks", "network", "{'network': {'name': 'out', 'router:external': true}}");
    private final String first = subnet("out-1", "198.51.100", 2);
    private final String second = subnet("out-2", "203.0.113", 1);

    @Test
    void areUsedOneAfterAnotherAndSayTogetherThatTheyAreFull() {
        // Given
        var facts = read(pool("out-2", "out-1"));
        var subnets = Objects.requireNonNull(facts.externals().get("public")).subnetIds();
        assertThat(subnets).containsExactly(second, first);

        // When, Then
        assertThat(create("a", subnets)).isEqualTo("203.0.113.10");
        assertThat(create("b", subnets)).isEqualTo("198.51.100.10");
        assertThat(create("c", subnets)).isEqualTo("198.51.100.11");
        assertThat(addresses.call(new IpamCall.CreateFloatingIp("d", network, subnets, null)))
                .isInstanceOfSatisfying(IpamAnswer.Failed.class, failed -> {
                    assertThat(failed.kind()).isEqualTo(IpamAnswer.Failed.Kind.EXHAUSTED);
                    assertThat(failed.message())
                            .contains(
                                    "No more IP addresses available on network " + network,
                                    "All 2 subnets are full: out-2 (1 addresses), out-1 (2 addresses)");
                });
        assertThat(addresses.call(new IpamCall.ListFloatingIps("d"))).isEqualTo(new IpamAnswer.Found(List.of()));
    }

    @Test
    void areTakenByTheirIdsWhereTheCredentialsDoNotSeeThem() {
        // Given
        user = "k8s";
        assertThat(read(pool("out-2", "out-1")).missing()).containsOnlyKeys("out-1", "out-2");

        // When
        var facts = read(pool(second, first));

        // Then
        var found = Objects.requireNonNull(facts.externals().get("public"));
        assertThat(found.subnetIds()).containsExactly(second, first);
        assertThat(found.networkId()).isEqualTo(network);
        assertThat(create("a", found.subnetIds())).isEqualTo("203.0.113.10");
        assertThat(create("b", found.subnetIds())).isEqualTo("198.51.100.10");
    }

    @Test
    void areAllThereOrThePoolIsNot() {
        var read = read(pool("out-1", "out-3"));

        assertThat(read.externals()).isEmpty();
        assertThat(read.missing()).containsOnlyKeys("out-3");
    }

    private static Rules.ExternalPool pool(String subnet, String further) {
        var terms = PoolTerms.of(Set.of(), Set.of());
        return new Rules.ExternalPool("public", "out", subnet, List.of(), Duration.ZERO, terms, List.of(further));
    }

    private NeutronFacts read(Rules.ExternalPool pool) {
        var answer = addresses.call(new IpamCall.ReadNeutron(Set.of(), List.of(pool)));
        assertThat(answer).isInstanceOf(IpamAnswer.Read.class);
        return ((IpamAnswer.Read) answer).facts();
    }

    private String create(String description, List<String> subnets) {
        var answer = addresses.call(new IpamCall.CreateFloatingIp(description, network, subnets, null));
        assertThat(answer).isInstanceOf(IpamAnswer.Created.class);
        return ((IpamAnswer.Created) answer).floatingIp().address().toString();
    }

    private String subnet(String name, String net, int size) {
        return make("subnets", "subnet", """
                {'subnet': {'network_id': '%s', 'name': '%s', 'ip_version': 4, 'cidr': '%s.0/24',
                 'allocation_pools': [{'start': '%s.10', 'end': '%s.%d'}]}}""".formatted(network, name, net, net, net, 9 + size));
    }

    private String make(String collection, String name, String body) {
        var reply = cloud.handle(
                ModelRequest.of(OpenStackService.NEUTRON, "POST", "/v2.0/" + collection)
                        .withBody(body)
                        .withToken(cloud.tokenFor("admin", "admin", NOW)),
                NOW);
        assertThat(reply.status()).as("%s", reply.json()).isEqualTo(201);
        JsonNode made = reply.json().path(name);
        return made.path("id").asText();
    }

    private RestReply send(RestRequest request) {
        var reply = cloud.handle(
                new ModelRequest(
                        OpenStackService.NEUTRON,
                        request.method().name(),
                        request.path(),
                        new LinkedHashMap<>(request.query()),
                        Map.of("x-auth-token", cloud.tokenFor(user, user, NOW)),
                        request.body()),
                NOW);
        return new RestReply.Answered(reply.status(), reply.json(), "req", null);
    }
}
