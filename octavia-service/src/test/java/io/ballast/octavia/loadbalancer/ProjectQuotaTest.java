package io.ballast.octavia.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When a create is sent for a quota as it was read, and for how long that is believed. */
class ProjectQuotaTest {
    private static final Instant READ = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void refusesACreateBeyondTheLimitWithNumbers() {
        assertThat(ProjectQuota.of(3, 3, READ).refusal("shop")).hasValueSatisfying(failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.QUOTA);
            assertThat(failure.message()).isEqualTo("load balancers of project shop: limit 3, in use 3");
        });
        assertThat(ProjectQuota.of(0, 0, READ).refusal("shop")).isPresent();
        assertThat(ProjectQuota.of(2, 3, READ).refusal("shop"))
                .as("lowered since")
                .isPresent();
    }

    @Test
    void refusesNothingWithoutALimit() {
        assertThat(ProjectQuota.unlimited(READ).afterCreate().refusal("shop")).isEmpty();
    }

    @Test
    void countsItsOwnCreatesAndBelievesNoRefusalThatRestsOnThem() {
        // Given
        var one = ProjectQuota.of(2, 1, READ);

        // When
        var none = one.afterCreate();

        // Then
        assertThat(one.refusal("shop")).isEmpty();
        assertThat(one.isKnown(READ.plusSeconds(59))).isTrue();
        assertThat(none.isKnown(READ)).as("the create may have failed").isFalse();
    }

    @Test
    void isReadAgainAfterAMinuteOrSoonerWhenItIsUsedUp() {
        assertThat(ProjectQuota.unlimited(READ).isKnown(READ.plusSeconds(60))).isFalse();
        assertThat(ProjectQuota.of(1, 0, READ).isKnown(READ.plusSeconds(60))).isFalse();
        assertThat(ProjectQuota.of(1, 1, READ).isKnown(READ.plusSeconds(9))).isTrue();
        assertThat(ProjectQuota.of(1, 1, READ).isKnown(READ.plusSeconds(10))).isFalse();
    }
}
