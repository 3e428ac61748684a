package io.ballast.testbed.sim;

import io.ballast.runtime.shell.LogRecord;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.KnownSchemas;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.Outcome;
import io.ballast.schemas.contract.OutcomeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Reads every record as it is committed and says what no history may contain: a status that goes back (R17), two calls of
 * one owner for one Service at a time (R27), an address that two Services hold.
 */
final class HistoryCheck {
    private record Incarnation(String key, String uid, long number) {}

    private record Owner(String service, String key, long epoch) {}

    private final KnownSchemas schemas = new KnownSchemas();
    private final Map<String, LoadBalancerStatus> statuses = new HashMap<>();
    private final Map<Incarnation, Long> applied = new HashMap<>();
    private final Map<Owner, String> running = new HashMap<>();
    private final Map<String, Set<String>> held = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private final CRC32C fingerprint = new CRC32C();

    List<String> violations() {
        return violations;
    }

    /** The same for two runs that wrote the same records in the same order. */
    long fingerprint() {
        return fingerprint.getValue();
    }

    /** Every topic was deleted. */
    void lost() {
        statuses.clear();
        applied.clear();
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
        var key = record.key();
        if (topic.equals(Topics.LOAD_BALANCER_STATUS.name())) {
            if (bytes == null) {
                statuses.remove(key); // over: a later life may count from 1 again
                applied.keySet().removeIf(incarnation -> incarnation.key().equals(key));
            } else {
                status(key, Encoding.decode(Topics.LOAD_BALANCER_STATUS, bytes, schemas));
            }
        } else if (topic.equals(Topics.LOAD_BALANCER_OUTCOMES.name()) && bytes != null) {
            outcome(key, Encoding.decode(Topics.LOAD_BALANCER_OUTCOMES, bytes, schemas));
        } else if (topic.equals(Topics.ADDRESS_ALLOCATIONS.name())) {
            held.remove(key);
            if (bytes != null) {
                allocation(key, Encoding.decode(Topics.ADDRESS_ALLOCATIONS, bytes, schemas));
            }
        }
    }

    /** Incarnation 0 is what was found or refused: it belongs to no life of a load balancer. */
    private void status(String key, LoadBalancerStatus status) {
        if (status.incarnation() == 0) {
            return;
        }
        var before = statuses.put(key, status);
        if (before != null && status.incarnation() < before.incarnation()) {
            violations.add("%s went back from incarnation %d to %d"
                    .formatted(key, before.incarnation(), status.incarnation()));
        }
        if (status.appliedGeneration() > status.generation()) {
            violations.add("%s applied generation %d, and %d is the newest"
                    .formatted(key, status.appliedGeneration(), status.generation()));
        }
        var most = applied.merge(
                new Incarnation(key, status.serviceUid(), status.incarnation()), status.appliedGeneration(), Math::max);
        if (status.appliedGeneration() < most) {
            violations.add(
                    "%s went back from applied generation %d to %d".formatted(key, most, status.appliedGeneration()));
        }
    }

    private void outcome(String key, Outcome outcome) {
        var owner = new Owner(outcome.service(), key, outcome.epoch());
        if (outcome.kind() == OutcomeKind.STARTED) {
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
                .collect(Collectors.toUnmodifiableSet());
        held.forEach((other, theirs) -> addresses.stream()
                .filter(theirs::contains)
                .forEach(address -> violations.add("%s and %s both hold %s".formatted(key, other, address))));
        held.put(key, addresses);
    }
}
