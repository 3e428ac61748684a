package io.ballast.testbed.purge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.allocation.FloatingIp;
import io.ballast.octavia.loadbalancer.Identity;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.testbed.purge.PurgePlan.Doomed;
import io.ballast.testbed.purge.PurgePlan.Unclear;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PurgePlanTest {
    private final List<PurgePlan.LoadBalancer> loadBalancers = new ArrayList<>();
    private final List<PurgePlan.FloatingIp> floatingIps = new ArrayList<>();
    private final List<PurgePlan.AccessRule> accessRules = new ArrayList<>();

    @Test
    void takesEverythingOfTheClusterAndNothingElse() {
        // Given
        made("lb-2", "uid-a", "demo");
        made("lb-1", "uid-a", "demo");
        made("lb-3", "uid-b", "demo-2");
        loadBalancers.add(loadBalancer("lb-4", "demo/web", "by-hand"));
        loadBalancers.add(loadBalancer("lb-5", "no-complete-set", "ballast", "ballast:cluster:uid-a"));
        floatingIp("fip-1", FloatingIp.identity("uid-a", "service-1", new ServiceKey("demo", "shop", "web")));
        floatingIp("fip-2", FloatingIp.identity("uid-b", "service-1", new ServiceKey("demo-2", "shop", "web")));
        floatingIp("fip-3", "demo/shop/web");
        floatingIp("fip-4", "");

        // When
        var doomed = doomed("demo", Optional.empty());

        // Then
        assertThat(doomed.clusterUid()).isEqualTo("uid-a");
        assertThat(doomed.loadBalancers())
                .extracting(PurgePlan.LoadBalancer::id)
                .containsExactly("lb-1", "lb-2");
        assertThat(doomed.floatingIps()).extracting(PurgePlan.FloatingIp::id).containsExactly("fip-1");
    }

    @Test
    void asksForTheUidWhereTheNameWasGivenTwice() {
        // Given
        made("lb-1", "uid-a", "demo");
        made("lb-2", "uid-b", "demo");
        floatingIp("fip-1", FloatingIp.identity("uid-b", "service-1", new ServiceKey("demo", "shop", "web")));

        // Then
        assertThat(plan("demo", Optional.empty()))
                .isEqualTo(
                        new Unclear(
                                "2 clusters have been named demo: uid-a (1 objects), uid-b (2 objects); say which with --cluster-uid"));
        assertThat(doomed("demo", Optional.of("uid-b")).loadBalancers())
                .extracting(PurgePlan.LoadBalancer::id)
                .containsExactly("lb-2");
    }

    @Test
    void refusesAUidThatBelongsToAnotherName() {
        // Given: a cluster that was renamed
        made("lb-1", "uid-a", "renamed");

        // Then
        assertThat(plan("demo", Optional.of("uid-a")))
                .isEqualTo(
                        new Unclear(
                                "nothing carries name demo and UID uid-a: of that name there is nothing, of that UID there is renamed"));
    }

    @Test
    void takesTheRulesOfSecurityGroupsOnlyWhereTheNameTellsWhoseTheyAre() {
        // Given
        made("lb-1", "uid-a", "demo");
        var second = new PurgePlan.AccessRule("rule-2", "group-1", "udp from 10.2.0.0/16");
        var first = new PurgePlan.AccessRule("rule-1", "group-1", "tcp from 10.2.0.0/16");
        accessRules.addAll(List.of(second, first));

        // Then
        assertThat(doomed("demo", Optional.empty()).accessRules()).containsExactly(first, second);
        assertThat(doomed("demo", Optional.empty()).spared()).isEmpty();

        // When the name was given again
        made("lb-2", "uid-b", "demo");

        // Then
        assertThat(doomed("demo", Optional.of("uid-a")).accessRules()).isEmpty();
        assertThat(doomed("demo", Optional.of("uid-a")).spared()).containsExactly(first, second);

        // When nothing else is left
        loadBalancers.clear();

        // Then
        assertThat(doomed("demo", Optional.empty()).accessRules()).containsExactly(first, second);
        assertThat(doomed("demo", Optional.empty()).isEmpty()).isFalse();
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(doomed("demo", Optional.empty()).isEmpty()).isTrue();
        assertThat(doomed("demo", Optional.of("uid-a")).isEmpty()).isTrue();
    }

    private PurgePlan plan(String cluster, Optional<String> uid) {
        return PurgePlan.of(cluster, uid, loadBalancers, floatingIps, accessRules);
    }

    private Doomed doomed(String cluster, Optional<String> uid) {
        return (Doomed) plan(cluster, uid);
    }

    private void made(String id, String uid, String cluster) {
        var tags = Identity.of(uid, "service-of-" + id, new ServiceKey(cluster, "shop", "web"))
                .tags();
        loadBalancers.add(loadBalancer(id, "shop/web", tags.toArray(String[]::new)));
    }

    private void floatingIp(String id, String description) {
        floatingIps.add(new PurgePlan.FloatingIp(id, "172.24.4.9", description));
    }

    private static PurgePlan.LoadBalancer loadBalancer(String id, String name, String... tags) {
        return new PurgePlan.LoadBalancer(id, name, "ACTIVE", "10.2.0.7", new TreeSet<>(List.of(tags)));
    }
}
