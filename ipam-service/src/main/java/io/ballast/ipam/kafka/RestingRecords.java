package io.ballast.ipam.kafka;

import io.ballast.ipam.allocation.AllocationEvent;
import io.ballast.ipam.allocation.Kept;
import io.ballast.ipam.allocation.Ledger;
import io.ballast.ipam.allocation.PoolStatuses;
import io.ballast.runtime.shell.Output;
import io.ballast.runtime.shell.Tables;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressPoolStatus;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.QuarantinedAddress;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the addresses that rest are written down. A pool's own record lists them as long as they are few; when they become
 * many they go to {@value #SHARDS} records beside it, {@code POOL/resting/NN}, each address always to the same one, so that no
 * record grows too large and a release writes a small part. When they have become few they come back. A switch writes all of
 * these records in one transaction.
 */
final class RestingRecords {
    /** The most that a pool's own record lists. */
    static final int LISTED_MAX = 1_000;

    /** As many come back, so that a pool does not go to and fro. */
    static final int LISTED_AGAIN = LISTED_MAX / 2;

    static final int SHARDS = 64;

    private static final String BESIDE = "/resting/";

    private final Ledger ledger;
    private final Tables tables;

    RestingRecords(Ledger ledger, Tables tables) {
        this.ledger = ledger;
        this.tables = tables;
    }

    /** Whether a key is that of a record beside a pool's own. */
    static boolean isBeside(String key) {
        return key.contains(BESIDE);
    }

    /** What rested when the records were written. */
    List<AllocationEvent> restore() {
        var events = new ArrayList<AllocationEvent>();
        tables.of(Topics.ADDRESS_POOLS).rows().forEach((key, status) -> {
            var pool = isBeside(key) ? key.substring(0, key.indexOf(BESIDE)) : key;
            status.quarantined().forEach(resting -> rested(pool, resting).ifPresent(events::add));
        });
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

    /** The records of a pool by key, as they are to be: its own with what it lists, and those beside it. */
    SortedMap<String, AddressPoolStatus> of(String pool, AddressPoolStatus status) {
        var records = new TreeMap<String, AddressPoolStatus>();
        if (!isSplit(pool, status.quarantined().size())) {
            records.put(pool, status);
            return records;
        }
        records.put(pool, listing(status, List.of()));
        var shards = new TreeMap<String, List<QuarantinedAddress>>();
        for (int shard = 0; shard < SHARDS; shard++) {
            shards.put(key(pool, shard), new ArrayList<>());
        }
        for (var resting : status.quarantined()) {
            shards.computeIfAbsent(key(pool, IpAddress.of(resting.address())), _ -> new ArrayList<>())
                    .add(resting);
        }
        shards.forEach((key, resting) -> records.put(key, listing(beside(status), resting)));
        return records;
    }

    /** What is to be written when an address began or ceased to rest. */
    List<Output<?>> changed(String pool, IpAddress address) {
        var own = tables.of(Topics.ADDRESS_POOLS)
                .get(pool)
                .or(() -> Optional.ofNullable(PoolStatuses.of(ledger, Map.of()).get(pool)))
                .orElseThrow(() -> new IllegalStateException("no pool is named " + pool));
        var now = listing(own, PoolStatuses.resting(pool, ledger));
        var records = of(pool, now);
        var shard = key(pool, address);
        if (records.containsKey(shard) && wasSplit(pool)) {
            return List.of(Output.single(Topics.ADDRESS_POOLS, shard, records.get(shard)));
        }
        var outputs = new ArrayList<Output<?>>();
        records.forEach((key, record) -> outputs.add(Output.single(Topics.ADDRESS_POOLS, key, record)));
        tables.of(Topics.ADDRESS_POOLS).rows().keySet().stream()
                .filter(key -> key.startsWith(pool + BESIDE) && !records.containsKey(key))
                .forEach(key -> outputs.add(Output.single(Topics.ADDRESS_POOLS, key, null)));
        return outputs;
    }

    private boolean isSplit(String pool, int resting) {
        return resting > LISTED_MAX || (resting > LISTED_AGAIN && wasSplit(pool));
    }

    private boolean wasSplit(String pool) {
        return tables.of(Topics.ADDRESS_POOLS).get(key(pool, 0)).isPresent();
    }

    private static String key(String pool, IpAddress address) {
        return key(pool, Math.floorMod(Long.hashCode(address.high() * 31 + address.low()), SHARDS));
    }

    private static String key(String pool, int shard) {
        return "%s%s%02d".formatted(pool, BESIDE, shard);
    }

    /** Counts nothing, so that sums over all records are right. */
    private static AddressPoolStatus beside(AddressPoolStatus status) {
        return new AddressPoolStatus(
                status.kind(),
                status.cluster(),
                status.family(),
                List.of(),
                0,
                0,
                0,
                0,
                List.of(),
                List.of(),
                List.of());
    }

    private static AddressPoolStatus listing(AddressPoolStatus status, List<QuarantinedAddress> resting) {
        return new AddressPoolStatus(
                status.kind(),
                status.cluster(),
                status.family(),
                status.ranges(),
                status.capacity(),
                status.used(),
                status.free(),
                status.waiting(),
                resting,
                status.conflicting(),
                status.findings());
    }
}
