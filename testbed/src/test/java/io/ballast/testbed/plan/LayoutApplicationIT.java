package io.ballast.testbed.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ballast.ipam.allocation.layout.Difference;
import io.ballast.ipam.allocation.layout.LayoutRequest;
import io.ballast.ipam.allocation.layout.LayoutResources;
import io.ballast.ipam.allocation.layout.NetworkLayout;
import io.ballast.openstack.CloudsYaml;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestFactory;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestReply.Answered;
import io.ballast.openstack.RestRequest;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.openstack.OpenStackCli;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackServer;
import io.ballast.testbed.openstack.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ballast plan --check} and {@code --apply} against the modelled OpenStack over HTTP. */
class LayoutApplicationIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final NetworkLayout SEPARATE = layout("demo", "10.2.0.0/16", null, false, "amphora");

    @TempDir
    private Path directory = Path.of("");

    private final List<String> said = new ArrayList<>();
    private final List<OpenStackServer> servers = new ArrayList<>();
    private int writes;

    @AfterEach
    void stop() {
        servers.forEach(OpenStackServer::close);
    }

    static Stream<NetworkLayout> layouts() {
        return Stream.of(
                SEPARATE,
                layout("demo", "10.0.0.0/16", null, true, "amphora"),
                layout("demo", null, "fd10:0:0:2::/112", false, "amphora"),
                layout("demo", "10.2.0.0/16", "fd10:0:0:2::/112", false, "ovn"));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void makesTheLayoutOnce(NetworkLayout layout) throws IOException {
        // Given
        var cloud = cloud(Layout.DEFAULT);
        // When
        var isThere = application(layout, cloud).apply();
        // Then
        assertThat(isThere).isTrue();
        assertThat(writes).isEqualTo(LayoutResources.of(layout).size());
        assertThat(application(layout, cloud).apply()).isTrue();
        assertThat(writes).isEqualTo(LayoutResources.of(layout).size());
        assertThat(said).last().isEqualTo("nothing to do: the layout is there");
        assertThat(application(layout, cloud).check()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void theStackOfTheTestbedHasTheSameLayout(Layout layout) throws IOException {
        var cloud = cloud(layout);

        assertThat(application(layout.network(), cloud).check()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnWhereverItWasKilled(boolean isSent) throws IOException {
        // Given
        var cloud = cloud(Layout.DEFAULT);
        var parts = LayoutResources.of(SEPARATE).size();
        for (int point = 0; point < parts; point++) {
            var layout = layout("demo-" + point, "10.2.0.0/16", null, false, "amphora");
            int killedAfter = point;
            // When
            assertThatThrownBy(() -> application(layout, killed(cloud, killedAfter, isSent))
                            .apply())
                    .isInstanceOf(IllegalStateException.class);
            writes = 0;
            // Then
            assertThat(application(layout, cloud).apply()).isTrue();
            assertThat(writes).as("killed at %s", point).isEqualTo(parts - point - (isSent ? 1 : 0));
        }
    }

    @Test
    void changesNothingWhereASubnetOfThatNameIsAnother() throws IOException {
        // Given
        var cloud = cloud(Layout.DEFAULT);
        var network = make(cloud, "networks", "network", Map.of("name", "demo-service-net"));
        make(
                cloud,
                "subnets",
                "subnet",
                Map.of(
                        "name",
                        "demo-service-subnet",
                        "network_id",
                        network.path("id").asText(),
                        "ip_version",
                        4,
                        "cidr",
                        "10.3.0.0/16",
                        "enable_dhcp",
                        false));
        // When
        var isThere = application(SEPARATE, cloud).apply();
        // Then
        assertThat(isThere).isFalse();
        assertThat(writes).isZero();
        assertThat(said)
                .contains("subnet demo-service-subnet has 10.3.0.0/16, not 10.2.0.0/16")
                .last()
                .isEqualTo(
                        "nothing more is made: what is there is never changed, mend it first or choose another --cluster");
    }

    @Test
    void takesWhatAPersonMadeByTheSameSettings() throws IOException {
        // Given
        var cloud = cloud(Layout.DEFAULT);
        var network = make(cloud, "networks", "network", Map.of("name", "demo-net"));
        make(
                cloud,
                "subnets",
                "subnet",
                Map.of(
                        "name",
                        "demo-subnet",
                        "network_id",
                        network.path("id").asText(),
                        "ip_version",
                        4,
                        "cidr",
                        "10.0.0.0/16",
                        "gateway_ip",
                        "10.0.255.254",
                        "allocation_pools",
                        List.of(Map.of("start", "10.0.64.0", "end", "10.0.255.253")),
                        "enable_dhcp",
                        false));
        // When
        var isThere = application(layout("demo", "10.0.0.0/16", null, true, "amphora"), cloud)
                .apply();
        // Then
        assertThat(isThere).isTrue();
        assertThat(said).noneMatch(line -> line.contains("made network") || line.contains("made subnet"));
    }

    @Test
    void saysInWordsWhatNeutronRefuses() throws IOException {
        var cloud = cloud(Layout.DEFAULT);
        Rest forbidding = request -> request.method().isMutating()
                ? new Answered(
                        403,
                        read("{\"NeutronError\": {\"type\": \"PolicyNotAuthorized\", \"message\": \"no\"}}"),
                        null,
                        null)
                : cloud.send(request);

        assertThatThrownBy(() -> application(SEPARATE, forbidding).apply())
                .hasMessage("network demo-pod-net was not made: Neutron answered 403: no");
    }

    @Test
    void theCommandsItPrintsMakeTheLayout() throws Exception {
        Assumptions.assumeTrue(OpenStackCli.isInstalled(), "python3-openstackclient is not installed");
        // Given
        var cloud = cloud(Layout.DEFAULT);
        var layout = layout("demo", "10.2.0.0/16", "fd10:0:0:2::/112", false, "amphora");
        // When
        new OpenStackCli(directory, "k8s").run(PlanText.commands(layout).lines().toList());
        // Then
        assertThat(application(layout, cloud).check()).isEmpty();
        assertThat(said)
                .containsExactly("the cloud has all %d parts of the layout"
                        .formatted(LayoutResources.of(layout).size()));
    }

    @Test
    void everyDifferenceIsToldAndMendedByTheCommandsItPrints() throws Exception {
        Assumptions.assumeTrue(OpenStackCli.isInstalled(), "python3-openstackclient is not installed");
        // Given
        var cloud = cloud(Layout.DEFAULT);
        application(SEPARATE, cloud).apply();
        var services = id(cloud, "subnets", "demo-service-subnet");
        put(cloud, "subnets/" + services, "subnet", Map.of("gateway_ip", "10.2.255.250", "enable_dhcp", true));
        put(
                cloud,
                "subnets/" + services,
                "subnet",
                Map.of("allocation_pools", List.of(Map.of("start", "10.2.0.9", "end", "10.2.255.200"))));
        put(cloud, "networks/" + id(cloud, "networks", "demo-pod-net"), "network", Map.of("name", "renamed"));
        var router = id(cloud, "routers", "demo-router");
        var nowhere = MAPPER.createObjectNode();
        nowhere.putObject("router").putObject("external_gateway_info");
        send(cloud, RestRequest.put(RestRequest.Api.NETWORK, "/v2.0/routers/" + router, nowhere));
        send(
                cloud,
                RestRequest.put(
                        RestRequest.Api.NETWORK,
                        "/v2.0/routers/" + router + "/remove_router_interface",
                        MAPPER.createObjectNode().put("subnet_id", id(cloud, "subnets", "demo-pod-subnet"))));
        var rule = list(cloud, "security-group-rules")
                .filter(each -> each.path("protocol").asText().equals("udp"))
                .filter(each ->
                        each.path("security_group_id").asText().equals(id(cloud, "security-groups", "demo-pod-access")))
                .findFirst()
                .orElseThrow();
        send(
                cloud,
                RestRequest.delete(
                        RestRequest.Api.NETWORK,
                        "/v2.0/security-group-rules/" + rule.path("id").asText()));
        said.clear();
        // When
        var differences = application(SEPARATE, cloud).check();
        // Then
        assertThat(differences)
                .extracting(Difference::message)
                .containsExactly(
                        "network demo-pod-net: it is named 'renamed' now",
                        "subnet demo-service-subnet: its gateway is 10.2.255.250, not 10.2.255.254",
                        "subnet demo-service-subnet: it has DHCP",
                        "subnet demo-service-subnet: its allocation pools are [10.2.0.9-10.2.255.200], not"
                                + " [10.2.128.1-10.2.255.253]",
                        "gateway of router demo-router is missing",
                        "port demo-pod-subnet-router is missing",
                        "interface of router demo-router in subnet demo-pod-subnet is missing",
                        "rule of security group demo-pod-access: udp from 10.2.0.0/16 is missing");
        new OpenStackCli(directory, "k8s")
                .run(differences.stream()
                        .flatMap(difference -> difference.commands().stream())
                        .toList());
        assertThat(application(SEPARATE, cloud).check()).isEmpty();
    }

    @Test
    void tellsWhoIsInTheWay() throws IOException {
        // Given
        var cloud = cloud(Layout.DEFAULT);
        application(SEPARATE, cloud).apply();
        make(cloud, "networks", "network", Map.of("name", "other-net"));
        var router = id(cloud, "routers", "demo-router");
        var subnet = id(cloud, "subnets", "demo-pod-subnet");
        send(
                cloud,
                RestRequest.put(
                        RestRequest.Api.NETWORK,
                        "/v2.0/routers/" + router + "/remove_router_interface",
                        MAPPER.createObjectNode().put("subnet_id", subnet)));
        make(
                cloud,
                "ports",
                "port",
                Map.of(
                        "name",
                        "squatter",
                        "network_id",
                        id(cloud, "networks", "demo-pod-net"),
                        "fixed_ips",
                        List.of(Map.of("subnet_id", subnet, "ip_address", "10.1.255.254"))));
        make(cloud, "routers", "router", Map.of("name", "copy", "description", "ballast-layout/demo/demo-router"));
        // When
        var differences = application(SEPARATE, cloud).check();
        // Then
        assertThat(differences)
                .extracting(Difference::message)
                .anySatisfy(message -> assertThat(message).startsWith("router demo-router: 2 of them are there, "));
        assertThat(differences)
                .extracting(Difference::message)
                .anySatisfy(message -> assertThat(message)
                        .startsWith("port demo-pod-subnet-router: its address 10.1.255.254 is held by port ")
                        .endsWith("('squatter', owner '')"));
    }

    private static NetworkLayout layout(
            String cluster, @Nullable String cidr, @Nullable String ipv6, boolean isShared, String provider) {
        return new LayoutRequest(cluster, provider, cidr, null, ipv6, null, isShared, List.of("public")).layout();
    }

    private LayoutApplication application(NetworkLayout layout, Rest cloud) {
        return new LayoutApplication(layout, cloud, said::add);
    }

    /** A cloud that counts what is written. */
    private Rest cloud(Layout layout) throws IOException {
        var server = OpenStackServer.start(
                OpenStackModel.Settings.of(Timing.measured().scaled(0)).withLayout(layout), 0, InstantSource.system());
        servers.add(server);
        var file = Files.writeString(directory.resolve("clouds.yaml"), server.cloudsYaml());
        var rest = RestFactory.open(CloudsYaml.read(file, null, "k8s"));
        return request -> {
            writes += request.method().isMutating() ? 1 : 0;
            return rest.send(request);
        };
    }

    /** The process dies at a write: before it is sent, or after that with no answer seen. */
    private static Rest killed(Rest cloud, int after, boolean isSent) {
        var left = IntStream.of(after).toArray();
        return request -> {
            if (request.method().isMutating() && left[0]-- == 0) {
                if (isSent) {
                    cloud.send(request);
                }
                return new RestReply.Unanswered("killed", isSent);
            }
            return cloud.send(request);
        };
    }

    private JsonNode make(Rest cloud, String collection, String name, Map<String, Object> given) {
        var body = MAPPER.createObjectNode();
        body.set(name, MAPPER.valueToTree(given));
        var made = send(cloud, RestRequest.post(RestRequest.Api.NETWORK, "/v2.0/" + collection, body))
                .path(name);
        writes = 0;
        return made;
    }

    private static void put(Rest cloud, String path, String name, Map<String, Object> given) {
        var body = MAPPER.createObjectNode();
        body.set(name, MAPPER.valueToTree(given));
        send(cloud, RestRequest.put(RestRequest.Api.NETWORK, "/v2.0/" + path, body));
    }

    private static String id(Rest cloud, String collection, String name) {
        return list(cloud, collection)
                .filter(each -> each.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asText();
    }

    private static Stream<JsonNode> list(Rest cloud, String collection) {
        return send(cloud, RestRequest.get(RestRequest.Api.NETWORK, "/v2.0/" + collection))
                .path(collection.replace('-', '_'))
                .valueStream();
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
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
