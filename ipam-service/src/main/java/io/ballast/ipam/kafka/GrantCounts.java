package io.ballast.ipam.kafka;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.GrantedExternal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was granted and what not, since the process began. Counted by the thread of the shell, read by any. */
public final class GrantCounts {
    private final AtomicLong vips = new AtomicLong();
    private final AtomicLong externals = new AtomicLong();
    private final Map<AllocationReason, AtomicLong> notGranted = new EnumMap<>(AllocationReason.class);

    GrantCounts() {
        for (var reason : AllocationReason.values()) {
            notGranted.put(reason, new AtomicLong());
        }
    }

    /** VIP addresses granted. */
    public long vips() {
        return vips.get();
    }

    /** External addresses granted. */
    public long externals() {
        return externals.get();
    }

    /** Answers that said for this reason, and had not said so before, that something is not granted. */
    public long notGranted(AllocationReason reason) {
        return Objects.requireNonNull(notGranted.get(reason)).get();
    }

    void note(@Nullable AddressAllocation before, @Nullable AddressAllocation after) {
        if (after == null) {
            return;
        }
        var known = before != null && before.incarnation() == after.incarnation() ? before : null;
        if (after.state() == AllocationState.GRANTED && (known == null || known.state() != AllocationState.GRANTED)) {
            vips.addAndGet(after.vips().size());
        }
        var added = new HashSet<>(addresses(after));
        added.removeAll(known == null ? Set.of() : addresses(known));
        externals.addAndGet(added.size());
        var reasons = NeutronWatch.reasons(after);
        reasons.removeAll(known == null ? Collections.emptySet() : NeutronWatch.reasons(known));
        reasons.forEach(reason -> Objects.requireNonNull(notGranted.get(reason)).incrementAndGet());
    }

    private static Set<String> addresses(AddressAllocation row) {
        return row.externals().stream()
                .map(GrantedExternal::address)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }
}
