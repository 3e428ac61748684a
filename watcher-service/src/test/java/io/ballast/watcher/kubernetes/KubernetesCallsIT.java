package io.ballast.watcher.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.Names;
import io.ballast.watcher.snapshot.ObjectName;
import io.ballast.watcher.snapshot.ServiceFacts;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.WatcherNews;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesCallsIT {
    private static final ObjectName WEB = new ObjectName("shop", "web");
    private static final WatcherCall LOOK = new WatcherCall.Look(Kind.SERVICES, WEB, Set.of("u1"), null);

    private final AtomicReference<String> asked = new AtomicReference<>("");
    private int status = 200;
    private String body = "{}";
    private final HttpServer server;
    private final KubernetesCalls calls;

    KubernetesCallsIT() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .withRequestRetryBackoffLimit(0)
                .build();
        calls = new KubernetesCalls(new KubernetesClientBuilder().withConfig(config), true, 500);
    }

    @BeforeEach
    void serve() {
        server.createContext("/", exchange -> {
            var request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.set(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + request);
            var answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        calls.close();
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({
        "404,Absent",
        "409,Conflict",
        "403,Refused",
        "422,Refused",
        "429,Unavailable",
        "503,Unavailable",
        "500,Unavailable"
    })
    void givesEachFailureItsMeaningOnce(int code, String meaning) {
        status = code;
        body = "{\"kind\":\"Status\",\"code\":%d,\"message\":\"no\"}".formatted(code);

        assertThat(calls.call(LOOK).getClass().getSimpleName()).isEqualTo(meaning);
    }

    @Test
    void saysWhyAServerCannotBeReached() {
        server.stop(0);

        assertThat(calls.call(LOOK)).isInstanceOf(WatcherNews.Unavailable.class);
    }

    @Test
    void readsAService() {
        body = """
                {"apiVersion":"v1","kind":"Service",
                 "metadata":{"namespace":"shop","name":"web","uid":"u1","resourceVersion":"7",
                   "annotations":{"ballast.io/paused":"true","kubectl.kubernetes.io/last-applied-configuration":"{}"}},
                 "spec":{"clusterIP":"10.2.0.10","ports":[{"port":80}]},
                 "status":{"loadBalancer":{"ingress":[{"ip":"203.0.113.7"}]}}}
                """;

        assertThat(calls.call(LOOK)).isInstanceOfSatisfying(WatcherNews.Found.class, found -> {
            var facts = (ServiceFacts) found.facts();
            assertThat(facts.spec().annotations()).containsOnlyKeys("ballast.io/paused");
            assertThat(facts.spec().clusterIps()).containsExactly("10.2.0.10");
            assertThat(facts.spec().ports().getFirst().targetPort()).isEqualTo("80");
            assertThat(facts.ingress()).hasSize(1);
        });
    }

    @Test
    void writesFinalizersOnlyOfTheServiceItSaw() {
        body = "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"namespace\":\"shop\",\"name\":\"web\"}}";

        calls.call(new WatcherCall.PatchFinalizers(WEB, "u1", "7", List.of(Names.FINALIZER)));

        assertThat(asked.get())
                .startsWith("PATCH /api/v1/namespaces/shop/services/web")
                .contains("\"uid\":\"u1\"")
                .contains("\"resourceVersion\":\"7\"")
                .contains("\"finalizers\":[\"ballast.io/load-balancer\"]");
    }
}
