package io.ballast.watcher.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * One entry of status.conditions. Source: Kubernetes meta/v1 Condition.
 *
 * @param type qualified name
 * @param status True, False or Unknown
 * @param reason one CamelCase word
 * @param message for people
 * @param lastTransitionTime RFC 3339, as Kubernetes wrote it; null when absent
 * @param observedGeneration generation it speaks of; null when absent
 */
public record ConditionFacts(
        String type,
        String status,
        String reason,
        String message,
        @Nullable String lastTransitionTime,
        @Nullable Long observedGeneration) {
    boolean isTrue() {
        return status.equals("True");
    }
}
