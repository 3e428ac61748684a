package io.ballast.octavia.kafka;

import io.ballast.octavia.kafka.ServiceMemory.RunningWrite;
import io.ballast.octavia.loadbalancer.Decision;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.Lifecycle;
import io.ballast.octavia.loadbalancer.ListenerDefaults;
import io.ballast.octavia.loadbalancer.LoadBalancerHead;
import io.ballast.octavia.loadbalancer.OctaviaAction;
import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.octavia.loadbalancer.PodAccess;
import io.ballast.octavia.loadbalancer.Product;
import io.ballast.octavia.loadbalancer.Situation;
import io.ballast.octavia.loadbalancer.Step;
import io.ballast.runtime.shell.Cause;
import io.ballast.runtime.shell.Change;
import io.ballast.runtime.shell.Key;
import io.ballast.runtime.shell.Marks;
import io.ballast.runtime.shell.Output;
import io.ballast.runtime.shell.Pass;
import io.ballast.runtime.shell.Reconciler;
import io.ballast.runtime.shell.Tables;
import io.ballast.runtime.shell.TopicPartition;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ProvisioningStatus;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes Octavia match desired state and addresses. Everything of ours is listed once when partitions are opened, and from
 * time to time; a Service is looked at when something about it changed; what is PENDING is polled together.
 */
public final class OctaviaReconciler implements Reconciler<OctaviaCall, OctaviaAnswer> {
    static final Key LIST = Key.process("@list");
    static final Key POLL = Key.process("@poll");
    static final Key FLOATING_IPS = Key.process("@floating-ips");

    private final OctaviaSettings settings;
    private final Map<Integer, OctaviaPartition> partitions = new TreeMap<>();
    private final Poller poller = new Poller();
    private final Turns turns;
    private final FloatingIps floatingIps = new FloatingIps();
    private final Lister lister;
    private final FloatingIpLister floatingIpLister;
    private final FullReads fullReads;
    private final Inventories inventories;
    private final OctaviaStanding standing;
    private final PodAccesses podAccesses;
    private ListenerDefaults listenerDefaults = ListenerDefaults.DOCUMENTED;

    public OctaviaReconciler(OctaviaSettings settings) {
        this(settings, new OctaviaStanding());
    }

    /** @param standing where it says how it stands */
    public OctaviaReconciler(OctaviaSettings settings, OctaviaStanding standing) {
        this(settings, List.of(), standing);
    }

    /**
     * @param podAccess clusters whose security groups are looked after
     * @param standing where it says how it stands
     */
    public OctaviaReconciler(OctaviaSettings settings, List<PodAccess> podAccess, OctaviaStanding standing) {
        this.settings = settings;
        this.standing = standing;
        this.turns = new Turns(settings, partitions, standing);
        this.lister = new Lister(settings, partitions, floatingIps);
        this.floatingIpLister = new FloatingIpLister(settings, partitions, floatingIps);
        this.fullReads = new FullReads(settings.fullRead(), partitions);
        this.inventories = new Inventories(this::situation);
        this.podAccesses = new PodAccesses(podAccess, settings.resync(), standing);
    }

    @Override
    public void opened(int number, Tables tables, Marks marks, Instant now) {
        var partition = new OctaviaPartition(number, tables, now, now.plus(settings.longestCall()));
        partitions.put(number, partition);
        standing.opened(number, partition.statuses());
        troubled();
        for (var key : partition.keys()) {
            var desired = partition.desired(key);
            if (!settings.policy().credentials() || (desired != null && isRelayed(desired.state()))) {
                marks.mark(partition.key(key));
            }
        }
        if (settings.policy().credentials()) {
            marks.mark(LIST);
        }
    }

    private void troubled() {
        if (settings.policy().credentials()) {
            boolean isRead = partitions.values().stream().allMatch(OctaviaPartition::isListed);
            standing.troubled(lister.failure(), lister.silentSince(), isRead);
        } else {
            standing.withoutCredentials();
        }
    }

    private static boolean isRelayed(DesiredState state) {
        return switch (state) {
            case NOT_MANAGED, REFUSED -> true;
            case PRESENT, ABSENT, UNKNOWN -> false;
        };
    }

    @Override
    public void closed(int number) {
        partitions.remove(number);
        poller.forget(number);
        turns.forget(number);
        standing.closed(number);
        standing.counted(partitions.values());
    }

    @Override
    public void changed(int number, Change<?> change, Marks marks, Instant now) {
        var partition = partitions.get(number);
        if (partition != null && change.topic().keyed()) {
            partition.urgent.add(change.key());
            Optional.ofNullable(partition.memories.get(change.key())).ifPresent(memory -> {
                memory.inputChanged();
                if (change.topic().name().equals(Topics.ADDRESS_ALLOCATIONS.name())) {
                    memory.addressesChanged();
                }
            });
            marks.mark(partition.key(change.key()));
        }
    }

    // --- passes

    @Override
    public Pass<OctaviaCall> pass(Key key, Cause cause, Instant now) {
        if (key.equals(LIST)) {
            return lister.pass(now);
        }
        if (key.equals(POLL)) {
            return poll(now);
        }
        if (key.equals(FLOATING_IPS)) {
            return floatingIpLister.pass(now);
        }
        var partition = partitions.get(key.partition());
        if (partition == null) {
            return Pass.nothing();
        }
        return switch (key.name()) {
            case Inventories.NAME -> inventories.pass(partition, now);
            case PodAccesses.NAME -> podAccesses.pass(partition, now);
            default -> service(partition, key, cause, now);
        };
    }

    private Pass<OctaviaCall> poll(Instant now) {
        var next = poller.next();
        if (next.isEmpty()) {
            return Pass.nothing();
        }
        var due = next.get().isAfter(turns.restUntil()) ? next.get() : turns.restUntil();
        if (due.isAfter(now)) {
            return Pass.later(due);
        }
        var ids = poller.take(now);
        return Pass.call(new OctaviaCall.Poll(ids, statusesOf(ids)));
    }

    private Set<ProvisioningStatus> statusesOf(Set<String> ids) {
        return ids.stream()
                .flatMap(id -> poller.keyOf(id).flatMap(this::memory).stream())
                .flatMap(memory -> memory.heads().stream())
                .filter(head -> head.isPending() && head.provisioning() != ProvisioningStatus.UNKNOWN)
                .map(LoadBalancerHead::provisioning)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(ProvisioningStatus.class)));
    }

    private Situation situation(OctaviaPartition partition, String key, Instant now) {
        var memory = partition.memory(key);
        var desired = partition.desired(key);
        return new Situation(
                ServiceKey.parse(key),
                desired,
                partition.allocation(key),
                partition.status(key),
                memory.view(
                        partition.isListed(),
                        floatingIps.leadingTo(memory.heads()),
                        lister.namesakes().of(desired),
                        listenerDefaults,
                        lister.failure()),
                settings.policy(),
                now);
    }

    private Pass<OctaviaCall> service(OctaviaPartition partition, Key key, Cause cause, Instant now) {
        var situation = situation(partition, key.name(), now);
        var memory = partition.memory(key.name());
        var decision = Lifecycle.decide(situation);
        var outage = lister.outage();
        if (outage != null && decision.step().needsOpenStack()) {
            memory.failed(outage, now); // the list finds out when it answers again; a call of each would only hang
            situation = situation(partition, key.name(), now);
            decision = Lifecycle.decide(situation);
        }
        var records = new ArrayList<Output<?>>();
        var finished = memory.outcome;
        if (finished != null) {
            records.add(Output.of(Topics.LOAD_BALANCER_OUTCOMES, situation.key(), finished));
            memory.outcome = null;
        }
        memory.observed(situation, cause);
        if (!turns.mayGoOn(partition, key, situation, decision.step())) {
            return Pass.<OctaviaCall>write(records).again(turns.nextTry(now));
        }
        @Nullable
        LoadBalancerStatus said = decision.report() instanceof Decision.Report.Say(var status) ? status : null;
        standing.passed(memory, situation, said);
        var held = decision.heldUntil(situation.status(), memory.healthToldAt, now);
        if (held.isEmpty() && decision.changes(situation.status())) {
            if (decision.isHealthAlone(situation.status())) {
                memory.healthToldAt = now;
            }
            records.add(Output.of(Topics.LOAD_BALANCER_STATUS, situation.key(), said));
            standing.said(key.partition(), key.name(), said);
        }
        return switch (decision.step()) {
            case Step.Rest _, Step.AwaitActive _ ->
                done(partition, key, memory, records).again(held.orElse(null));
            case Step.Until(var time) -> Pass.<OctaviaCall>write(records).again(time);
            case Step.Look(var identity) -> new Pass<>(records, new OctaviaCall.Look(identity), null);
            case Step.LookAtVips(var vips) -> new Pass<>(records, new OctaviaCall.LookAtVips(vips), null);
            case Step.Read(var id) -> new Pass<>(records, new OctaviaCall.Read(id), null);
            case Step.Verify(var id) -> new Pass<>(records, new OctaviaCall.ReadTree(id), null);
            case Step.Act(var action) -> write(partition, situation, memory, action, records);
        };
    }

    /** What nobody speaks of any more needs no memory. */
    private static Pass<OctaviaCall> done(
            OctaviaPartition partition, Key key, ServiceMemory memory, List<Output<?>> records) {
        if (memory.isEmpty() && partition.desired(key.name()) == null) {
            partition.memories.remove(key.name());
        }
        return Pass.write(records);
    }

    private Pass<OctaviaCall> write(
            OctaviaPartition partition,
            Situation situation,
            ServiceMemory memory,
            OctaviaAction action,
            List<Output<?>> records) {
        var desired = situation.desired();
        if (desired == null) {
            throw new IllegalStateException("a write without desired state: " + situation.key() + " " + action.word());
        }
        var call = partition.nextCall(situation.key().toString());
        var started = Outcomes.started(call, partition.epoch, desired, action);
        records.add(Output.of(Topics.LOAD_BALANCER_OUTCOMES, situation.key(), started));
        memory.running = new RunningWrite(started, action, situation.now());
        return new Pass<>(records, new OctaviaCall.Write(call, action), null);
    }

    @Override
    public void committed(Key key, Map<TopicPartition, Long> nextOffsets, Marks marks, Instant now) {
        var partition = partitions.get(key.partition());
        if (partition == null) {
            return;
        }
        var next = nextOffsets.get(new TopicPartition(Topics.LOAD_BALANCER_STATUS.name(), key.partition()));
        if (next != null) {
            partition.statusOffset = Math.max(partition.statusOffset, next);
        }
        if (key.name().equals(Inventories.NAME) && !partition.isMarked) {
            partition.isMarked = nextOffsets.containsKey(new TopicPartition(Topics.INVENTORIES.name(), 0));
            marks.mark(key);
        }
    }

    // --- answers

    @Override
    public void answered(Key key, OctaviaCall call, OctaviaAnswer answer, Marks marks, Instant now) {
        switch (call) {
            case OctaviaCall.ListOurs _ -> {
                lister.answered(answer, marks, now);
                if (lister.failure() == null) {
                    floatingIpLister.listedAll(marks, now);
                    fullReads.listed(settings.resync(), marks, now);
                } else {
                    floatingIpLister.stop();
                }
                troubled();
                standing.counted(partitions.values());
                partitions.values().forEach(partition -> watchPending(partition, marks, now));
                if (lister.outage() != null) {
                    poller.keys().forEach(marks::mark);
                    turns.waiting().forEach(marks::mark);
                }
            }
            case OctaviaCall.ListFloatingIps _ -> {
                floatingIpLister.answered(answer, marks, now);
                if (answer instanceof OctaviaAnswer.Failed(var failure)) {
                    failed(failure, marks, now);
                }
            }
            case OctaviaCall.Poll(var ids, var _) -> polled(answer, marks, now, ids);
            case OctaviaCall.ReadAccess _, OctaviaCall.ChangeAccess _ ->
                Optional.ofNullable(partitions.get(key.partition())).ifPresent(partition -> {
                    podAccesses.answered(partition, call, answer, now);
                    marks.markInBackground(key);
                });
            case OctaviaCall.Write(var _, var action) -> written(key, action, answer, marks, now);
            case OctaviaCall.Look _, OctaviaCall.LookAtVips _, OctaviaCall.Read _, OctaviaCall.ReadTree _ ->
                seen(key, call, answer, marks, now);
        }
        turns.wake(marks, now);
    }

    private void polled(OctaviaAnswer answer, Marks marks, Instant now, Set<String> asked) {
        switch (answer) {
            case OctaviaAnswer.Polled(var heads, var gone) -> {
                heads.forEach(head -> polled(head, marks, now));
                gone.forEach(id -> gone(id, marks));
            }
            case OctaviaAnswer.Failed(var failure) -> {
                asked.forEach(id -> poller.seen(id, now));
                failed(failure, marks, now);
            }
            default ->
                throw new IllegalStateException("a poll of %d was answered with %s".formatted(asked.size(), answer));
        }
        poller.next().ifPresent(time -> marks.markAt(POLL, time));
        standing.counted(partitions.values());
    }

    private void polled(LoadBalancerHead head, Marks marks, Instant now) {
        var key = poller.keyOf(head.id());
        if (key.isEmpty()) {
            return;
        }
        memory(key.get()).ifPresent(memory -> memory.polled(head, now));
        if (head.isPending()) {
            poller.seen(head.id(), now);
            markWhenStuck(key.get(), head, marks, now);
        } else {
            poller.remove(head.id());
            marks.mark(key.get());
        }
    }

    /** Nothing else would mark a key whose load balancer never leaves PENDING. */
    private void markWhenStuck(Key key, LoadBalancerHead head, Marks marks, Instant now) {
        memory(key)
                .map(memory -> memory.pendingFor(head.id(), now))
                .filter(age -> age.compareTo(settings.policy().stuckAfter()) >= 0)
                .ifPresent(_ -> marks.markInBackground(key));
    }

    private void gone(String id, Marks marks) {
        poller.keyOf(id).ifPresent(key -> {
            memory(key).ifPresent(memory -> memory.remove(id));
            marks.mark(key);
        });
        poller.remove(id);
    }

    private void seen(Key key, OctaviaCall call, OctaviaAnswer answer, Marks marks, Instant now) {
        if (!(call instanceof OctaviaCall.Look
                && answer instanceof OctaviaAnswer.Found(var heads)
                && heads.isEmpty())) {
            turns.end(key); // nothing is there: the create follows, and keeps the slot
        }
        var memory = memory(key).orElse(null);
        if (memory == null) {
            return;
        }
        switch (answer) {
            case OctaviaAnswer.Found(var heads) -> memory.looked(heads, now);
            case OctaviaAnswer.Holders(var holders) -> memory.lookedAtVips(holders, now);
            case OctaviaAnswer.Seen(var loadBalancer) -> memory.read(loadBalancer, now);
            case OctaviaAnswer.Statuses(var id, var tree) -> memory.verified(id, tree);
            case OctaviaAnswer.Failed(var failure) -> {
                if (failure.kind() == Failure.Kind.GONE && call instanceof OctaviaCall.Read(var id)) {
                    memory.remove(id);
                } else if (failure.kind() == Failure.Kind.GONE && call instanceof OctaviaCall.ReadTree(var id)) {
                    memory.remove(id);
                } else {
                    memory.failed(failure, now);
                    failed(failure, marks, now);
                }
            }
            default -> throw new IllegalStateException("%s was answered with %s".formatted(call, answer));
        }
        watchPending(key, memory, marks, now);
    }

    private void written(Key key, OctaviaAction action, OctaviaAnswer answer, Marks marks, Instant now) {
        turns.end(key);
        var memory = memory(key).orElse(null);
        if (memory == null) {
            return;
        }
        var running = memory.running;
        memory.running = null;
        switch (answer) {
            case OctaviaAnswer.Done(var status, var requestId, var product) -> {
                if (product instanceof Product.OfFloatingIp(var floatingIp)) {
                    floatingIps.put(floatingIp, now);
                }
                listenerDefaults = listenerDefaults.learned(action, product);
                turns.succeeded();
                memory.accepted(action, product, now);
                memory.outcome = Outcomes.done(running, status, requestId, now);
            }
            case OctaviaAnswer.Failed(var failure) -> {
                memory.failed(action, failure, now);
                memory.outcome = Outcomes.failed(running, failure, now);
                failed(failure, marks, now);
                if (isAboutFloatingIp(action)) {
                    lister.soon(marks);
                }
            }
            default -> throw new IllegalStateException("%s was answered with %s".formatted(action.word(), answer));
        }
        watchPending(key, memory, marks, now);
    }

    /** One call without an answer: whether others would have one, the list finds out. */
    private void failed(Failure failure, Marks marks, Instant now) {
        turns.failed(failure, now);
        if (failure.isSilence() && lister.failure() == null) {
            lister.soon(marks);
        }
    }

    private static boolean isAboutFloatingIp(OctaviaAction action) {
        return action instanceof OctaviaAction.AssociateFloatingIp
                || action instanceof OctaviaAction.DisassociateFloatingIp;
    }

    private void watchPending(OctaviaPartition partition, Marks marks, Instant now) {
        partition.memories.forEach((key, memory) -> watchPending(partition.key(key), memory, marks, now));
    }

    private void watchPending(Key key, ServiceMemory memory, Marks marks, Instant now) {
        var pending =
                memory.heads().stream().filter(LoadBalancerHead::isPending).toList();
        pending.forEach(head -> poller.add(head.id(), key, now));
        if (!pending.isEmpty()) {
            poller.next().ifPresent(time -> marks.markAt(POLL, time));
        }
    }

    private Optional<ServiceMemory> memory(Key key) {
        return Optional.ofNullable(partitions.get(key.partition()))
                .map(partition -> partition.memories.get(key.name()));
    }
}
