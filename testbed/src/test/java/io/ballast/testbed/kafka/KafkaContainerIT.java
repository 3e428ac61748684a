package io.ballast.testbed.kafka;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.exception.NotFoundException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** The same proofs on the official image, where an engine has it: {@code mvn verify -Pcontainers}, see docs/how-to. */
@Tag("containers")
class KafkaContainerIT extends KafkaProofs {
    private static final String IMAGE = "apache/kafka:4.3.1";

    private static @Nullable KafkaContainer container;

    @BeforeAll
    static void startContainer() {
        assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no container engine");
        assumeTrue(imageIsThere(), "the container engine does not have the image " + IMAGE);
        container = new KafkaContainer(IMAGE)
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
                .withEnv("KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "500")
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        container.start();
    }

    @AfterAll
    static void stopContainer() {
        if (container != null) {
            container.close();
        }
    }

    private static boolean imageIsThere() {
        try {
            return DockerClientFactory.instance()
                            .client()
                            .inspectImageCmd(IMAGE)
                            .exec()
                    != null;
        } catch (NotFoundException _) {
            return false;
        }
    }

    @Override
    String bootstrapServers() {
        return Objects.requireNonNull(container).getBootstrapServers();
    }
}
