package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One external address for a claim that does not have it yet. */
final class ExternalChoice {
    /**
     * What was chosen: granted, or waiting or refused.
     *
     * @param step what to ask first; null for nothing
     * @param again when to look once more; null for never
     * @param rests a floating IP of ours that will be granted once it has rested; null for none
     */
    record Chosen(
            GrantedExternal external,
            @Nullable Step step,
            @Nullable Instant again,
            @Nullable FloatingIp rests) {
        Chosen(GrantedExternal external, @Nullable Step step, @Nullable Instant again) {
            this(external, step, again, null);
        }
    }

    private final AllocationCommand.Claim command;
    private final List<GrantedVip> vips;
    private final @Nullable Denial vipDenial;
    private final long firstClaimed;
    private final String identity;
    private final Set<String> ended;
    private final Ledger ledger;

    /** @param ended ids of floating IPs that are never granted again */
    ExternalChoice(
            AllocationCommand.Claim command,
            List<GrantedVip> vips,
            @Nullable Denial vipDenial,
            long firstClaimed,
            String identity,
            Set<String> ended,
            Ledger ledger) {
        this.command = command;
        this.vips = vips;
        this.vipDenial = vipDenial;
        this.firstClaimed = firstClaimed;
        this.identity = identity;
        this.ended = ended;
        this.ledger = ledger;
    }

    /** @param mayBeThere whether a floating IP for it may have been made already */
    Chosen choose(ExternalClaim wanted, List<GrantedExternal> sofar, boolean mayBeThere) {
        if (vips.isEmpty()) {
            var reason = vipDenial == null ? AllocationReason.UNKNOWN : vipDenial.reason();
            return denied(wanted, "", Denial.waits(reason, "waits for the VIP"));
        }
        var closed = command.gates().closed(command.key().cluster());
        if (closed.isPresent()) {
            var pool = ledger.rules().external(command.key(), command.claim(), wanted);
            return denied(wanted, pool.map(Rules.ExternalPool::name).orElse(""), closed.get());
        }
        return wanted.method() == ExternalMethod.USER
                ? new UserChoice(command, vips, firstClaimed, identity, ended, ledger).choose(wanted)
                : new PoolChoice(command, vips, firstClaimed, identity, ended, ledger, wanted, sofar)
                        .choose(mayBeThere);
    }

    /** Name of the pool that a floating IP is from; empty when it is from none. */
    String poolOf(String networkId, IpAddress address) {
        return named(network -> network.holds(networkId, address))
                .or(() -> named(network -> network.networkId().equals(networkId)))
                .orElse("");
    }

    private Optional<String> named(Predicate<NeutronFacts.ExternalNetwork> is) {
        return ledger.rules().externals().stream()
                .map(Rules.ExternalPool::name)
                .filter(name -> Optional.ofNullable(ledger.facts().externals().get(name))
                        .filter(is)
                        .isPresent())
                .findFirst();
    }

    /** The same address under the name that its pool has now. */
    GrantedExternal atHome(GrantedExternal held) {
        var address = held.address();
        var network = held.floatingNetworkId();
        if (address == null || held.pool().isEmpty()) {
            return held;
        }
        var rules = ledger.rules();
        var home = network == null
                ? rules.home(held.pool(), IpAddress.of(address))
                        .filter(pool -> pool.contains(IpAddress.of(address)))
                        .map(Rules.ExternalPool::name)
                : rules.external(held.pool())
                        .map(Rules.ExternalPool::name)
                        .or(() -> Optional.of(poolOf(network, IpAddress.of(address))));
        return home.filter(name -> !name.isEmpty() && !name.equals(held.pool()))
                .map(held::inPool)
                .orElse(held);
    }

    /** Whether a floating IP is kept for this Service. */
    boolean isKeptForUs(FloatingIp each) {
        return ledger.quarantine()
                .at(each.address())
                .filter(rest -> rest.isKeptFor(command.key(), command.now()))
                .isPresent();
    }

    /** Whether an address is from where it is wanted. An edit of pools never moves it: only another claim may. */
    boolean isFrom(ExternalClaim wanted, GrantedExternal has) {
        var pools = ledger.rules().externals();
        return isAnswered(has)
                || pools.stream().anyMatch(pool -> pool.name().equals(has.pool()) && pool.isNamed(wanted))
                || pools.stream().noneMatch(pool -> pool.isNamed(wanted));
    }

    /** Whether this very claim was answered with the address. */
    private boolean isAnswered(GrantedExternal has) {
        var claim = command.claim();
        return ledger.row(command.key()).stream()
                .filter(row -> row.serviceUid().equals(claim.serviceUid())
                        && row.incarnation() == claim.incarnation()
                        && row.claimGeneration() == claim.generation())
                .flatMap(row -> row.externals().stream())
                .anyMatch(external -> external.state() == AllocationState.GRANTED
                        && Objects.equals(external.address(), has.address()));
    }

    static String quarantined(IpAddress address, Quarantine.Rest rest) {
        if (rest.kept() != null) {
            return "%s is kept for %s".formatted(address, rest.lastHolder());
        }
        return "%s rests after its release by %s until %s".formatted(address, rest.lastHolder(), rest.until());
    }

    // --- answers

    static Chosen again(ExternalClaim wanted, String pool, Denial denial, Instant now) {
        return new Chosen(denial(wanted, pool, denial), null, now.plus(ExternalDecision.LOOK_AGAIN));
    }

    static Chosen denied(ExternalClaim wanted, String pool, Denial denial) {
        return new Chosen(denial(wanted, pool, denial), null, null);
    }

    /** Not there yet, and there will be a floating IP of ours, or is already: kept in mind until it is granted or gone. */
    static Chosen making(ExternalClaim wanted, String pool, Step step) {
        return new Chosen(intent(wanted, pool, null, "a floating IP is being made"), step, null);
    }

    static GrantedExternal intent(
            ExternalClaim wanted, String pool, @Nullable AllocationReason reason, String message) {
        return new GrantedExternal(
                wanted.family(),
                wanted.method(),
                AllocationState.WAITING,
                null,
                null,
                null,
                pool,
                true,
                reason,
                message);
    }

    static GrantedExternal denial(ExternalClaim wanted, String pool, Denial denial) {
        return new GrantedExternal(
                wanted.family(),
                wanted.method(),
                denial.state(),
                null,
                null,
                null,
                pool,
                false,
                denial.reason(),
                denial.message());
    }

    static Chosen granted(
            ExternalClaim wanted,
            IpAddress address,
            @Nullable String floatingIpId,
            @Nullable String networkId,
            String pool,
            boolean ours) {
        return new Chosen(
                new GrantedExternal(
                        wanted.family(),
                        wanted.method(),
                        AllocationState.GRANTED,
                        address.toString(),
                        floatingIpId,
                        networkId,
                        pool,
                        ours,
                        null,
                        "",
                        wanted.keep()),
                null,
                null);
    }
}
