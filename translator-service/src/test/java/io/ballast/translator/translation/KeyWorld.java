package io.ballast.translator.translation;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.translator.translation.Decision.Write;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One Service among the four services, as far as the translator can tell. The watcher says what Kubernetes has; ipam and
 * octavia keep the protocol; what the translator has read of them may be older than what they wrote.
 */
final class KeyWorld {
    /** Uids with a load balancer in Octavia. */
    final TreeSet<String> octavia = new TreeSet<>();

    /** Uid that ipam holds addresses for. */
    @Nullable
    String granted;

    @Nullable
    DesiredLoadBalancer desired;

    @Nullable
    AddressClaim claim;

    private @Nullable ServiceSnapshot services;
    private @Nullable AddressAllocation allocation;
    private @Nullable LoadBalancerStatus status;
    private @Nullable AddressAllocation allocationRead;
    private @Nullable LoadBalancerStatus statusRead;
    private @Nullable String answeredGone;
    private Translated translated = Fixtures.notManaged();
    private int uids;

    @Nullable
    ServiceSnapshot services() {
        return services;
    }

    Translated translated() {
        return translated;
    }

    /** One step of somebody. */
    void anything(Random random) {
        switch (random.nextInt(16)) {
            case 0 -> say(Fixtures.present("u" + ++uids));
            case 1 -> {
                if (services != null) {
                    say(Fixtures.gone(services.uid()));
                }
            }
            case 2 -> {
                if (services != null) {
                    say(services); // said twice
                }
            }
            case 3 -> translated = Fixtures.served();
            case 4 -> translated = new Translated.Served(Fixtures.wanted("b"));
            case 5 -> translated = random.nextBoolean() ? Fixtures.notManaged() : Fixtures.refused();
            case 6 -> answeredGone = null; // the translator starts again
            case 7 -> {
                if (random.nextInt(4) == 0) {
                    loseEverything();
                }
            }
            case 8, 9, 10, 11 -> translator();
            case 12 -> allocationRead = allocation;
            case 13 -> statusRead = status;
            case 14 -> ipam();
            default -> octavia();
        }
    }

    /** Everybody takes turns until nothing changes. */
    void settle(int passesMax) {
        if (services == null) {
            say(Fixtures.present("u" + ++uids));
        }
        for (int pass = 0; pass < passesMax; pass++) {
            var before = shown();
            ipam();
            octavia();
            allocationRead = allocation;
            statusRead = status;
            translator();
            if (before.equals(shown())) {
                return;
            }
        }
        throw new AssertionError("never settles: " + shown());
    }

    KeyState state() {
        boolean present = services != null && services.state() == SnapshotState.PRESENT;
        return new KeyState(
                services, present ? translated : null, desired, claim, allocationRead, statusRead, answeredGone);
    }

    void translator() {
        var decision = Lifecycle.decide(state());
        desired = written(desired, decision.desired());
        claim = written(claim, decision.claim());
        if (decision.answeredGone() != null) {
            answeredGone = decision.answeredGone();
        }
    }

    private void say(ServiceSnapshot snapshot) {
        services = snapshot;
        answeredGone = null;
    }

    /** Empty topics; octavia says what it finds, then the watcher says what there is. */
    void loseEverything() {
        desired = null;
        claim = null;
        allocation = null;
        allocationRead = null;
        status = octavia.isEmpty() ? null : Fixtures.status(LoadBalancerPhase.OBSERVED, octavia.first(), 0);
        statusRead = status;
        granted = null;
    }

    /** A create of an owner long gone lands at last; octavia finds it at its next listing. */
    void lateCreate(Random random) {
        octavia.add("u" + (1 + random.nextInt(uids)));
        var last = desired;
        if (last == null || (last.state() != DesiredState.PRESENT && last.state() != DesiredState.ABSENT)) {
            status = Fixtures.status(LoadBalancerPhase.OBSERVED, octavia.first(), 0);
        }
    }

    private void ipam() {
        if (claim == null) {
            allocation = allocation != null && allocation.state() == AllocationState.RELEASED ? null : allocation;
        } else if (claim.state() == ClaimState.WANTED) {
            granted = claim.serviceUid();
            allocation = Fixtures.allocation(AllocationState.GRANTED, claim.serviceUid(), claim.incarnation());
        } else if (isDeleted(claim.serviceUid(), claim.incarnation())) {
            granted = null;
            allocation = Fixtures.allocation(AllocationState.RELEASED, claim.serviceUid(), claim.incarnation());
        }
    }

    private void octavia() {
        var last = desired;
        if (last == null) {
            boolean over = status != null && status.phase() == LoadBalancerPhase.DELETED;
            status = over ? null : status;
            return;
        }
        switch (last.state()) {
            case PRESENT -> make(last);
            case REFUSED -> {
                if (last.loadBalancers().isEmpty()) {
                    relay(last, LoadBalancerPhase.REFUSED);
                } else {
                    make(last);
                }
            }
            case NOT_MANAGED -> relay(last, LoadBalancerPhase.NOT_MANAGED);
            case ABSENT -> {
                octavia.clear(); // its own, and strays of earlier Services
                status = Fixtures.status(LoadBalancerPhase.DELETED, last.serviceUid(), last.incarnation());
            }
            case UNKNOWN -> {}
        }
    }

    private void make(DesiredLoadBalancer last) {
        boolean allowed = allocation != null
                && allocation.state() == AllocationState.GRANTED
                && allocation.serviceUid().equals(last.serviceUid())
                && allocation.incarnation() == last.incarnation();
        if (allowed) {
            octavia.clear();
            octavia.add(last.serviceUid());
        }
        status = Fixtures.status(
                allowed ? LoadBalancerPhase.ACTIVE : LoadBalancerPhase.WAITING, last.serviceUid(), last.incarnation());
    }

    /** Nothing of ours may be there, or the word of it would be lost: then it stays OBSERVED. */
    private void relay(DesiredLoadBalancer last, LoadBalancerPhase phase) {
        status = octavia.isEmpty()
                ? Fixtures.status(phase, last.serviceUid(), last.incarnation())
                : Fixtures.status(LoadBalancerPhase.OBSERVED, octavia.first(), 0);
    }

    private boolean isDeleted(String uid, long incarnation) {
        return status != null
                && status.phase() == LoadBalancerPhase.DELETED
                && status.serviceUid().equals(uid)
                && status.incarnation() >= incarnation;
    }

    private static <V> @Nullable V written(@Nullable V before, Write<V> write) {
        return switch (write) {
            case Write.Keep<V> _ -> before;
            case Write.Put<V>(var value) -> value;
            case Write.End<V> _ -> null;
        };
    }

    private String shown() {
        return "%s %s %s %s %s %s"
                .formatted(
                        desired == null ? DesiredState.UNKNOWN : desired,
                        claim,
                        allocationRead,
                        statusRead,
                        octavia,
                        granted);
    }
}
