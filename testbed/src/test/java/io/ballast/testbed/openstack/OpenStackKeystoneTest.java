package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Passwords, application credentials, tokens and the catalogue. */
class OpenStackKeystoneTest {
    private final ModelCloud cloud = ModelCloud.measured();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'name': 'k8s', 'password': 'secret', 'domain': {'name': 'Default'}} | {'name': 'k8s', 'domain': {'name': 'Default'}} | 201",
                "{'name': 'k8s', 'password': 'secret', 'domain': {'id': 'default'}} | {'name': 'k8s', 'domain': {'id': 'default'}} | 201",
                "{'name': 'k8s', 'password': 'wrong', 'domain': {'id': 'default'}} | {'name': 'k8s', 'domain': {'id': 'default'}} | 401",
                "{'name': 'who', 'password': 'secret', 'domain': {'id': 'default'}} | {'name': 'k8s', 'domain': {'id': 'default'}} | 401",
                "{'name': 'k8s', 'password': 'secret', 'domain': {'id': 'other'}} | {'name': 'k8s', 'domain': {'id': 'default'}} | 401",
                "{'name': 'k8s', 'password': 'secret', 'domain': {'id': 'default'}} | {'name': 'admin', 'domain': {'id': 'default'}} | 401"
            })
    void givesATokenForAPassword(String user, String project, int status) {
        // When
        var reply = authenticate(
                "{'methods': ['password'], 'password': {'user': " + user + "}}",
                ", 'scope': {'project': " + project + "}");
        // Then
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.headers().containsKey("X-Subject-Token")).isEqualTo(status == 201);
        assertThat(reply.errorText())
                .isEqualTo(status == 201 ? "" : "The request you have made requires authentication.");
    }

    @Test
    void givesATokenForAnApplicationCredentialByIdOrName() {
        // Given
        var secret = ", 'secret': '" + cloud.layout().credentialSecret() + "'}}";
        // When
        var byId = authenticate(
                "{'methods': ['application_credential'], 'application_credential': {'id': '"
                        + cloud.layout().credentialId() + "'" + secret,
                "");
        var byName = authenticate(
                "{'methods': ['application_credential'], 'application_credential': {'name': 'ballast',"
                        + " 'user': {'name': 'k8s', 'domain': {'id': 'default'}}" + secret,
                "");
        var wrong = authenticate(
                "{'methods': ['application_credential'], 'application_credential': {'id': '"
                        + cloud.layout().credentialId() + "', 'secret': 'no'}}",
                "");
        // Then
        assertThat(byId.json().at("/token/project/id").asText())
                .isEqualTo(cloud.layout().projectId());
        assertThat(byName.status()).isEqualTo(201);
        assertThat(wrong.status()).isEqualTo(401);
    }

    @Test
    void aTokenExpires() {
        // Given
        cloud.with(Faults.none().with("tokenLifetimeSeconds", 60));
        assertThat(cloud.octavia("GET", "loadbalancers").status()).isEqualTo(200);
        // When
        cloud.pass(Duration.ofSeconds(60));
        var octavia = cloud.octavia("GET", "loadbalancers");
        var neutron = cloud.neutron("GET", "ports");
        // Then
        assertThat(octavia.status()).isEqualTo(401);
        assertThat(octavia.json().at("/error/title").asText()).isEqualTo("Unauthorized");
        assertThat(octavia.headers()).containsKey("WWW-Authenticate");
        assertThat(neutron.status()).isEqualTo(401);
    }

    @Test
    void theCatalogueNamesTheThreeServices() {
        // When
        var token = authenticate(
                "{'methods': ['password'], 'password': {'user': {'name': 'k8s', 'password': 'secret', 'domain': {'id': 'default'}}}}",
                "");
        var id = token.headers().getOrDefault("X-Subject-Token", "");
        var catalog = cloud.send(ModelRequest.of(OpenStackService.KEYSTONE, "GET", "/v3/auth/catalog")
                .withToken(id));
        var shown = cloud.send(ModelRequest.of(OpenStackService.KEYSTONE, "GET", "/v3/auth/tokens")
                .withToken(id)
                .withHeader("X-Subject-Token", id));
        // Then
        assertThat(catalog.json().path("catalog").findValuesAsText("type"))
                .containsExactly("identity", "network", "load-balancer");
        assertThat(catalog.json().path("catalog").findValuesAsText("region_id"))
                .hasSize(9)
                .containsOnly("RegionOne");
        assertThat(shown.json().at("/token/user/name").asText()).isEqualTo("k8s");
        assertThat(token.took()).isEqualTo(Duration.ofMillis(185));
        assertThat(cloud.model.calls().count(Call::mutating))
                .as("to authenticate is no mutation")
                .isZero();
    }

    private ModelReply authenticate(String identity, String scope) {
        return cloud.send(ModelRequest.of(OpenStackService.KEYSTONE, "POST", "/v3/auth/tokens")
                .withBody("{'auth': {'identity': " + identity + scope + "}}"));
    }
}
