package io.ballast.octavia.kafka;

import io.ballast.octavia.loadbalancer.Blueprint;
import io.ballast.octavia.loadbalancer.Evolution;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.FloatingIp;
import io.ballast.octavia.loadbalancer.ForeignLoadBalancer;
import io.ballast.octavia.loadbalancer.Knowledge;
import io.ballast.octavia.loadbalancer.ListenerDefaults;
import io.ballast.octavia.loadbalancer.LoadBalancerHead;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAction;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteMonitor;
import io.ballast.octavia.loadbalancer.OctaviaAction.FailoverLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAction.UpdatePool;
import io.ballast.octavia.loadbalancer.Product;
import io.ballast.octavia.loadbalancer.Situation;
import io.ballast.octavia.loadbalancer.VipHolder;
import io.ballast.runtime.shell.Cause;
import io.ballast.schemas.contract.Outcome;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What was seen of the load balancers of one key, and how the last calls went. Forgotten with the partition. */
final class ServiceMemory {
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration LOOK_AT_VIPS = Duration.ofSeconds(30);
    private static final int TRIES_WITHOUT_EFFECT = 2;

    private final TreeMap<String, LoadBalancerHead> heads = new TreeMap<>();
    private final Map<String, ObservedLoadBalancer> full = new HashMap<>();
    private final Set<String> suspects = new HashSet<>();
    private final Set<String> unverified = new HashSet<>();

    /** Those written since their children's operating statuses were read. */
    private final Set<String> written = new HashSet<>();

    private final Map<OctaviaAction, Failure> refused = new LinkedHashMap<>();
    private final Map<OctaviaAction, Integer> done = new HashMap<>();
    private final VipLooks vips = new VipLooks();
    private final Map<String, Instant> pendingSince = new HashMap<>();
    private Instant freshUntil = Instant.MIN;
    private Instant touchedAt = Instant.MIN;
    private @Nullable Failure failure;
    private @Nullable Instant retryAt;
    private int failures;

    /** What was not made because of the failure; null when that was about something else. */
    private @Nullable Blueprint failedCreate;

    /** The write that runs; null for none. */
    @Nullable
    RunningWrite running;

    /** When the watcher saw the oldest change that OpenStack does not have yet; null for none, or unknown. */
    @Nullable
    Instant observedAt;

    /** When health was last told alone; {@link Instant#MIN} for never. */
    Instant healthToldAt = Instant.MIN;

    /** The outcome that the next pass has to write; null for none. */
    @Nullable
    Outcome outcome;

    /**
     * A write that runs.
     *
     * @param started its STARTED outcome
     * @param at when it began
     */
    record RunningWrite(Outcome started, OctaviaAction action, Instant at) {}

    Knowledge view(
            boolean listed,
            List<FloatingIp> floatingIps,
            List<ForeignLoadBalancer> namesakes,
            ListenerDefaults listenerDefaults,
            @Nullable Failure cloudFailure) {
        var futile = new HashSet<OctaviaAction>();
        done.forEach((action, times) -> {
            if (times >= TRIES_WITHOUT_EFFECT) {
                futile.add(action);
            }
        });
        return new Knowledge(
                listed,
                freshUntil,
                heads,
                full,
                suspects,
                unverified,
                floatingIps,
                new LinkedHashMap<>(refused),
                futile,
                failure == null && !listed ? cloudFailure : failure,
                retryAt,
                vips.view(),
                pendingSince,
                namesakes,
                listenerDefaults);
    }

    /** Remembers since when the oldest change waits that OpenStack does not have yet. */
    void observed(Situation situation, Cause cause) {
        var desired = situation.desired();
        var status = situation.status();
        if (desired != null
                && observedAt == null
                && desired.generation() > (status == null ? 0 : status.appliedGeneration())) {
            observedAt = cause.observedAt();
        }
    }

    Collection<LoadBalancerHead> heads() {
        return heads.values();
    }

    /** For how long it is seen PENDING. */
    Duration pendingFor(String id, Instant now) {
        return Duration.between(pendingSince.getOrDefault(id, now), now);
    }

    /** Since when one of them is PENDING; empty when none is. */
    Optional<Instant> oldestPending() {
        return pendingSince.values().stream().min(Instant::compareTo);
    }

    boolean isEmpty() {
        return heads.isEmpty() && running == null && outcome == null;
    }

    // --- what is read

    /** A list of everything. What was touched since it began is newer than it. Answers whether anything is news. */
    boolean listed(Collection<LoadBalancerHead> seen, Instant began, Instant now) {
        if (running != null || !touchedAt.isBefore(began)) {
            return false;
        }
        var news = replace(seen, now);
        if (failure != null && failure.isSilence()) {
            succeeded();
            news = true;
        }
        news |= !done.isEmpty();
        for (var head : seen) {
            news |= head.isActive() && written.contains(head.id()) && unverified.add(head.id());
        }
        news |= refused.entrySet()
                .removeIf(each -> !each.getValue().isFinal() && !(each.getKey() instanceof FailoverLoadBalancer));
        done.clear();
        return news;
    }

    /** Who holds the VIPs. Whoever does is asked again later, and a leftover when it is one beyond doubt. */
    void lookedAtVips(List<VipHolder> holders, Instant now) {
        vips.looked(holders, now);
        var proven = vips.provenAt();
        if (holders.isEmpty() || (proven.isEmpty() && !vips.view().doubted())) {
            succeeded();
            return;
        }
        var held = holders.getFirst();
        pause(
                new Failure(
                        Failure.Kind.ADDRESS_TAKEN,
                        0,
                        "VIP %s is held by %s".formatted(held.address(), held.text()),
                        null,
                        null),
                now);
        var again = now.plus(LOOK_AT_VIPS);
        retryAt = proven.isEmpty() || proven.get().isAfter(again)
                ? again
                : proven.get().isAfter(now) ? proven.get() : null;
    }

    /** A look of our own. */
    void looked(Collection<LoadBalancerHead> seen, Instant now) {
        replace(seen, now);
        freshUntil = now.plus(FRESH);
        var refusedCreate = failedCreate;
        if (refusedCreate == null || isThere(refusedCreate, seen)) {
            succeeded();
        }
    }

    /** Else a look before each new try would end the pauses between them, and what is said of the last one. */
    private static boolean isThere(Blueprint blueprint, Collection<LoadBalancerHead> seen) {
        return blueprint.vips().stream().anyMatch(vip -> seen.stream().anyMatch(head -> head.hasVip(vip.address())));
    }

    private boolean replace(Collection<LoadBalancerHead> seen, Instant now) {
        var ids = new HashSet<String>();
        var news = false;
        for (var head : seen) {
            ids.add(head.id());
            var before = heads.get(head.id());
            if (before == null || !before.sameContent(head) || before.provisioning() != head.provisioning()) {
                news = true;
                noteDrift(before, head);
            }
            if (before != null && before.isActive() && head.isActive() && before.operating() != head.operating()) {
                news |= suspects.add(head.id()); // its members may have come or gone
            }
            if (before != null && before.isPending()) {
                settle(head);
            }
            see(head, now);
        }
        for (var id : List.copyOf(heads.keySet())) {
            if (!ids.contains(id)) {
                news = true;
                remove(id);
            }
        }
        return news;
    }

    private void noteDrift(@Nullable LoadBalancerHead before, LoadBalancerHead head) {
        if (before != null && !before.sameContent(head)) {
            suspects.add(head.id());
        }
    }

    /**
     * A call of an earlier owner may have ended between two writes of ours, which hid it: what was written is read again.
     * Answers whether there is anything to read.
     */
    boolean suspectWritten() {
        return !touchedAt.equals(Instant.MIN) && suspects.addAll(heads.keySet());
    }

    /** Those whose turn it is to be read in full. Answers whether there is any. */
    boolean suspect(Predicate<String> isDue) {
        var due = heads.values().stream()
                .filter(LoadBalancerHead::isActive)
                .map(LoadBalancerHead::id)
                .filter(isDue)
                .toList();
        return running == null && suspects.addAll(due);
    }

    /** One load balancer in full. */
    void read(ObservedLoadBalancer loadBalancer, Instant now) {
        full.put(loadBalancer.id(), loadBalancer);
        suspects.remove(loadBalancer.id());
        unverified.remove(loadBalancer.id());
        written.remove(loadBalancer.id());
        see(loadBalancer.head(), now);
        succeeded();
    }

    void verified(String id, ObservedLoadBalancer.Tree tree) {
        full.computeIfPresent(id, (_, loadBalancer) -> loadBalancer.with(tree));
        unverified.remove(id);
        written.remove(id);
        Optional.ofNullable(full.get(id))
                .filter(ObservedLoadBalancer::lacksIds)
                .ifPresent(loadBalancer -> suspects.add(loadBalancer.id())); // not what we think: read it
        succeeded();
    }

    /** A poll saw it. */
    void polled(LoadBalancerHead head, Instant now) {
        if (failure != null && failure.isSilence()) {
            succeeded();
        }
        settle(head);
        see(head, now);
    }

    /** A change has come to its end: its children have too, or nobody knows which of them failed. */
    private void settle(LoadBalancerHead head) {
        if (head.isError()) {
            suspects.add(head.id());
        } else if (!head.isPending()) {
            full.computeIfPresent(head.id(), (_, loadBalancer) -> loadBalancer.settled(head));
        }
    }

    private void see(LoadBalancerHead head, Instant now) {
        heads.put(head.id(), head);
        var children = full.get(head.id());
        if (head.isActive() && children != null && !children.hasChildrenOf(head)) {
            suspects.add(head.id()); // somebody else made or deleted one while we wrote
        }
        if (!head.isError()) {
            refused.remove(new FailoverLoadBalancer(head.id()));
        }
        if (head.isPending()) {
            pendingSince.putIfAbsent(head.id(), now);
        } else {
            pendingSince.remove(head.id());
        }
        if (head.provisioning() == ProvisioningStatus.DELETED) {
            remove(head.id());
        }
    }

    void remove(String id) {
        refused.remove(new FailoverLoadBalancer(id));
        heads.remove(id);
        full.remove(id);
        suspects.remove(id);
        unverified.remove(id);
        written.remove(id);
        pendingSince.remove(id);
    }

    // --- what is written

    /** The desired state or the addresses changed: what was refused may be possible now. */
    void inputChanged() {
        forgetRefusals();
    }

    /** A refused failover stays refused until its load balancer is well: another spec changes nothing about a role. */
    private boolean forgetRefusals() {
        boolean any = refused.keySet().removeIf(action -> !(action instanceof FailoverLoadBalancer)) || !done.isEmpty();
        done.clear();
        return any;
    }

    /** Other addresses were granted: one that was not there stands in nobody's way any more. */
    void addressesChanged() {
        vips.forget();
        var before = failure;
        if (before != null && before.kind() == Failure.Kind.FLOATING_IP_GONE) {
            succeeded();
        }
    }

    void accepted(OctaviaAction action, Product product, Instant now) {
        touchedAt = now;
        freshUntil = Instant.MIN;
        succeeded();
        if (action instanceof CreateLoadBalancer(var blueprint)
                && product instanceof Product.OfLoadBalancer(var made)) {
            refused.keySet()
                    .removeIf(each -> each instanceof CreateLoadBalancer(var other)
                            && other.vips().equals(blueprint.vips()));
            vips.forget();
            full.put(made.id(), made);
            unverified.add(made.id());
            see(made.head(), now);
            return;
        }
        if (action instanceof DeleteLoadBalancer(var id)) {
            Optional.ofNullable(heads.get(id))
                    .ifPresent(head -> see(head.with(ProvisioningStatus.PENDING_DELETE), now));
            return;
        }
        if (action instanceof FailoverLoadBalancer(var id)) {
            suspects.add(id);
            Optional.ofNullable(heads.get(id))
                    .ifPresent(head -> see(head.with(ProvisioningStatus.PENDING_UPDATE), now));
            return;
        }
        vips.touched();
        done.merge(action, 1, Integer::sum);
        ownerOf(action).ifPresent(owner -> {
            if (owner.hasStuckChild()) {
                unverified.add(owner.id()); // one of several is mended
            }
            var after = Evolution.after(owner, action, product);
            full.put(owner.id(), after);
            written.add(owner.id());
            see(after.head(), now);
            if (product instanceof Product.OfMonitor || (owner.head().isOvn() && leavesListenersBehind(action))) {
                unverified.add(owner.id());
            }
        });
    }

    /** On ovn they stay PENDING_UPDATE after it. */
    private static boolean leavesListenersBehind(OctaviaAction action) {
        return action instanceof UpdatePool || action instanceof DeleteMonitor;
    }

    void failed(OctaviaAction action, Failure why, Instant now) {
        touchedAt = now;
        failedCreate = action instanceof CreateLoadBalancer(var blueprint) ? blueprint : null;
        if (action instanceof CreateLoadBalancer && why.kind() == Failure.Kind.ADDRESS_TAKEN) {
            vips.doubt();
        }
        if (action instanceof FailoverLoadBalancer
                && (why.kind() == Failure.Kind.FORBIDDEN || why.kind() == Failure.Kind.REFUSED)) {
            refused.put(action, why);
            return;
        }
        var onWhole = action instanceof CreateLoadBalancer || action instanceof DeleteLoadBalancer;
        switch (why.kind()) {
            case IMMUTABLE -> lookAgain(action, now);
            case CONFLICT -> {
                suspect(action);
                if (done.merge(action, 1, Integer::sum) >= TRIES_WITHOUT_EFFECT) {
                    refused.put(action, why);
                }
            }
            case GONE -> {
                suspect(action);
                pause(why, now);
            }
            case REFUSED -> {
                if (action instanceof DeleteLoadBalancer) {
                    pause(why, now);
                } else {
                    refused.put(action, why);
                }
            }
            case UNKNOWN -> {
                lookAgain(action, now);
                if (onWhole || ownerOf(action).isEmpty()) {
                    pause(why, now);
                } else {
                    failure = why; // told until the next look
                }
            }
            case QUOTA -> {
                if (onWhole) {
                    pause(why, now);
                } else {
                    refused.put(action, why); // the rest goes on; the next list tries it again
                }
            }
            case NO_ROUTER_PATH -> refused.put(action, why); // the rest goes on; the next list tries it again
            case FLOATING_IP_GONE, ADDRESS_TAKEN, BUSY, FORBIDDEN, UNREACHABLE -> pause(why, now);
        }
        freshUntil = Instant.MIN;
    }

    /** A call that only reads failed. */
    void failed(Failure why, Instant now) {
        pause(why, now);
    }

    /** Somebody, perhaps we, has a change under way: wait for its end, then read everything. */
    private void lookAgain(OctaviaAction action, Instant now) {
        var id =
                switch (action) {
                    case DeleteLoadBalancer(var whole) -> Optional.of(whole);
                    case FailoverLoadBalancer(var whole) -> Optional.of(whole);
                    default -> ownerOf(action).map(ObservedLoadBalancer::id);
                };
        id.map(heads::get).ifPresent(head -> {
            suspects.add(head.id());
            see(head.with(ProvisioningStatus.PENDING_UPDATE), now);
        });
    }

    private void suspect(OctaviaAction action) {
        ownerOf(action).ifPresent(owner -> suspects.add(owner.id()));
    }

    private void succeeded() {
        failure = null;
        failedCreate = null;
        retryAt = null;
        failures = 0;
    }

    private void pause(Failure why, Instant now) {
        failures++;
        failure = why;
        retryAt = now.plus(Pauses.after(why, failures));
    }

    private Optional<ObservedLoadBalancer> ownerOf(OctaviaAction action) {
        return WrittenTo.among(full.values(), action);
    }
}
