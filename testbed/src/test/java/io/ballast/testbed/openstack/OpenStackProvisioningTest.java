package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of a load balancer, how long its changes take, and how it can go wrong. */
class OpenStackProvisioningTest {
    private final ModelCloud cloud = ModelCloud.measured();

    @ParameterizedTest
    @EnumSource(Provider.class)
    void createsEverythingInOneRequest(Provider provider) {
        // When
        var reply = cloud.createLoadBalancer(
                provider, cloud.populated(provider, 80, "10.1.0.10", "10.1.0.11") + ", 'tags': ['a', 'b']");
        var id = Cloud.created(reply, "loadbalancer");
        cloud.settle();
        // Then
        var made = reply.json().path("loadbalancer");
        assertThat(made.path("provisioning_status").asText()).isEqualTo("PENDING_CREATE");
        assertThat(made.at("/pools/0/members/1/provisioning_status").asText()).isEqualTo("PENDING_CREATE");
        assertThat(made.at("/listeners/0/default_pool_id").asText())
                .isEqualTo(made.at("/pools/0/id").asText());
        var statuses =
                cloud.octavia("GET", "loadbalancers/" + id + "/status").json().at("/statuses/loadbalancer");
        assertThat(statuses.findValuesAsText("provisioning_status")).hasSize(8).containsOnly("ACTIVE");
        assertThat(statuses.at("/listeners/0/pools/0/members/0/address").asText())
                .isEqualTo("10.1.0.10");
        assertThat(cloud.loadBalancer(id).path("listeners").get(0).size())
                .as("bare ids")
                .isEqualTo(1);
        assertThat(Json.texts(cloud.loadBalancer(id).path("tags"))).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'protocol': 'TCP', 'lb_algorithm': 'ROUND_ROBIN'} | Pools must be named",
                "{'name': 'p'} | Pool 'p' was referenced but no full definition was found",
                "{'name': 'p', 'protocol': 'TCP'} | missing required attribute: lb_algorithm",
                "{'name': 'p', 'protocol': 'UDP', 'lb_algorithm': 'ROUND_ROBIN'} | The pool protocol 'UDP' is invalid"
            })
    void refusesAPopulatedCreateWhosePoolsMakeNoSense(String pool, String text) {
        // When
        var reply = cloud.createLoadBalancer(
                Provider.AMPHORA,
                ", 'listeners': [{'protocol': 'TCP', 'protocol_port': 80, 'default_pool': " + pool + "}]");
        // Then
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errorText()).contains(text);
        assertThat(cloud.model.inventory().loadBalancers()).isEmpty();
    }

    @Test
    void leavesTheVipPortOfARefusedCreateBehindSoThatARepeatFindsItsAddressTaken() {
        // Given
        var more = ", 'vip_address': '10.2.0.5'" + cloud.populated(Provider.AMPHORA, 80, "10.1.0.10");
        // When
        var refused = cloud.createLoadBalancer(Provider.OVN, more);
        var repeated = cloud.createLoadBalancer(Provider.AMPHORA, more);
        // Then
        assertThat(refused.status()).isEqualTo(501);
        assertThat(cloud.model.inventory().ports()).singleElement().asString().contains("ovn-lb-vip-");
        assertThat(repeated.status()).isEqualTo(500);
    }

    @Test
    void amphoraAnswersAtOnceAndIsActiveLater() {
        // When
        var reply = cloud.createLoadBalancer(Provider.AMPHORA, "");
        var id = Cloud.created(reply, "loadbalancer");
        cloud.pass(Duration.ofMillis(2900));
        var before = cloud.status("loadbalancers/" + id);
        cloud.pass(Duration.ofMillis(100));
        // Then
        assertThat(reply.took()).isEqualTo(Duration.ofMillis(600));
        assertThat(before).isEqualTo("PENDING_CREATE");
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("ACTIVE");
    }

    @Test
    void ovnDoesItsWorkBeforeItAnswers() {
        // When
        var reply = cloud.createLoadBalancer(Provider.OVN, cloud.populated(Provider.OVN, 80, "10.1.0.1", "10.1.0.2"));
        var id = Cloud.created(reply, "loadbalancer");
        cloud.pass(reply.took());
        // Then
        assertThat(reply.took()).isEqualTo(Duration.ofMillis(1500));
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("ACTIVE");
    }

    @Test
    void createsOfOneProjectQueueBehindEachOther() {
        // When
        var first = cloud.createLoadBalancer(Provider.AMPHORA, "").took();
        var second = cloud.createLoadBalancer(Provider.AMPHORA, "").took();
        // Then
        assertThat(second).isEqualTo(first.multipliedBy(2));
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void anIdenticalBatchStillLocksTheLoadBalancer(Provider provider) {
        // Given
        var id = cloud.activeLoadBalancer(provider, cloud.populated(provider, 80, "10.1.0.10"));
        var pool = cloud.loadBalancer(id).at("/pools/0/id").asText();
        // When
        var reply = cloud.batch(pool, cloud.member("10.1.0.10", 8080));
        // Then
        assertThat(reply.status()).isEqualTo(202);
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("PENDING_UPDATE");
        cloud.settle();
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("ACTIVE");
    }

    @Test
    void aBatchReplacesAndAnAdditiveOneAdds() {
        // Given
        var id = cloud.activeLoadBalancer(
                Provider.AMPHORA, cloud.populated(Provider.AMPHORA, 80, "10.1.0.10", "10.1.0.11"));
        var pool = cloud.loadBalancer(id).at("/pools/0/id").asText();
        var kept = memberIds(pool).getLast();
        // When
        cloud.batch(pool, cloud.member("10.1.0.11", 8080), cloud.member("10.1.0.12", 8080));
        cloud.settle();
        var replaced = addresses(pool);
        cloud.octavia(
                "PUT",
                "pools/" + pool + "/members?additive_only=true",
                "{'members': [" + cloud.member("10.1.0.13", 8080) + "]}");
        cloud.settle();
        // Then
        assertThat(replaced).containsExactly("10.1.0.11", "10.1.0.12");
        assertThat(memberIds(pool)).contains(kept);
        assertThat(addresses(pool)).containsExactly("10.1.0.11", "10.1.0.12", "10.1.0.13");
        cloud.batch(pool);
        cloud.settle();
        assertThat(addresses(pool)).isEmpty();
    }

    @Test
    void aBatchMatchesMembersByTextNotByAddress() {
        // Given
        var pool = cloud.activePool(Provider.AMPHORA, cloud.activeLoadBalancer(Provider.AMPHORA, ""));
        cloud.batch(pool, "{'address': '2001:db8::1', 'protocol_port': 80}");
        cloud.settle();
        var before = memberIds(pool);
        // When
        cloud.batch(pool, "{'address': '2001:DB8::1', 'protocol_port': 80}");
        cloud.settle();
        // Then
        assertThat(memberIds(pool)).hasSize(1).doesNotContainAnyElementsOf(before);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void cascadeDeleteLeavesNothing(Provider provider) {
        // Given
        var id = cloud.activeLoadBalancer(provider, cloud.populated(provider, 80, "10.1.0.10"));
        // When
        var reply = cloud.octavia("DELETE", "loadbalancers/" + id + "?cascade=true");
        cloud.settle();
        // Then
        assertThat(reply.status()).isEqualTo(204);
        assertThat(cloud.model.inventory().isEmpty())
                .as(cloud.model.inventory().toString())
                .isTrue();
        assertThat(cloud.octavia("GET", "pools").json().path("pools")).isEmpty();
    }

    @Test
    void childrenMayStayPendingUnderAnActiveLoadBalancerAndAreMendedByWrites() {
        // Given
        cloud.with(Faults.none().with("childrenStayPending", true));
        var id = cloud.activeLoadBalancer(Provider.AMPHORA, cloud.populated(Provider.AMPHORA, 80, "10.1.0.10"));
        var listener = cloud.loadBalancer(id).at("/listeners/0/id").asText();
        var pool = cloud.loadBalancer(id).at("/pools/0/id").asText();
        var statusesBefore = List.of(
                cloud.status("loadbalancers/" + id),
                cloud.status("listeners/" + listener),
                cloud.status("pools/" + pool));
        // When
        cloud.octavia("PUT", "listeners/" + listener, "{'listener': {'name': 'l'}}");
        cloud.settle();
        cloud.octavia("PUT", "pools/" + pool, "{'pool': {'name': 'p'}}");
        cloud.settle();
        cloud.batch(pool, cloud.member("10.1.0.10", 8080));
        cloud.settle();
        // Then
        assertThat(statusesBefore).containsExactly("ACTIVE", "PENDING_CREATE", "PENDING_CREATE");
        var statuses = cloud.octavia("GET", "loadbalancers/" + id + "/status").json();
        assertThat(statuses.findValuesAsText("provisioning_status")).containsOnly("ACTIVE");
    }

    @Test
    void aStuckLoadBalancerStaysPendingForEver() {
        // Given
        cloud.with(Faults.none().with("nextChangesStuck", 1));
        var id = Cloud.created(cloud.createLoadBalancer(Provider.AMPHORA, ""), "loadbalancer");
        // When
        cloud.pass(Duration.ofMinutes(50));
        // Then
        assertThat(cloud.model.nextChange()).isEmpty();
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("PENDING_CREATE");
        assertThat(cloud.octavia("DELETE", "loadbalancers/" + id).status()).isEqualTo(409);
        assertThat(cloud.activeLoadBalancer(Provider.AMPHORA, ""))
                .as("the next one is well")
                .isNotEmpty();
    }

    @Test
    void stoppedWorkersFinishWhenTheyGoOn() {
        // Given
        cloud.with(Faults.none().with("workersStopped", true));
        var id = Cloud.created(cloud.createLoadBalancer(Provider.AMPHORA, ""), "loadbalancer");
        cloud.pass(Duration.ofMinutes(10));
        var stopped = cloud.status("loadbalancers/" + id);
        // When
        cloud.with(Faults.none());
        cloud.pass(Duration.ofMillis(400));
        // Then
        assertThat(stopped).isEqualTo("PENDING_CREATE");
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("ACTIVE");
    }

    @Test
    void aStormAnswersForOctaviaAndThenEnds() {
        // Given
        cloud.with(Faults.none().withStorm(new Faults.Storm(2, 429, Duration.ofSeconds(3), true, "OCTAVIA")));
        // When
        var first = cloud.createLoadBalancer(Provider.AMPHORA, "");
        cloud.with(cloud.model.faults().withStorm(new Faults.Storm(1, 503, Duration.ZERO, true, "OCTAVIA")));
        var second = cloud.createLoadBalancer(Provider.AMPHORA, "");
        var read = cloud.octavia("GET", "loadbalancers");
        var third = cloud.createLoadBalancer(Provider.AMPHORA, "");
        // Then
        assertThat(first.status()).isEqualTo(429);
        assertThat(first.headers()).containsEntry("Retry-After", "3");
        assertThat(second.errorText()).isEqualTo("Project busy.  Unable to lock the project.  Please try again.");
        assertThat(read.status()).isEqualTo(200);
        assertThat(third.status()).isEqualTo(201);
    }

    @Test
    void aLostAnswerHasItsEffect() {
        // Given
        cloud.with(Faults.none().with("nextAnswersLost", 1));
        // When
        var lost = cloud.createLoadBalancer(Provider.AMPHORA, "");
        var next = cloud.createLoadBalancer(Provider.AMPHORA, "");
        // Then
        assertThat(lost.lost()).isTrue();
        assertThat(next.lost()).isFalse();
        assertThat(cloud.model.inventory().loadBalancers()).hasSize(2);
    }

    @Test
    void aBrokenCreateMayLeaveItsPortAlone() {
        // Given
        cloud.with(Faults.none().with("nextCreatesBreak", 1).with("brokenCreatesLeakPort", false));
        // When
        var broken = cloud.createLoadBalancer(Provider.AMPHORA, "");
        // Then
        assertThat(broken.status()).isEqualTo(500);
        assertThat(cloud.model.inventory().isEmpty()).isTrue();
    }

    @Test
    void aLaggingListShowsTheStateOfAWhileAgo() {
        // Given
        cloud.with(Faults.none().with("listLagMillis", 5000));
        var id = cloud.activeLoadBalancer(Provider.AMPHORA, "");
        // When
        var early = cloud.octavia("GET", "loadbalancers").json().path("loadbalancers");
        cloud.pass(Duration.ofSeconds(5));
        var ports = cloud.neutron("GET", "ports?device_owner=Octavia").json().path("ports");
        var later = cloud.octavia("GET", "loadbalancers").json().path("loadbalancers");
        // Then
        assertThat(early).isEmpty();
        assertThat(ports).hasSize(2);
        assertThat(later.at("/0/provisioning_status").asText()).isEqualTo("ACTIVE");
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("ACTIVE");
    }

    @Test
    void countsWritesOfALoadBalancer() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.AMPHORA, "");
        var marker = cloud.model.calls().size();
        // When
        cloud.createListener(id, "TCP", 80, "");
        cloud.createListener(id, "TCP", 81, "");
        var port = cloud.loadBalancer(id).path("vip_port_id").asText();
        cloud.neutron(
                "POST",
                "floatingips",
                "{'floatingip': {'floating_network_id': '" + cloud.layout().publicNetworkId() + "', 'port_id': '" + port
                        + "'}}");
        // Then
        assertThat(cloud.model.calls().writesOf(id))
                .as("create, one listener, floating IP")
                .isEqualTo(3);
        assertThat(cloud.model.calls().since(marker))
                .hasSize(4)
                .extracting(Call::resource)
                .containsExactly("listeners", "listeners", "loadbalancers", "floatingips");
    }

    @Test
    void theSameSeedGivesTheSameIds() {
        // When, Then
        assertThat(ModelCloud.measured().createLoadBalancer(Provider.OVN, "").body())
                .isEqualTo(ModelCloud.measured()
                        .createLoadBalancer(Provider.OVN, "")
                        .body());
    }

    @Test
    void zeroTimingFinishesBeforeTheNextRequest() {
        // Given
        var instant = ModelCloud.with(OpenStackModel.Settings.of(Timing.zero()));
        // When
        var reply = instant.createLoadBalancer(Provider.AMPHORA, instant.populated(Provider.AMPHORA, 80, "10.1.0.10"));
        // Then
        assertThat(reply.took()).isZero();
        assertThat(instant.status("loadbalancers/" + Cloud.created(reply, "loadbalancer")))
                .isEqualTo("ACTIVE");
    }

    private List<String> addresses(String pool) {
        return cloud.octavia("GET", "pools/" + pool + "/members").json().findValuesAsText("address");
    }

    private List<String> memberIds(String pool) {
        return cloud.octavia("GET", "pools/" + pool + "/members")
                .json()
                .path("members")
                .findValuesAsText("id");
    }
}
