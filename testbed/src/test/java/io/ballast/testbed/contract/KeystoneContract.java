package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.openstack.CloudCredentials;
import io.ballast.openstack.CloudCredentials.Domain;
import io.ballast.openstack.Secret;
import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackService;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Passwords, tokens and their end, the catalogue. */
class KeystoneContract extends Facts {
    private static final String REFUSED = "The request you have made requires authentication.";

    @Test
    void aPasswordGivesATokenInAHeader() {
        var reply = issue(password());

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.headers().getOrDefault("X-Subject-Token", "")).isNotEmpty();
        assertThat(reply.json().at("/token/methods/0").asText()).isEqualTo("password");
    }

    @Test
    void aWrongPasswordIsRefusedWith401() {
        var right = password();

        assertRefused(
                issue(new CloudCredentials.Password(
                        right.user(), new Secret("wrong"), right.userDomain(), right.project(), right.projectDomain())),
                401,
                REFUSED);
    }

    @Test
    void anUnknownUserIsRefusedInTheWordsForAWrongPassword() {
        var right = password();

        assertRefused(
                issue(new CloudCredentials.Password(
                        ContractCloud.unique("nobody"),
                        right.password(),
                        new Domain("default", true),
                        right.project(),
                        right.projectDomain())),
                401,
                REFUSED);
    }

    @Test
    void aProjectInWhichTheUserHasNoRoleIsRefusedWith401() {
        var right = password();

        assertRefused(
                issue(new CloudCredentials.Password(
                        right.user(),
                        right.password(),
                        right.userDomain(),
                        ContractCloud.unique("nowhere"),
                        new Domain("default", true))),
                401,
                REFUSED);
    }

    @Test
    void aTokenTellsItsProjectItsRolesAndWhenItEnds() {
        var token = issue(password()).json().path("token");

        assertThat(token.at("/project/id").asText()).isEqualTo(cloud.projectId());
        assertThat(token.path("roles").findValuesAsText("name")).contains("load-balancer_member");
        assertThat(Instant.parse(token.path("expires_at").asText()))
                .isAfter(Instant.parse(token.path("issued_at").asText()));
        assertThat(token.path("expires_at").asText()).endsWith(".000000Z");
    }

    @Test
    void anExpiredTokenIsRefusedWith401ByEveryService() {
        // Given
        cloud.prefer("tokenLifetimeSeconds", 1);
        var reply = issue(password());
        var token = reply.headers().getOrDefault("X-Subject-Token", "");
        var ends = Instant.parse(reply.json().at("/token/expires_at").asText());
        var left = Duration.between(Instant.now(), ends);
        Assumptions.assumeTrue(
                left.toSeconds() < 90,
                "tokens of this cloud live " + left
                        + "; with one started with OPENSTACK_DEV_TOKEN_LIFETIME=60 this is tried");
        // When
        cloud.waiting().until(() -> Instant.now().isAfter(ends.plusSeconds(1)));
        // Then
        for (var service : OpenStackService.values()) {
            assertThat(read(service, token).status()).as(service.toString()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @EnumSource(OpenStackService.class)
    void aTokenThatNobodyIssuedIsRefusedWith401AndTheWayToKeystone(OpenStackService service) {
        var reply = read(service, "gAAAAAB-nobody-issued-this");

        assertRefused(reply, 401, REFUSED);
        assertThat(reply.headers().getOrDefault("WWW-Authenticate", "")).startsWith("Keystone uri=\"http");
    }

    @Test
    void aRevokedTokenIsUnknownToKeystoneAtOnce() {
        // Given
        var token = issue(password()).headers().getOrDefault("X-Subject-Token", "");
        var request = keystone("DELETE", "/v3/auth/tokens").withToken(token).withHeader("X-Subject-Token", token);
        // When
        var revoked = cloud.sendBare(request);
        // Then
        assertThat(revoked.status()).isEqualTo(204);
        assertThat(cloud.send("k8s", keystone("GET", "/v3/auth/tokens").withHeader("X-Subject-Token", token))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aTokenMayBeHadForAToken() {
        // Given
        var token = issue(password()).headers().getOrDefault("X-Subject-Token", "");
        // When
        var reply = cloud.sendBare(keystone("POST", "/v3/auth/tokens")
                .withBody(("{'auth': {'identity': {'methods': ['token'], 'token': {'id': '%s'}},"
                                + " 'scope': {'project': {'id': '%s'}}}}")
                        .formatted(token, cloud.projectId())));
        // Then
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.json().at("/token/methods").toString())
                .contains("token")
                .contains("password");
    }

    @Test
    void anUnknownMethodIsRefusedWith400() {
        var reply = cloud.sendBare(
                keystone("POST", "/v3/auth/tokens").withBody("{'auth': {'identity': {'methods': ['oracle']}}}"));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errorText()).startsWith("Expecting to find oracle in identity.");
    }

    @ParameterizedTest
    @EnumSource(OpenStackService.class)
    void theCatalogueHasAPublicUrlOfEachServiceInItsRegion(OpenStackService service) {
        var entry = ContractCloud.items(issue(password()).json().at("/token/catalog")).stream()
                .filter(each -> each.path("type").asText().equals(service.catalogType()))
                .findFirst()
                .orElseThrow();

        var face = ContractCloud.items(entry.path("endpoints")).stream()
                .filter(each -> each.path("interface").asText().equals("public"))
                .findFirst()
                .orElseThrow();
        assertThat(face.path("region_id").asText())
                .isNotEmpty()
                .isEqualTo(face.path("region").asText());
        assertThat(face.path("url").asText()).startsWith(cloud.endpoint(service));
    }

    @Test
    void theCatalogueCanBeReadApart() {
        var reply = cloud.send("k8s", keystone("GET", "/v3/auth/catalog"));

        assertThat(reply.json().path("catalog").findValuesAsText("type"))
                .contains("identity", "network", "load-balancer");
    }

    @Test
    void keystoneListsItsVersionsWith300AndWithoutAToken() {
        var reply = cloud.sendBare(keystone("GET", "/"));

        assertThat(reply.status()).isEqualTo(300);
        assertThat(reply.json().at("/versions/values/0/id").asText()).startsWith("v3.");
    }

    @Test
    void aMemberMayListItsOwnProjectsButNotProjects() {
        var own = cloud.send("k8s", keystone("GET", "/v3/auth/projects"));
        var all = cloud.send("k8s", keystone("GET", "/v3/projects"));

        assertThat(own.json().path("projects").findValuesAsText("id")).contains(cloud.projectId());
        assertThat(all.status()).isEqualTo(403);
        assertThat(all.errorText())
                .isEqualTo("You are not authorized to perform the requested action: identity:list_projects.");
    }

    private CloudCredentials.Password password() {
        if (cloud.settings("k8s").credentials() instanceof CloudCredentials.Password password) {
            return password;
        }
        return Assumptions.abort("OS_CLOUD has no password");
    }

    private ModelReply issue(CloudCredentials credentials) {
        JsonNode body = Session.authentication(credentials);
        return cloud.sendBare(keystone("POST", "/v3/auth/tokens").withBody(body));
    }

    private ModelReply read(OpenStackService service, String token) {
        var target =
                switch (service) {
                    case KEYSTONE -> "/v3/auth/catalog";
                    case NEUTRON -> "/v2.0/networks";
                    case OCTAVIA -> "/v2/lbaas/loadbalancers";
                };
        return cloud.sendBare(ModelRequest.of(service, "GET", target).withToken(token));
    }

    private static ModelRequest keystone(String method, String target) {
        return ModelRequest.of(OpenStackService.KEYSTONE, method, target);
    }
}
