package io.ballast.testbed.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.LoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fabric8 client over the JDK's HTTP client, as the watcher uses it, against the model. */
class Fabric8IT {
    private final KubernetesServer server;

    Fabric8IT() throws IOException {
        server = KubernetesServer.start(
                KubernetesSettings.defaults().withDelays(Duration.ofMillis(100), Duration.ofMillis(100)),
                InstantSource.system(),
                0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private KubernetesClient client(boolean onlyHttpWatches) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(server.url())
                .withNamespace("default")
                .withOnlyHttpWatches(onlyHttpWatches)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private static Service service(String name, String type) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withType(type)
                .addToSelector("app", "web")
                .addNewPort()
                .withPort(80)
                .endPort()
                .endSpec()
                .build();
    }

    /** Writes down what an informer tells. */
    private static final class Diary implements ResourceEventHandler<Service> {
        private final List<String> entries = new CopyOnWriteArrayList<>();

        @Override
        public void onAdd(Service service) {
            entries.add("add " + service.getMetadata().getName());
        }

        @Override
        public void onUpdate(Service before, Service after) {
            entries.add("update " + after.getMetadata().getName());
        }

        @Override
        public void onDelete(Service service, boolean unknownFinalState) {
            entries.add("delete " + service.getMetadata().getName() + (unknownFinalState ? " unseen" : ""));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void informsAboutWhatHappensAndHappenedBefore(boolean onlyHttpWatches) {
        try (var client = client(onlyHttpWatches)) {
            var kept = client.resource(service("kept", "ClusterIP")).create();
            var gone = client.resource(service("gone", "ClusterIP")).create();
            client.resource(gone).delete();
            var diary = new Diary();
            try (var informer = client.services()
                    .inAnyNamespace()
                    .runnableInformer(0)
                    .initialState(Stream.of(kept, gone))
                    .addEventHandler(diary)) {
                informer.start().toCompletableFuture().join();
                await().untilAsserted(() -> assertThat(diary.entries).contains("add kubernetes", "delete gone unseen"));

                client.resource(service("new", "LoadBalancer")).create();
                client.services()
                        .withName("kept")
                        .edit(found -> new ServiceBuilder(found)
                                .editMetadata()
                                .addToLabels("x", "y")
                                .endMetadata()
                                .build());
                client.services().withName("new").delete();

                await().untilAsserted(() -> assertThat(diary.entries).contains("add new", "update kept", "delete new"));
                assertThat(informer.isWatching()).isTrue();
            }
        }
    }

    @Test
    void relistsAfterItsHistoryWasForgotten() {
        try (var client = client(true)) {
            var diary = new Diary();
            try (var informer =
                    client.services().inAnyNamespace().runnableInformer(0).addEventHandler(diary)) {
                informer.start().toCompletableFuture().join();
                server.with(model -> {
                    model.handle(
                            ModelRequest.post(TestCluster.SERVICES, TestCluster.service("unseen")),
                            InstantSource.system().instant());
                    model.compact(model.revision());
                    return "";
                });
                client.resource(service("seen", "ClusterIP")).create();
                await().untilAsserted(() -> assertThat(diary.entries).contains("add unseen", "add seen"));
            }
        }
    }

    @Test
    void writesStatusFinalizersAndConditions() {
        try (var client = client(true)) {
            client.resource(service("lb", "LoadBalancer")).create();
            client.services()
                    .withName("lb")
                    .edit(found -> new ServiceBuilder(found)
                            .editMetadata()
                            .addToFinalizers("ballast.io/load-balancer")
                            .endMetadata()
                            .build());
            client.services()
                    .withName("lb")
                    .editStatus(found -> new ServiceBuilder(found)
                            .editOrNewStatus()
                            .withNewLoadBalancer()
                            .withIngress(new LoadBalancerIngressBuilder()
                                    .withIp("203.0.113.5")
                                    .build())
                            .endLoadBalancer()
                            .endStatus()
                            .build());
            client.services()
                    .withName("lb")
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"metadata\":{\"annotations\":{\"ballast.io/x\":\"y\"}}}");
            var found = client.services().withName("lb").get();
            assertThat(found.getMetadata().getFinalizers()).containsExactly("ballast.io/load-balancer");
            assertThat(found.getStatus()
                            .getLoadBalancer()
                            .getIngress()
                            .getFirst()
                            .getIp())
                    .isEqualTo("203.0.113.5");
            assertThatThrownBy(() -> client.services()
                            .withName("kubernetes")
                            .editStatus(service -> new ServiceBuilder(service)
                                    .editOrNewStatus()
                                    .withNewLoadBalancer()
                                    .withIngress(new LoadBalancerIngressBuilder()
                                            .withIp("203.0.113.5")
                                            .build())
                                    .endLoadBalancer()
                                    .endStatus()
                                    .build()))
                    .isInstanceOf(KubernetesClientException.class)
                    .hasMessageContaining("may only be used when `spec.type` is \"LoadBalancer\"");
            client.services().withName("lb").delete();
            assertThat(client.services().withName("lb").get().getMetadata().getDeletionTimestamp())
                    .isNotNull();
        }
    }

    @Test
    void appliesOnTheServerAndReadsSlices() {
        try (var client = client(true)) {
            client.resource(service("web", "ClusterIP")).serverSideApply();
            client.resource(service("web", "LoadBalancer")).forceConflicts().serverSideApply();
            assertThat(client.services().withName("web").get().getSpec().getType())
                    .isEqualTo("LoadBalancer");
            await().untilAsserted(() -> assertThat(
                            client.discovery().v1().endpointSlices().list().getItems())
                    .hasSize(2));
            assertThat(client.services()
                            .list(new ListOptionsBuilder().withLimit(1L).build())
                            .getMetadata()
                            .getContinue())
                    .isNotEmpty();
            assertThat(client.getKubernetesVersion().getMinor()).isEqualTo("32");
        }
    }
}
