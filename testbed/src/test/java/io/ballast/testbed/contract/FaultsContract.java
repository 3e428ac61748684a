package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.testbed.openstack.Cloud;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Provider;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What goes wrong with these releases, and how it looks. The model has a switch for each; a real cloud is met as it is, or, where
 * OPENSTACK_DEV_DIR names the folder of one that runs here, broken by hand.
 */
class FaultsContract extends Facts {

    @Test
    void aStockWorkerLeavesTheChildrenOfANestedCreatePendingUnderAnActiveLoadBalancer() {
        // Given, When
        var made = nestedByAStockWorker();
        // Then
        var id = made.path("id").asText();
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("ACTIVE");
        assertThat(cloud.status("listeners/" + listenerOf(made))).isEqualTo("PENDING_CREATE");
        assertThat(cloud.status("pools/" + poolOf(made))).isEqualTo("PENDING_CREATE");
    }

    @Test
    void aWriteToEachChildMendsWhatAStockWorkerLeft() {
        // Given
        var made = nestedByAStockWorker();
        // When
        cloud.octavia("PUT", "listeners/" + listenerOf(made), "{'listener': {'name': 'l'}}");
        cloud.settle();
        cloud.octavia("PUT", "pools/" + poolOf(made), "{'pool': {'name': 'p'}}");
        cloud.settle();
        cloud.batch(poolOf(made), cloud.member("10.1.0.10", 8080));
        cloud.settle();
        // Then
        assertThat(cloud.octavia("GET", "loadbalancers/" + made.path("id").asText() + "/status")
                        .json()
                        .findValuesAsText("provisioning_status"))
                .containsOnly("ACTIVE");
    }

    @Test
    void whileItsWorkersStandStillNothingOfAmphoraEndsAndAfterwardsEverythingDoes() {
        // Given
        workers(false);
        try {
            var id = Cloud.created(cloud.createLoadBalancer(Provider.AMPHORA, ""), "loadbalancer");
            // When, Then
            assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("PENDING_CREATE");
            assertThat(cloud.octavia("DELETE", "loadbalancers/" + id + "?cascade=true")
                            .status())
                    .isEqualTo(409);
            // When they go on
            workers(true);
            cloud.awaitStatus("loadbalancers/" + id, "ACTIVE");
        } finally {
            workers(true);
        }
    }

    @Test
    void inErrorEveryChangeIsRefusedExceptDeletionAndAnAdministratorsFailover() {
        // Given
        var id = inError();
        var failover = ModelRequest.of(OpenStackService.OCTAVIA, "PUT", "/v2/lbaas/loadbalancers/" + id + "/failover");
        // When, Then
        assertRefused(
                cloud.octavia("PUT", "loadbalancers/" + id, "{'loadbalancer': {'name': 'other'}}"),
                409,
                "Invalid state ERROR of loadbalancer resource " + id);
        assertRefused(
                cloud.createListener(id, "TCP", 80, ""),
                409,
                "Load Balancer " + id + " is immutable and cannot be updated.");
        assertThat(cloud.send("k8s", failover).status()).isEqualTo(403);
        assertThat(cloud.send("admin", failover).status()).isEqualTo(202);
        cloud.awaitStatus("loadbalancers/" + id, "ACTIVE");
    }

    @Test
    void oneInErrorCanBeDeleted() {
        // Given
        var id = inError();
        // When
        var reply = cloud.octavia("DELETE", "loadbalancers/" + id);
        // Then
        assertThat(reply.status()).isEqualTo(204);
        cloud.awaitStatus("loadbalancers/" + id, "gone");
    }

    @Test
    void onOvnAListenerWhosePoolIsTakenAwayLocksItsLoadBalancerForEver() {
        // Given
        needToFree();
        var id = cloud.activeLoadBalancer(Provider.OVN, "");
        var pool = cloud.activePool(Provider.OVN, id);
        var listener =
                Cloud.created(cloud.createListener(id, "TCP", 80, ", 'default_pool_id': '" + pool + "'"), "listener");
        cloud.settle();
        // When
        var reply = cloud.octavia("PUT", "listeners/" + listener, "{'listener': {'default_pool_id': null}}");
        // Then
        assertThat(reply.status()).isEqualTo(200);
        assertLocked(id);
    }

    @Test
    void onOvnAListenerThatComesBesideAHealthMonitorLocksItsLoadBalancerForEver() {
        // Given
        needToFree();
        var id = cloud.activeLoadBalancer(Provider.OVN, "");
        var monitor = cloud.octavia(
                "POST",
                "healthmonitors",
                "{'healthmonitor': {'pool_id': '" + cloud.activePool(Provider.OVN, id)
                        + "', 'type': 'TCP', 'delay': 5, 'timeout': 3, 'max_retries': 3}}");
        cloud.settle();
        // When
        var reply = cloud.createListener(id, "TCP", 80, "");
        // Then
        assertThat(monitor.status()).isEqualTo(201);
        assertThat(reply.status()).isEqualTo(201);
        assertLocked(id);
    }

    @Test
    void onOvnAMonitorOfANestedCreateStaysPendingAndIsNotThere() {
        // Given
        cloud.prefer("ovnChangesHang", true);
        // When
        var id = nestedWithMonitor();
        // Then
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("ACTIVE");
        assertThat(cloud.status("healthmonitors/" + monitorOf(id))).isEqualTo("PENDING_CREATE");
    }

    @Test
    void onOvnAChangeOfSuchAMonitorLocksItsLoadBalancerForEver() {
        // Given
        needToFree();
        var id = nestedWithMonitor();
        // When
        var reply = cloud.octavia("PUT", "healthmonitors/" + monitorOf(id), "{'healthmonitor': {'delay': 6}}");
        // Then
        assertThat(reply.status()).isEqualTo(200);
        assertLocked(id);
    }

    @Test
    void onOvnTheDeletionOfSuchAMonitorLocksItsLoadBalancerForEver() {
        // Given
        needToFree();
        var id = nestedWithMonitor();
        // When
        var reply = cloud.octavia("DELETE", "healthmonitors/" + monitorOf(id));
        // Then
        assertThat(reply.status()).isEqualTo(204);
        assertLocked(id);
    }

    private String nestedWithMonitor() {
        return cloud.activeLoadBalancer(
                Provider.OVN,
                ", 'listeners': [{'protocol': 'TCP', 'protocol_port': 80, 'default_pool': {'name': 'p', 'protocol': 'TCP',"
                        + " 'lb_algorithm': 'SOURCE_IP_PORT', 'members': [" + cloud.member("10.1.0.10", 80)
                        + "], 'healthmonitor': {'type': 'TCP', 'delay': 5, 'timeout': 3, 'max_retries': 3}}}]");
    }

    private String monitorOf(String loadBalancer) {
        return cloud.octavia("GET", "loadbalancers/" + loadBalancer + "/status")
                .json()
                .findPath("health_monitor")
                .path("id")
                .asText();
    }

    private void needToFree() {
        Assumptions.assumeTrue(
                cloud.isModel() || RunningStack.here().isPresent(),
                "OPENSTACK_DEV_DIR is not set: only in its database could the load balancer be freed again");
        cloud.prefer("ovnChangesHang", true);
    }

    /** It is PENDING when everything that was asked for is done, and cannot be deleted; frees it. */
    private void assertLocked(String id) {
        try {
            cloud.waiting()
                    .during(cloud.isModel() ? Duration.ofMillis(200) : Duration.ofSeconds(4))
                    .until(() -> cloud.status("loadbalancers/" + id).equals("PENDING_UPDATE"));
            assertThat(cloud.octavia("DELETE", "loadbalancers/" + id + "?cascade=true")
                            .status())
                    .isEqualTo(409);
        } finally {
            cloud.free(id);
        }
    }

    /** A load balancer made at once, whose children stay as the stock worker leaves them. */
    private JsonNode nestedByAStockWorker() {
        Assumptions.assumeTrue(
                cloud.isModel() || System.getenv().containsKey("OPENSTACK_DEV_STOCK_WORKER"),
                "OPENSTACK_DEV_STOCK_WORKER is not set: the worker of this cloud is mended, or newer");
        cloud.prefer("childrenStayPending", true);
        var made = cloud.createLoadBalancer(Provider.AMPHORA, cloud.populated(Provider.AMPHORA, 80, "10.1.0.10"))
                .json()
                .path("loadbalancer");
        cloud.settle();
        return made;
    }

    private static String listenerOf(JsonNode made) {
        return made.at("/listeners/0/id").asText();
    }

    private static String poolOf(JsonNode made) {
        return made.at("/pools/0/id").asText();
    }

    private void workers(boolean run) {
        if (cloud.isModel()) {
            cloud.prefer("workersStopped", !run);
        } else {
            RunningStack.here()
                    .orElseGet(() -> Assumptions.abort(
                            "OPENSTACK_DEV_DIR is not set: the workers of this cloud cannot be stopped from here"))
                    .signal("octavia-worker", run ? "CONT" : "STOP");
        }
    }

    /** An amphora load balancer whose address pool has no address for its amphora, and which is in ERROR for that. */
    private String inError() {
        var network = Cloud.created(cloud.neutron("POST", "networks", "{'network': {'name': 'contract'}}"), "network");
        var subnet = Cloud.created(
                cloud.neutron(
                        "POST",
                        "subnets",
                        ("{'subnet': {'network_id': '%s', 'ip_version': 4, 'cidr': '192.168.9.0/24', 'enable_dhcp': false,"
                                        + " 'allocation_pools': [{'start': '192.168.9.10', 'end': '192.168.9.10'}]}}")
                                .formatted(network)),
                "subnet");
        var id = Cloud.created(
                cloud.octavia(
                        "POST",
                        "loadbalancers",
                        "{'loadbalancer': {'provider': 'amphora', 'vip_subnet_id': '" + subnet + "'}}"),
                "loadbalancer");
        cloud.awaitStatus("loadbalancers/" + id, "ERROR");
        cloud.neutron(
                "PUT",
                "subnets/" + subnet,
                "{'subnet': {'allocation_pools': [{'start': '192.168.9.10', 'end': '192.168.9.20'}]}}");
        return id;
    }
}
