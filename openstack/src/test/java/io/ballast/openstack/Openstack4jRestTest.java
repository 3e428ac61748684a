package io.ballast.openstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.openstack.RestReply.Answered;
import io.ballast.openstack.RestReply.Unanswered;
import io.ballast.openstack.RestRequest.Api;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Openstack4jRestTest {
    private static final RestRequest GET = RestRequest.get(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers/1");
    private static final CloudCredentials.Domain DEFAULT = new CloudCredentials.Domain("default", true);
    private static final CloudCredentials PASSWORD =
            new CloudCredentials.Password("u", new Secret("s"), DEFAULT, "p", DEFAULT);

    private final FakeCloud cloud = new FakeCloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void keepsStatusBodyRequestIdAndRetryAfter() {
        // Given
        var rest = open(PASSWORD);

        // When
        var missing = rest.send(GET.with("tags", "a b&c").with("tags", "d"));
        var busy = rest.send(RestRequest.post(
                Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers", JsonNodeFactory.instance.objectNode()));
        var deleted = rest.send(RestRequest.delete(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers/1"));

        // Then
        assertThat(missing).isInstanceOfSatisfying(Answered.class, answer -> {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body().path("faultstring").asText()).isEqualTo("not found");
            assertThat(answer.requestId()).isEqualTo("req-1");
        });
        assertThat(busy).isInstanceOfSatisfying(Answered.class, answer -> {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body().asText()).isEqualTo("<html>busy</html>");
            assertThat(answer.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        });
        assertThat(deleted)
                .isInstanceOfSatisfying(
                        Answered.class,
                        answer -> assertThat(answer.body().isMissingNode()).isTrue());
        assertThat(cloud.requests)
                .startsWith("GET /octavia/v2.0/lbaas/loadbalancers/1?tags=a+b%26c&tags=d")
                .hasSize(3);
        assertThat(cloud.tokensIssued).hasValue(1);
        assertThat(cloud.authentications.getFirst().toString()).isEqualTo("""
                        {"auth":{"identity":{"password":{"user":{"name":"u","domain":{"id":"default"},"password":"s"}},"methods":["password"]},"scope":{"project":{"name":"p","domain":{"id":"default"}}}}}""".strip());
    }

    @Test
    void sendsApplicationCredentialsWithoutAScope() {
        // Given
        var byId = new CloudCredentials.ApplicationCredential("id", null, null, null, new Secret("s"));
        var byName = new CloudCredentials.ApplicationCredential(null, "n", "u", DEFAULT, new Secret("s"));

        // When
        var reply = open(byId).send(GET);
        open(byName).send(GET);

        // Then
        assertThat(reply).isInstanceOf(Answered.class);
        var auth = cloud.authentications.getFirst().path("auth");
        assertThat(auth.path("identity").path("methods").path(0).asText()).isEqualTo("application_credential");
        assertThat(auth.path("identity").path("application_credential").toString())
                .isEqualTo("{\"id\":\"id\",\"secret\":\"s\"}");
        assertThat(auth.has("scope")).isFalse();
        assertThat(cloud.authentications
                        .getLast()
                        .findPath("application_credential")
                        .findPath("domain")
                        .toString())
                .isEqualTo("{\"id\":\"default\"}");
    }

    @Test
    void fetchesOneTokenForManyThreadsAlsoAfterItWasRevoked() {
        // Given
        var rest = open(PASSWORD);
        rest.send(GET);
        cloud.revokeAll();

        // When
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 50).forEach(ignored -> threads.execute(() -> rest.send(GET)));
        }

        // Then
        assertThat(cloud.tokensIssued).hasValue(2);
        assertThat(rest.send(GET))
                .isInstanceOfSatisfying(
                        Answered.class, answer -> assertThat(answer.status()).isEqualTo(404));
    }

    @Test
    void answersARefusalOfKeystoneAsSuch() {
        // Given
        cloud.refusesEverybody = true;

        // When
        var reply = open(PASSWORD).send(GET);

        // Then
        assertThat(reply).isInstanceOfSatisfying(Answered.class, answer -> {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body().asText()).contains("refused the credentials");
        });
    }

    @Test
    void saysThatNothingWasSentWhenThereIsNoConnection() {
        // Given
        var nowhere = RestFactory.open(settings("http://127.0.0.1:1/v3", PASSWORD, "RegionOne"));
        var elsewhere = RestFactory.open(settings(cloud.url() + "/v3", PASSWORD, "Other"));

        // When
        var noKeystone = nowhere.send(GET);
        var noOctavia = elsewhere.send(GET);
        var noNeutron = elsewhere.send(RestRequest.get(Api.NETWORK, "/v2.0/ports"));

        // Then
        assertThat(noKeystone)
                .isInstanceOfSatisfying(
                        Unanswered.class, gone -> assertThat(gone.wasSent()).isFalse());
        assertThat(noOctavia)
                .isInstanceOfSatisfying(
                        Unanswered.class, gone -> assertThat(gone.wasSent()).isFalse());
        assertThat(noNeutron)
                .isInstanceOfSatisfying(
                        Unanswered.class,
                        gone -> assertThat(gone.reason()).contains("no PUBLIC URL of NETWORK in region Other"));
    }

    @Test
    void waitsForAChangeOnlyWhileTheServiceShowsASignOfLife() {
        // Given
        var rest = open(PASSWORD);
        rest.send(GET);
        var change = RestRequest.delete(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers/1");
        cloud.keepsChanges = true;
        var waiting = CompletableFuture.supplyAsync(() -> rest.send(change));
        var stillThere = rest.send(GET);

        // When
        assertThatThrownBy(() -> waiting.get(7, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        cloud.keepsAll = true;

        // Then
        assertThat(stillThere).isInstanceOf(Answered.class);
        assertThat(waiting).succeedsWithin(Duration.ofSeconds(60)).isInstanceOfSatisfying(Unanswered.class, gone -> {
            assertThat(gone.wasSent()).isTrue();
            assertThat(gone.reason()).contains("does not answer at all");
        });
    }

    @Test
    void waitsForAReadMuchShorterThanForAChange() {
        // Given
        var rest = open(PASSWORD);
        rest.send(GET);
        cloud.keepsAll = true;

        // When
        var reading = CompletableFuture.supplyAsync(() -> rest.send(GET));

        // Then
        assertThat(reading).succeedsWithin(Duration.ofSeconds(60)).isInstanceOf(Unanswered.class);
    }

    private Rest open(CloudCredentials credentials) {
        return RestFactory.open(settings(cloud.url() + "/v3", credentials, "RegionOne"));
    }

    private static CloudSettings settings(String url, CloudCredentials credentials, String region) {
        return new CloudSettings(
                "test",
                URI.create(url),
                credentials,
                region,
                CloudSettings.Face.PUBLIC,
                true,
                null,
                Duration.ofSeconds(2),
                Duration.ofMinutes(5),
                Duration.ofSeconds(6));
    }
}
