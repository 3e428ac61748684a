package io.ballast.ipam.allocation;

import static io.ballast.ipam.allocation.ExternalChoice.again;
import static io.ballast.ipam.allocation.ExternalChoice.denial;
import static io.ballast.ipam.allocation.ExternalChoice.denied;
import static io.ballast.ipam.allocation.ExternalChoice.granted;
import static io.ballast.ipam.allocation.ExternalChoice.intent;
import static io.ballast.ipam.allocation.ExternalChoice.making;
import static io.ballast.ipam.allocation.ExternalChoice.quarantined;

import io.ballast.ipam.allocation.ExternalChoice.Chosen;
import io.ballast.ipam.allocation.Ledger.Place;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An external address from a pool: what is there for the Service already, else from the first pool that has one. */
final class PoolChoice {
    private final AllocationCommand.Claim command;
    private final List<GrantedVip> vips;
    private final long firstClaimed;
    private final String identity;
    private final Set<String> ended;
    private final Ledger ledger;
    private final ExternalClaim wanted;
    private final List<GrantedExternal> sofar;
    private final List<Rules.ExternalPool> pools;

    PoolChoice(
            AllocationCommand.Claim command,
            List<GrantedVip> vips,
            long firstClaimed,
            String identity,
            Set<String> ended,
            Ledger ledger,
            ExternalClaim wanted,
            List<GrantedExternal> sofar) {
        this.command = command;
        this.vips = vips;
        this.firstClaimed = firstClaimed;
        this.identity = identity;
        this.ended = ended;
        this.ledger = ledger;
        this.wanted = wanted;
        this.sofar = sofar;
        this.pools = ledger.rules().tried(command.key(), command.claim(), wanted);
    }

    /** @param mayBeThere whether a floating IP for it may have been made already */
    Chosen choose(boolean mayBeThere) {
        if (pools.isEmpty()) {
            return denied(wanted, "", noPool());
        }
        var there = held().or(() -> madeAlready(mayBeThere)).or(this::keptFloating);
        if (there.isPresent()) {
            return there.get();
        }
        var first = from(pools.getFirst());
        if (!isFull(first)) {
            return first;
        }
        for (var pool : pools.subList(1, pools.size())) {
            var other = from(pool);
            if (other.step() != null || other.external().state() == AllocationState.GRANTED) {
                return other;
            }
        }
        return pools.size() == 1 ? first : allFull(first);
    }

    private Chosen from(Rules.ExternalPool pool) {
        return pool.isFloating() ? floating(pool) : plain(pool);
    }

    private static boolean isFull(Chosen chosen) {
        return chosen.step() == null
                && chosen.external().state() == AllocationState.WAITING
                && chosen.external().reason() == AllocationReason.EXTERNAL_POOL_EXHAUSTED;
    }

    /** Names all that were tried; looks again where no line tells of a free address. */
    private Chosen allFull(Chosen first) {
        var others = pools.subList(1, pools.size());
        var denial = Denial.waits(
                AllocationReason.EXTERNAL_POOL_EXHAUSTED,
                "%s; nor has %s"
                        .formatted(
                                first.external().message(),
                                others.stream().map(Rules.ExternalPool::name).collect(Collectors.joining(", "))));
        var soon = others.stream()
                        .anyMatch(pool -> pool.isFloating() || pool.terms().isLimited())
                ? Stream.of(command.now().plus(ExternalDecision.LOOK_AGAIN))
                : Stream.<Instant>empty();
        var rested = pools.stream().flatMap(pool -> ledger.nextRested(pool.name()).stream());
        var next = Stream.of(soon, rested, Stream.ofNullable(first.again()))
                .flatMap(times -> times)
                .min(Instant::compareTo);
        return new Chosen(denial(wanted, first.external().pool(), denial), null, next.orElse(null));
    }

    /** A plain address that octavia sees at the load balancer, or that was kept for the Service. */
    private Optional<Chosen> held() {
        for (var pool : pools) {
            var seen = ledger.observedAddresses(command.key()).stream().filter(pool::contains);
            var kept = ledger.quarantine().keptFor(command.key(), pool.name(), command.now()).stream()
                    .filter(_ -> !pool.isFloating())
                    .map(Map.Entry::getKey);
            var held = Stream.concat(seen, kept).filter(this::isUntaken).findFirst();
            if (held.isPresent()) {
                return Optional.of(granted(wanted, held.get(), null, null, pool.name(), false));
            }
        }
        return Optional.empty();
    }

    /** The floating IP that a creation left, in whichever pool it found room. */
    private Optional<Chosen> madeAlready(boolean mayBeThere) {
        var ours = command.known().ours();
        var floating = pools.stream().filter(Rules.ExternalPool::isFloating).toList();
        if (floating.isEmpty()) {
            return Optional.empty();
        }
        if (ours == null) {
            return mayBeThere && command.known().denied() == null
                    ? Optional.of(making(wanted, floating.getFirst().name(), new Step.LookForOurs(identity)))
                    : Optional.empty();
        }
        var made = ours.stream()
                .filter(each -> !ended.contains(each.id()) && isUntaken(each.address()))
                .toList();
        return floating.stream()
                .flatMap(pool -> made.stream()
                        .filter(each -> isUsable(pool) && network(pool).holds(each.networkId(), each.address()))
                        .map(each -> adopt(pool, each)))
                .findFirst()
                .or(() -> floating.stream()
                        .flatMap(pool -> made.stream()
                                .filter(each -> isUsable(pool)
                                        && network(pool).networkId().equals(each.networkId()))
                                .map(each -> adopt(pool, each)))
                        .findFirst());
    }

    private NeutronFacts.ExternalNetwork network(Rules.ExternalPool pool) {
        return Objects.requireNonNull(ledger.facts().externals().get(pool.name()));
    }

    private Denial noPool() {
        var named = (wanted.pool() == null ? "" : " named '" + wanted.pool() + "'")
                + (wanted.network() == null ? "" : " of network '" + wanted.network() + "'")
                + (wanted.subnet() == null ? "" : " of subnet '" + wanted.subnet() + "'");
        boolean floating = ledger.rules().hasFloating(command.key(), command.claim(), wanted.pool());
        if (wanted.family() == IpFamily.IPV6 && floating) {
            return Denial.refused(
                    AllocationReason.EXTERNAL_FAMILY_UNSUPPORTED,
                    "Neutron has no IPv6 floating IPs; configure an external pool%s with IPv6 ranges that are routed to the VIP subnet"
                            .formatted(named));
        }
        return Denial.refused(
                AllocationReason.NO_EXTERNAL_POOL,
                "no external pool%s for %s serves namespace %s of cluster %s; configured are: %s"
                        .formatted(
                                named,
                                wanted.family(),
                                command.key().namespace(),
                                command.key().cluster(),
                                ledger.rules().externals().isEmpty()
                                        ? "none"
                                        : String.join(
                                                ", ",
                                                ledger.rules().externals().stream()
                                                        .map(Rules.ExternalPool::name)
                                                        .toList())));
    }

    // --- plain ranges

    private Chosen plain(Rules.ExternalPool pool) {
        var barred = PoolLimits.barred(pool, command, firstClaimed, ledger);
        if (barred.isPresent()) {
            return denied(wanted, pool.name(), barred.get());
        }
        var free = ledger.free(pool.name());
        var lowest = free.first(address -> !isUntaken(address));
        var line = Entry.externalLine(pool.name());
        if (lowest.isPresent() && ledger.isReached(line, command.key(), firstClaimed, 1, free.size())) {
            return granted(wanted, lowest.get(), null, null, pool.name(), false);
        }
        var resting = ledger.quarantine().in(pool.name());
        var denial = Denial.waits(
                AllocationReason.EXTERNAL_POOL_EXHAUSTED,
                "external pool '%s' has no address left: %d are granted, %d rest after release, %d Services wait; delete Services or widen the pool"
                        .formatted(
                                pool.name(), ledger.usage().of(pool.name()), resting.size(), ledger.waitingIn(line)));
        return new Chosen(
                denial(wanted, pool.name(), denial),
                null,
                ledger.nextRested(pool.name()).orElse(null));
    }

    private boolean isUntaken(IpAddress address) {
        return ledger.rival(command.key(), new Place("", address)).isEmpty()
                && sofar.stream().noneMatch(other -> address.toString().equals(other.address()));
    }

    // --- floating IPs

    private Chosen floating(Rules.ExternalPool pool) {
        var hindrance = hindrance(pool);
        if (hindrance.isPresent()) {
            return denied(wanted, pool.name(), hindrance.get());
        }
        var denied = command.known().denied();
        if (command.known().ours() == null) {
            return denied == null
                    ? making(wanted, pool.name(), new Step.LookForOurs(identity))
                    : again(wanted, pool.name(), denied, command.now());
        }
        if (denied != null) {
            return again(wanted, pool.name(), denied, command.now());
        }
        var barred = barred(pool);
        return barred.isPresent()
                ? denied(wanted, pool.name(), barred.get())
                : making(wanted, pool.name(), new Step.Make(identity, spots(pool), wanted.project()));
    }

    /** Where it may be made: in this pool, then in those after it, up to one of plain ranges that has an address. */
    private List<IpamCall.Spot> spots(Rules.ExternalPool from) {
        var spots = new ArrayList<IpamCall.Spot>();
        for (var pool : pools.subList(pools.indexOf(from), pools.size())) {
            if (!pool.isFloating() && ledger.free(pool.name()).size() > 0) {
                break; // that one comes first
            }
            boolean isFit = pool.equals(from)
                    || (pool.isFloating()
                            && hindrance(pool).isEmpty()
                            && barred(pool).isEmpty());
            if (isFit) {
                spots.addAll(IpamCall.Spot.of(
                        network(pool).networkId(), network(pool).subnetIds()));
            }
        }
        return spots;
    }

    /** Why nothing may be made in a pool, whatever room it has. */
    private Optional<Denial> hindrance(Rules.ExternalPool pool) {
        var network = ledger.facts().externals().get(pool.name());
        if (network == null || !network.external()) {
            return Optional.of(unusable(pool, network));
        }
        return isUnreachable(network)
                ? Optional.of(Denial.waits(
                        AllocationReason.NO_ROUTER_PATH,
                        "no router leads from the VIP subnet to external network %s; mend it with: openstack router set --external-gateway %s ROUTER"
                                .formatted(network.name(), network.networkId())))
                : Optional.empty();
    }

    private boolean isUsable(Rules.ExternalPool pool) {
        return hindrance(pool).isEmpty();
    }

    private Optional<Denial> barred(Rules.ExternalPool pool) {
        var line = Entry.externalLine(pool.name());
        return PoolLimits.barred(pool, command, firstClaimed, ledger)
                .or(() -> ledger.isReached(line, command.key(), firstClaimed, 1, 1)
                        ? Optional.empty()
                        : Optional.of(Denial.waits(
                                AllocationReason.EXTERNAL_POOL_EXHAUSTED,
                                "external pool '%s' has no address left and %d Services wait; the first of them is served first"
                                        .formatted(pool.name(), ledger.waitingIn(line)))));
    }

    /** The floating IP that was kept for this Service, if it is still there and nobody uses it. */
    private Optional<Chosen> keptFloating() {
        if (command.known().denied() != null) {
            return Optional.empty();
        }
        return pools.stream()
                .filter(pool -> pool.isFloating() && isUsable(pool))
                .flatMap(pool -> ledger.quarantine().keptFor(command.key(), pool.name(), command.now()).stream()
                        .map(Map.Entry::getKey)
                        .filter(this::isUntaken)
                        .flatMap(kept -> takeBack(pool, kept).stream()))
                .findFirst();
    }

    private Optional<Chosen> takeBack(Rules.ExternalPool pool, IpAddress kept) {
        if (command.known().ours() == null) {
            return Optional.of(making(wanted, pool.name(), new Step.LookForOurs(identity)));
        }
        var seen = command.known().byAddress().get(kept);
        if (seen == null) {
            return Optional.of(making(wanted, pool.name(), new Step.LookAt(kept)));
        }
        var project = wanted.project();
        return seen.filter(found ->
                        found.isFree() && found.wasMadeFor(command.claim().clusterUid(), command.key()))
                .filter(found -> project == null || project.equals(found.projectId()))
                .map(found -> making(wanted, pool.name(), new Step.Take(found, identity)));
    }

    private static Denial unusable(Rules.ExternalPool pool, NeutronFacts.@Nullable ExternalNetwork network) {
        return network == null
                ? Denial.waits(
                        AllocationReason.OPENSTACK_REFUSED,
                        "the floating network of external pool '%s' (network %s, subnets %s) does not exist in Neutron or is not visible"
                                .formatted(pool.name(), pool.network(), pool.subnets()))
                : Denial.waits(
                        AllocationReason.OPENSTACK_REFUSED,
                        "network %s of external pool '%s' is not external; mend it with: openstack network set --external %s"
                                .formatted(network.name(), pool.name(), network.networkId()));
    }

    private boolean isUnreachable(NeutronFacts.ExternalNetwork network) {
        return vips.stream()
                .filter(vip -> vip.family() == IpFamily.IPV4)
                .flatMap(vip -> ledger.facts().subnets().values().stream()
                        .filter(subnet -> subnet.id().equals(vip.subnetId())))
                .anyMatch(subnet -> NeutronFacts.path(subnet, network.networkId()) == NeutronFacts.RouterPath.ABSENT);
    }

    private Chosen adopt(Rules.ExternalPool pool, FloatingIp found) {
        var rest = ledger.quarantine()
                .at(found.address())
                .filter(resting -> found.isFree() && !resting.lastHolder().equals(command.key()))
                .filter(resting -> resting.until().isAfter(command.now()));
        if (rest.isPresent()) {
            var waits = intent(
                    wanted,
                    pool.name(),
                    AllocationReason.EXTERNAL_QUARANTINED,
                    quarantined(found.address(), rest.get()));
            return new Chosen(waits, null, rest.get().until(), found);
        }
        return granted(wanted, found.address(), found.id(), found.networkId(), pool.name(), true);
    }
}
