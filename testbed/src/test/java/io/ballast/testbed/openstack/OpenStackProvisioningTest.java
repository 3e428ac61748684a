package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The life of a load balancer, how long its changes take, and how it can go wrong. */
class OpenStackProvisioningTest {
    private final ModelCloud cloud = ModelCloud.measured();

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
}
