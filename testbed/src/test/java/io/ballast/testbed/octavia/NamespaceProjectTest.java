package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.ipam.allocation.FloatingIp;
import io.ballast.ipam.allocation.IpamAnswer;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.openstack.NeutronAddresses;
import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A namespace with an OpenStack project of its own, served with the credentials of an administrator of another project. */
class NamespaceProjectTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String KEY = "demo/shop/web";
    private static final Duration MINUTES = Duration.ofMinutes(3);

    private final OpenStackModel cloud = new OpenStackModel(OpenStackModel.Settings.of(Timing.measured()), START);
    private final Harness octavia = new Harness(
            cloud, new OctaviaSettings(Policy.DEFAULT, 1, 4, 16, Duration.ofMinutes(10), Duration.ofMinutes(5)), START);
    private final String project = cloud.seeded().projectId();

    @Test
    void hasItsLoadBalancerAndFloatingIpThereFromTheFirstToTheLast() {
        // Given
        octavia.user = "admin";
        octavia.project = "admin";
        var floatingIp = make("admin", "admin");

        // When
        octavia.open();
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted(floatingIp));
        octavia.put(
                Topics.DESIRED_LOAD_BALANCERS,
                KEY,
                new DesiredSample().project(project).at(1));
        octavia.run(MINUTES);

        // Then
        assertThat(phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        var made = only(OpenStackService.OCTAVIA, "/v2.0/lbaas/loadbalancers", "loadbalancers");
        assertThat(made.path("project_id").asText()).isEqualTo(project);
        var external = only(OpenStackService.NEUTRON, "/v2.0/floatingips", "floatingips");
        assertThat(external.path("project_id").asText()).isEqualTo(project);
        assertThat(external.path("port_id")).isEqualTo(made.path("vip_port_id"));
        assertThat(octavia.status(KEY).orElseThrow().externals()).hasSize(1);

        // When all is read again, which changes nothing
        long writes = octavia.writes();
        octavia.restart();
        octavia.run(Duration.ofMinutes(12));

        // Then
        assertThat(octavia.writes()).isEqualTo(writes);

        // When it changes
        octavia.put(
                Topics.DESIRED_LOAD_BALANCERS,
                KEY,
                new DesiredSample().project(project).connectionLimit(100).at(2));
        octavia.run(MINUTES);

        // Then
        assertThat(phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        var listener = only(OpenStackService.OCTAVIA, "/v2.0/lbaas/listeners", "listeners");
        assertThat(listener.path("connection_limit").asInt()).isEqualTo(100);
        assertThat(listener.path("project_id").asText()).isEqualTo(project);

        // When it goes
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, absent());
        octavia.run(MINUTES);

        // Then
        assertThat(phase()).isEqualTo(LoadBalancerPhase.DELETED);
        assertThat(all(OpenStackService.OCTAVIA, "/v2.0/lbaas/loadbalancers", "loadbalancers"))
                .isEmpty();
        assertThat(addresses("admin", "admin").call(new IpamCall.DeleteFloatingIp(floatingIp.id())))
                .isInstanceOf(IpamAnswer.Deleted.class);
    }

    @Test
    void isRefusedInWordsToCredentialsOfOneProject() {
        var elsewhere = "00000000000000000000000000000bad";
        var answer = addresses("k8s", "k8s")
                .call(new IpamCall.CreateFloatingIp("d", cloud.seeded().publicNetworkId(), List.of(), elsewhere));

        assertThat(answer).isInstanceOfSatisfying(IpamAnswer.Failed.class, failed -> {
            assertThat(failed.kind()).isEqualTo(IpamAnswer.Failed.Kind.REFUSED);
            assertThat(failed.message()).contains("requires admin");
        });
    }

    /** As ipam makes it and finds it again. */
    private FloatingIp make(String user, String userProject) {
        var addresses = addresses(user, userProject);
        var made = addresses.call(
                new IpamCall.CreateFloatingIp("ballast:c:u:k", cloud.seeded().publicNetworkId(), List.of(), project));
        assertThat(made).isInstanceOf(IpamAnswer.Created.class);
        var found = addresses.call(new IpamCall.ListFloatingIps("ballast:c:u:k"));
        assertThat(found).isInstanceOf(IpamAnswer.Found.class);
        return ((IpamAnswer.Found) found).floatingIps().getFirst();
    }

    private NeutronAddresses addresses(String user, String userProject) {
        return new NeutronAddresses(request -> send(request, user, userProject));
    }

    private RestReply send(RestRequest request, String user, String userProject) {
        var reply = cloud.handle(
                new ModelRequest(
                        OpenStackService.NEUTRON,
                        request.method().name(),
                        request.path(),
                        new LinkedHashMap<>(request.query()),
                        Map.of("x-auth-token", cloud.tokenFor(user, userProject, octavia.now)),
                        request.body()),
                octavia.now);
        return new RestReply.Answered(reply.status(), reply.json(), null, null);
    }

    /** As a member of the project sees it. */
    private JsonNode all(OpenStackService service, String path, String collection) {
        return cloud.handle(
                        ModelRequest.of(service, "GET", path).withToken(cloud.tokenFor("k8s", "k8s", octavia.now)),
                        octavia.now)
                .json()
                .path(collection);
    }

    private JsonNode only(OpenStackService service, String path, String collection) {
        var found = all(service, path, collection);
        assertThat(found).as(collection).hasSize(1);
        return found.path(0);
    }

    private LoadBalancerPhase phase() {
        return octavia.status(KEY).orElseThrow().phase();
    }

    private static DesiredLoadBalancer absent() {
        return new DesiredLoadBalancer(
                DesiredState.ABSENT,
                "cluster-1",
                "uid-1",
                "1",
                1,
                9,
                null,
                "",
                ServiceType.CLUSTER_IP,
                false,
                List.of(),
                List.of());
    }

    private AddressAllocation granted(FloatingIp floatingIp) {
        var external = new GrantedExternal(
                IpFamily.IPV4,
                ExternalMethod.POOL,
                AllocationState.GRANTED,
                floatingIp.address().toString(),
                floatingIp.id(),
                floatingIp.networkId(),
                "public",
                true,
                null,
                "");
        return new AddressAllocation(
                AllocationState.GRANTED,
                "cluster-1",
                "uid-1",
                1,
                1,
                "",
                List.of(new GrantedVip(IpFamily.IPV4, "10.2.0.5", cloud.seeded().serviceSubnetId(), "")),
                1,
                List.of(external),
                List.of(),
                null,
                "",
                0L);
    }
}
