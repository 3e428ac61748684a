package io.ballast.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.openstack.RestReply.Answered;
import io.ballast.openstack.RestRequest.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials that are rotated while we run. */
class ReloadingRestTest {
    private static final RestRequest GET = RestRequest.get(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers/1");

    @TempDir
    Path files = Path.of("");

    private final FakeCloud cloud = new FakeCloud();
    private Instant now = Instant.now();
    private int opened;

    @BeforeEach
    void writeFiles() throws IOException {
        Files.writeString(files.resolve("clouds.yaml"), """
                clouds: {k8s: {auth: {auth_url: "%s/v3", username: u, project_name: p}, region_name: RegionOne}}
                """.formatted(cloud.url()));
        secret("old");
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void readsThemAgainWhenTheyAreRefused() throws IOException {
        // Given
        var rest = open();
        rest.send(GET);
        secret("new");
        cloud.accepts = "new";
        cloud.revokeAll();
        now = now.plusSeconds(2);

        // When
        var reply = rest.send(GET);

        // Then
        assertThat(status(reply)).isEqualTo(404);
        assertThat(password()).isEqualTo("new");
    }

    @Test
    void readsThemAgainFromTimeToTimeThoughTheOldOnesStillWork() throws IOException {
        // Given
        var rest = open();
        rest.send(GET);
        secret("new");

        // When
        rest.send(GET);
        var before = cloud.tokensIssued.get();
        now = now.plusSeconds(11);
        var reply = rest.send(GET);

        // Then
        assertThat(before).isEqualTo(1);
        assertThat(status(reply)).isEqualTo(404);
        assertThat(password()).isEqualTo("new");
    }

    @Test
    void goesOnWithThoseBeforeWhileTheFileIsHalfWritten() throws IOException {
        // Given
        var rest = open();
        rest.send(GET);
        Files.writeString(files.resolve("secure.yaml"), "clouds: {k8s: {auth: {pass");
        now = now.plusSeconds(11);

        // When
        var reply = rest.send(GET);
        secret("new");
        now = now.plusSeconds(11);
        rest.send(GET);

        // Then
        assertThat(status(reply)).isEqualTo(404);
        assertThat(password()).isEqualTo("new");
    }

    @Test
    void fetchesOneTokenForManyThreadsWithTheNewOnes() throws IOException {
        // Given
        var rest = open();
        rest.send(GET);
        secret("new");
        cloud.accepts = "new";
        cloud.revokeAll();
        now = now.plusSeconds(2);

        // When
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 50).forEach(_ -> threads.execute(() -> rest.send(GET)));
        }

        // Then
        assertThat(cloud.tokensIssued).hasValue(2);
        assertThat(status(rest.send(GET))).isEqualTo(404);
    }

    @Test
    void passesTheRefusalOnWhenNothingWasRotated() {
        // Given
        var rest = open();
        cloud.refusesEverybody = true;

        // When
        var reply = rest.send(GET);

        // Then
        assertThat(status(reply)).isEqualTo(401);
    }

    @Test
    void rotatesApplicationCredentialsToo() throws IOException {
        // Given
        application("id-1", "s-1");
        var rest = open();
        rest.send(GET);
        application("id-2", "s-2");
        cloud.accepts = "s-2";
        cloud.revokeAll();
        now = now.plusSeconds(2);

        // When
        var reply = rest.send(GET);

        // Then
        assertThat(status(reply)).isEqualTo(404);
        assertThat(cloud.authentications
                        .getLast()
                        .findPath("application_credential")
                        .toString())
                .isEqualTo("{\"id\":\"id-2\",\"secret\":\"s-2\"}");
    }

    @Test
    void noticesOtherAuthoritiesInTheSameFile() throws Exception {
        // Given
        var pem = files.resolve("ca.pem");
        authority(pem, 0);
        Files.writeString(files.resolve("clouds.yaml"), """
                clouds: {k8s: {auth: {auth_url: "%s/v3", username: u, project_name: p}, region_name: RegionOne, cacert: %s}}
                """.formatted(cloud.url(), pem));
        var rest = open();

        // When nothing changes, the file is half written, another one is there
        var openings = new ArrayList<Integer>();
        rest.send(GET);
        openings.add(opened);
        now = now.plusSeconds(11);
        rest.send(GET);
        openings.add(opened);
        Files.writeString(pem, "-----BEGIN CERTIF");
        now = now.plusSeconds(11);
        var meanwhile = rest.send(GET);
        openings.add(opened);
        authority(pem, 1);
        now = now.plusSeconds(11);
        rest.send(GET);
        openings.add(opened);

        // Then
        assertThat(openings).containsExactly(1, 1, 1, 2);
        assertThat(status(meanwhile)).isEqualTo(404);
    }

    /** One of those that come with Java. */
    private static void authority(Path pem, int which) throws Exception {
        var store = KeyStore.getInstance(
                Path.of(System.getProperty("java.home"), "lib/security/cacerts").toFile(), (char[]) null);
        var alias = Collections.list(store.aliases()).get(which);
        var text = Base64.getMimeEncoder()
                .encodeToString(store.getCertificate(alias).getEncoded());
        Files.writeString(pem, "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n");
    }

    private void secret(String password) throws IOException {
        Files.writeString(
                files.resolve("secure.yaml"), "clouds: {k8s: {auth: {password: \"%s\"}}}".formatted(password));
    }

    private void application(String id, String secret) throws IOException {
        Files.writeString(files.resolve("clouds.yaml"), """
                clouds: {k8s: {auth_type: v3applicationcredential, region_name: RegionOne, auth: {auth_url: "%s/v3",
                  application_credential_id: "%s", application_credential_secret: "%s"}}}
                """.formatted(cloud.url(), id, secret));
    }

    private Rest open() {
        var options = new CloudOptions(
                Optional.of("k8s"),
                Optional.of(files.resolve("clouds.yaml").toString()),
                Optional.of(files.resolve("secure.yaml").toString()),
                Duration.ofMinutes(5),
                Duration.ofSeconds(6),
                100);
        var source = options.find(Map.of()).orElseThrow();
        return new ReloadingRest(
                source,
                settings -> {
                    var rest = RestFactory.open(settings, () -> now);
                    opened++;
                    return rest;
                },
                () -> now);
    }

    private String password() {
        return cloud.authentications
                .getLast()
                .findPath("password")
                .findPath("password")
                .asText();
    }

    private static int status(RestReply reply) {
        return reply instanceof Answered answered ? answered.status() : 0;
    }
}
