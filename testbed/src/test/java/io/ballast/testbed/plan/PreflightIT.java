package io.ballast.testbed.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ballast.ipam.IpamServiceConfig;
import io.ballast.ipam.allocation.FindingKind;
import io.ballast.ipam.allocation.IpamAnswer;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.allocation.Preflight;
import io.ballast.ipam.allocation.Rules;
import io.ballast.ipam.openstack.NeutronAddresses;
import io.ballast.openstack.CloudsYaml;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestFactory;
import io.ballast.openstack.RestReply.Answered;
import io.ballast.openstack.RestRequest;
import io.ballast.runtime.config.ConfigReader;
import io.ballast.schemas.contract.Finding;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.openstack.OpenStackCli;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackServer;
import io.ballast.testbed.openstack.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each finding of the pre-flight is made on the modelled OpenStack over HTTP, and mended by the very commands it names. */
class PreflightIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int ROUNDS_MAX = 3;

    /** Both families of the default layout, with everything that is compared. */
    private static final Rules RULES = ConfigReader.of("""
                    clusters:
                      k8s:
                        ipv4: {subnet: k8s-service-subnet, ranges: [10.2.0.0/17]}
                        ipv6: {subnet: k8s-service-subnet-v6, ranges: ["fd10:0:0:2::/113"]}
                        pod-subnets: [k8s-pod-subnet, "fd10:0:0:1::/64"]
                        pod-security-groups: [k8s-pod-access]
                        protocols: [tcp, udp, sctp]
                        api-hosts: [192.168.1.2, "fd10:0:0:9::2"]
                    external-pools:
                      public: {network: public}
                    """, Map.of())
            .whole(read -> IpamServiceConfig.from(read, Map.of()))
            .rules();

    @TempDir
    private Path directory = Path.of("");

    private OpenStackServer server = start();
    private Rest cloud = request -> {
        throw new IllegalStateException("not opened yet: " + request);
    };
    private Rest admin = cloud;

    private static OpenStackServer start() {
        try {
            return OpenStackServer.start(
                    OpenStackModel.Settings.of(Timing.measured().scaled(0)).withLayout(Layout.DUAL),
                    0,
                    InstantSource.system());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void open() throws IOException {
        var file = Files.writeString(directory.resolve("clouds.yaml"), server.cloudsYaml());
        cloud = RestFactory.open(CloudsYaml.read(file, null, "k8s"));
        admin = RestFactory.open(CloudsYaml.read(file, null, "admin"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** How something is spoilt. */
    private interface Spoiling {
        void in(PreflightIT world);
    }

    /**
     * A case.
     *
     * @param user whose commands mend it
     */
    private record Case(FindingKind kind, String user, Spoiling spoiling) {
        @Override
        public String toString() {
            return kind.code();
        }
    }

    static Stream<Case> mendable() {
        return Stream.of(
                new Case(
                        FindingKind.VIP_RANGE_IN_ALLOCATION_POOL,
                        "k8s",
                        world -> world.set(
                                "subnets",
                                "k8s-service-subnet",
                                "{'allocation_pools': [{'start': '10.2.0.9', 'end': '10.2.255.200'}]}")),
                new Case(
                        FindingKind.ALLOCATION_POOL_MISSING,
                        "k8s",
                        world -> world.set("subnets", "k8s-service-subnet", "{'allocation_pools': []}")),
                new Case(
                        FindingKind.GATEWAY_IN_VIP_RANGE,
                        "k8s",
                        world -> world.set("subnets", "k8s-service-subnet", "{'gateway_ip': '10.2.0.5'}")),
                new Case(
                        FindingKind.GATEWAY_MISSING,
                        "k8s",
                        world -> world.set("subnets", "k8s-service-subnet", "{'gateway_ip': null}")),
                new Case(
                        FindingKind.DHCP_ON_VIP_SUBNET,
                        "k8s",
                        world -> world.set("subnets", "k8s-service-subnet-v6", "{'enable_dhcp': true}")),
                new Case(FindingKind.ROUTER_MISSING, "k8s", world -> world.leave("k8s-service-subnet")),
                new Case(
                        FindingKind.ROUTER_PATH_MISSING,
                        "k8s",
                        world -> world.set("routers", "k8s-router", "{'external_gateway_info': {}}")),
                new Case(FindingKind.API_HOST_UNREACHABLE, "k8s", world -> {
                    world.set("routers", "k8s-router", "{'external_gateway_info': {}}");
                    var nodes = world.post("networks", "{'name': 'nodes'}");
                    world.post(
                            "subnets",
                            "{'name': 'node-subnet', 'network_id': '%s', 'ip_version': 4, 'cidr': '192.168.1.0/24'}"
                                    .formatted(nodes.path("id").asText()));
                }),
                new Case(FindingKind.POD_PATH_MISSING, "k8s", world -> world.leave("k8s-pod-subnet")),
                new Case(
                        FindingKind.POD_SECURITY_GROUP_MISSING,
                        "k8s",
                        world -> world.set("security-groups", "k8s-pod-access", "{'name': 'renamed'}")),
                new Case(FindingKind.POD_SECURITY_GROUP_RULE_MISSING, "k8s", PreflightIT::dropRules),
                new Case(
                        FindingKind.NETWORK_NOT_EXTERNAL,
                        "admin",
                        world -> world.set("networks", "public", "{'router:external': false, 'shared': true}")));
    }

    @Test
    void findsNothingWhereTheLayoutIsAsPlanned() {
        assertThat(findings()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("mendable")
    void isMendedByTheCommandsItNames(Case each) throws Exception {
        // Given
        each.spoiling().in(this);
        // When
        var found = findings();
        // Then
        assertThat(found).extracting(Finding::code).contains(each.kind().code());
        assertThat(found).allSatisfy(finding -> assertThat(finding.command()).startsWith("openstack "));
        Assumptions.assumeTrue(OpenStackCli.isInstalled(), "python3-openstackclient is not installed");
        for (int round = 0; round < ROUNDS_MAX && !found.isEmpty(); round++) {
            new OpenStackCli(directory, each.user())
                    .run(found.stream().map(Finding::command).distinct().toList());
            found = findings();
        }
        assertThat(found).isEmpty();
    }

    /** The command itself wants a compute service, which the model has not: what it would send is sent here. */
    @Test
    void tellsHowManyFloatingIpsAndPortsAreUsed() {
        // Given
        for (int i = 0; i < 2; i++) {
            post("floatingips", "{'floating_network_id': '%s'}".formatted(id("networks", "public")));
        }
        var project = server.withModel(model -> model.seeded().projectId());
        // When
        setQuota(project, "{'floatingip': 2, 'port': 4}");
        // Then
        assertThat(findings())
                .extracting(finding -> finding.code() + ": " + finding.message() + ": " + finding.command())
                .containsOnly(
                        "quota-low: project %s uses 2 of 2 floating IPs: openstack quota set --floating-ips 14 %s"
                                .formatted(project, project),
                        "quota-low: project %s uses 4 of 4 ports: openstack quota set --ports 18 %s"
                                .formatted(project, project));
        // When
        setQuota(project, "{'floatingip': 14, 'port': 18}");
        // Then
        assertThat(findings()).isEmpty();
    }

    @Test
    void tellsHowManyOfTheLoadBalancersAreUsed() {
        // Given
        for (int i = 0; i < 3; i++) {
            var body = read("{'loadbalancer': {'vip_subnet_id': '%s'}}".formatted(id("subnets", "k8s-service-subnet")));
            send(cloud, RestRequest.post(RestRequest.Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers", body));
        }
        var project = server.withModel(model -> model.seeded().projectId());
        // When
        setLoadBalancers(project, 3);
        // Then
        assertThat(findings())
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.message())
                        .isEqualTo("project %s uses 3 of 3 load balancers".formatted(project)))
                .allSatisfy(finding -> assertThat(finding.command())
                        .isEqualTo("openstack loadbalancer quota set --loadbalancer 16 " + project));
        // When
        setLoadBalancers(project, 16);
        // Then
        assertThat(findings()).isEmpty();
    }

    @Test
    void tellsWhatIsNotThereOrNotUnique() {
        // Given
        set("subnets", "k8s-service-subnet", "{'name': 'renamed'}");
        set("subnets", "k8s-pod-subnet", "{'name': 'k8s-service-subnet-v6'}");
        set("networks", "public", "{'name': 'internet'}");
        // When
        var found = findings();
        // Then
        assertThat(found)
                .extracting(Finding::code)
                .contains("subnet-missing", "pod-subnet-missing", "external-network-missing");
        assertThat(found)
                .extracting(Finding::message)
                .contains(
                        "subnet 'k8s-service-subnet-v6' for the VIPs of cluster k8s cannot be used: 2 subnets have this"
                                + " name: use an id",
                        "subnet 'k8s-pod-subnet' of the pods of cluster k8s cannot be used: no subnet has this id, name"
                                + " or range, or it is not visible");
    }

    private List<Finding> findings() {
        var subnets = new TreeSet<String>();
        RULES.vipPools().forEach(pool -> subnets.add(pool.subnet()));
        var answer = new NeutronAddresses(cloud)
                .call(new IpamCall.ReadNeutron(
                        subnets,
                        RULES.externals(),
                        RULES.clusters().values().stream()
                                .map(Rules.Cluster::pods)
                                .toList()));
        assertThat(answer).isInstanceOf(IpamAnswer.Read.class);
        return Preflight.check(RULES, ((IpamAnswer.Read) answer).facts()).values().stream()
                .flatMap(List::stream)
                .toList();
    }

    private void dropRules() {
        var group = id("security-groups", "k8s-pod-access");
        list("security-group-rules")
                .filter(rule -> rule.path("security_group_id").asText().equals(group))
                .filter(rule -> rule.path("direction").asText().equals("ingress"))
                .filter(rule -> !rule.path("protocol").asText().equals("tcp"))
                .forEach(rule -> send(
                        cloud,
                        RestRequest.delete(
                                RestRequest.Api.NETWORK,
                                "/v2.0/security-group-rules/" + rule.path("id").asText())));
    }

    private void leave(String subnet) {
        send(
                cloud,
                RestRequest.put(
                        RestRequest.Api.NETWORK,
                        "/v2.0/routers/%s/remove_router_interface".formatted(id("routers", "k8s-router")),
                        MAPPER.createObjectNode().put("subnet_id", id("subnets", subnet))));
    }

    private void setLoadBalancers(String project, int limit) {
        send(
                admin,
                RestRequest.put(
                        RestRequest.Api.LOAD_BALANCER,
                        "/v2.0/lbaas/quotas/" + project,
                        read("{'quota': {'load_balancer': %d}}".formatted(limit))));
    }

    private void setQuota(String project, String limits) {
        var body = MAPPER.createObjectNode();
        body.set("quota", read(limits));
        send(admin, RestRequest.put(RestRequest.Api.NETWORK, "/v2.0/quotas/" + project, body));
    }

    private void set(String collection, String name, String fields) {
        var body = MAPPER.createObjectNode();
        body.set(singular(collection), read(fields));
        send(
                admin,
                RestRequest.put(
                        RestRequest.Api.NETWORK, "/v2.0/%s/%s".formatted(collection, id(collection, name)), body));
    }

    private JsonNode post(String collection, String fields) {
        var body = MAPPER.createObjectNode();
        body.set(singular(collection), read(fields));
        return send(cloud, RestRequest.post(RestRequest.Api.NETWORK, "/v2.0/" + collection, body))
                .path(singular(collection));
    }

    private String id(String collection, String name) {
        return list(collection)
                .filter(each -> each.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asText();
    }

    private Stream<JsonNode> list(String collection) {
        return send(cloud, RestRequest.get(RestRequest.Api.NETWORK, "/v2.0/" + collection))
                .path(collection.replace('-', '_'))
                .valueStream();
    }

    private static String singular(String collection) {
        return collection.substring(0, collection.length() - 1).replace('-', '_');
    }

    private static JsonNode send(Rest cloud, RestRequest request) {
        var reply = cloud.send(request);
        assertThat(reply).isInstanceOf(Answered.class);
        var answered = (Answered) reply;
        assertThat(answered.isSuccess()).as("%s: %s", request, answered.body()).isTrue();
        return answered.body();
    }

    private static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json.replace('\'', '"'));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
