package io.ballast.ipam.allocation;

import io.ballast.ipam.allocation.Ledger.Place;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The external address a user named: granted as it is or not at all, never made, replaced or deleted. */
final class UserChoice {
    private final AllocationCommand.Claim command;
    private final List<GrantedVip> vips;
    private final long firstClaimed;
    private final String identity;
    private final Set<String> ended;
    private final Ledger ledger;

    UserChoice(
            AllocationCommand.Claim command,
            List<GrantedVip> vips,
            long firstClaimed,
            String identity,
            Set<String> ended,
            Ledger ledger) {
        this.command = command;
        this.vips = vips;
        this.firstClaimed = firstClaimed;
        this.identity = identity;
        this.ended = ended;
        this.ledger = ledger;
    }

    ExternalChoice.Chosen choose(ExternalClaim wanted) {
        var address = Optional.ofNullable(wanted.address()).flatMap(IpAddress::parse);
        if (address.isEmpty()) {
            return ExternalChoice.denied(
                    wanted,
                    "",
                    Denial.refused(
                            AllocationReason.EXTERNAL_NOT_FOUND,
                            "the external address asked for, '%s', is not an address".formatted(wanted.address())));
        }
        var asked = address.get();
        var rival = ledger.rival(command.key(), new Place("", asked));
        if (rival.isPresent()) {
            return ExternalChoice.denied(
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
        if (!isKept(asked) && !ledger.isReached(Entry.addressLine("", asked), command.key(), firstClaimed, 1, 1)) {
            return ExternalChoice.denied(
                    wanted,
                    "",
                    Denial.waits(
                            AllocationReason.EXTERNAL_HELD_BY_ANOTHER,
                            "external address %s goes to a Service that claimed it earlier".formatted(asked)));
        }
        var plain = ledger.rules().externals().stream()
                .filter(pool -> pool.contains(asked))
                .findFirst();
        if (plain.isPresent()) {
            return plainOfUser(wanted, asked, plain.get());
        }
        if (asked.family() == IpFamily.IPV6) {
            return ExternalChoice.denied(
                    wanted,
                    "",
                    Denial.refused(
                            AllocationReason.EXTERNAL_FAMILY_UNSUPPORTED,
                            "%s is in no configured external range, and Neutron has no IPv6 floating IPs"
                                    .formatted(asked)));
        }
        return floatingOfUser(wanted, asked);
    }

    private ExternalChoice.Chosen plainOfUser(ExternalClaim wanted, IpAddress asked, Rules.ExternalPool pool) {
        if (!pool.serves(command.key(), command.claim())) {
            return ExternalChoice.denied(
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
        var rest = ledger.quarantine()
                .at(asked)
                .filter(resting -> !resting.lastHolder().equals(command.key()))
                .filter(resting -> resting.until().isAfter(command.now()));
        if (rest.isPresent()) {
            var denial =
                    Denial.waits(AllocationReason.EXTERNAL_QUARANTINED, ExternalChoice.quarantined(asked, rest.get()));
            return new ExternalChoice.Chosen(
                    ExternalChoice.denial(wanted, pool.name(), denial),
                    null,
                    rest.get().until());
        }
        var barred = isKept(asked) ? Optional.<Denial>empty() : PoolLimits.barred(pool, command, firstClaimed, ledger);
        return barred.map(denial -> ExternalChoice.denied(wanted, pool.name(), denial))
                .orElseGet(() -> ExternalChoice.granted(wanted, asked, null, null, pool.name(), false));
    }

    private ExternalChoice.Chosen floatingOfUser(ExternalClaim wanted, IpAddress asked) {
        var seen = command.known().byAddress().get(asked);
        if (seen == null) {
            var denied = command.known().denied();
            return denied == null
                    ? new ExternalChoice.Chosen(
                            ExternalChoice.denial(
                                    wanted,
                                    "",
                                    Denial.waits(
                                            AllocationReason.EXTERNAL_NOT_FOUND,
                                            "floating IP %s is being looked up".formatted(asked))),
                            new Step.LookAt(asked),
                            null)
                    : ExternalChoice.again(wanted, "", denied, command.now());
        }
        if (seen.isEmpty() || ended.contains(seen.get().id())) {
            return ExternalChoice.again(wanted, "", absent(asked), command.now());
        }
        return judge(wanted, asked, seen.get());
    }

    /** The same words whether it never was there, has vanished, or is one of ours whose deletion is under way. */
    private static Denial absent(IpAddress asked) {
        return Denial.waits(
                AllocationReason.EXTERNAL_NOT_FOUND,
                "floating IP %s is not there in Neutron; create it (openstack floating ip create --floating-ip-address %s NETWORK) or ask for another address"
                        .formatted(asked, asked));
    }

    private ExternalChoice.Chosen judge(ExternalClaim wanted, IpAddress asked, FloatingIp found) {
        boolean allowed = ledger.rules().externals().stream()
                .filter(pool -> pool.isFloating() && pool.serves(command.key(), command.claim()))
                .flatMap(pool -> Optional.ofNullable(ledger.facts().externals().get(pool.name())).stream())
                .anyMatch(network -> network.networkId().equals(found.networkId()));
        if (!allowed) {
            return ExternalChoice.denied(
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
        var elsewhere = ofAnotherProject(wanted, asked, found);
        if (elsewhere.isPresent()) {
            return ExternalChoice.again(wanted, "", elsewhere.get(), command.now());
        }
        boolean ours = found.description().equals(identity);
        boolean isToBeTaken = !ours
                && isKept(asked)
                && found.isFree()
                && found.wasMadeFor(command.claim().clusterUid(), command.key());
        if (isToBeTaken) {
            return ExternalChoice.making(wanted, "", new Step.Take(found, identity));
        }
        if (found.description().startsWith("ballast:") && !ours) {
            return ExternalChoice.again(
                    wanted,
                    "",
                    Denial.waits(
                            AllocationReason.EXTERNAL_HELD_BY_ANOTHER,
                            "floating IP %s was made for another Service (%s)".formatted(asked, found.description())),
                    command.now());
        }
        if (!found.isFree() && !leadsToUs(found)) {
            return ExternalChoice.again(
                    wanted,
                    "",
                    Denial.waits(
                            AllocationReason.EXTERNAL_IN_USE,
                            "floating IP %s leads to port %s, which is not our VIP; free it: openstack floating ip unset --port %s"
                                    .formatted(asked, found.portId(), found.id())),
                    command.now());
        }
        return ExternalChoice.granted(wanted, asked, found.id(), found.networkId(), "", ours);
    }

    /** An administrator's credentials see the floating IPs of every project: those of others are not there for us. */
    private Optional<Denial> ofAnotherProject(ExternalClaim wanted, IpAddress asked, FloatingIp found) {
        var own =
                ledger.rules().anyProject() ? "" : ledger.facts().surroundings().projectId();
        var project = Objects.requireNonNullElse(wanted.project(), own);
        boolean isKnown = !project.isEmpty()
                && (wanted.project() != null || !found.projectId().isEmpty());
        return isKnown && !project.equals(found.projectId())
                ? Optional.of(Denial.waits(
                        AllocationReason.EXTERNAL_NOT_FOUND,
                        "floating IP %s is not there in project %s, which namespace %s uses; create it there or ask for another address"
                                .formatted(asked, project, command.key().namespace())))
                : Optional.empty();
    }

    /** Whether the address was kept for this Service: nobody else gets it, however long they wait. */
    private boolean isKept(IpAddress asked) {
        return ledger.quarantine()
                .at(asked)
                .filter(rest -> rest.isKeptFor(command.key(), command.now()))
                .isPresent();
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
}
