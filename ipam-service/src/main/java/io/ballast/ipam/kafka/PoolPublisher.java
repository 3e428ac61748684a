package io.ballast.ipam.kafka;

import io.ballast.ipam.allocation.AllocationEvent;
import io.ballast.ipam.allocation.Kept;
import io.ballast.ipam.allocation.Ledger;
import io.ballast.ipam.allocation.PoolStatuses;
import io.ballast.ipam.allocation.Rules;
import io.ballast.runtime.shell.Output;
import io.ballast.runtime.shell.Tables;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressPoolStatus;
import io.ballast.schemas.contract.Finding;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.QuarantinedAddress;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The records of the topic address-pools, which tools read and which remember what rests. */
final class PoolPublisher {
    private final Ledger ledger;
    private final Tables tables;

    PoolPublisher(Ledger ledger, Tables tables) {
        this.ledger = ledger;
        this.tables = tables;
    }

    /** What rested when the records were written. */
    List<AllocationEvent> resting() {
        var events = new ArrayList<AllocationEvent>();
        tables.of(Topics.ADDRESS_POOLS)
                .rows()
                .forEach((pool, status) -> status.quarantined()
                        .forEach(resting -> rested(pool, resting).ifPresent(events::add)));
        return events;
    }

    private static Optional<AllocationEvent> rested(String pool, QuarantinedAddress resting) {
        try {
            return Optional.of(new AllocationEvent.Rested(
                    pool,
                    IpAddress.of(resting.address()),
                    ServiceKey.parse(resting.lastHolder()),
                    Instant.ofEpochMilli(resting.untilEpochMillis()),
                    resting.kept() ? new Kept(resting.floatingIpId(), resting.floatingNetworkId()) : null));
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // not written by this service
        }
    }

    /** The record of a pool with what rests in it now, everything else as it was published. */
    Output<AddressPoolStatus> restingRecord(String pool) {
        var before = tables.of(Topics.ADDRESS_POOLS)
                .get(pool)
                .or(() -> Optional.ofNullable(PoolStatuses.of(ledger, Map.of()).get(pool)))
                .orElseThrow(() -> new IllegalStateException("no pool is named " + pool));
        return Output.single(
                Topics.ADDRESS_POOLS,
                pool,
                new AddressPoolStatus(
                        before.kind(),
                        before.cluster(),
                        before.family(),
                        before.ranges(),
                        before.capacity(),
                        before.used(),
                        before.free(),
                        before.waiting(),
                        PoolStatuses.resting(pool, ledger),
                        before.conflicting(),
                        before.findings()));
    }

    /** How each pool stands, by name. */
    Map<String, AddressPoolStatus> statuses(Map<String, List<Finding>> findings) {
        return PoolStatuses.of(ledger, findings);
    }

    /** The records that differ from those published; tombstones for pools that are no longer configured. */
    List<Output<?>> changed(Map<String, AddressPoolStatus> statuses) {
        var records = new ArrayList<Output<?>>();
        var published = tables.of(Topics.ADDRESS_POOLS);
        statuses.forEach((pool, status) -> {
            if (published.get(pool).filter(status::equals).isEmpty()) {
                records.add(Output.single(Topics.ADDRESS_POOLS, pool, status));
            }
        });
        for (var pool : published.rows().keySet()) {
            if (!statuses.containsKey(pool)) {
                records.add(Output.single(Topics.ADDRESS_POOLS, pool, null));
            }
        }
        return records;
    }

    /** When the next address has rested; empty when none rests. */
    Optional<Instant> nextRested() {
        return ledger.rules().externals().stream()
                .map(Rules.ExternalPool::name)
                .flatMap(pool -> ledger.nextRested(pool).stream())
                .min(Instant::compareTo);
    }

    /** Clusters with an allocation that cannot be read; "*" when the key does not tell whose it is. */
    Set<String> unreadableClusters() {
        var unreadable = tables.of(Topics.ADDRESS_ALLOCATIONS).unreadable();
        if (unreadable.isEmpty()) {
            return Set.of();
        }
        var clusters = new HashSet<String>();
        unreadable.forEach(key -> clusters.add(key.indexOf('/') > 0 ? key.substring(0, key.indexOf('/')) : "*"));
        return clusters;
    }
}
