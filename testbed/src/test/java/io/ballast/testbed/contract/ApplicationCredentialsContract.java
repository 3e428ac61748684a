package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Application credentials: what they open, and how they end. */
class ApplicationCredentialsContract extends Facts {
    private String userId = "";
    private JsonNode credential = MissingNode.getInstance();

    @BeforeEach
    void make() {
        var token = cloud.send("k8s", keystone("GET", "/v3/auth/tokens").withHeader("X-Subject-Token", cloud.token()));
        userId = token.json().at("/token/user/id").asText();
        credential = create(ContractCloud.unique("contract")).json().path("application_credential");
    }

    @AfterEach
    void delete() {
        cloud.send("k8s", keystone("DELETE", target() + "/" + text("id")));
    }

    @Test
    void itsSecretIsShownOnceWhenItIsMade() {
        var shown = cloud.send("k8s", keystone("GET", target() + "/" + text("id")));

        assertThat(text("secret")).isNotEmpty();
        assertThat(shown.json().path("application_credential").has("secret")).isFalse();
    }

    @Test
    void itGivesATokenOfItsOwnProject() {
        var reply = issue("'id': '" + text("id") + "', 'secret': '" + text("secret") + "'", "");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.json().at("/token/project/id").asText()).isEqualTo(cloud.projectId());
        assertThat(reply.json().at("/token/methods/0").asText()).isEqualTo("application_credential");
    }

    @Test
    void itMayBeNamedByItsNameAndItsUser() {
        var reply = issue(
                "'name': '%s', 'secret': '%s', 'user': {'id': '%s'}".formatted(text("name"), text("secret"), userId),
                "");

        assertThat(reply.status()).isEqualTo(201);
    }

    @Test
    void aWrongSecretIsRefusedWith401() {
        assertRefused(
                issue("'id': '" + text("id") + "', 'secret': 'wrong'", ""),
                401,
                "The request you have made requires authentication.");
    }

    @Test
    void anUnknownOneIsAnsweredWith404() {
        assertRefused(
                issue("'id': 'nowhere', 'secret': 'wrong'", ""),
                404,
                "Could not find Application Credential: nowhere.");
    }

    @Test
    void askingForAScopeIsRefusedWith401() {
        var reply = issue(
                "'id': '" + text("id") + "', 'secret': '" + text("secret") + "'",
                ", 'scope': {'project': {'id': '" + cloud.projectId() + "'}}");

        assertRefused(
                reply,
                401,
                "Error authenticating with application credential: Application credentials cannot request a scope.");
    }

    @Test
    void itsTokensEndWithIt() {
        // Given
        var token = issue("'id': '" + text("id") + "', 'secret': '" + text("secret") + "'", "")
                .headers()
                .getOrDefault("X-Subject-Token", "");
        // When
        cloud.send("k8s", keystone("DELETE", target() + "/" + text("id")));
        // Then
        var octavia = ModelRequest.of(OpenStackService.OCTAVIA, "GET", "/v2/lbaas/loadbalancers");
        assertThat(cloud.sendBare(octavia.withToken(token)).status()).isEqualTo(401);
        assertThat(issue("'id': '" + text("id") + "', 'secret': '" + text("secret") + "'", "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aSecondOneOfTheNameIsRefusedWith409() {
        assertThat(create(text("name")).status()).isEqualTo(409);
    }

    @Test
    void itMakesNoOtherCredentials() {
        // Given
        var token = issue("'id': '" + text("id") + "', 'secret': '" + text("secret") + "'", "")
                .headers()
                .getOrDefault("X-Subject-Token", "");
        // When
        var reply = cloud.sendBare(keystone("POST", target())
                .withToken(token)
                .withBody("{'application_credential': {'name': 'another'}}"));
        // Then
        assertThat(reply.status()).isEqualTo(403);
    }

    private ModelReply create(String name) {
        return cloud.send(
                "k8s", keystone("POST", target()).withBody("{'application_credential': {'name': '" + name + "'}}"));
    }

    private ModelReply issue(String credential, String scope) {
        return cloud.sendBare(keystone("POST", "/v3/auth/tokens")
                .withBody(("{'auth': {'identity': {'methods': ['application_credential'],"
                                + " 'application_credential': {%s}}%s}}")
                        .formatted(credential, scope)));
    }

    private String text(String field) {
        return credential.path(field).asText();
    }

    private String target() {
        return "/v3/users/" + userId + "/application_credentials";
    }

    private static ModelRequest keystone(String method, String target) {
        return ModelRequest.of(OpenStackService.KEYSTONE, method, target);
    }
}
