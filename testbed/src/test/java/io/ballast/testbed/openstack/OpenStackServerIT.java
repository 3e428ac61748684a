package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model over HTTP, as other processes see it; and as the openstack command sees it, where that is installed. */
class OpenStackServerIT {
    private static final Path COMMAND = Path.of("/usr/bin/openstack");
    private static final Path COMMAND_PLUGIN = Path.of("/usr/lib/python3/dist-packages/octaviaclient");

    @TempDir
    private Path directory = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();
    private OpenStackServer server = start();

    private static OpenStackServer start() {
        try {
            return OpenStackServer.start(
                    OpenStackModel.Settings.of(Timing.measured().scaled(0.05)), 0, InstantSource.system());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void writeCloudsYaml() throws IOException {
        Files.writeString(directory.resolve("clouds.yaml"), server.cloudsYaml());
    }

    @AfterEach
    void stop() {
        server.close();
        http.close();
    }

    @Test
    void servesTheThreeServicesAndCountsCalls() throws Exception {
        // Given
        var auth = "{\"auth\": {\"identity\": {\"methods\": [\"password\"], \"password\": {\"user\":"
                + " {\"name\": \"k8s\", \"password\": \"secret\", \"domain\": {\"id\": \"default\"}}}}}}";
        var token = send("POST", server.endpoints().keystone() + "/v3/auth/tokens", "", auth)
                .headers()
                .firstValue("X-Subject-Token")
                .orElseThrow();
        var subnet = server.withModel(model -> model.seeded().serviceSubnetId());
        // When
        var made = send(
                "POST",
                server.endpoints().octavia() + "/v2/lbaas/loadbalancers",
                token,
                "{\"loadbalancer\": {\"vip_subnet_id\": \"" + subnet + "\"}}");
        var malformed = send("POST", server.endpoints().octavia() + "/v2/lbaas/loadbalancers", token, "{");
        var calls = Json.parse(send("GET", server.endpoints().octavia() + "/ballast/calls?since=1", "", "")
                .body());
        // Then
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(malformed.statusCode()).isEqualTo(400);
        assertThat(calls.path("next").asInt()).isEqualTo(2);
        assertThat(calls.at("/calls/0/resource").asText()).isEqualTo("loadbalancers");
        assertThat(calls.at("/calls/0/loadBalancerId").asText()).isNotEmpty();
    }

    @Test
    void switchesFaultsFromOutsideAndBreaksConnections() throws Exception {
        // Given
        var faults = server.endpoints().keystone() + "/ballast/faults";
        var token = server.withModel(
                model -> model.tokenFor("k8s", "k8s", InstantSource.system().instant()));
        var network = server.withModel(model -> model.seeded().publicNetworkId());
        var body = "{\"floatingip\": {\"floating_network_id\": \"" + network + "\"}}";
        // When
        var set = send("PUT", faults, "", "{\"nextAnswersLost\": 1}");
        var unknown = send("PUT", faults, "", "{\"nextAnswerLost\": 1}");
        // Then
        assertThat(set.statusCode()).isEqualTo(200);
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("no switch named nextAnswerLost");
        assertThatThrownBy(() -> send("POST", server.endpoints().neutron() + "/v2.0/floatingips", token, body))
                .isInstanceOf(IOException.class);
        var left = Json.parse(send("GET", server.endpoints().neutron() + "/ballast/inventory", "", "")
                .body());
        assertThat(left.path("floatingIps")).hasSize(1);
    }

    @Test
    void isGoodEnoughForTheOpenstackCommand() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(COMMAND) && Files.isDirectory(COMMAND_PLUGIN),
                "python3-openstackclient and python3-octaviaclient are not installed");
        // Given
        var token = openstack("k8s", "token", "issue");
        assertThat(token.path("project_id").asText())
                .isEqualTo(server.withModel(model -> model.seeded().projectId()));
        // When
        openstack("k8s", "loadbalancer", "create", "--name", "web", "--vip-subnet-id", "k8s-service-subnet", "--wait");
        openstack(
                "k8s",
                "loadbalancer",
                "listener",
                "create",
                "--name",
                "l",
                "--protocol",
                "TCP",
                "--protocol-port",
                "80",
                "--wait",
                "web");
        openstack(
                "k8s",
                "loadbalancer",
                "pool",
                "create",
                "--name",
                "p",
                "--listener",
                "l",
                "--protocol",
                "TCP",
                "--lb-algorithm",
                "ROUND_ROBIN",
                "--wait");
        openstack(
                "k8s",
                "loadbalancer",
                "member",
                "create",
                "--address",
                "10.1.0.10",
                "--protocol-port",
                "8080",
                "--wait",
                "p");
        var vip = openstack("k8s", "loadbalancer", "show", "web")
                .path("vip_port_id")
                .asText();
        openstack("k8s", "floating", "ip", "create", "public", "--port", vip, "--description", "d");
        // Then
        assertThat(openstack("k8s-appcred", "loadbalancer", "list")).hasSize(1);
        assertThat(openstack("k8s", "loadbalancer", "listener", "list")
                        .at("/0/protocol_port")
                        .asInt())
                .isEqualTo(80);
        assertThat(openstack("k8s", "loadbalancer", "pool", "list")).hasSize(1);
        assertThat(openstack("k8s", "loadbalancer", "member", "list", "p")
                        .at("/0/address")
                        .asText())
                .isEqualTo("10.1.0.10");
        assertThat(openstack("k8s", "floating", "ip", "list").at("/0/Port").asText())
                .isEqualTo(vip);
        assertThat(openstack("k8s", "network", "list")).hasSize(3);
        assertThat(openstack("k8s", "subnet", "show", "k8s-service-subnet")
                        .path("gateway_ip")
                        .asText())
                .isEqualTo("10.2.255.254");
        assertThat(openstack("k8s", "port", "list")).hasSize(4);
        run("k8s", List.of("loadbalancer", "status", "show", "web"));
        run("k8s", List.of("loadbalancer", "delete", "--cascade", "--wait", "web"));
        assertThat(openstack("k8s", "loadbalancer", "list")).isEmpty();
    }

    private HttpResponse<String> send(String method, String url, String token, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("X-Auth-Token", token.isEmpty() ? "none" : token)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode openstack(String cloud, String... arguments) throws Exception {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-f", "json"));
        return Json.parse(run(cloud, all));
    }

    private String run(String cloud, List<String> arguments) throws Exception {
        var command = new ArrayList<String>(List.of(COMMAND.toString()));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command)
                .redirectError(directory.resolve("stderr").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("OS_"));
        builder.environment()
                .put("OS_CLIENT_CONFIG_FILE", directory.resolve("clouds.yaml").toString());
        builder.environment().put("OS_CLOUD", cloud);
        builder.environment().put("no_proxy", "*");
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(command + " ends").isTrue();
        assertThat(process.exitValue())
                .as(command + ": " + Files.readString(directory.resolve("stderr")))
                .isZero();
        return output;
    }
}
