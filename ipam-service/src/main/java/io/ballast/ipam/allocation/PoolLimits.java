package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.GrantedExternal;
import java.util.Optional;

/** Why an external pool gives a Service nothing new, whatever is free in it. */
final class PoolLimits {
    private final AllocationCommand.Claim command;
    private final long firstClaimed;
    private final Ledger ledger;

    private PoolLimits(AllocationCommand.Claim command, long firstClaimed, Ledger ledger) {
        this.command = command;
        this.firstClaimed = firstClaimed;
        this.ledger = ledger;
    }

    static Optional<Denial> barred(
            Rules.ExternalPool pool, AllocationCommand.Claim command, long firstClaimed, Ledger ledger) {
        return new PoolLimits(command, firstClaimed, ledger).barred(pool);
    }

    private Optional<Denial> barred(Rules.ExternalPool pool) {
        var terms = pool.terms();
        if (terms.draining()) {
            return Optional.of(Denial.refused(
                    AllocationReason.EXTERNAL_POOL_DRAINING,
                    "external pool '%s' is being drained and gives no new addresses; ask for another pool"
                            .formatted(pool.name())));
        }
        var key = command.key();
        var usage = ledger.usage();
        long own = beingMade(pool.name());
        var namespace = key.cluster() + "/" + key.namespace();
        return beyond(
                        pool.name(),
                        "namespace " + namespace,
                        Entry.limitLine(pool.name(), namespace),
                        terms.perNamespace(),
                        usage.ofNamespace(pool.name(), key.cluster(), key.namespace()) - own)
                .or(() -> beyond(
                        pool.name(),
                        "cluster " + key.cluster(),
                        Entry.limitLine(pool.name(), key.cluster()),
                        terms.perCluster(),
                        usage.ofCluster(pool.name(), key.cluster()) - own));
    }

    /** Floating IPs that are being made for this Service: the one that is asked about is among them. */
    private long beingMade(String pool) {
        return ledger.row(command.key()).stream()
                .flatMap(row -> row.externals().stream())
                .filter(external -> external.ours() && external.state() != AllocationState.GRANTED)
                .map(GrantedExternal::pool)
                .filter(pool::equals)
                .count();
    }

    private Optional<Denial> beyond(String pool, String whose, String line, int limit, long used) {
        if (limit == PoolTerms.UNLIMITED || ledger.isReached(line, command.key(), firstClaimed, 1, limit - used)) {
            return Optional.empty();
        }
        return Optional.of(Denial.waits(
                AllocationReason.EXTERNAL_POOL_QUOTA,
                "%s has %d of the %d addresses that it may have of external pool '%s', and %d Services wait; delete Services or raise the limit"
                        .formatted(whose, used, limit, pool, ledger.waitingIn(line))));
    }
}
