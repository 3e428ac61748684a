package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.AssociatedExternal;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which external addresses a claim gets. What it has is kept while it is wanted; what is no longer wanted is let go once
 * octavia no longer leads it to the load balancer. At most one step at a time: until it is answered, nothing is settled
 * that depends on it.
 */
final class ExternalDecision {
    /** How long what was seen of a floating IP of a user, or a refusal, is believed. */
    static final Duration LOOK_AGAIN = Duration.ofSeconds(20);

    /**
     * The answer.
     *
     * @param externals one for each claimed
     * @param lettingGo what is still held and no longer wanted
     * @param gone what is given back with this answer
     * @param step what to ask of Neutron; null for nothing
     * @param isSettled false when the allocation must not change before the step is answered
     * @param again when to look once more; null for never
     */
    record Answer(
            List<GrantedExternal> externals,
            List<GrantedExternal> lettingGo,
            List<GrantedExternal> gone,
            @Nullable Step step,
            boolean isSettled,
            @Nullable Instant again) {}

    private final AllocationCommand.Claim command;
    private final ExternalChoice choice;
    private final List<GrantedExternal> before;
    private final List<GrantedExternal> held;
    private final Set<String> vanished;
    private final String identity;
    private final List<FloatingIp> resting = new ArrayList<>();
    private @Nullable Step step;
    private @Nullable Instant again;

    private ExternalDecision(
            AllocationCommand.Claim command,
            List<GrantedExternal> before,
            List<GrantedExternal> held,
            Set<String> vanished,
            ExternalChoice choice,
            String identity) {
        this.command = command;
        this.before = before;
        this.held = held;
        this.vanished = vanished;
        this.choice = choice;
        this.identity = identity;
    }

    static Answer decide(
            AllocationCommand.Claim command,
            @Nullable AddressAllocation row,
            List<GrantedVip> vips,
            @Nullable Denial vipDenial,
            long firstClaimed,
            Ledger ledger) {
        var claim = command.claim();
        var identity = FloatingIp.identity(claim.clusterUid(), claim.serviceUid(), command.key());
        var held = new ArrayList<GrantedExternal>();
        if (row != null) {
            held.addAll(row.externals());
            held.addAll(row.lettingGo());
        }
        held.removeIf(external -> isIntent(external) && !external.ours());
        var before = row == null ? List.<GrantedExternal>of() : row.externals();
        var vanished = Vanished.among(before, command);
        if (vanished.step() != null) {
            return new Answer(List.of(), List.of(), List.of(), vanished.step(), false, null);
        }
        var ended = ended(held);
        ended.addAll(vanished.ids());
        var choice = new ExternalChoice(command, vips, vipDenial, firstClaimed, identity, ended, ledger);
        held.replaceAll(choice::atHome);
        var decision = new ExternalDecision(command, before, held, vanished.ids(), choice, identity);
        decision.lookAgain(vanished.again());
        return decision.decide(row == null);
    }

    /** Floating IPs whose deletion may have been asked for: they are never granted again, even while Neutron shows them. */
    private static Set<String> ended(List<GrantedExternal> held) {
        return held.stream()
                .filter(ExternalDecision::isEnded)
                .map(external -> String.valueOf(external.floatingIpId()))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private Answer decide(boolean isFirst) {
        var ours = command.known().ours();
        if (isFirst
                && ours == null
                && seesFloatingIps(command.status())
                && command.known().denied() == null) {
            return unsettled(
                    new Step.LookForOurs(identity)); // topics were lost: what is there is found before all else
        }
        var late = command.known().lateUntil();
        if (mayComeLate()) {
            lookAgain(late);
        } else if (late != null && command.known().denied() == null) {
            return unsettled(new Step.LookForOurs(identity)); // a creation by an earlier owner may have come late
        }
        if (ours != null) {
            addAssociated(ours);
        }
        var externals = new ArrayList<GrantedExternal>();
        var left = new ArrayList<>(held);
        for (var wanted : command.claim().externals()) {
            var match = left.stream()
                    .filter(has -> matches(wanted, has) && !isVanished(has))
                    .max(Comparator.comparing(has -> has.state() == AllocationState.GRANTED));
            match.ifPresent(left::remove);
            if (match.isPresent() && match.get().state() == AllocationState.GRANTED) {
                externals.add(asWanted(wanted, match.get()));
                continue;
            }
            var lost = left.stream()
                    .filter(has -> matches(wanted, has) && isVanished(has))
                    .findFirst();
            var external = choose(wanted, match.isPresent(), externals);
            if (lost.isPresent() && step instanceof Step.LookAt) {
                return unsettled(step); // made again it is granted at once
            }
            externals.add(lost.map(has -> insteadOf(has, external)).orElse(external));
        }
        return letGo(externals, left);
    }

    private GrantedExternal choose(ExternalClaim wanted, boolean isIntended, List<GrantedExternal> sofar) {
        var chosen = choice.choose(wanted, sofar, isIntended);
        if (chosen.step() != null && step == null) {
            step = chosen.step();
        }
        lookAgain(chosen.again());
        if (chosen.rests() != null) {
            resting.add(chosen.rests());
        }
        var external = chosen.step() == null ? chosen.external() : said(chosen.step(), chosen.external());
        return isIntended && external.state() != AllocationState.GRANTED ? intended(external) : external;
    }

    private boolean isVanished(GrantedExternal has) {
        var id = has.floatingIpId();
        return id != null && vanished.contains(id);
    }

    private static GrantedExternal insteadOf(GrantedExternal lost, GrantedExternal external) {
        return external.state() == AllocationState.WAITING && external.reason() == null
                ? waiting(
                        external,
                        "floating IP %s is not there in Neutron any more; another one is made"
                                .formatted(lost.address()))
                : external;
    }

    /** What was said before stands until there is more to say; but a creation is always announced. */
    private GrantedExternal said(Step next, GrantedExternal external) {
        return before.stream()
                .filter(each -> each.state() != AllocationState.GRANTED
                        && each.method() == external.method()
                        && each.family() == external.family()
                        && (each.pool().equals(external.pool()) || each.method() == ExternalMethod.USER))
                .filter(each -> each.ours() || !(next instanceof Step.Make))
                .findFirst()
                .orElse(external);
    }

    /** What is no longer wanted: first asked whether a creation left something behind, then deleted or just dropped. */
    private Answer letGo(List<GrantedExternal> externals, List<GrantedExternal> left) {
        var lettingGo = new ArrayList<GrantedExternal>();
        var gone = new ArrayList<GrantedExternal>();
        var ours = command.known().ours();
        left.removeIf(old -> isKept(old, externals));
        for (var old : left) {
            boolean isIntent = isIntent(old);
            if (!isIntent && leads(command.status(), old)) {
                lettingGo.add(old);
            } else if (!old.ours() || (old.keep() && !isIntent && !isEnded(old))) {
                gone.add(old);
            } else if (ours == null) {
                if (command.known().denied() == null) {
                    return unsettled(new Step.LookForOurs(identity));
                }
                lookAgain(command.now().plus(LOOK_AGAIN));
                if (!isIntent) {
                    lettingGo.add(old);
                    continue;
                }
                return unsettled(null);
            } else if (!isIntent && isThere(ours, old)) {
                lettingGo.add(old);
            } else if (!isIntent) {
                gone.add(old);
            } else if (mayComeLate() || ours.stream().anyMatch(each -> each.isFree() && isNeedless(each, externals))) {
                lettingGo.add(old); // remembered until what it left behind is deleted
            }
        }
        if (ours != null && command.known().denied() == null) {
            var extra = ours.stream()
                    .filter(each -> isNeedless(each, externals))
                    .filter(each -> each.isFree() || lettingGo.stream().anyMatch(old -> isOf(each, old)))
                    .filter(each ->
                            lettingGo.stream().noneMatch(old -> isOf(each, old) && leads(command.status(), old)))
                    .findFirst();
            if (extra.isPresent()) {
                var remove = new Step.Remove(extra.get());
                return lettingGo.stream().anyMatch(old -> isOf(extra.get(), old))
                        ? new Answer(externals, ending(lettingGo, extra.get()), gone, remove, true, again)
                        : before(externals, lettingGo, gone, remove);
            }
        } else if (command.known().denied() != null) {
            lookAgain(command.now().plus(LOOK_AGAIN));
        }
        return new Answer(externals, lettingGo, gone, step, true, again);
    }

    /** Whether a creation by an earlier owner may still arrive: the next owner must know of it too. */
    private boolean mayComeLate() {
        var late = command.known().lateUntil();
        return late != null && command.now().isBefore(late);
    }

    private boolean isNeedless(FloatingIp each, List<GrantedExternal> externals) {
        return !isKept(each, externals) && !resting.contains(each) && !choice.isKeptForUs(each);
    }

    /**
     * Says with the same commit that a deletion is asked for. The call may arrive long after its owner died, so that the
     * floating IP belongs to nobody from here on, whatever the claim says by then.
     */
    private static List<GrantedExternal> ending(List<GrantedExternal> lettingGo, FloatingIp deleted) {
        return lettingGo.stream()
                .map(old -> isOf(deleted, old) ? ended(old) : old)
                .toList();
    }

    private static GrantedExternal ended(GrantedExternal old) {
        return new GrantedExternal(
                old.family(),
                old.method(),
                AllocationState.RELEASED,
                old.address(),
                old.floatingIpId(),
                old.floatingNetworkId(),
                old.pool(),
                old.ours(),
                null,
                "");
    }

    /** A floating IP that is extra goes before anything is granted; what is granted already is not held up. */
    private Answer before(
            List<GrantedExternal> externals, List<GrantedExternal> lettingGo, List<GrantedExternal> gone, Step remove) {
        boolean grants = externals.stream()
                .anyMatch(each ->
                        each.state() == AllocationState.GRANTED && held.stream().noneMatch(each::equals));
        return grants ? unsettled(remove) : new Answer(externals, lettingGo, gone, remove, true, again);
    }

    private Answer unsettled(@Nullable Step next) {
        return new Answer(List.of(), List.of(), List.of(), next, false, again);
    }

    /** Floating IPs of ours that lead somewhere and that no allocation speaks of: it was lost. */
    private void addAssociated(List<FloatingIp> ours) {
        for (var each : ours) {
            if (!each.isFree() && held.stream().noneMatch(external -> isOf(each, external))) {
                var pool = choice.poolOf(each.networkId(), each.address());
                held.add(new GrantedExternal(
                        IpFamily.IPV4,
                        ExternalMethod.POOL,
                        AllocationState.GRANTED,
                        each.address().toString(),
                        each.id(),
                        each.networkId(),
                        pool,
                        true,
                        null,
                        ""));
            }
        }
    }

    private void lookAgain(@Nullable Instant time) {
        var before = again;
        if (time != null && (before == null || time.isBefore(before))) {
            again = time;
        }
    }

    private static boolean isEnded(GrantedExternal external) {
        return external.state() == AllocationState.RELEASED;
    }

    /** Not granted, but a creation may have left something behind. */
    private static boolean isIntent(GrantedExternal external) {
        return external.state() != AllocationState.GRANTED && !isEnded(external);
    }

    private boolean matches(ExternalClaim wanted, GrantedExternal has) {
        if (wanted.family() != has.family() || isEnded(has)) {
            return false;
        }
        if (wanted.method() == ExternalMethod.USER) {
            return has.state() == AllocationState.GRANTED && Objects.equals(wanted.address(), has.address());
        }
        return has.method() == wanted.method() && choice.isFrom(wanted, has);
    }

    /** The same address, which the user may have named in the meantime. */
    private static GrantedExternal asWanted(ExternalClaim wanted, GrantedExternal has) {
        return new GrantedExternal(
                has.family(),
                wanted.method(),
                has.state(),
                has.address(),
                has.floatingIpId(),
                has.floatingNetworkId(),
                has.pool(),
                has.ours(),
                null,
                "",
                wanted.keep());
    }

    /** Still waiting, and a creation may have left something behind. */
    private static GrantedExternal intended(GrantedExternal external) {
        return waiting(external, external.message());
    }

    private static GrantedExternal waiting(GrantedExternal external, String message) {
        return new GrantedExternal(
                external.family(),
                external.method(),
                external.state(),
                null,
                null,
                null,
                external.pool(),
                true,
                external.reason(),
                message);
    }

    private static boolean isOf(FloatingIp floatingIp, GrantedExternal external) {
        return floatingIp.id().equals(external.floatingIpId());
    }

    private static boolean isThere(List<FloatingIp> ours, GrantedExternal external) {
        return ours.stream().anyMatch(each -> isOf(each, external));
    }

    private static boolean isKept(GrantedExternal old, List<GrantedExternal> externals) {
        var address = old.address();
        return address != null && externals.stream().anyMatch(each -> address.equals(each.address()));
    }

    private static boolean isKept(FloatingIp floatingIp, List<GrantedExternal> externals) {
        return externals.stream().anyMatch(external -> isOf(floatingIp, external));
    }

    private static boolean seesFloatingIps(@Nullable LoadBalancerStatus status) {
        return status != null && status.externals().stream().anyMatch(each -> each.floatingIpId() != null);
    }

    /** Whether octavia still leads this address to the load balancer. */
    private static boolean leads(@Nullable LoadBalancerStatus status, GrantedExternal external) {
        return status != null
                && status.externals().stream()
                        .map(AssociatedExternal::address)
                        .map(IpAddress::parse)
                        .anyMatch(address ->
                                address.isPresent() && address.get().toString().equals(external.address()));
    }
}
