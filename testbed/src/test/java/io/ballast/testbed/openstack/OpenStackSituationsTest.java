package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What Octavia answers in each situation that was measured on the real one. */
class OpenStackSituationsTest {
    private final ModelCloud cloud = ModelCloud.measured();

    @ParameterizedTest
    @EnumSource(Provider.class)
    void refusesAChangeWhileTheLoadBalancerIsPending(Provider provider) {
        // Given
        var id = Cloud.created(cloud.createLoadBalancer(provider, ""), "loadbalancer");
        // When
        var reply = cloud.createListener(id, "TCP", 80, "");
        // Then
        assertRefused(reply, 409, "Load Balancer " + id + " is immutable and cannot be updated.");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void acceptsOneOfEightParallelListeners(Provider provider) {
        // Given
        var id = cloud.activeLoadBalancer(provider, "");
        // When
        var statuses = IntStream.range(0, 8)
                .mapToObj(i -> cloud.createListener(id, "TCP", 80 + i, "").status())
                .toList();
        // Then
        assertThat(statuses).containsExactly(201, 409, 409, 409, 409, 409, 409, 409);
    }

    @Test
    void refusesDeletingWhatIsBeingCreatedOrDeleted() {
        // Given
        var id = Cloud.created(cloud.createLoadBalancer(Provider.AMPHORA, ""), "loadbalancer");
        // When
        var whileCreating = cloud.octavia("DELETE", "loadbalancers/" + id);
        cloud.settle();
        var accepted = cloud.octavia("DELETE", "loadbalancers/" + id);
        var whileDeleting = cloud.octavia("DELETE", "loadbalancers/" + id);
        // Then
        assertRefused(whileCreating, 409, "Invalid state PENDING_CREATE of loadbalancer resource " + id);
        assertThat(accepted.status()).isEqualTo(204);
        assertRefused(whileDeleting, 409, "Invalid state PENDING_DELETE of loadbalancer resource " + id);
    }

    @Test
    void refusesDeletingWithChildrenEvenWhilePending() {
        // Given
        var id = Cloud.created(
                cloud.createLoadBalancer(Provider.AMPHORA, cloud.populated(Provider.AMPHORA, 80, "10.1.0.10")),
                "loadbalancer");
        // When
        var reply = cloud.octavia("DELETE", "loadbalancers/" + id);
        // Then
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errorText()).contains("it has children");
    }

    @Test
    void answers404ForADeletedLoadBalancer() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.AMPHORA, "");
        cloud.octavia("DELETE", "loadbalancers/" + id);
        cloud.settle();
        // When
        var reply = cloud.octavia("DELETE", "loadbalancers/" + id);
        // Then
        assertRefused(reply, 404, "Load Balancer " + id + " not found.");
        assertThat(cloud.octavia("GET", "loadbalancers/" + id).status()).isEqualTo(404);
    }

    @Test
    void refusesEveryChangeInErrorExceptDeleteAndFailover() {
        // Given
        cloud.with(Faults.none().with("nextCreatesFail", 1));
        var id = cloud.activeLoadBalancer(Provider.AMPHORA, "");
        // When
        var rename = cloud.octavia("PUT", "loadbalancers/" + id, "{'loadbalancer': {'name': 'other'}}");
        var listener = cloud.createListener(id, "TCP", 80, "");
        var memberFailover = cloud.octavia("PUT", "loadbalancers/" + id + "/failover");
        var adminFailover = cloud.send(
                "admin",
                ModelRequest.of(OpenStackService.OCTAVIA, "PUT", "/v2/lbaas/loadbalancers/" + id + "/failover"));
        cloud.settle();
        // Then
        assertRefused(rename, 409, "Invalid state ERROR of loadbalancer resource " + id);
        assertRefused(listener, 409, "Load Balancer " + id + " is immutable and cannot be updated.");
        assertThat(memberFailover.status()).isEqualTo(403);
        assertThat(adminFailover.status()).isEqualTo(202);
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("ACTIVE");
        assertThat(cloud.octavia("DELETE", "loadbalancers/" + id).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({"TCP,TCP,409", "HTTP,TCP,409", "UDP,UDP,409", "UDP,TCP,201", "SCTP,TCP,201", "SCTP,UDP,201"})
    void sharesAPortOnlyBetweenTransports(String second, String first, int status) {
        // Given
        var id = cloud.activeLoadBalancer(Provider.AMPHORA, "");
        Cloud.created(cloud.createListener(id, first, 80, ""), "listener");
        cloud.settle();
        // When
        var reply = cloud.createListener(id, second, 80, "");
        // Then
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.errorText())
                .matches(status == 201 ? "" : ".*already using protocol " + first + " and protocol_port 80");
    }

    @Test
    void refusesASecondDefaultPoolAndASecondMonitor() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.AMPHORA, "");
        var listener = cloud.activeListener(id, 80);
        var body = "{'pool': {'listener_id': '" + listener + "', 'protocol': 'TCP', 'lb_algorithm': 'ROUND_ROBIN'}}";
        var pool = Cloud.created(cloud.octavia("POST", "pools", body), "pool");
        cloud.settle();
        var monitor = "{'healthmonitor': {'pool_id': '" + pool
                + "', 'type': 'TCP', 'delay': 5, 'timeout': 6, 'max_retries': 3}}";
        var first = cloud.octavia("POST", "healthmonitors", monitor);
        cloud.settle();
        // When
        var secondPool = cloud.octavia("POST", "pools", body);
        var secondMonitor = cloud.octavia("POST", "healthmonitors", monitor);
        // Then
        assertThat(first.status()).as("a timeout over the delay is accepted").isEqualTo(201);
        assertRefused(secondPool, 409, "This listener already has a default pool");
        assertRefused(secondMonitor, 409, "This pool already has a health monitor");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void refusesADuplicateMemberAlsoWithinOneBatch(Provider provider) {
        // Given
        var pool = cloud.activePool(provider, cloud.activeLoadBalancer(provider, ""));
        cloud.createMember(pool, "10.1.0.10");
        cloud.settle();
        // When
        var again = cloud.createMember(pool, "10.1.0.10");
        var batch = cloud.batch(pool, cloud.member("10.1.0.11", 1), cloud.member("10.1.0.11", 1));
        var otherPort = cloud.batch(pool, cloud.member("10.1.0.10", 8080), cloud.member("10.1.0.10", 8081));
        // Then
        assertRefused(again, 409, "Another member on this pool is already using ip 10.1.0.10 on protocol_port 8080");
        assertThat(batch.status()).isEqualTo(409);
        assertThat(otherPort.status()).isEqualTo(202);
        assertThat(otherPort.body()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"loadbalancer,Load Balancer", "listener,Listener", "pool,Pool", "member,Member"})
    void answers403WhenAQuotaIsReachedAndStaysActive(String resource, String label) {
        // Given
        var provider = Provider.AMPHORA;
        var id = cloud.activeLoadBalancer(provider, cloud.populated(provider, 80, "10.1.0.10"));
        var pool = cloud.loadBalancer(id).at("/pools/0/id").asText();
        cloud.with(Faults.none().withQuota(resource, 1));
        // When
        var reply =
                switch (resource) {
                    case "loadbalancer" -> cloud.createLoadBalancer(provider, "");
                    case "listener" -> cloud.createListener(id, "TCP", 81, "");
                    case "pool" -> cloud.createPool(id, "TCP", "ROUND_ROBIN", "");
                    default -> cloud.createMember(pool, "10.1.0.11");
                };
        // Then
        assertRefused(reply, 403, "Quota has been met for resources: " + label);
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("ACTIVE");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void answers500ForAVipThatIsTakenOrTheGatewayOrOutside(Provider provider) {
        // Given
        var subnet = cloud.layout().serviceSubnetId();
        cloud.activeLoadBalancer(provider, ", 'vip_address': '10.2.0.99'");
        // When
        var taken = cloud.createLoadBalancer(provider, ", 'vip_address': '10.2.0.99'");
        var gateway = cloud.createLoadBalancer(provider, ", 'vip_address': '10.2.255.254'");
        var outside = cloud.createLoadBalancer(provider, ", 'vip_address': '10.3.0.1'");
        // Then
        var reports = "Provider '" + provider.label() + "' reports error: IP address ";
        assertRefused(taken, 500, reports + "10.2.0.99 already allocated in subnet " + subnet);
        assertThat(taken.json().path("faultcode").asText()).isEqualTo("Server");
        assertRefused(gateway, 500, reports + "10.2.255.254 already allocated in subnet " + subnet);
        assertRefused(outside, 500, reports + "10.3.0.1 is not a valid IP for the specified subnet.");
        assertThat(cloud.model.inventory().loadBalancers()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void letsExactlyOneOfFourCreatesHaveAnAddressAndLeavesNoPort(Provider provider) {
        // When
        var statuses = IntStream.range(0, 4)
                .mapToObj(_ -> cloud.createLoadBalancer(provider, ", 'vip_address': '10.2.0.7'")
                        .status())
                .toList();
        // Then
        assertThat(statuses).containsExactlyInAnyOrder(201, 500, 500, 500);
        assertThat(cloud.model.inventory().ports()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'name': 'x'} | VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.",
                "{'vip_subnet_id': 'nope'} | Subnet nope not found.",
                "{'vip_port_id': 'nope'} | Port nope not found.",
                "{'vip_network_id': 'nope'} | Network nope not found.",
                "{'vip_subnet_id': 'SUBNET', 'provider': 'nope'} | Provider 'nope' is not enabled.",
                "{'vip_subnet_id': 'SUBNET', 'colour': 'red'} | Unknown attribute for argument loadbalancer: colour",
                "{'vip_subnet_id': 'SUBNET', 'vip_address': 'ten'} | Invalid input for field/attribute vip_address. Value: 'ten'."
            })
    void answers400NamingWhatIsWrongWithALoadBalancer(String fields, String text) {
        // When
        var body = "{'loadbalancer': " + fields.replace("SUBNET", cloud.layout().serviceSubnetId()) + "}";
        var reply = cloud.octavia("POST", "loadbalancers", body);
        // Then
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errorText()).contains(text);
        assertThat(cloud.model.inventory().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'protocol': 'TCP', 'protocol_port': 70000 | protocol_port. Value: '70000'. Value should be lower or equal to 65535",
                "'protocol': 'TCP', 'protocol_port': 0 | protocol_port. Value: '0'. Value should be greater or equal to 1",
                "'protocol': 'TPC', 'protocol_port': 80 | protocol. Value: 'TPC'. Value should be one of: HTTP, HTTPS, TCP",
                "'protocol': 'TCP' | protocol_port. Value: 'None'. Mandatory field missing.",
                "'protocol': 'TCP', 'protocol_port': 80, 'allowed_cidrs': ['10.0.0.0/99'] | allowed_cidrs",
                "'protocol': 'TCP', 'protocol_port': 80, 'colour': 'red' | Unknown attribute for argument listener: colour"
            })
    void answers400NamingWhatIsWrongWithAListener(String fields, String text) {
        // Given
        var id = cloud.activeLoadBalancer(Provider.AMPHORA, "");
        // When
        var reply =
                cloud.octavia("POST", "listeners", "{'listener': {'loadbalancer_id': '" + id + "', " + fields + "}}");
        // Then
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errorText()).contains(text);
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("ACTIVE");
    }

    @Test
    void refusesToMoveAListener() {
        // Given
        var listener = cloud.activeListener(cloud.activeLoadBalancer(Provider.AMPHORA, ""), 80);
        // When
        var reply = cloud.octavia("PUT", "listeners/" + listener, "{'listener': {'protocol_port': 81}}");
        // Then
        assertRefused(reply, 400, "Unknown attribute for argument listener: protocol_port");
    }

    @Test
    void refusesPersistenceTimeoutOnATcpPoolAndUdpConnectMonitors() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.AMPHORA, "");
        var timeout = ", 'session_persistence': {'type': 'SOURCE_IP', 'persistence_timeout': 60}";
        // When
        var tcp = cloud.createPool(id, "TCP", "SOURCE_IP", timeout);
        var udp = cloud.createPool(id, "UDP", "SOURCE_IP", timeout);
        cloud.settle();
        var pool = cloud.activePool(Provider.AMPHORA, id);
        var monitor = cloud.octavia(
                "POST",
                "healthmonitors",
                "{'healthmonitor': {'pool_id': '" + pool
                        + "', 'type': 'UDP-CONNECT', 'delay': 5, 'timeout': 3, 'max_retries': 3}}");
        // Then
        assertThat(tcp.status()).isEqualTo(400);
        assertThat(udp.status()).isEqualTo(201);
        assertThat(monitor.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"257,400", "-1,400", "256,201", "0,201"})
    void takesMemberWeightsFrom0To256(int weight, int status) {
        // Given
        var pool = cloud.activePool(Provider.AMPHORA, cloud.activeLoadBalancer(Provider.AMPHORA, ""));
        // When
        var reply = cloud.octavia(
                "POST",
                "pools/" + pool + "/members",
                "{'member': {'address': '10.1.0.9', 'protocol_port': 80, 'weight': " + weight + "}}");
        // Then
        assertThat(reply.status()).isEqualTo(status);
    }

    @Test
    void showsQuotasOfTheOwnProjectOnly() {
        // When
        var own = cloud.octavia("GET", "quotas/" + cloud.layout().projectId());
        var defaults = cloud.octavia("GET", "quotas/defaults");
        var set = cloud.octavia("PUT", "quotas/" + cloud.layout().projectId(), "{'quota': {'listener': 5}}");
        // Then
        assertThat(own.status()).isEqualTo(200);
        assertThat(own.json().at("/quota/load_balancer").asInt()).isEqualTo(-1);
        assertThat(defaults.status()).isEqualTo(403);
        assertThat(set.status()).isEqualTo(403);
    }

    @Test
    void separatesRoles() {
        // Given
        var list = ModelRequest.of(OpenStackService.OCTAVIA, "GET", "/v2/lbaas/loadbalancers");
        var amphorae = ModelRequest.of(OpenStackService.OCTAVIA, "GET", "/v2/octavia/amphorae");
        var create = ModelRequest.of(OpenStackService.OCTAVIA, "POST", "/v2/lbaas/loadbalancers")
                .withBody(
                        "{'loadbalancer': {'vip_subnet_id': '" + cloud.layout().serviceSubnetId() + "'}}");
        // When, Then
        assertThat(cloud.send("nolb", list).status()).isEqualTo(403);
        assertThat(cloud.send("observer", list).status()).isEqualTo(200);
        assertThat(cloud.send("observer", create).status()).isEqualTo(403);
        assertThat(cloud.send("k8s", amphorae).status()).isEqualTo(403);
        assertThat(cloud.send("admin", amphorae).status()).isEqualTo(200);
        assertThat(cloud.send(list).status()).as("without a token").isEqualTo(401);
    }

    @Test
    void listsItsVersionsWithoutAToken() {
        // When
        var octavia = cloud.send(ModelRequest.of(OpenStackService.OCTAVIA, "GET", "/"));
        var neutron = cloud.send(ModelRequest.of(OpenStackService.NEUTRON, "GET", "/"));
        var keystone = cloud.send(ModelRequest.of(OpenStackService.KEYSTONE, "GET", "/"));
        var versioned = cloud.send(ModelRequest.of(OpenStackService.OCTAVIA, "GET", "/v2"));
        // Then
        assertThat(octavia.json().at("/versions/26/id").asText()).isEqualTo("v2.26");
        assertThat(octavia.json().at("/versions/26/status").asText()).isEqualTo("CURRENT");
        assertThat(neutron.json().at("/versions/0/id").asText()).isEqualTo("v2.0");
        assertThat(keystone.status()).isEqualTo(300);
        assertThat(versioned.status()).isEqualTo(401);
    }

    private static void assertRefused(ModelReply reply, int status, String text) {
        assertThat(reply.errorText()).isEqualTo(text);
        assertThat(reply.status()).isEqualTo(status);
    }
}
