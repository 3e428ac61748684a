package io.ballast.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.runtime.config.ConfigReader;
import io.ballast.runtime.http.HttpSettings;
import io.ballast.runtime.shell.Calls;
import io.ballast.runtime.shell.Cause;
import io.ballast.runtime.shell.Change;
import io.ballast.runtime.shell.Key;
import io.ballast.runtime.shell.Marks;
import io.ballast.runtime.shell.Pass;
import io.ballast.runtime.shell.Reconciler;
import io.ballast.runtime.shell.Tables;
import io.ballast.runtime.shell.TopicPlan;
import io.ballast.schemas.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A host where there is no Kafka. */
class ServiceHostTest {
    private final AtomicBoolean callsClosed = new AtomicBoolean();

    @Test
    void endsInOrderAlthoughKafkaWasNeverThere() {
        // Given
        var host = ServiceHost.start(parts(), noKafka(), HttpSettings.local());

        // When
        host.close();

        // Then
        assertThat(host.awaitEnd()).isZero();
        assertThat(callsClosed).isTrue();
    }

    @Test
    void servesTheMetersAndTheWordsOfItsService() throws IOException, InterruptedException {
        // Given
        try (var host = ServiceHost.start(parts().reporting(new Report()), noKafka(), HttpSettings.local())) {
            // Then
            assertThat(get(host, "/metrics")).contains("copier_service_copies 3.0");
            assertThat(get(host, "/readyz")).contains("note: three copies are old");
            assertThat(host.isReady()).isFalse();
        }
    }

    private static String get(ServiceHost host, String path) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + host.port() + path);
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    private static KafkaSettings noKafka() {
        return ConfigReader.of("{}", Map.of("BALLAST_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"))
                .whole(KafkaSettings::from);
    }

    private ServiceParts<String, String> parts() {
        var plan = new TopicPlan("copier", Topics.SERVICES, List.of(Topics.SERVICES), List.of(), false, 3);
        return new ServiceParts<>(plan, new Nothing(), new NoCalls());
    }

    private static final class Report implements ServiceReport {
        @Override
        public List<String> remarks() {
            return List.of("three copies are old");
        }

        @Override
        public void addTo(MeterRegistry registry) {
            registry.gauge("copier.service.copies", 3);
        }
    }

    private final class NoCalls implements Calls<String, String> {
        @Override
        public String call(String call) {
            return call;
        }

        @Override
        public String failed(String call, RuntimeException cause) {
            return call;
        }

        @Override
        public void close() {
            callsClosed.set(true);
        }
    }

    private static final class Nothing implements Reconciler<String, String> {
        @Override
        public void opened(int partition, Tables tables, Marks marks, Instant now) {}

        @Override
        public void closed(int partition) {}

        @Override
        public void changed(int partition, Change<?> change, Marks marks, Instant now) {}

        @Override
        public Pass<String> pass(Key key, Cause cause, Instant now) {
            return Pass.nothing();
        }

        @Override
        public void answered(Key key, String call, String answer, Marks marks, Instant now) {}
    }
}
