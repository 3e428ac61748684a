package io.ballast.testbed.packets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ballast.openstack.Rest;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.purge.Purge;
import io.ballast.testbed.purge.PurgePlan;
import io.ballast.testbed.stack.GivenCloud;
import io.ballast.testbed.stack.LocalStack;
import io.ballast.testbed.stack.LocalStack.Role;
import io.ballast.testbed.stack.StackOptions;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A cluster of both families in the networks of {@code deploy/openstack-dev}, its Services served by provider ovn. Closing it purges it. */
final class ServedCluster implements AutoCloseable {
    static final Duration WITHIN = Duration.ofMinutes(2);

    private static final String NAME = "packets";

    private final LocalStack stack;
    private final KubernetesClient kubernetes;

    private ServedCluster(LocalStack stack) {
        this.stack = stack;
        this.kubernetes = stack.kubernetes();
    }

    /** The cloud of OS_CLOUD. */
    static GivenCloud cloud() {
        return new GivenCloud(System.getenv("OS_CLOUD"), "k8s", Layout.PUBLIC);
    }

    static ServedCluster start(Path folder) {
        var options = StackOptions.local(Layout.DUAL, "ovn", 1, folder)
                .withCluster(NAME)
                .withCloud(Optional.of(cloud()));
        return new ServedCluster(LocalStack.start(options, line -> {}));
    }

    void apply(String yaml) {
        kubernetes
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items()
                .forEach(item -> kubernetes
                        .resource(item)
                        .fieldManager("test")
                        .forceConflicts()
                        .serverSideApply());
    }

    /** Waits until the Service says that it is served. */
    void awaitProgrammed(String name) {
        await().atMost(WITHIN)
                .untilAsserted(() -> assertThat(service(name).getStatus().getConditions())
                        .filteredOn(each -> each.getType().equals("ballast.io/Programmed"))
                        .singleElement()
                        .satisfies(each -> assertThat(each.getStatus())
                                .as(each.getMessage())
                                .isEqualTo("True")));
    }

    List<String> vips(String name) {
        return service(name).getSpec().getClusterIPs();
    }

    /** Addresses of the ingress of a Service. */
    List<String> ingress(String name) {
        return service(name).getStatus().getLoadBalancer().getIngress().stream()
                .map(entry -> String.valueOf(entry.getIp()))
                .toList();
    }

    private Service service(String name) {
        return Objects.requireNonNull(
                kubernetes.services().inNamespace("default").withName(name).get(), name);
    }

    @Override
    public void close() {
        try (stack;
                kubernetes) {
            var uid = kubernetes
                    .namespaces()
                    .withName("kube-system")
                    .get()
                    .getMetadata()
                    .getUid();
            for (var role : Role.values()) {
                stack.service(role).stop(WITHIN);
            }
            purge(stack.cloud(), uid);
        }
    }

    private static void purge(Rest cloud, String uid) {
        var purge = new Purge(cloud, line -> {});
        if (purge.plan(NAME, Optional.of(uid)) instanceof PurgePlan.Doomed doomed) {
            try {
                var left = purge.carryOut(NAME, doomed, WITHIN);
                assertThat(left.isNothing()).as(left.toString()).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }
}
