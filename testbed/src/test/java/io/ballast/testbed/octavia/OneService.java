package io.ballast.testbed.octavia;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerState;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.testbed.openstack.Faults;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One Service, shop/web at 10.2.0.5, that octavia-service serves over the OpenStack model; and what others do to it. */
final class OneService {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final String KEY = "demo/shop/web";
    static final String VIP = "10.2.0.5";
    static final Duration A_MINUTE = Duration.ofMinutes(1);

    final OpenStackModel cloud = new OpenStackModel(OpenStackModel.Settings.of(Timing.measured()), START);
    final Harness octavia;

    OneService() {
        this(Policy.DEFAULT);
    }

    OneService(Policy policy) {
        octavia = new Harness(
                cloud, new OctaviaSettings(policy, 1, 4, 16, Duration.ofMinutes(10), Duration.ofMinutes(5)), START);
    }

    void faults(Faults faults) {
        cloud.setFaults(faults, octavia.now);
    }

    void create() {
        create(List.of());
    }

    void create(List<GrantedExternal> externals) {
        octavia.open();
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted(externals));
        desire(present(1));
        octavia.run(A_MINUTE);
    }

    void desire(@Nullable DesiredLoadBalancer desired) {
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, desired);
    }

    static DesiredLoadBalancer present(long generation) {
        return new DesiredSample().at(generation);
    }

    static DesiredLoadBalancer absent() {
        return new DesiredLoadBalancer(
                DesiredState.ABSENT,
                "cluster-1",
                "uid-1",
                "2",
                1,
                9,
                null,
                "",
                ServiceType.UNKNOWN,
                false,
                List.of(),
                List.of());
    }

    AddressAllocation granted(List<GrantedExternal> externals) {
        return new AddressAllocation(
                AllocationState.GRANTED,
                "cluster-1",
                "uid-1",
                1,
                1,
                "amphora",
                List.of(new GrantedVip(IpFamily.IPV4, VIP, cloud.seeded().serviceSubnetId(), "")),
                1,
                externals,
                List.of(),
                null,
                "",
                0L);
    }

    GrantedExternal floatingIp() {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("floatingip").put("floating_network_id", cloud.seeded().publicNetworkId());
        var made = send(OpenStackService.NEUTRON, "POST", "/v2.0/floatingips", body)
                .path("floatingip");
        return new GrantedExternal(
                IpFamily.IPV4,
                ExternalMethod.POOL,
                AllocationState.GRANTED,
                made.path("floating_ip_address").asText(),
                made.path("id").asText(),
                cloud.seeded().publicNetworkId(),
                "public",
                true,
                null,
                "");
    }

    LoadBalancerStatus status() {
        return octavia.status(KEY).orElseThrow();
    }

    LoadBalancerState loadBalancer() {
        return status().loadBalancers().getFirst();
    }

    /** How often this was asked of OpenStack and done: the word of an action in outcomes. */
    long started(String action) {
        return octavia.outcomes.stream()
                .filter(outcome -> outcome.action().equals(action))
                .filter(outcome -> outcome.kind() == io.ballast.schemas.contract.OutcomeKind.STARTED)
                .count();
    }

    /** The load balancer fails at a change of somebody else's. */
    void breakIt() {
        faults(Faults.none().with("nextChangesFail", 1));
        octavia("PUT", "loadbalancers/" + loadBalancer().id(), "loadbalancer", node -> node.put("description", "x"));
        octavia.run(Duration.ofMinutes(11));
    }

    JsonNode octavia(String method, String path, String root, java.util.function.Consumer<ObjectNode> fill) {
        var body = JsonNodeFactory.instance.objectNode();
        fill.accept(body.putObject(root));
        return send(OpenStackService.OCTAVIA, method, "/v2.0/lbaas/" + path, body);
    }

    JsonNode read(String path) {
        return send(OpenStackService.OCTAVIA, "GET", "/v2.0/lbaas/" + path, null);
    }

    JsonNode ports() {
        return send(OpenStackService.NEUTRON, "GET", "/v2.0/ports", null).path("ports");
    }

    JsonNode send(OpenStackService service, String method, String path, @Nullable JsonNode body) {
        var request = ModelRequest.of(service, method, path).withToken(cloud.tokenFor("k8s", "k8s", octavia.now));
        return cloud.handle(body == null ? request : request.withBody(body), octavia.now)
                .json();
    }

    void deleteCascading(String path) {
        cloud.handle(
                new ModelRequest(
                        OpenStackService.OCTAVIA,
                        "DELETE",
                        "/v2.0/lbaas/" + path,
                        Map.of("cascade", List.of("true")),
                        Map.of("x-auth-token", cloud.tokenFor("k8s", "k8s", octavia.now)),
                        null),
                octavia.now);
    }

    /** An administrator's call. */
    int asAdmin(String method, String path) {
        return cloud.handle(
                        ModelRequest.of(OpenStackService.OCTAVIA, method, "/v2.0/lbaas/" + path)
                                .withToken(cloud.tokenFor("admin", "admin", octavia.now)),
                        octavia.now)
                .status();
    }
}
