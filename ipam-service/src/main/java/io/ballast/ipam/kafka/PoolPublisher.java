package io.ballast.ipam.kafka;

import io.ballast.ipam.allocation.Ledger;
import io.ballast.ipam.allocation.PoolStatuses;
import io.ballast.ipam.allocation.Rules;
import io.ballast.runtime.shell.Output;
import io.ballast.runtime.shell.Tables;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressPoolStatus;
import io.ballast.schemas.contract.Finding;
import io.ballast.schemas.contract.PoolKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The records of the topic address-pools, which tools read and which remember what rests. */
final class PoolPublisher {
    private final Ledger ledger;
    private final Tables tables;
    private final RestingRecords resting;

    PoolPublisher(Ledger ledger, Tables tables) {
        this.ledger = ledger;
        this.tables = tables;
        this.resting = new RestingRecords(ledger, tables);
    }

    RestingRecords resting() {
        return resting;
    }

    /** How each pool stands, by name. */
    Map<String, AddressPoolStatus> statuses(Map<String, List<Finding>> findings) {
        return PoolStatuses.of(ledger, findings);
    }

    /**
     * The records that differ from those published; tombstones for pools that are no longer configured.
     *
     * @param unknown pools of which it is not known yet what rests in them: nothing is written of these
     */
    List<Output<?>> changed(Map<String, AddressPoolStatus> statuses, Set<String> unknown) {
        var wanted = new TreeMap<String, AddressPoolStatus>();
        statuses.forEach((pool, status) -> {
            if (!unknown.contains(pool)) {
                wanted.putAll(resting.of(pool, status));
            }
        });
        var records = new ArrayList<Output<?>>();
        var published = tables.of(Topics.ADDRESS_POOLS);
        wanted.forEach((key, status) -> {
            if (published.get(key).filter(status::equals).isEmpty()) {
                records.add(Output.single(Topics.ADDRESS_POOLS, key, status));
            }
        });
        for (var key : published.rows().keySet()) {
            if (!wanted.containsKey(key) && !unknown.contains(key)) {
                records.add(Output.single(Topics.ADDRESS_POOLS, key, null));
            }
        }
        return records;
    }

    /** Floating pools, when the record of none is there: what was kept is to be found otherwise. */
    Set<String> lost() {
        boolean isThere = tables.of(Topics.ADDRESS_POOLS).rows().values().stream()
                .anyMatch(status ->
                        status.kind() == PoolKind.EXTERNAL && status.ranges().isEmpty());
        return isThere
                ? Set.of()
                : ledger.rules().externals().stream()
                        .filter(Rules.ExternalPool::isFloating)
                        .map(Rules.ExternalPool::name)
                        .collect(Collectors.toCollection(TreeSet::new));
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
