package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.testbed.openstack.OpenStackService;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What somebody else changes or deletes is as desired again: within a resync where a list shows it, else within the time of full reads. */
class OctaviaDriftTest {
    private static final Duration A_RESYNC = Duration.ofMinutes(11);
    private static final Duration FULL_READS = Duration.ofHours(6).plus(Duration.ofMinutes(21));

    private final OneService service = new OneService();

    @Test
    void restoresWithinAResyncWhatSomebodyEditedInPlace() {
        // Given
        service.create();
        long writes = service.octavia.writes();

        // When
        edit("listeners/" + listener(), "listener", node -> node.put("connection_limit", 7));
        edit("pools/" + pool(), "pool", node -> node.put("lb_algorithm", "SOURCE_IP"));
        edit("pools/" + pool() + "/members/" + member(), "member", node -> node.put("weight", 200));
        service.octavia.run(A_RESYNC);

        // Then
        assertRestored();
        assertThat(service.octavia.writes() - writes).as("theirs and ours").isEqualTo(6);
    }

    @Test
    void restoresWithinTheTimeOfFullReadsWhatNoListShows() {
        // Given
        service.create();
        service.octavia.hidesUpdates = true;
        service.octavia.run(A_RESYNC);

        // When
        edit("listeners/" + listener(), "listener", node -> node.put("connection_limit", 7));
        edit("pools/" + pool(), "pool", node -> node.put("lb_algorithm", "SOURCE_IP"));
        edit("pools/" + pool() + "/members/" + member(), "member", node -> node.put("weight", 200));
        service.octavia.run(FULL_READS);

        // Then
        assertRestored();
    }

    @Test
    void readsOneInFullAboutOnceInTheTimeOfFullReadsWhenNothingChanges() {
        // Given
        service.create();
        service.octavia.run(A_RESYNC);
        int fullReads = service.octavia.fullReads;
        long writes = service.octavia.writes();
        int told = service.octavia.statuses.size();

        // When
        service.octavia.run(Duration.ofHours(24));

        // Then
        assertThat(service.octavia.fullReads - fullReads).isBetween(4, 5);
        assertThat(service.octavia.writes()).isEqualTo(writes);
        assertThat(service.octavia.statuses).hasSize(told);
    }

    @Test
    void makesAgainWhatSomebodyDeleted() {
        // Given
        service.create();
        var first = service.loadBalancer().id();

        // When
        service.send(OpenStackService.OCTAVIA, "DELETE", "/v2.0/lbaas/pools/" + pool(), null);
        service.octavia.run(A_RESYNC);

        // Then
        assertRestored();

        // When
        service.deleteCascading("loadbalancers/" + first);
        service.octavia.run(A_RESYNC);

        // Then
        assertThat(service.loadBalancer().id()).isNotEqualTo(first);
        assertThat(service.loadBalancer().vips().getFirst().address()).isEqualTo(OneService.VIP);
        assertRestored();
    }

    private void assertRestored() {
        assertThat(service.status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(service.read("listeners/" + listener())
                        .at("/listener/connection_limit")
                        .asInt())
                .isEqualTo(-1);
        assertThat(service.read("pools/" + pool()).at("/pool/lb_algorithm").asText())
                .isEqualTo("ROUND_ROBIN");
        assertThat(service.read("pools/" + pool() + "/members").path("members"))
                .hasSize(3)
                .allMatch(member -> member.path("weight").asInt() == 1);
    }

    /** Waits, as somebody would, for the change before. */
    private void edit(String path, String root, Consumer<ObjectNode> fill) {
        service.octavia.now = service.octavia.now.plusSeconds(20);
        assertThat(service.octavia("PUT", path, root, fill).has(root))
                .as("the edit of %s", path)
                .isTrue();
        service.octavia.now = service.octavia.now.plusSeconds(20);
    }

    private String listener() {
        return service.read("listeners").at("/listeners/0/id").asText();
    }

    private String pool() {
        return service.read("pools").at("/pools/0/id").asText();
    }

    private String member() {
        return service.read("pools/" + pool() + "/members").at("/members/0/id").asText();
    }
}
