package io.ballast.testbed.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.openstack.Rest;
import io.ballast.testbed.check.ExpectedLoadBalancer;
import io.ballast.testbed.check.KubernetesView;
import io.ballast.testbed.check.WorldCheck;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/** Waits until OpenStack is what Kubernetes asks for. */
public final class Settling {
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final KubernetesClient kubernetes;
    private final Rest cloud;
    private final String clusterUid;

    public Settling(KubernetesClient kubernetes, Rest cloud) {
        this.kubernetes = kubernetes;
        this.cloud = cloud;
        this.clusterUid = Objects.requireNonNull(
                        kubernetes.namespaces().withName("kube-system").get())
                .getMetadata()
                .getUid();
    }

    /** UID of the cluster. */
    public String clusterUid() {
        return clusterUid;
    }

    /** The load balancers that Kubernetes asks for now. */
    public List<ExpectedLoadBalancer> expected() {
        return KubernetesView.expected(
                json(kubernetes.services().inAnyNamespace().list().getItems()),
                json(kubernetes
                        .discovery()
                        .v1()
                        .endpointSlices()
                        .inAnyNamespace()
                        .list()
                        .getItems()));
    }

    /** What still differs when the time is over, or nothing as soon as nothing does. */
    public List<String> await(Duration within) {
        var end = Instant.now().plus(within);
        while (true) {
            var differences = WorldCheck.differences(expected(), cloud, clusterUid);
            if (differences.isEmpty() || Instant.now().isAfter(end)) {
                return differences;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static List<JsonNode> json(List<?> items) {
        return items.stream()
                .map(item -> SERIALIZATION.convertValue(item, JsonNode.class))
                .toList();
    }
}
