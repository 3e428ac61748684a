package io.ballast.testbed.sim;

import io.ballast.runtime.shell.LogRecord;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.KnownSchemas;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.Outcome;
import io.ballast.schemas.contract.OutcomeKind;
import io.ballast.schemas.contract.SnapshotState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Reads every record as it is committed and says what no history may contain: an older state after a newer one (R6, {@link
 * OrderCheck}), a status that is not truthful (R17, {@link StatusCheck}), two calls of one owner for one Service at a time
 * (R27), two calls that go by one id, an address that two Services hold.
 */
final class HistoryCheck {
    private record Owner(String service, String key, long epoch) {}

    private final KnownSchemas schemas = new KnownSchemas();
    private final Set<String> gone = new HashSet<>();
    private final Map<Owner, String> running = new HashMap<>();
    private final Set<String> started = new HashSet<>();
    private final Map<String, Set<String>> held = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private final StatusCheck statuses = new StatusCheck(violations);
    private final OrderCheck order = new OrderCheck(violations);
    private final CRC32C fingerprint = new CRC32C();
    private long writes;
    private final Predicate<String> isAlive;

    /**
     * Nothing has happened yet.
     *
     * @param isAlive whether a Service with this uid exists in Kubernetes and is not being deleted
     */
    HistoryCheck(Predicate<String> isAlive) {
        this.isAlive = isAlive;
    }

    List<String> violations() {
        return violations;
    }

    /** The same for two runs that wrote the same records in the same order. */
    long fingerprint() {
        return fingerprint.getValue();
    }

    /** How many records were written; those do not count that only say that all was looked at again. */
    long writes() {
        return writes;
    }

    /** Whom to tell what happens in Kubernetes. */
    OrderCheck order() {
        return order;
    }

    /** Kubernetes was restored from a backup, and these uids are there again that were gone or leaving. */
    void restored(Set<String> uids) {
        gone.removeAll(uids);
        statuses.restored(uids);
    }

    /** Every topic was deleted. */
    void lost() {
        statuses.lost();
        running.clear();
        held.clear();
    }

    void committed(LogRecord record) {
        fingerprint.update(record.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        var bytes = record.value();
        if (bytes != null) {
            fingerprint.update(bytes);
        }
        var topic = record.at().topic();
        if (!topic.equals(Topics.CLUSTERS.name())) {
            writes++;
        }
        var key = record.key();
        if (topic.equals(Topics.LOAD_BALANCER_STATUS.name())) {
            if (bytes == null) {
                statuses.over(key);
            } else {
                var status = Encoding.decode(Topics.LOAD_BALANCER_STATUS, bytes, schemas);
                statuses.told(key, status, gone.contains(status.serviceUid()) && !isAlive.test(status.serviceUid()));
            }
        } else if (topic.equals(Topics.SERVICES.name()) && bytes != null) {
            var snapshot = Encoding.decode(Topics.SERVICES, bytes, schemas);
            if (snapshot.state() == SnapshotState.GONE) {
                gone.add(snapshot.uid());
                order.toldGone(key, snapshot.uid());
            } else {
                order.told(key, snapshot.uid(), snapshot.resourceVersion());
            }
        } else if (topic.equals(Topics.ENDPOINT_SLICES.name()) && bytes != null) {
            var slice = Encoding.decode(Topics.ENDPOINT_SLICES, bytes, schemas);
            order.told(key, slice.uid(), slice.resourceVersion());
        } else if (topic.equals(Topics.LOAD_BALANCER_OUTCOMES.name()) && bytes != null) {
            outcome(key, Encoding.decode(Topics.LOAD_BALANCER_OUTCOMES, bytes, schemas));
        } else if (topic.equals(Topics.ADDRESS_ALLOCATIONS.name())) {
            held.remove(key);
            if (bytes != null) {
                allocation(key, Encoding.decode(Topics.ADDRESS_ALLOCATIONS, bytes, schemas));
            }
        }
    }

    private void outcome(String key, Outcome outcome) {
        var owner = new Owner(outcome.service(), key, outcome.epoch());
        if (outcome.kind() == OutcomeKind.STARTED) {
            if (!started.add(outcome.service() + " " + outcome.call())) {
                violations.add("%s was started twice".formatted(outcome.call()));
            }
            var before = running.put(owner, outcome.call());
            if (before != null) {
                violations.add("%s was started while %s had no end".formatted(outcome.call(), before));
            }
        } else {
            running.remove(owner, outcome.call());
        }
    }

    private void allocation(String key, AddressAllocation row) {
        var externals = Stream.concat(row.externals().stream(), row.lettingGo().stream())
                .filter(external -> external.state() == AllocationState.GRANTED)
                .map(GrantedExternal::address)
                .filter(Objects::nonNull);
        var addresses = Stream.concat(row.vips().stream().map(GrantedVip::address), externals)
                .collect(Collectors.toCollection(TreeSet::new));
        held.forEach((other, theirs) -> addresses.stream()
                .filter(theirs::contains)
                .forEach(address -> violations.add("%s and %s both hold %s".formatted(key, other, address))));
        held.put(key, addresses);
    }
}
