package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.ServiceKey;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was kept, after the records that told of it are lost: a floating IP with our description that leads nowhere and that
 * nobody holds outlived its Service, and is that Service's when it comes back. Nothing is deleted by this, and a Service
 * that is there takes its own by its description all the same.
 */
public final class KeptFloatingIps {
    private KeptFloatingIps() {}

    /**
     * The facts that were lost, the oldest first.
     *
     * @param pools pools whose records are lost
     */
    public static List<AllocationEvent.Rested> found(List<FloatingIp> all, Set<String> pools, Ledger ledger) {
        var held = ledger.floatingIps().keySet();
        var told = new HashSet<String>(); // of several with one description a creation was repeated: the oldest counts
        return all.stream()
                .sorted(FloatingIp.OLDEST_FIRST)
                .filter(each -> told.add(each.description()))
                .filter(each -> each.isFree() && !held.contains(each.id()))
                .filter(each -> !ledger.quarantine().holds(each.address()))
                .flatMap(each -> kept(each, pools, ledger).stream())
                .toList();
    }

    /** Whether the Service is there, and finds it by its description. */
    private static boolean isItsOwn(FloatingIp each, ServiceKey key, Ledger ledger) {
        return ledger.row(key)
                .filter(row -> each.description().equals(FloatingIp.identity(row.clusterUid(), row.serviceUid(), key)))
                .isPresent();
    }

    private static Optional<AllocationEvent.Rested> kept(FloatingIp each, Set<String> pools, Ledger ledger) {
        var holder = each.holder()
                .filter(key -> ledger.rules().clusters().containsKey(key.cluster()))
                .filter(key -> !isItsOwn(each, key, ledger));
        var pool = ledger.rules().externals().stream()
                .map(Rules.ExternalPool::name)
                .filter(pools::contains)
                .filter(name -> Optional.ofNullable(ledger.facts().externals().get(name))
                        .filter(network -> network.holds(each.networkId(), each.address()))
                        .isPresent())
                .findFirst();
        return holder.flatMap(key -> pool.map(name -> new AllocationEvent.Rested(
                name, each.address(), key, Quarantine.NEVER, new Kept(each.id(), each.networkId()))));
    }
}
