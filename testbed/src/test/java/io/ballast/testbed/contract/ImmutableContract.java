package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.testbed.openstack.Cloud;
import io.ballast.testbed.openstack.Provider;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** While something is PENDING, and after it has failed: what is refused, in which words, and what is not. */
class ImmutableContract extends Facts {

    @Test
    void whileALoadBalancerIsMadeItTakesNoListener() {
        var id = pending();

        assertRefused(cloud.createListener(id, "TCP", 80, ""), 409, immutable(id));
    }

    @Test
    void whileALoadBalancerIsMadeItTakesNoPool() {
        var id = pending();

        assertRefused(cloud.createPool(id, "TCP", "ROUND_ROBIN", ""), 409, immutable(id));
    }

    @Test
    void whileALoadBalancerIsMadeItsNameCannotBeChanged() {
        var id = pending();

        assertRefused(
                cloud.octavia("PUT", "loadbalancers/" + id, "{'loadbalancer': {'name': 'other'}}"),
                409,
                "Invalid state PENDING_CREATE of loadbalancer resource " + id);
    }

    @Test
    void whileALoadBalancerIsMadeItCannotBeDeletedNorWithItsChildren() {
        var id = pending();

        assertRefused(
                cloud.octavia("DELETE", "loadbalancers/" + id),
                409,
                "Invalid state PENDING_CREATE of loadbalancer resource " + id);
        assertThat(cloud.octavia("DELETE", "loadbalancers/" + id + "?cascade=true")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void whileOneListenerIsMadeNothingElseIsTaken() {
        // Given
        var id = loadBalancer(Provider.AMPHORA);
        var pool = cloud.activePool(Provider.AMPHORA, id);
        cloud.prefer("workersStopped", true);
        Cloud.created(cloud.createListener(id, "TCP", freePort(), ""), "listener");
        // When, Then
        assertRefused(cloud.createListener(id, "TCP", freePort(), ""), 409, immutable(id));
        assertRefused(cloud.batch(pool), 409, immutable(id));
        assertRefused(cloud.octavia("DELETE", "pools/" + pool), 409, immutable(id));
        cloud.prefer("workersStopped", false);
    }

    @Test
    void whatAChangeLocksIsShownAsPendingUpdate() {
        // Given
        var id = loadBalancer(Provider.AMPHORA);
        cloud.prefer("workersStopped", true);
        // When
        var reply = cloud.createListener(id, "TCP", freePort(), "");
        // Then
        assertThat(reply.json().at("/listener/provisioning_status").asText()).isEqualTo("PENDING_CREATE");
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("PENDING_UPDATE");
        cloud.prefer("workersStopped", false);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void ofEightListenersAtOnceOneIsTaken(Provider provider) throws Exception {
        // Given
        var id = loadBalancer(provider);
        var statuses = new ArrayList<Integer>();
        // When
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var replies = IntStream.range(0, 8)
                    .map(_ -> freePort())
                    .mapToObj(port -> threads.submit(() -> cloud.createListener(id, "TCP", port, "")))
                    .toList();
            for (var reply : replies) {
                statuses.add(reply.get().status());
            }
        }
        // Then
        assertThat(statuses).containsOnly(201, 409).contains(201, 409);
    }

    @Test
    void aDeletionOfSomethingWithChildrenIsRefusedWith400EvenWhileItIsPending() {
        // Given
        cloud.prefer("workersStopped", true);
        var id = Cloud.created(
                cloud.createLoadBalancer(Provider.AMPHORA, cloud.populated(Provider.AMPHORA, 80, "10.1.0.10")),
                "loadbalancer");
        // When, Then
        assertRefused(
                cloud.octavia("DELETE", "loadbalancers/" + id),
                400,
                "Validation failure: Cannot delete Load Balancer " + id + " - it has children");
    }

    @Test
    void whatIsBeingDeletedCannotBeDeletedAgain() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.AMPHORA, "");
        cloud.prefer("workersStopped", true);
        // When
        var first = cloud.octavia("DELETE", "loadbalancers/" + id);
        var second = cloud.octavia("DELETE", "loadbalancers/" + id);
        // Then
        assertThat(first.status()).isEqualTo(204);
        assertRefused(second, 409, "Invalid state PENDING_DELETE of loadbalancer resource " + id);
        cloud.prefer("workersStopped", false);
    }

    @Test
    void aDeletedOneIsAnsweredWith404() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.OVN, "");
        cloud.octavia("DELETE", "loadbalancers/" + id);
        cloud.awaitStatus("loadbalancers/" + id, "gone");
        // When, Then
        assertRefused(cloud.octavia("DELETE", "loadbalancers/" + id), 404, "Load Balancer " + id + " not found.");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void aDeletionWithCascadeTakesEverythingBelow(Provider provider) {
        // Given
        var id = cloud.activeLoadBalancer(provider, cloud.populated(provider, 80, "10.1.0.10"));
        var pool = cloud.loadBalancer(id).at("/pools/0/id").asText();
        var vip = cloud.loadBalancer(id).path("vip_port_id").asText();
        // When
        var reply = cloud.octavia("DELETE", "loadbalancers/" + id + "?cascade=true");
        cloud.awaitStatus("loadbalancers/" + id, "gone");
        // Then
        assertThat(reply.status()).isEqualTo(204);
        assertThat(cloud.status("pools/" + pool)).isEqualTo("gone");
        assertThat(cloud.neutron("GET", "ports/" + vip).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void aDeletionWithoutCascadeOfSomethingWithChildrenIsRefusedWith400(Provider provider) {
        // Given
        var id = loadBalancer(provider);
        cloud.activePool(provider, id);
        // When, Then
        assertRefused(
                cloud.octavia("DELETE", "loadbalancers/" + id),
                400,
                "Validation failure: Cannot delete Load Balancer " + id + " - it has children");
    }

    /** A load balancer that stays PENDING_CREATE while the test runs. */
    private String pending() {
        cloud.prefer("workersStopped", true);
        return Cloud.created(cloud.createLoadBalancer(Provider.AMPHORA, ""), "loadbalancer");
    }

    private static String immutable(String id) {
        return "Load Balancer " + id + " is immutable and cannot be updated.";
    }
}
