package io.ballast.ipam.kafka;

import io.ballast.ipam.allocation.AllocationEvent;
import io.ballast.ipam.allocation.Decision;
import io.ballast.ipam.allocation.FindingKind;
import io.ballast.ipam.allocation.IpamAnswer;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.allocation.Ledger;
import io.ballast.ipam.allocation.Preflight;
import io.ballast.ipam.allocation.Rules;
import io.ballast.runtime.shell.Pass;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.Finding;
import io.ballast.schemas.contract.GrantedExternal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When Neutron is read, and how old what it showed is. */
final class NeutronWatch {
    private static final Logger LOG = LoggerFactory.getLogger(NeutronWatch.class);
    private static final Duration RETRY_MIN = Duration.ofSeconds(2);
    private static final Duration RETRY_MAX = Duration.ofSeconds(60);

    /** Reasons that rest on what Neutron showed. */
    private static final Set<AllocationReason> FROM_NEUTRON = EnumSet.of(
            AllocationReason.VIP_IS_GATEWAY,
            AllocationReason.VIP_INSIDE_ALLOCATION_POOL,
            AllocationReason.VIP_HELD_BY_FOREIGN_PORT,
            AllocationReason.VIP_RANGE_EXHAUSTED,
            AllocationReason.VRRP_EXHAUSTED,
            AllocationReason.NO_ROUTER_PATH,
            AllocationReason.OPENSTACK_REFUSED);

    private final IpamReconciler.Settings settings;
    private @Nullable Instant readAt;
    private Instant retryAt = Instant.MIN;
    private Instant wantedAt = Instant.MAX;
    private boolean isWanted = true;
    private String trouble = "";
    private int failures;
    private boolean isChecked;
    private Map<String, List<Finding>> found = Map.of();

    NeutronWatch(IpamReconciler.Settings settings) {
        this.settings = settings;
    }

    /** Whether the first reading is still under way, so that nothing can be said yet. */
    boolean isFirstReadPending() {
        return settings.hasCredentials() && readAt == null && trouble.isEmpty();
    }

    /** Why nothing is known of Neutron; empty when it was read, however long ago. */
    String unavailable() {
        return readAt == null ? trouble : "";
    }

    /** Whether it was read once, however long ago. */
    boolean isRead() {
        return readAt != null;
    }

    /** Why Neutron does not answer now, in words; empty when it does. */
    String trouble() {
        if (!settings.hasCredentials()) {
            return "no OpenStack credentials are configured, so nothing is granted";
        }
        if (isFirstReadPending()) {
            return "Neutron has not answered yet";
        }
        return trouble.isEmpty() ? "" : "Neutron cannot be read: " + trouble;
    }

    /** Whether somebody is newly refused because of something that may have changed since it was read. */
    boolean isTooOldFor(Decision decision, @Nullable AddressAllocation before, Instant now, Duration fresh) {
        var read = readAt;
        if (read == null || read.plus(fresh).isAfter(now) || !trouble.isEmpty()) {
            return false; // while Neutron is away, what it last showed has to do
        }
        for (var event : decision.events()) {
            if (event instanceof AllocationEvent.Allocated(var _, var after, var _) && after != null) {
                var reasons = reasons(after);
                reasons.retainAll(FROM_NEUTRON);
                if (before != null) {
                    reasons.removeAll(reasons(before));
                }
                if (!reasons.isEmpty()) {
                    isWanted = true;
                    return true;
                }
            }
        }
        return false;
    }

    /** Reads again before its time, but not twice within the given age; when that will be. */
    Instant wantSoon(Instant now, Duration age) {
        var read = readAt;
        var due = read == null || read.plus(age).isBefore(now) ? now : read.plus(age);
        wantedAt = wantedAt.isBefore(due) ? wantedAt : due;
        return due;
    }

    Pass<IpamCall> pass(Collection<AddressClaim> claims, Instant now) {
        var read = readAt;
        var due = read == null ? Instant.MIN : read.plus(settings.readEvery());
        due = wantedAt.isBefore(due) ? wantedAt : due;
        if (!isWanted && due.isAfter(now)) {
            return Pass.later(due);
        }
        if (retryAt.isAfter(now)) {
            return Pass.later(retryAt);
        }
        var subnets = new TreeSet<String>();
        settings.rules().vipPools().stream().map(Rules.VipPool::subnet).forEach(subnets::add);
        claims.stream()
                .filter(claim -> claim.state() == ClaimState.WANTED)
                .forEach(claim -> subnets.addAll(claim.memberSubnets()));
        isWanted = false;
        wantedAt = Instant.MAX;
        return Pass.call(new IpamCall.ReadNeutron(
                subnets,
                settings.rules().externals(),
                settings.rules().clusters().values().stream()
                        .map(Rules.Cluster::pods)
                        .toList()));
    }

    /** Whether those who wait should look again because of the answer alone. */
    boolean answered(IpamAnswer answer, Instant now) {
        if (answer instanceof IpamAnswer.Failed failed) {
            if (trouble.isEmpty()) { // once, however often it is asked
                LOG.atWarn()
                        .addKeyValue("reason", failed.message())
                        .log("Neutron cannot be read, and is asked until it can");
            }
            failures++;
            trouble = failed.message();
            var rest = RETRY_MIN.multipliedBy(1L << Math.min(failures - 1, 5));
            retryAt = now.plus(rest.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : rest);
            isWanted = true;
            return true;
        }
        if (!trouble.isEmpty()) {
            LOG.atInfo().log("Neutron is read again");
        }
        failures = 0;
        trouble = "";
        readAt = now;
        isChecked = false;
        return true; // those who were to be refused because of the old state wait for this
    }

    Map<String, List<Finding>> findings(Ledger ledger) {
        if (!settings.hasCredentials()) {
            return Preflight.unread(
                    settings.rules(),
                    FindingKind.NO_CREDENTIALS,
                    "no OpenStack credentials are configured, so nothing is granted");
        }
        if (readAt == null) {
            return trouble.isEmpty()
                    ? Map.of()
                    : Preflight.unread(
                            settings.rules(), FindingKind.NEUTRON_UNAVAILABLE, "Neutron cannot be read: " + trouble);
        }
        if (!isChecked) {
            found = Preflight.check(settings.rules(), ledger.facts());
            isChecked = true;
        }
        return found;
    }

    /** Every reason that a row names. */
    static Set<AllocationReason> reasons(AddressAllocation row) {
        var reasons = new HashSet<AllocationReason>();
        var own = row.reason();
        if (own != null) {
            reasons.add(own);
        }
        row.externals().stream()
                .map(GrantedExternal::reason)
                .filter(Objects::nonNull)
                .forEach(reasons::add);
        return reasons;
    }
}
