package io.ballast.testbed.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.pipeline.Pipeline;
import io.ballast.testbed.pipeline.ServiceYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tokens that end under way. A cloud with short lives shows it by itself (OPENSTACK_DEV_TOKEN_LIFETIME=60 of the development OpenStack); on any other
 * an application credential is replaced, and its tokens end with it.
 */
@OnRealCloud
@SuppressWarnings("NullAway.Init") // set before each
class TokensReal {
    private static final Duration SHORT = Duration.ofSeconds(60);

    @TempDir
    private Path directory = Path.of("");

    private RealIdentity keystone;
    private RealIdentity.Credential first;
    private RealIdentity.Credential second;

    @BeforeEach
    void makeCredentials() {
        keystone = new RealIdentity();
        var suffix = Instant.now().toString();
        first = keystone.makeCredential("e2e-first-" + suffix);
        second = keystone.makeCredential("e2e-second-" + suffix);
    }

    @AfterEach
    void deleteTheOther() {
        new RealIdentity().delete(second);
    }

    @Test
    void nothingIsLostAndNothingRestarted() throws IOException {
        // Given
        var file = Files.writeString(directory.resolve("clouds.yaml"), keystone.cloudsYaml(first));
        var options = RealStack.onItsNetworks(Layout.DEFAULT, "ovn", directory.resolve("stack"));
        var cloud = options.cloud().map(each -> each.withFile(file));
        try (var pipeline = Pipeline.start(options.withCloud(cloud))) {
            pipeline.apply(ServiceYaml.endpoints("lasting", 1));
            pipeline.apply(ServiceYaml.service("lasting", "LoadBalancer", ""));
            pipeline.settle();
            var addresses = pipeline.addresses();
            var processes = pipeline.processes();

            // When
            if (keystone.tokenLifetime().compareTo(SHORT) <= 0) {
                outlive(pipeline);
            }
            Files.writeString(file, keystone.cloudsYaml(second));
            new RealIdentity().delete(first);
            pipeline.apply(ServiceYaml.endpoints("lasting", 3));

            // Then
            pipeline.settle();
            assertThat(pipeline.addresses()).isEqualTo(addresses);
            assertThat(pipeline.processes()).isEqualTo(processes);
            assertThat(pipeline.refusals()).isEmpty();
        }
    }

    /** Changes, one after another, through the lives of two tokens. */
    private void outlive(Pipeline pipeline) {
        var end = Instant.now().plus(keystone.tokenLifetime().multipliedBy(2));
        for (int members = 1; Instant.now().isBefore(end); members = members % 4 + 1) {
            pipeline.apply(ServiceYaml.endpoints("lasting", members));
            pipeline.settle();
        }
    }
}
