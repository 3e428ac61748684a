package io.ballast.octavia.loadbalancer;

import static io.ballast.octavia.loadbalancer.QuotaResource.LISTENER;
import static io.ballast.octavia.loadbalancer.QuotaResource.LOAD_BALANCER;
import static io.ballast.octavia.loadbalancer.QuotaResource.MEMBER;
import static io.ballast.octavia.loadbalancer.Samples.blueprint;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.octavia.loadbalancer.ProjectQuota.Room;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.PoolProtocol;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a create is sent for a quota as it was read, and for how long that is believed. */
class ProjectQuotaTest {
    private static final Instant READ = Instant.parse("2026-01-01T00:00:00Z");
    private static final Blueprint WANTED = blueprint(
            List.of(Samples.listener(ListenerProtocol.TCP, 80, "a"), Samples.listener(ListenerProtocol.TCP, 443, "b")),
            List.of(
                    Samples.pool("a", PoolProtocol.TCP, Samples.members(1, 2)),
                    Samples.pool("b", PoolProtocol.TCP, Samples.members(1, 1))));

    @Test
    void refusesACreateBeyondTheLimitWithNumbers() {
        assertThat(of(3, 3).refusal(WANTED, "shop")).hasValueSatisfying(failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.QUOTA);
            assertThat(failure.message()).isEqualTo("load balancers of project shop: limit 3, in use 3");
        });
        assertThat(of(0, 0).refusal(WANTED, "shop")).isPresent();
        assertThat(of(2, 3).refusal(WANTED, "shop")).as("lowered since").isPresent();
    }

    @Test
    void refusesACreateWhoseChildrenAreBeyondTheLimitWithNumbersOfEach() {
        // Given
        var quota = new ProjectQuota(
                Map.of(LOAD_BALANCER, new Room(9, 1, 0), MEMBER, new Room(10, 8, 0), LISTENER, new Room(3, 2, 0)),
                READ);

        // When
        var refusal = quota.refusal(WANTED, "shop");

        // Then
        assertThat(refusal)
                .map(Failure::message)
                .contains(
                        "listeners of project shop: limit 3, in use 2, needed 2; members of project shop: limit 10, in use 8, needed 3");
        assertThat(quota.refusal(WANTED.bare(), "shop")).isEmpty();
    }

    @Test
    void refusesNothingWithoutALimit() {
        assertThat(ProjectQuota.unlimited(READ).afterCreate(WANTED).refusal(WANTED, "shop"))
                .isEmpty();
    }

    @Test
    void countsItsOwnCreatesAndBelievesNoRefusalThatRestsOnThem() {
        // Given
        var one = of(2, 1);

        // When
        var none = one.afterCreate(WANTED);

        // Then
        assertThat(one.refusal(WANTED, "shop")).isEmpty();
        assertThat(one.isKnown(WANTED, READ.plusSeconds(59))).isTrue();
        assertThat(none.isKnown(WANTED, READ)).as("the create may have failed").isFalse();
    }

    @Test
    void isReadAgainAfterAMinuteOrSoonerWhenItIsUsedUp() {
        assertThat(ProjectQuota.unlimited(READ).isKnown(WANTED, READ.plusSeconds(60)))
                .isFalse();
        assertThat(of(1, 0).isKnown(WANTED, READ.plusSeconds(60))).isFalse();
        assertThat(of(1, 1).isKnown(WANTED, READ.plusSeconds(9))).isTrue();
        assertThat(of(1, 1).isKnown(WANTED, READ.plusSeconds(10))).isFalse();
    }

    private static ProjectQuota of(int limit, int used) {
        return new ProjectQuota(Map.of(LOAD_BALANCER, new Room(limit, used, 0)), READ);
    }
}
