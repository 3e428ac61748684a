package io.ballast.testbed.ipam;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.GrantedVip;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who holds which address, record by record of address-allocations, and what of that must never be. */
final class Holders {
    private final Map<String, String> holders = new HashMap<>();
    private final Map<String, Set<String>> held = new HashMap<>();
    private final Map<String, Set<String>> everHeld = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    /** @param row null for a tombstone */
    void read(String service, @Nullable AddressAllocation row) {
        var before = held.getOrDefault(service, Set.of());
        var now = row == null ? Set.<String>of() : addresses(row);
        boolean isOver = row == null || row.state() == AllocationState.RELEASED;
        if (!isOver && !now.containsAll(before)) {
            violations.add("%s held %s and now holds %s".formatted(service, before, now));
        }
        before.stream().filter(address -> !now.contains(address)).forEach(address -> holders.remove(address, service));
        for (var address : now) {
            var other = holders.putIfAbsent(address, service);
            if (other != null && !other.equals(service)) {
                violations.add("%s is granted to %s while %s holds it".formatted(address, service, other));
            }
            everHeld.computeIfAbsent(address, _ -> new HashSet<>()).add(service);
        }
        held.put(service, now);
    }

    /** In words; empty when no address was ever held twice and no holder changed. */
    List<String> violations() {
        return List.copyOf(violations);
    }

    /** Services that hold an address at the end. */
    Set<String> services() {
        return held.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Services that held an address at any time. */
    Set<String> everServed() {
        return everHeld.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    }

    /** Addresses that several Services held, one after another. */
    long reused() {
        return everHeld.values().stream().filter(each -> each.size() > 1).count();
    }

    private static Set<String> addresses(AddressAllocation row) {
        return Stream.concat(
                        row.vips().stream().map(GrantedVip::address),
                        Stream.concat(row.externals().stream(), row.lettingGo().stream())
                                .filter(external -> external.state() == AllocationState.GRANTED)
                                .map(GrantedExternal::address))
                .collect(Collectors.toSet());
    }
}
