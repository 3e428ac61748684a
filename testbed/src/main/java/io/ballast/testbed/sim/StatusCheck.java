package io.ballast.testbed.sim;

import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * R17: the status of a Service is truthful. A row lives from its first record to its tombstone. The counters of a Service
 * go on from what stands in the topics, so they may begin again after a tombstone and never within a life:
 *
 * <ul>
 *   <li>the incarnation never falls, and in one incarnation neither the generation nor the applied generation does;
 *   <li>a generation has one end: it is applied, or a greater one takes its place and it is never applied afterwards. So the
 *       applied generation rises only to the generation of its own record, and ACTIVE means that the two are equal;
 *   <li>DELETED is the last word about an incarnation, and the last before a tombstone;
 *   <li>a uid that was DELETED because its Service was gone is never served again, in this life or a later one: what may
 *       follow is OBSERVED, DELETING and DELETED, with nothing applied. Only Kubernetes can bring the uid back, when it is
 *       restored from a backup.
 * </ul>
 *
 * Records of incarnation 0 tell what was found, or refused before there was anything: they belong to no incarnation.
 */
final class StatusCheck {
    private record Life(String uid, long incarnation) {}

    private final Map<String, LoadBalancerStatus> rows = new HashMap<>();
    private final Map<String, Set<Life>> deleted = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final List<String> violations;

    StatusCheck(List<String> violations) {
        this.violations = violations;
    }

    /** Every topic was deleted: all lives end there. */
    void lost() {
        rows.clear();
        deleted.clear();
    }

    /** Kubernetes was restored, and these uids are there again that were gone or leaving. */
    void restored(Set<String> uids) {
        ended.removeAll(uids);
    }

    /** A tombstone. */
    void over(String key) {
        var last = rows.remove(key);
        if (last != null && last.phase() != LoadBalancerPhase.DELETED) {
            violations.add("the status of %s ended as %s".formatted(key, last.phase()));
        }
        deleted.remove(key);
    }

    /**
     * A status record.
     *
     * @param isGone whether the Service was said to be gone, and is
     */
    void told(String key, LoadBalancerStatus status, boolean isGone) {
        if (status.incarnation() == 0) {
            return;
        }
        var before = rows.put(key, status);
        if (before != null) {
            follows(key, before, status);
        }
        if (status.appliedGeneration() > status.generation()) {
            violations.add("%s applied generation %d, and %d is the newest"
                    .formatted(key, status.appliedGeneration(), status.generation()));
        }
        if (status.phase() == LoadBalancerPhase.ACTIVE && status.appliedGeneration() != status.generation()) {
            violations.add("%s is ACTIVE at generation %d, and %d is applied"
                    .formatted(key, status.generation(), status.appliedGeneration()));
        }
        ends(key, status, isGone);
    }

    private void follows(String key, LoadBalancerStatus before, LoadBalancerStatus after) {
        if (after.incarnation() < before.incarnation()) {
            violations.add(
                    "%s went back from incarnation %d to %d".formatted(key, before.incarnation(), after.incarnation()));
        }
        if (life(before).equals(life(after))) {
            if (after.generation() < before.generation()) {
                violations.add("%s went back from generation %d to %d"
                        .formatted(key, before.generation(), after.generation()));
            }
            if (after.appliedGeneration() < before.appliedGeneration()) {
                violations.add("%s went back from applied generation %d to %d"
                        .formatted(key, before.appliedGeneration(), after.appliedGeneration()));
            }
        }
        var applied = life(before).equals(life(after)) ? before.appliedGeneration() : 0;
        if (after.appliedGeneration() > applied && after.appliedGeneration() != after.generation()) {
            violations.add("%s applied generation %d after %d had taken its place"
                    .formatted(key, after.appliedGeneration(), after.generation()));
        }
    }

    private void ends(String key, LoadBalancerStatus status, boolean isGone) {
        var over = deleted.computeIfAbsent(key, ignored -> new HashSet<>());
        if (status.phase() == LoadBalancerPhase.DELETED) {
            over.add(life(status));
            if (isGone) {
                ended.add(status.serviceUid());
            }
        } else if (over.contains(life(status))) {
            violations.add("%s is %s after incarnation %d of %s was DELETED"
                    .formatted(key, status.phase(), status.incarnation(), status.serviceUid()));
        } else if (ended.contains(status.serviceUid()) && status.phase() != LoadBalancerPhase.DELETING) {
            violations.add("%s is %s, and Service %s was gone and DELETED"
                    .formatted(key, status.phase(), status.serviceUid()));
        }
    }

    private static Life life(LoadBalancerStatus status) {
        return new Life(status.serviceUid(), status.incarnation());
    }
}
