package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ballast.openstack.CloudOptions;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestFactory;
import io.ballast.openstack.RestMetrics;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our client at the Keystone model: tokens that end, and credentials that are rotated. */
class OpenStackCredentialsIT {
    private static final RestRequest LIST = RestRequest.get(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers");

    /** Keystone tells the end of a token of 2 s in whole seconds, and it is replaced a tenth of its life before. */
    private static final Duration SHORTEST_LIFE = Duration.ofMillis(900);

    @TempDir
    private Path directory = Path.of("");

    private final OpenStackServer server = start();

    private static OpenStackServer start() {
        try {
            return OpenStackServer.start(
                    OpenStackModel.Settings.of(Timing.measured().scaled(0.1)), 0, InstantSource.system());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void writeCloudsYaml() throws IOException {
        clouds(server.cloudsYaml());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void usesRotatedCredentialsWithoutARestart() throws IOException {
        // Given
        clouds(server.cloudsYaml().replace("password: secret", "password: outdated"));
        var rest = open();
        assertThat(status(rest)).isEqualTo(401);

        // When
        clouds(server.cloudsYaml().replace("  k8s:", "  before:").replace("  k8s-appcred:", "  k8s:"));

        // Then
        await().atMost(Duration.ofSeconds(20)).until(() -> status(rest) == 200);

        // When they are rotated back
        clouds(server.cloudsYaml());
        int authentications = authentications();

        // Then
        await().atMost(Duration.ofSeconds(30)).until(() -> status(rest) == 200 && authentications() > authentications);
    }

    @Test
    void losesNothingWhenTokensEndAndFetchesOneForEach() throws InterruptedException {
        // Given
        server.withModel(model -> {
            model.setFaults(
                    model.faults().with("tokenLifetimeSeconds", 2),
                    InstantSource.system().instant());
            return model;
        });
        var rest = open();
        var statuses = Collections.synchronizedMap(new HashMap<Integer, Integer>());

        // When
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < 50; thread++) {
                threads.execute(() -> {
                    for (int i = 0; i < 12; i++) {
                        statuses.merge(status(rest), 1, Integer::sum);
                    }
                });
            }
        }

        // Then
        assertThat(statuses).containsOnlyKeys(200);
        var all = server.withModel(model -> model.calls().all());
        var took = Duration.between(all.getFirst().at(), all.getLast().at());
        int ends = Math.toIntExact(took.dividedBy(SHORTEST_LIFE));
        assertThat(authentications()).isBetween(2, ends + 1);
    }

    private void clouds(String text) throws IOException {
        Files.writeString(directory.resolve("clouds.yaml"), text);
    }

    private Rest open() {
        var options = new CloudOptions(
                Optional.of("k8s"),
                Optional.of(directory.resolve("clouds.yaml").toString()),
                Optional.empty(),
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                100);
        return RestFactory.open(
                options.find(Map.of()).orElseThrow(), new RestMetrics(new SimpleMeterRegistry(), "test"));
    }

    private int authentications() {
        return Math.toIntExact(server.withModel(model -> model.calls()
                .count(call -> call.service() == OpenStackService.KEYSTONE
                        && call.method().equals("POST"))));
    }

    private static int status(Rest rest) {
        return rest.send(LIST) instanceof RestReply.Answered answered ? answered.status() : 0;
    }
}
