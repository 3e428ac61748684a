package io.ballast.ipam.allocation;

import io.ballast.ipam.allocation.Ledger.Place;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
    private final Ledger ledger;

    ExternalChoice(
            AllocationCommand.Claim command,
            List<GrantedVip> vips,
            @Nullable Denial vipDenial,
            long firstClaimed,
            String identity,
            Ledger ledger) {
        this.command = command;
        this.vips = vips;
        this.vipDenial = vipDenial;
        this.firstClaimed = firstClaimed;
        this.identity = identity;
        this.ledger = ledger;
    }

    Chosen choose(ExternalClaim wanted, List<GrantedExternal> sofar) {
        if (vips.isEmpty()) {
            var reason = vipDenial == null ? AllocationReason.UNKNOWN : vipDenial.reason();
            return denied(wanted, "", Denial.waits(reason, "waits for the VIP"));
        }
        var closed = command.gates().closed(command.key().cluster());
        if (closed.isPresent()) {
            return denied(wanted, pool(wanted).map(Rules.ExternalPool::name).orElse(""), closed.get());
        }
        return wanted.method() == ExternalMethod.USER ? ofUser(wanted) : ofPool(wanted, sofar);
    }

    /** Name of the pool that a floating network belongs to; empty when none does. */
    String poolOf(String networkId) {
        return ledger.rules().externals().stream()
                .map(Rules.ExternalPool::name)
                .filter(name -> Optional.ofNullable(ledger.facts().externals().get(name))
                        .filter(network -> network.networkId().equals(networkId))
                        .isPresent())
                .findFirst()
                .orElse("");
    }

    private Optional<Rules.ExternalPool> pool(ExternalClaim wanted) {
        return ledger.rules().external(command.key(), wanted.pool(), wanted.family());
    }

    // --- by pool

    private Chosen ofPool(ExternalClaim wanted, List<GrantedExternal> sofar) {
        var pool = pool(wanted);
        if (pool.isEmpty()) {
            return denied(wanted, "", noPool(wanted));
        }
        return pool.get().isFloating() ? floating(wanted, pool.get(), sofar) : plain(wanted, pool.get(), sofar);
    }

    private Denial noPool(ExternalClaim wanted) {
        var named = wanted.pool() == null ? "" : " named '" + wanted.pool() + "'";
        boolean floating = ledger.rules()
                .external(command.key(), wanted.pool(), IpFamily.IPV4)
                .isPresent();
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

    private Chosen plain(ExternalClaim wanted, Rules.ExternalPool pool, List<GrantedExternal> sofar) {
        for (var seen : ledger.observedAddresses(command.key())) {
            if (pool.ranges().stream().anyMatch(range -> range.contains(seen)) && isUntaken(seen, sofar)) {
                return granted(wanted, seen, null, null, pool.name(), false);
            }
        }
        var free = ledger.free(pool.name());
        var lowest = free.first(address -> !isUntaken(address, sofar));
        var line = Entry.externalLine(pool.name());
        if (lowest.isPresent() && ledger.isReached(line, command.key(), firstClaimed, 1, free.size())) {
            return granted(wanted, lowest.get(), null, null, pool.name(), false);
        }
        var resting = ledger.restingIn(pool.name());
        var denial = Denial.waits(
                AllocationReason.EXTERNAL_POOL_EXHAUSTED,
                "external pool '%s' has no address left: %d are granted, %d rest after release, %d Services wait; delete Services or widen the pool"
                        .formatted(pool.name(), ledger.held(pool), resting.size(), ledger.waitingIn(line)));
        return new Chosen(
                denial(wanted, pool.name(), denial),
                null,
                ledger.nextRested(pool.name()).orElse(null));
    }

    private boolean isUntaken(IpAddress address, List<GrantedExternal> sofar) {
        return ledger.rival(command.key(), new Place("", address)).isEmpty()
                && sofar.stream().noneMatch(other -> address.toString().equals(other.address()));
    }

    private Chosen floating(ExternalClaim wanted, Rules.ExternalPool pool, List<GrantedExternal> sofar) {
        var network = ledger.facts().externals().get(pool.name());
        if (network == null || !network.external()) {
            return denied(wanted, pool.name(), unusable(pool, network));
        }
        if (isUnreachable(network)) {
            return denied(
                    wanted,
                    pool.name(),
                    Denial.waits(
                            AllocationReason.NO_ROUTER_PATH,
                            "no router leads from the VIP subnet to external network %s; mend it with: openstack router set --external-gateway %s ROUTER"
                                    .formatted(network.name(), network.networkId())));
        }
        var ours = command.known().ours();
        var denied = command.known().denied();
        if (ours == null) {
            return denied == null
                    ? making(wanted, pool.name(), new Step.LookForOurs(identity))
                    : again(wanted, pool.name(), denied);
        }
        var there = ours.stream()
                .filter(each -> each.networkId().equals(network.networkId()) && isUntaken(each.address(), sofar))
                .findFirst();
        if (there.isPresent()) {
            return adopt(wanted, pool, there.get());
        }
        if (denied != null) {
            return again(wanted, pool.name(), denied);
        }
        var line = Entry.externalLine(pool.name());
        if (!ledger.isReached(line, command.key(), firstClaimed, 1, 1)) {
            return denied(
                    wanted,
                    pool.name(),
                    Denial.waits(
                            AllocationReason.EXTERNAL_POOL_EXHAUSTED,
                            "external pool '%s' has no address left and %d Services wait; the first of them is served first"
                                    .formatted(pool.name(), ledger.waitingIn(line))));
        }
        return making(wanted, pool.name(), new Step.Make(identity, network.networkId(), network.subnetId()));
    }

    private static Denial unusable(Rules.ExternalPool pool, NeutronFacts.@Nullable ExternalNetwork network) {
        return network == null
                ? Denial.waits(
                        AllocationReason.OPENSTACK_REFUSED,
                        "the floating network of external pool '%s' (network %s, subnet %s) does not exist in Neutron or is not visible"
                                .formatted(pool.name(), pool.network(), pool.subnet()))
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

    private Chosen adopt(ExternalClaim wanted, Rules.ExternalPool pool, FloatingIp found) {
        var rest = ledger.resting(found.address())
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

    private static String quarantined(IpAddress address, Ledger.Rest rest) {
        return "%s rests after its release by %s until %s".formatted(address, rest.lastHolder(), rest.until());
    }

    // --- by user

    private Chosen ofUser(ExternalClaim wanted) {
        var address = Optional.ofNullable(wanted.address()).flatMap(IpAddress::parse);
        if (address.isEmpty()) {
            return denied(
                    wanted,
                    "",
                    Denial.refused(
                            AllocationReason.EXTERNAL_NOT_FOUND,
                            "the external address asked for, '%s', is not an address".formatted(wanted.address())));
        }
        var asked = address.get();
        var rival = ledger.rival(command.key(), new Place("", asked));
        if (rival.isPresent()) {
            return denied(
                    wanted,
                    "",
                    Denial.waits(
                            AllocationReason.EXTERNAL_HELD_BY_ANOTHER,
                            "external address %s is held by %s%s"
                                    .formatted(
                                            asked,
                                            rival.get(),
                                            ledger.isWithdrawing(rival.get()) ? ", deleting" : "")));
        }
        if (!ledger.isReached(Entry.addressLine("", asked), command.key(), firstClaimed, 1, 1)) {
            return denied(
                    wanted,
                    "",
                    Denial.waits(
                            AllocationReason.EXTERNAL_HELD_BY_ANOTHER,
                            "external address %s goes to a Service that claimed it earlier".formatted(asked)));
        }
        var plain = ledger.rules().externals().stream()
                .filter(pool -> pool.ranges().stream().anyMatch(range -> range.contains(asked)))
                .findFirst();
        if (plain.isPresent()) {
            return plainOfUser(wanted, asked, plain.get());
        }
        if (asked.family() == IpFamily.IPV6) {
            return denied(
                    wanted,
                    "",
                    Denial.refused(
                            AllocationReason.EXTERNAL_FAMILY_UNSUPPORTED,
                            "%s is in no configured external range, and Neutron has no IPv6 floating IPs"
                                    .formatted(asked)));
        }
        return floatingOfUser(wanted, asked);
    }

    private Chosen plainOfUser(ExternalClaim wanted, IpAddress asked, Rules.ExternalPool pool) {
        if (!pool.serves(command.key())) {
            return denied(
                    wanted,
                    "",
                    Denial.refused(
                            AllocationReason.EXTERNAL_WRONG_NETWORK,
                            "%s lies in external pool '%s', which does not serve namespace %s of cluster %s"
                                    .formatted(
                                            asked,
                                            pool.name(),
                                            command.key().namespace(),
                                            command.key().cluster())));
        }
        var rest = ledger.resting(asked)
                .filter(resting -> !resting.lastHolder().equals(command.key()))
                .filter(resting -> resting.until().isAfter(command.now()));
        if (rest.isPresent()) {
            var denial = Denial.waits(AllocationReason.EXTERNAL_QUARANTINED, quarantined(asked, rest.get()));
            return new Chosen(
                    denial(wanted, pool.name(), denial), null, rest.get().until());
        }
        return granted(wanted, asked, null, null, pool.name(), false);
    }

    private Chosen floatingOfUser(ExternalClaim wanted, IpAddress asked) {
        var seen = command.known().byAddress().get(asked);
        if (seen == null) {
            var denied = command.known().denied();
            return denied == null
                    ? new Chosen(
                            denial(
                                    wanted,
                                    "",
                                    Denial.waits(
                                            AllocationReason.EXTERNAL_NOT_FOUND,
                                            "floating IP %s is being looked up".formatted(asked))),
                            new Step.LookAt(asked),
                            null)
                    : again(wanted, "", denied);
        }
        if (seen.isEmpty()) {
            return again(
                    wanted,
                    "",
                    Denial.waits(
                            AllocationReason.EXTERNAL_NOT_FOUND,
                            "no floating IP has the address %s; make it first: openstack floating ip create --floating-ip-address %s NETWORK"
                                    .formatted(asked, asked)));
        }
        return judge(wanted, asked, seen.get());
    }

    private Chosen judge(ExternalClaim wanted, IpAddress asked, FloatingIp found) {
        boolean allowed = ledger.rules().externals().stream()
                .filter(pool -> pool.isFloating() && pool.serves(command.key()))
                .flatMap(pool -> Optional.ofNullable(ledger.facts().externals().get(pool.name())).stream())
                .anyMatch(network -> network.networkId().equals(found.networkId()));
        if (!allowed) {
            return denied(
                    wanted,
                    "",
                    Denial.refused(
                            AllocationReason.EXTERNAL_WRONG_NETWORK,
                            "floating IP %s is on network %s, which no external pool for namespace %s of cluster %s names"
                                    .formatted(
                                            asked,
                                            found.networkId(),
                                            command.key().namespace(),
                                            command.key().cluster())));
        }
        boolean ours = found.description().equals(identity);
        if (found.description().startsWith("ballast:") && !ours) {
            return again(
                    wanted,
                    "",
                    Denial.waits(
                            AllocationReason.EXTERNAL_HELD_BY_ANOTHER,
                            "floating IP %s was made for another Service (%s)".formatted(asked, found.description())));
        }
        if (!found.isFree() && !leadsToUs(found)) {
            return again(
                    wanted,
                    "",
                    Denial.waits(
                            AllocationReason.EXTERNAL_IN_USE,
                            "floating IP %s leads to port %s, which is not our VIP; free it: openstack floating ip unset --port %s"
                                    .formatted(asked, found.portId(), found.id())));
        }
        return granted(wanted, asked, found.id(), found.networkId(), "", ours);
    }

    private boolean leadsToUs(FloatingIp found) {
        var status = command.status();
        boolean byPort = status != null
                && status.loadBalancers().stream()
                        .flatMap(balancer -> balancer.vips().stream())
                        .anyMatch(vip -> !vip.portId().isEmpty() && vip.portId().equals(found.portId()));
        return byPort
                || vips.stream()
                        .filter(vip -> found.fixedAddress() != null
                                && vip.address().equals(found.fixedAddress().toString()))
                        .flatMap(vip -> ledger.room(vip.subnetId()).stream()
                                .flatMap(room -> room.portAt(IpAddress.of(vip.address())).stream()))
                        .anyMatch(port -> port.id().equals(found.portId()));
    }

    // --- answers

    private Chosen again(ExternalClaim wanted, String pool, Denial denial) {
        return new Chosen(denial(wanted, pool, denial), null, command.now().plus(ExternalDecision.LOOK_AGAIN));
    }

    private static Chosen denied(ExternalClaim wanted, String pool, Denial denial) {
        return new Chosen(denial(wanted, pool, denial), null, null);
    }

    /** Not there yet, and there will be a floating IP of ours, or is already: kept in mind until it is granted or gone. */
    private static Chosen making(ExternalClaim wanted, String pool, Step step) {
        return new Chosen(intent(wanted, pool, null, "a floating IP is being made"), step, null);
    }

    private static GrantedExternal intent(
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

    private static GrantedExternal denial(ExternalClaim wanted, String pool, Denial denial) {
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

    private static Chosen granted(
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
                        ""),
                null,
                null);
    }
}
