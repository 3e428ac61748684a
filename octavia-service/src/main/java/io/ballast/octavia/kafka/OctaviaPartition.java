package io.ballast.octavia.kafka;

import io.ballast.runtime.shell.Key;
import io.ballast.runtime.shell.Tables;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.Inventory;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One owned partition: its tables, and what was seen since it is owned. */
final class OctaviaPartition {
    final int number;
    final long epoch;
    final Map<String, ServiceMemory> memories = new TreeMap<>();
    final PodAccesses.Round podAccess = new PodAccesses.Round();

    /** Keys whose inputs changed since they last came to rest: a person waits for them. Others are only checked. */
    final Set<String> urgent = new HashSet<>();

    private final Tables tables;
    private long writes;

    /** When the first list taken in this ownership was answered; null before. */
    @Nullable
    Instant listedAt;

    /** Whether the inventory marker of this ownership is written. */
    boolean isMarked;

    /** Offset after the last status written; that of the last marker before the first. */
    long statusOffset;

    /** When everything is listed once more, because a call of an earlier owner may have ended late; null once done. */
    @Nullable
    Instant recheckAt;

    /**
     * Counting on from the last marker is not enough: {@code inventories} is one partition, an open transaction of another
     * owner hides what was committed behind it, and the next owner would count from the same marker again. So the time of
     * opening counts, and never less than the marker says, should clocks differ.
     */
    OctaviaPartition(int number, Tables tables, Instant openedAt, Instant recheckAt) {
        this.number = number;
        this.tables = tables;
        this.recheckAt = recheckAt;
        var last = lastMarker();
        epoch = Math.max(last.map(Inventory::epoch).orElse(0L) + 1, openedAt.toEpochMilli());
        statusOffset = last.map(Inventory::statusOffset).orElse(0L);
    }

    private Optional<Inventory> lastMarker() {
        return tables.of(Topics.INVENTORIES).get(Integer.toString(number));
    }

    boolean isListed() {
        return listedAt != null;
    }

    /** What is remembered of a key; begins empty. */
    ServiceMemory memory(String key) {
        return memories.computeIfAbsent(key, _ -> new ServiceMemory());
    }

    @Nullable
    DesiredLoadBalancer desired(String key) {
        return tables.of(Topics.DESIRED_LOAD_BALANCERS).get(key).orElse(null);
    }

    @Nullable
    AddressAllocation allocation(String key) {
        return tables.of(Topics.ADDRESS_ALLOCATIONS).get(key).orElse(null);
    }

    @Nullable
    LoadBalancerStatus status(String key) {
        return tables.of(Topics.LOAD_BALANCER_STATUS).get(key).orElse(null);
    }

    Map<String, LoadBalancerStatus> statuses() {
        return tables.of(Topics.LOAD_BALANCER_STATUS).rows();
    }

    /** Whether a person waits: the status does not show yet what is desired. */
    boolean isBehind(String key) {
        var desired = desired(key);
        var status = status(key);
        if (desired == null || status == null) {
            return desired != null;
        }
        return status.incarnation() != desired.incarnation()
                || status.appliedGeneration() < desired.generation()
                || (desired.state() == DesiredState.ABSENT && status.phase() != LoadBalancerPhase.DELETED);
    }

    /** Every key that a table or OpenStack speaks of. */
    SortedSet<String> keys() {
        var keys = new TreeSet<>(tables.of(Topics.DESIRED_LOAD_BALANCERS).rows().keySet());
        keys.addAll(tables.of(Topics.LOAD_BALANCER_STATUS).rows().keySet());
        keys.addAll(memories.keySet());
        return keys;
    }

    /** Identity of the next write: unique over all owners, because each has its own epoch. */
    String nextCall(String key) {
        return key + "/" + epoch + "/" + ++writes;
    }

    Key key(String name) {
        return new Key(number, name);
    }
}
