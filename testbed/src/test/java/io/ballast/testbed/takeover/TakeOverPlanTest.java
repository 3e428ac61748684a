package io.ballast.testbed.takeover;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.testbed.takeover.Verdict.AlreadyOurs;
import io.ballast.testbed.takeover.Verdict.FloatingIpChange;
import io.ballast.testbed.takeover.Verdict.LoadBalancerChange;
import io.ballast.testbed.takeover.Verdict.Refused;
import io.ballast.testbed.takeover.Verdict.TakeOver;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TakeOverPlanTest {
    private static final String[] OURS = {
        "ballast", "ballast:cluster:cluster-1", "ballast:key:demo/shop/web", "ballast:service:uid-1"
    };

    // --- taken over

    @Test
    void takesWhatKuryrMadeWithItsPoolAddress() {
        // When
        var taken = taken(Theirs.of(Peer.KURYR).made("lb-1").record("lb-1", "").floatingIp("lb-1", "kuryr_lb"));

        // Then
        assertThat(taken.loadBalancer())
                .isEqualTo(new LoadBalancerChange(
                        "lb-1",
                        "shop/web",
                        new TreeSet<>(List.of(OURS[0], OURS[1], OURS[2], OURS[3], "operators-tag", "team-a"))));
        assertThat(taken.floatingIps())
                .containsExactly(new FloatingIpChange("fip-1", "172.24.4.9", Theirs.OUR_DESCRIPTION));
        assertThat(taken.service())
                .isEqualTo(new Verdict.ObjectChange("shop", "web", "5", List.of("example.org/other"), List.of()));
        assertThat(taken.record()).isEqualTo(new Verdict.ObjectChange("shop", "web", "7", List.of(), List.of()));
    }

    @Test
    void takesWhatTheCloudProviderMadeWithoutTheTagAndTheAnnotationThatClaimIt() {
        // When
        var taken = taken(Theirs.of(Peer.OCCM)
                .made("lb-1")
                .annotation(Peer.LOAD_BALANCER_ID, "lb-1")
                .floatingIp("lb-1", Theirs.OCCM_DESCRIPTION));

        // Then
        assertThat(taken.loadBalancer())
                .isEqualTo(new LoadBalancerChange(
                        "lb-1",
                        "shop/web",
                        new TreeSet<>(List.of(OURS[0], OURS[1], OURS[2], OURS[3], "operators-tag", "team-a"))));
        assertThat(taken.floatingIps()).hasSize(1);
        assertThat(taken.service())
                .isEqualTo(new Verdict.ObjectChange(
                        "shop", "web", "5", List.of("example.org/other"), List.of(Peer.LOAD_BALANCER_ID)));
    }

    @Test
    void findsKuryrsByNameAndVipWhereItsRecordIsLost() {
        // When: two of the name, of which one has the ClusterIP
        var taken = taken(Theirs.of(Peer.KURYR)
                .loadBalancer("lb-other", "shop/web", "10.2.0.99", "ACTIVE")
                .made("lb-1")
                .withoutMarks());

        // Then
        assertThat(taken.loadBalancerId()).isEqualTo("lb-1");
    }

    @ParameterizedTest
    @EnumSource
    void leavesTheFloatingIpThatTheUserNamed(Peer peer) {
        // When
        var taken =
                taken(Theirs.of(peer).made("lb-1").loadBalancerIp("172.24.4.9").floatingIp("lb-1", "mine"));

        // Then
        assertThat(taken.floatingIps()).isEmpty();
        assertThat(taken.notes()).containsExactly("floating IP 172.24.4.9 stays the user's");
    }

    @Test
    void leavesAFloatingIpOfAServiceThatAsksForNone() {
        // When: kuryr does not take it away when the type changes
        var taken = taken(Theirs.of(Peer.KURYR).type("ClusterIP").made("lb-1").floatingIp("lb-1", "kuryr_lb"));

        // Then
        assertThat(taken.floatingIps()).isEmpty();
        assertThat(taken.notes()).hasSize(1);
    }

    @Test
    void takesTheFinalizersOfAServiceThatNothingWasMadeForYet() {
        // When
        var taken = taken(Theirs.of(Peer.KURYR).type("ClusterIP").record("", ""));

        // Then
        assertThat(taken.loadBalancer()).isNull();
        assertThat(taken.service()).isNotNull();
        assertThat(taken.record()).isNotNull();
    }

    @Test
    void keepsKuryrsRecordsWhenTold() {
        // When
        var taken = taken(Theirs.of(Peer.KURYR).made("lb-1").record("lb-1", "").keepingRecords());

        // Then
        assertThat(taken.record()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void hasNothingToDoTheSecondTime(Peer peer) {
        // Given
        var before = Theirs.of(peer).loadBalancer("lb-1", "shop/web", "10.2.0.7", "ACTIVE", OURS);

        // Then
        assertThat(before.withoutMarks().verdicts()).singleElement().isInstanceOf(AlreadyOurs.class);
    }

    @Test
    void goesOnWhereItBrokeOff() {
        // When: the load balancer is ours, and even busy, but the finalizer is still there
        var taken = taken(Theirs.of(Peer.KURYR).loadBalancer("lb-1", "shop/web", "10.2.0.7", "PENDING_UPDATE", OURS));

        // Then
        assertThat(taken.loadBalancer()).isNull();
        assertThat(taken.service()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void saysNothingOfServicesThatThePeerHasNothingToDoWith(Peer peer) {
        // Given: a load balancer of the same name for another Service
        var others = Theirs.of(peer)
                .withoutMarks()
                .loadBalancer("lb-9", "shop/web", "10.2.0.99", "ACTIVE")
                .loadBalancer("lb-8", "kube_service_prod_shop_web-2", "10.2.0.98", "ACTIVE");

        // Then
        assertThat(others.verdicts()).isEmpty();
    }

    @Test
    void leavesTheLoadBalancerOfTheApiServersToOctaviaService() {
        // Given
        var byHand = Theirs.of(Peer.KURYR)
                .withoutMarks()
                .ofTheApiServers()
                .type("ClusterIP")
                .loadBalancer("lb-1", "default/kubernetes", "10.2.0.7", "ACTIVE");

        // Then
        assertThat(byHand.verdicts()).isEmpty();
    }

    @Test
    void looksAtTheNamespacesThatAreNamedOnly() {
        // Given
        var theirs = Theirs.of(Peer.KURYR).made("lb-1");

        // Then
        assertThat(theirs.verdicts("other")).isEmpty();
        assertThat(theirs.verdicts("other", "shop")).hasSize(1);
    }

    // --- refused

    @Test
    void refusesAVipThatIsNotTheClusterIp() {
        assertThat(refused(Theirs.of(Peer.KURYR).loadBalancer("lb-1", "shop/web", "10.2.0.8", "ACTIVE")))
                .isEqualTo(
                        "load balancer lb-1 has VIP 10.2.0.8, and the ClusterIP is 10.2.0.7: it was made for another Service or cluster");
    }

    @ParameterizedTest
    @EnumSource
    void refusesSeveral(Peer peer) {
        assertThat(refused(Theirs.of(peer).made("lb-2").made("lb-1")))
                .isEqualTo("2 load balancers may be its: lb-1, lb-2; delete those that are not");
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatWeServeWithAnotherOneAlready(Peer peer) {
        assertThat(refused(Theirs.of(peer).made("lb-1").loadBalancer("lb-2", "shop/web", "10.2.0.7", "ACTIVE", OURS)))
                .startsWith("2 load balancers may be its: lb-1, lb-2");
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatCarriesOurTagsForAnother(Peer peer) {
        // Given: the same names, in another cluster of ours
        var name = peer == Peer.KURYR ? "shop/web" : Theirs.OCCM_NAME;
        var theirs = Theirs.of(peer)
                .loadBalancer(
                        "lb-1",
                        name,
                        "10.2.0.7",
                        "ACTIVE",
                        "ballast",
                        "ballast:cluster:cluster-2",
                        "ballast:key:other/shop/web",
                        "ballast:service:uid-9");

        // Then
        assertThat(refused(theirs))
                .isEqualTo(
                        "load balancer lb-1 carries our tags for another Service: other/shop/web, uid uid-9, in the cluster with UID cluster-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PENDING_CREATE", "PENDING_UPDATE", "ERROR"})
    void refusesWhatIsNotActive(String status) {
        assertThat(refused(Theirs.of(Peer.KURYR).loadBalancer("lb-1", "shop/web", "10.2.0.7", status)))
                .contains("lb-1 is", status);
    }

    @Test
    void refusesOneThatSeveralServicesShare() {
        assertThat(refused(Theirs.of(Peer.OCCM)
                        .loadBalancer(
                                "lb-1",
                                Theirs.OCCM_NAME,
                                "10.9.0.3",
                                "ACTIVE",
                                Theirs.OCCM_NAME,
                                "kube_service_prod_shop_admin")))
                .startsWith("load balancer lb-1 is shared with kube_service_prod_shop_admin");
    }

    @Test
    void refusesOneThatTheCloudProviderOnlyUses() {
        assertThat(refused(Theirs.of(Peer.OCCM)
                        .loadBalancer("lb-1", "by-hand", "10.9.0.3", "ACTIVE", Theirs.OCCM_NAME)
                        .annotation(Peer.LOAD_BALANCER_ID, "lb-1")))
                .isEqualTo(
                        "load balancer lb-1 is named by-hand, not kube_service_prod_shop_web: the cloud provider uses it, but did not make it for this Service");
    }

    @Test
    void refusesTheSameNameOfAnotherCluster() {
        assertThat(refused(Theirs.of(Peer.OCCM)
                        .loadBalancer("lb-1", "kube_service_kubernetes_shop_web", "10.9.0.3", "ACTIVE")))
                .contains(
                        "no load balancer kube_service_prod_shop_web",
                        "one named kube_service_kubernetes_shop_web",
                        "--cluster-name");
    }

    @Test
    void refusesWhatIsSomewhereElse() {
        assertThat(refused(Theirs.of(Peer.KURYR).record("lb-1", "")))
                .startsWith("kuryr remembers load balancer lb-1, which is not among those of this project");
        assertThat(refused(Theirs.of(Peer.OCCM).ingress("172.24.4.9")))
                .startsWith("its status shows 172.24.4.9, but no load balancer kube_service_prod_shop_web");
    }

    @ParameterizedTest
    @EnumSource
    void refusesAServiceThatIsBeingDeleted(Peer peer) {
        assertThat(refused(Theirs.of(peer).made("lb-1").deleting())).startsWith("it is being deleted");
    }

    @Test
    void refusesATypeThatTheCloudProviderServesNoMore() {
        assertThat(refused(Theirs.of(Peer.OCCM).made("lb-1").type("ClusterIP")))
                .isEqualTo("it is of type ClusterIP: let the cloud provider delete what it made for it");
    }

    @ParameterizedTest
    @EnumSource
    void refusesAFloatingIpOfNobodyThatWouldBeReplaced(Peer peer) {
        assertThat(refused(Theirs.of(peer).made("lb-1").floatingIp("lb-1", "by hand")))
                .contains("floating IP 172.24.4.9 leads to its VIP", "by hand", "spec.loadBalancerIP");
    }

    @Test
    void refusesAFloatingIpThatKuryrWasGivenByTheUserOnce() {
        assertThat(refused(Theirs.of(Peer.KURYR)
                        .made("lb-1")
                        .record("lb-1", "fip-1")
                        .floatingIp("lb-1", "kuryr_lb")))
                .contains("name it in spec.loadBalancerIP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "yes please"})
    void refusesToOwnAFloatingIpThatIsToBeKept(String value) {
        // Given
        var theirs = Theirs.of(Peer.OCCM)
                .made("lb-1")
                .annotation("loadbalancer.openstack.org/keep-floatingip", value)
                .floatingIp("lb-1", Theirs.OCCM_DESCRIPTION);

        // Then
        assertThat(refused(theirs)).contains("asks to keep floating IP 172.24.4.9", "spec.loadBalancerIP");
        assertThat(taken(theirs.loadBalancerIp("172.24.4.9")).floatingIps()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void refusesAnAddressThatIsNotTheOneNamed(Peer peer) {
        assertThat(refused(Theirs.of(peer)
                        .made("lb-1")
                        .loadBalancerIp("172.24.4.77")
                        .floatingIp("lb-1", "kuryr_lb")))
                .contains("spec.loadBalancerIP names 172.24.4.77, but floating IP 172.24.4.9");
    }

    private static TakeOver taken(Theirs theirs) {
        var verdicts = theirs.verdicts();
        assertThat(verdicts).singleElement().isInstanceOf(TakeOver.class);
        return (TakeOver) verdicts.getFirst();
    }

    private static String refused(Theirs theirs) {
        var verdicts = theirs.verdicts();
        assertThat(verdicts).singleElement().isInstanceOf(Refused.class);
        return ((Refused) verdicts.getFirst()).sentence();
    }
}
