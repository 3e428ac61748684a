package io.ballast.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.openstack.RestReply.Answered;
import io.ballast.openstack.RestRequest.Api;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often a Keystone that gives no token is asked. */
class TokensTest {
    private static final RestRequest GET = RestRequest.get(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers/1");
    private static final Instant EVEN = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path files = Path.of("");

    private final FakeCloud cloud = new FakeCloud();
    private Instant now = Instant.now();

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void aFailureIsSharedForLongerAfterEachFurtherOne() {
        assertThat(IntStream.of(1, 2, 3, 4, 5, 6, 99).mapToObj(count -> Tokens.kept(count, EVEN)))
                .extracting(Duration::toSeconds)
                .containsExactly(1L, 2L, 4L, 8L, 15L, 15L, 15L);
    }

    @Test
    void aRefusedChangeIsRepeatedSoonOrNotAtAll() {
        var change = RestRequest.delete(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers/1");
        var soon = Duration.ofSeconds(30);

        assertThat(Openstack4jRest.mayRepeat(change, EVEN, EVEN.plusSeconds(29), soon))
                .isTrue();
        assertThat(Openstack4jRest.mayRepeat(change, EVEN, EVEN.plusSeconds(30), soon))
                .isFalse();
        assertThat(Openstack4jRest.mayRepeat(GET, EVEN, EVEN.plusSeconds(300), soon))
                .isTrue();
    }

    @Test
    void processesThatFailedTogetherDoNotAskTogether() {
        var kept = IntStream.range(0, 100)
                .mapToObj(process -> Tokens.kept(5, EVEN.plusNanos(process * 10_000L)))
                .distinct()
                .toList();

        assertThat(kept).hasSize(100);
        assertThat(kept)
                .allMatch(each ->
                        each.compareTo(Duration.ofSeconds(15)) >= 0 && each.compareTo(Duration.ofMillis(22_500)) <= 0);
    }

    @Test
    void manyRequestsAskAKeystoneThatRefusesAFewTimesAndGoOnOnceItDoesNot() throws Exception {
        // Given
        Files.writeString(files.resolve("clouds.yaml"), """
                clouds: {k8s: {auth: {auth_url: "%s/v3", username: u, password: s, project_name: p}, region_name: RegionOne}}
                """.formatted(cloud.url()));
        var options = new CloudOptions(
                Optional.of("k8s"),
                Optional.of(files.resolve("clouds.yaml").toString()),
                Optional.empty(),
                Duration.ofMinutes(5),
                Duration.ofSeconds(6),
                100);
        var rest = RestFactory.open(options.find(Map.of()).orElseThrow().first(), () -> now);
        cloud.refusesEverybody = true;

        // When ten requests a second, for two minutes
        for (int request = 0; request < 1_200; request++) {
            rest.send(GET);
            now = now.plusMillis(100);
        }
        int asked = cloud.authentications.size();
        cloud.refusesEverybody = false;
        now = now.plusSeconds(23);
        var reply = rest.send(GET);

        // Then
        assertThat(asked).isBetween(4 + 4, 4 + 8);
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.status()).isEqualTo(404));
    }
}
