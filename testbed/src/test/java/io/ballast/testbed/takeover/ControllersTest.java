package io.ballast.testbed.takeover;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.testbed.takeover.Controllers.Lease;
import io.ballast.testbed.takeover.Controllers.RunningPod;
import io.ballast.testbed.takeover.Controllers.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControllersTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void seesKuryrsDeploymentWhileItHasReadyPods() {
        assertThat(workload("Deployment", "kuryr-controller", 1).running(Peer.KURYR, NOW))
                .hasValue("Deployment kube-system/kuryr-controller has 1 ready pods; stop it first");
        assertThat(workload("Deployment", "kuryr-controller", 0).running(Peer.KURYR, NOW))
                .isEmpty();
        assertThat(workload("Deployment", "kuryr-controller", 1).running(Peer.OCCM, NOW))
                .isEmpty();
    }

    @Test
    void seesTheCloudProviderByDaemonSetByLabelAndByImage() {
        assertThat(workload("DaemonSet", "openstack-cloud-controller-manager", 3)
                        .running(Peer.OCCM, NOW))
                .isPresent();
        assertThat(pod("openstack-cloud-controller-manager").running(Peer.OCCM, NOW))
                .isPresent();
        assertThat(pod("registry.k8s.io/provider-os/openstack-cloud-controller-manager:v1.35.0")
                        .running(Peer.OCCM, NOW))
                .isPresent();
        assertThat(pod("openstack-cloud-controller-manager-docs").running(Peer.OCCM, NOW))
                .isEmpty();
    }

    @Test
    void seesACloudProviderOutsideOfTheClusterByItsLease() {
        assertThat(lease("master-0", Duration.ofSeconds(10)).running(Peer.OCCM, NOW))
                .hasValueSatisfying(
                        text -> assertThat(text).contains("kube-system/cloud-controller-manager", "master-0"));
        assertThat(lease("master-0", Duration.ofSeconds(10)).running(Peer.KURYR, NOW))
                .isEmpty();
        assertThat(lease("master-0", Duration.ofSeconds(31)).running(Peer.OCCM, NOW))
                .isEmpty();
        assertThat(lease("", Duration.ofSeconds(1)).running(Peer.OCCM, NOW)).isEmpty();
    }

    private static Controllers workload(String kind, String name, int ready) {
        return new Controllers(List.of(new Workload(kind, "kube-system", name, ready)), List.of(), List.of());
    }

    private static Controllers pod(String word) {
        return new Controllers(
                List.of(), List.of(new RunningPod("kube-system", "pod-1", List.of("blue", word))), List.of());
    }

    private static Controllers lease(String holder, Duration age) {
        return new Controllers(
                List.of(),
                List.of(),
                List.of(new Lease(
                        "kube-system", "cloud-controller-manager", holder, NOW.minus(age), Duration.ofSeconds(15))));
    }
}
