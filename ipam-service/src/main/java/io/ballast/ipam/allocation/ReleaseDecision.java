package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.GrantedExternal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything is given back: floating IPs of ours are deleted first, those of users are left, then the rest is let go. */
final class ReleaseDecision {
    private ReleaseDecision() {}

    static Decision decide(AllocationCommand.Release command, Ledger ledger) {
        var row = ledger.row(command.key())
                .filter(before -> before.state() != AllocationState.RELEASED)
                .orElse(null);
        if (!command.gates().inventoryMissing().isEmpty()) {
            return new Decision(List.of(), null, null); // what octavia has is not known yet
        }
        if (mayHaveFloatingIps(command, row, ledger)) {
            var ours = command.known().ours();
            if (!command.gates().credentials()) {
                return Decision.NOTHING;
            }
            if (command.known().denied() != null) {
                return new Decision(List.of(), null, command.now().plus(ExternalDecision.LOOK_AGAIN));
            }
            var late = command.known().lateUntil();
            if (late != null && command.now().isBefore(late)) {
                return new Decision(List.of(), null, late); // nobody looks any more once this is released
            }
            if (ours == null || late != null) {
                return new Decision(List.of(), new Step.LookForOurs(identity(command, row)), null);
            }
            var needless = ours.stream()
                    .filter(each -> !isKept(each, command, row, ledger))
                    .findFirst();
            if (needless.isPresent()) {
                return new Decision(List.of(), new Step.Remove(needless.get()), null);
            }
        }
        return new Decision(released(command, row, ledger), null, null);
    }

    private static List<AllocationEvent> released(
            AllocationCommand.Release command, @Nullable AddressAllocation row, Ledger ledger) {
        var after = new AddressAllocation(
                AllocationState.RELEASED,
                command.claim().clusterUid(),
                command.serviceUid(),
                command.incarnation(),
                command.claim().serviceUid().equals(command.serviceUid())
                        ? command.claim().generation()
                        : row == null ? 0 : row.claimGeneration(),
                "",
                List.of(),
                0,
                List.of(),
                List.of(),
                null,
                "",
                null);
        var events = new ArrayList<AllocationEvent>();
        events.add(new AllocationEvent.Allocated(command.key(), after, null));
        var gone = held(row).filter(external -> external.address() != null).toList();
        events.addAll(Allocation.rests(command.key(), gone, command.now(), ledger.rules()));
        return events;
    }

    /** Kept since before, or from now on. */
    private static boolean isKept(
            FloatingIp each, AllocationCommand.Release command, @Nullable AddressAllocation row, Ledger ledger) {
        boolean fromNow =
                held(row).anyMatch(external -> external.keep() && each.id().equals(external.floatingIpId()));
        return fromNow
                || ledger.quarantine()
                        .at(each.address())
                        .filter(rest -> rest.isKeptFor(command.key(), command.now()))
                        .isPresent();
    }

    /** Without an allocation nothing is known of what was made, so that it has to be looked. */
    private static boolean mayHaveFloatingIps(
            AllocationCommand.Release command, @Nullable AddressAllocation row, Ledger ledger) {
        boolean configured = ledger.rules().externals().stream().anyMatch(Rules.ExternalPool::isFloating);
        return row == null
                ? configured && command.gates().credentials()
                : held(row).anyMatch(GrantedExternal::ours);
    }

    private static String identity(AllocationCommand.Release command, @Nullable AddressAllocation row) {
        return FloatingIp.identity(
                row == null ? command.claim().clusterUid() : row.clusterUid(),
                row == null ? command.serviceUid() : row.serviceUid(),
                command.key());
    }

    private static Stream<GrantedExternal> held(@Nullable AddressAllocation row) {
        return row == null ? Stream.empty() : Stream.concat(row.externals().stream(), row.lettingGo().stream());
    }
}
