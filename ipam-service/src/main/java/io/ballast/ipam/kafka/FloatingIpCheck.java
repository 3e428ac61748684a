package io.ballast.ipam.kafka;

import io.ballast.ipam.allocation.AllocationEvent;
import io.ballast.ipam.allocation.FloatingIp;
import io.ballast.ipam.allocation.IpamAnswer;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.allocation.KeptFloatingIps;
import io.ballast.ipam.allocation.Ledger;
import io.ballast.runtime.shell.Pass;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares what was granted with one list of all floating IPs, now and then: whoever deletes one behind our back is found
 * out even when nothing else is to be done. A list raises a doubt and proves nothing. Counts the replacements too, so that
 * they stay few however many have vanished.
 */
final class FloatingIpCheck {
    private static final Duration RETRY = Duration.ofMinutes(1);
    private static final Duration RETRY_LOST = Duration.ofSeconds(5);

    /** Replacements in this time are at most {@link #REPLACED_MIN}, or this part of all that is granted. */
    private static final Duration WINDOW = Duration.ofMinutes(10);

    private static final int REPLACED_MIN = 3;
    private static final int REPLACED_PART = 5;

    private final Duration every;
    private final Deque<Instant> replaced = new ArrayDeque<>();
    private Set<String> asked = Set.of();
    private Set<String> keptMissing = Set.of();
    private Set<String> lost = Set.of();
    private Instant due;

    /** @param first when the first comparison is due */
    FloatingIpCheck(Duration every, Instant first) {
        this.every = every;
        this.due = first;
    }

    /** The records of these pools, which would tell what is kept, are not there: Neutron is asked before anything is granted. */
    void lose(Set<String> pools, Instant now) {
        lost = pools;
        due = pools.isEmpty() ? due : now;
    }

    /** Pools of which it is not known yet what is kept. */
    Set<String> lost() {
        return lost;
    }

    Pass<IpamCall> pass(Ledger ledger, Instant now, boolean isNeutronRead) {
        if (!lost.isEmpty() && !isNeutronRead) {
            return Pass.nothing(); // asked again when it is
        }
        if (due.isAfter(now)) {
            return Pass.later(due);
        }
        asked = ledger.floatingIps().keySet();
        due = now.plus(every);
        return lost.isEmpty() && asked.isEmpty() && ledger.kept().isEmpty()
                ? Pass.later(due)
                : Pass.call(new IpamCall.ListAllFloatingIps());
    }

    /** What was kept before its records were lost, once. */
    List<AllocationEvent.Rested> keptBefore(IpamAnswer answer, Ledger ledger) {
        if (lost.isEmpty() || isToBeAskedAgain(answer)) {
            return List.of();
        }
        var kept = answer instanceof IpamAnswer.Found(var found)
                ? KeptFloatingIps.found(found, lost, ledger)
                : List.<AllocationEvent.Rested>of();
        lost = Set.of();
        return kept;
    }

    /** Credentials that may not list will not be allowed to in a minute either. */
    private static boolean isToBeAskedAgain(IpamAnswer answer) {
        return answer instanceof IpamAnswer.Failed failed
                && failed.kind() != IpamAnswer.Failed.Kind.FORBIDDEN
                && failed.kind() != IpamAnswer.Failed.Kind.REFUSED;
    }

    /** Those granted before the list began and still, which it does not show, by id. */
    Map<String, ServiceKey> answered(IpamAnswer answer, Ledger ledger, Instant now) {
        if (!(answer instanceof IpamAnswer.Found(var found))) {
            var retry = lost.isEmpty() ? RETRY : RETRY_LOST;
            due = now.plus(retry.compareTo(every) < 0 ? retry : every);
            return Map.of();
        }
        var shown = found.stream().map(FloatingIp::id).collect(Collectors.toCollection(HashSet::new));
        var missing = new TreeMap<>(ledger.floatingIps());
        missing.keySet().retainAll(asked);
        missing.keySet().removeAll(shown);
        return missing;
    }

    /** What was kept and is there no more, because somebody deleted it: two lists in a row do not show it. */
    List<AllocationEvent.RestEnded> keptNoMore(IpamAnswer answer, Ledger ledger) {
        if (!(answer instanceof IpamAnswer.Found(var found))) {
            return List.of();
        }
        var missing = new TreeMap<>(ledger.kept());
        found.forEach(floatingIp -> missing.remove(floatingIp.id()));
        var gone = missing.entrySet().stream()
                .filter(each -> keptMissing.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        keptMissing = new TreeSet<>(missing.keySet());
        return gone;
    }

    /** Notes whether a decision gave up a floating IP that is not there any more. */
    void decided(Dealings known, @Nullable AddressAllocation before, @Nullable AddressAllocation after, Instant now) {
        if (before == null || after == null) {
            return;
        }
        var left = ids(after);
        ids(before).stream()
                .filter(id -> !left.contains(id) && known.isGone(id))
                .forEach(id -> {
                    known.replaced(id, now);
                    replaced.addLast(now);
                });
    }

    private static Set<String> ids(AddressAllocation row) {
        return row.externals().stream()
                .map(GrantedExternal::floatingIpId)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Until when no more are replaced; null for at once. */
    @Nullable
    Instant replaceNotBefore(Ledger ledger, Instant now) {
        while (!replaced.isEmpty() && !replaced.getFirst().plus(WINDOW).isAfter(now)) {
            replaced.removeFirst();
        }
        if (replaced.size() < REPLACED_MIN) {
            return null;
        }
        int max = Math.max(REPLACED_MIN, ledger.floatingIps().size() / REPLACED_PART);
        return replaced.size() < max ? null : replaced.getFirst().plus(WINDOW);
    }
}
