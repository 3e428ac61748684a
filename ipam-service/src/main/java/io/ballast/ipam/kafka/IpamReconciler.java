package io.ballast.ipam.kafka;

import io.ballast.ipam.allocation.Allocation;
import io.ballast.ipam.allocation.AllocationCommand;
import io.ballast.ipam.allocation.AllocationEvent;
import io.ballast.ipam.allocation.Decision;
import io.ballast.ipam.allocation.Gates;
import io.ballast.ipam.allocation.IpamAnswer;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.allocation.Ledger;
import io.ballast.ipam.allocation.Rules;
import io.ballast.ipam.allocation.Step;
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
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.Outcome;
import io.ballast.schemas.contract.OutcomeKind;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Between the tables and the arbiter: a pass turns the rows of a Service into a command, writes the events that are
 * decided and evolves the ledger by them at once; a commit that fails ends the ownership, and the ledger with it.
 */
public final class IpamReconciler implements Reconciler<IpamCall, IpamAnswer> {
    /**
     * What the operator set.
     *
     * @param rules pools
     * @param hasCredentials whether there is a Neutron to ask; without one nothing is granted
     * @param keyedPartitions partitions of every keyed topic
     * @param readEvery how often Neutron is read
     * @param checkEvery how often granted floating IPs are compared with those that Neutron lists
     * @param publishEvery how often pool records are written at most
     */
    public record Settings(
            Rules rules,
            boolean hasCredentials,
            int keyedPartitions,
            Duration readEvery,
            Duration checkEvery,
            Duration publishEvery) {}

    /** Beyond this age, what Neutron showed is read once more before anybody is refused because of it. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private static final Duration BELIEVED = Duration.ofSeconds(20);
    private static final Duration INVENTORY_AGAIN = Duration.ofSeconds(1);
    /** No creation that an earlier owner asked for happens later than this after a take-over. */
    private static final Duration LATEST = Duration.ofSeconds(75);
    /** Several owners in a row may have died before such a creation was looked for. */
    private static final Duration RECENT = Duration.ofMinutes(15);

    private static final int SERVED_MAX = 200;
    private static final String SUBNETS = "@subnets";
    private static final String POOLS = "@pools";
    private static final String INVENTORY = "@inventory";
    private static final String LATE = "@late";

    /** What an earlier owner meant to make, without having said that it did. */
    private static final Set<AllocationState> UNMADE = EnumSet.of(AllocationState.WAITING, AllocationState.REFUSED);

    private static final String FLOATING_IPS = "@floating-ips";

    private final Settings settings;
    private final GrantCounts grants = new GrantCounts();
    private @Nullable Owned owned;
    private volatile IpamStanding standing = IpamStanding.STANDBY;

    public IpamReconciler(Settings settings) {
        this.settings = settings;
    }

    /** How ipam stands; safe to be asked by any thread. */
    public IpamStanding standing() {
        return standing;
    }

    /** What was granted so far; safe to be asked by any thread. */
    public GrantCounts grants() {
        return grants;
    }

    @Override
    public void opened(int partition, Tables tables, Marks marks, Instant now) {
        var fresh = new Owned(partition, tables, marks, now);
        owned = fresh;
        fresh.restore();
    }

    @Override
    public void closed(int partition) {
        owned = null;
        standing = IpamStanding.STANDBY;
    }

    @Override
    public void changed(int partition, Change<?> change, Marks marks, Instant now) {
        var state = owned();
        if (change.topic().name().equals(Topics.INVENTORIES.name())) {
            marks.mark(state.key(INVENTORY));
        } else if (change.topic().name().equals(Topics.ADDRESS_CLAIMS.name())) {
            parse(change.key()).ifPresent(key -> marks.mark(state.key(key.toString())));
        } else if (change.topic().name().equals(Topics.LOAD_BALANCER_STATUS.name())) {
            parse(change.key()).ifPresent(key -> {
                state.observe(key);
                marks.mark(state.key(key.toString()));
                state.serveNext();
            });
        }
    }

    @Override
    public Pass<IpamCall> pass(Key key, Cause cause, Instant now) {
        var state = owned();
        return switch (key.name()) {
            case SUBNETS -> state.readNeutron(now);
            case POOLS -> state.publish(now);
            case INVENTORY -> state.checkInventory(now);
            case LATE -> state.lookForLate(now);
            case FLOATING_IPS -> state.checkFloatingIps(now);
            default ->
                parse(key.name()).map(service -> state.serve(service, now)).orElse(Pass.nothing());
        };
    }

    @Override
    public void committed(Key key, Map<TopicPartition, Long> nextOffsets, Marks marks, Instant now) {
        var state = owned();
        state.readAgain();
        state.serveNext();
        state.publishSoon(now);
    }

    @Override
    public void answered(Key key, IpamCall call, IpamAnswer answer, Marks marks, Instant now) {
        var state = owned;
        if (state == null) {
            return; // asked by an earlier ownership
        }
        if (call instanceof IpamCall.ReadNeutron) {
            state.neutronAnswered(answer, now);
        } else if (call instanceof IpamCall.ListAllFloatingIps) {
            state.floatingIpsAnswered(answer, now);
        } else {
            parse(key.name()).ifPresent(service -> state.dealings(service).answered(call, answer, BELIEVED, now));
        }
    }

    private Owned owned() {
        var state = owned;
        if (state == null) {
            throw new IllegalStateException("address-claims is not owned");
        }
        return state;
    }

    /** The Service of a record's key; empty for a key that no service of ours writes. */
    private static Optional<ServiceKey> parse(String key) {
        try {
            return Optional.of(ServiceKey.parse(key));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Everything that belongs to one ownership. */
    private final class Owned {
        private final int partition;
        private final Tables tables;
        private final Marks marks;
        private final long epoch;
        private final Ledger ledger = new Ledger(settings.rules());
        private final Map<ServiceKey, Dealings> dealings = new HashMap<>();
        private final Set<ServiceKey> deferred = new TreeSet<>(); // until Neutron is read
        private final NeutronWatch neutron = new NeutronWatch(settings);
        private final InventoryBarrier inventory = new InventoryBarrier(settings.keyedPartitions());
        private final PoolPublisher pools;
        private final FloatingIpCheck floatingIps;
        private final Set<ServiceKey> recent = new TreeSet<>(); // had a floating IP made shortly before we came
        private final Instant lateUntil;
        private Instant publishedAt = Instant.EPOCH;
        private boolean wasUnreadable;
        private long calls;

        Owned(int partition, Tables tables, Marks marks, Instant now) {
            this.partition = partition;
            this.tables = tables;
            this.marks = marks;
            this.epoch = now.toEpochMilli();
            this.pools = new PoolPublisher(ledger, tables);
            this.lateUntil = now.plus(LATEST);
            this.floatingIps = new FloatingIpCheck(settings.checkEvery(), lateUntil);
        }

        Key key(String name) {
            return new Key(partition, name);
        }

        Dealings dealings(ServiceKey service) {
            return dealings.computeIfAbsent(service, _ -> new Dealings());
        }

        /** All that was granted before is known before anything new is. */
        void restore() {
            wasUnreadable = !tables.of(Topics.ADDRESS_ALLOCATIONS).unreadable().isEmpty();
            pools.resting().restore().forEach(event -> Allocation.evolve(ledger, event));
            tables.of(Topics.LOAD_BALANCER_STATUS)
                    .rows()
                    .keySet()
                    .forEach(name -> parse(name).ifPresent(this::observe));
            tables.of(Topics.ADDRESS_ALLOCATIONS)
                    .rows()
                    .forEach((name, row) -> parse(name)
                            .ifPresent(service -> Allocation.evolve(
                                    ledger, new AllocationEvent.Allocated(service, row, claim(service)))));
            tables.of(Topics.ADDRESS_CLAIMS)
                    .rows()
                    .forEach((name, claim) -> parse(name)
                            .filter(_ -> claim.state() == ClaimState.WITHDRAWN)
                            .ifPresent(service -> Allocation.evolve(ledger, new AllocationEvent.Withdrawn(service))));
            tables.of(Topics.ADDRESS_ALLOCATIONS)
                    .rows()
                    .forEach((name, row) -> parse(name).ifPresent(service -> doubt(service, row)));
            if (settings.hasCredentials()) {
                floatingIps.lose(pools.lost(), Instant.ofEpochMilli(epoch));
            }
            inventory.check(tables);
            markAll();
            marks.markAt(key(LATE), lateUntil);
            marks.mark(key(SUBNETS));
            marks.mark(key(INVENTORY));
            marks.mark(key(POOLS));
            marks.mark(key(FLOATING_IPS));
        }

        /** The owner before us may have asked for a floating IP that is not there yet. */
        private void doubt(ServiceKey service, AddressAllocation row) {
            var claimed = row.firstClaimedEpochMillis();
            var ours = Stream.concat(row.externals().stream(), row.lettingGo().stream())
                    .filter(GrantedExternal::ours)
                    .toList();
            if (ours.stream().anyMatch(external -> UNMADE.contains(external.state()))) {
                dealings(service).doubt(lateUntil);
            } else if (!ours.isEmpty() && claimed != null && claimed > epoch - RECENT.toMillis()) {
                recent.add(service);
            }
        }

        Pass<IpamCall> lookForLate(Instant now) {
            recent.forEach(service -> {
                dealings(service).doubt(now);
                marks.mark(key(service.toString()));
            });
            recent.clear();
            return Pass.nothing();
        }

        void observe(ServiceKey service) {
            var status = tables.of(Topics.LOAD_BALANCER_STATUS)
                    .get(service.toString())
                    .orElse(null);
            Allocation.evolve(ledger, new AllocationEvent.Observed(service, status));
        }

        void serveNext() {
            for (var next : ledger.nextInLine(SERVED_MAX)) {
                var known = dealings.get(next);
                if (known != null) {
                    known.forgetWant();
                }
                marks.mark(key(next.toString()));
            }
        }

        /** The last allocation that could not be read has been made anew: whoever waited for that may go on. */
        void readAgain() {
            boolean unreadable =
                    !tables.of(Topics.ADDRESS_ALLOCATIONS).unreadable().isEmpty();
            if (wasUnreadable && !unreadable) {
                markWanting();
            }
            wasUnreadable = unreadable;
        }

        void publishSoon(Instant now) {
            var due = publishedAt.plus(settings.publishEvery());
            marks.markAt(key(POOLS), due.isAfter(now) ? due : now);
        }

        private void markAll() {
            var all = new TreeSet<ServiceKey>();
            for (var topic : List.of(Topics.ADDRESS_CLAIMS, Topics.ADDRESS_ALLOCATIONS)) {
                tables.of(topic).rows().keySet().forEach(name -> parse(name).ifPresent(all::add));
            }
            tables.of(Topics.ADDRESS_ALLOCATIONS)
                    .unreadable()
                    .forEach(name -> parse(name).ifPresent(all::add));
            mark(all);
        }

        /** Everybody who has not got everything. */
        private void markWanting() {
            var wanting = new TreeSet<>(deferred);
            deferred.clear();
            tables.of(Topics.ADDRESS_CLAIMS)
                    .rows()
                    .forEach((name, claim) -> parse(name)
                            .filter(service -> isWanting(service, claim))
                            .ifPresent(wanting::add));
            mark(wanting);
        }

        /** Those who claimed first look first: what they asked for may have become free with this. */
        private void mark(Set<ServiceKey> services) {
            services.stream()
                    .sorted(Comparator.comparingLong(ledger::firstClaimed))
                    .forEach(service -> marks.mark(key(service.toString())));
        }

        private boolean isWanting(ServiceKey service, AddressClaim claim) {
            var row = ledger.row(service);
            return row.isEmpty()
                    || row.get().state() != AllocationState.GRANTED
                    || claim.state() != ClaimState.WANTED
                    || row.get().externals().stream().anyMatch(each -> each.state() != AllocationState.GRANTED)
                    || ledger.lacksVip(service);
        }

        private @Nullable AddressClaim claim(ServiceKey service) {
            return tables.of(Topics.ADDRESS_CLAIMS).get(service.toString()).orElse(null);
        }

        // --- one Service

        Pass<IpamCall> serve(ServiceKey service, Instant now) {
            var known = dealings(service);
            known.forgetOld(now);
            Allocation.evolve(ledger, new AllocationEvent.TimePassed(now));
            var claim = claim(service);
            var status = tables.of(Topics.LOAD_BALANCER_STATUS)
                    .get(service.toString())
                    .orElse(null);
            var row = ledger.row(service).orElse(null);
            if (isUnreadable(service) && claim == null && inventory.isComplete() && Allocation.isNothingThere(status)) {
                return Pass.write(List.of(Output.of(Topics.ADDRESS_ALLOCATIONS, service, null))); // released before
            }
            var command = Allocation.command(
                    service,
                    claim,
                    row,
                    status,
                    known.known(floatingIps.replaceNotBefore(ledger, now)),
                    gates(service),
                    now);
            if (command.isPresent()
                    && command.get() instanceof AllocationCommand.Claim
                    && neutron.isFirstReadPending()) {
                deferred.add(service);
                return finished(service, known);
            }
            var decision = command.map(each -> Allocation.decide(each, ledger)).orElse(Decision.NOTHING);
            if (neutron.isTooOldFor(decision, row, now, FRESH)) {
                deferred.add(service);
                marks.mark(key(SUBNETS));
                return finished(service, known);
            }
            return finish(service, claim, known, decision, now);
        }

        /** Nothing is decided; the end of the last call is told all the same. */
        private Pass<IpamCall> finished(ServiceKey service, Dealings known) {
            var records = new ArrayList<Output<?>>();
            known.takeEnded().ifPresent(outcome -> records.add(outcome(service, outcome)));
            return Pass.write(records);
        }

        private Pass<IpamCall> finish(
                ServiceKey service, @Nullable AddressClaim claim, Dealings known, Decision decision, Instant now) {
            var records = new ArrayList<Output<?>>();
            known.takeEnded().ifPresent(outcome -> records.add(outcome(service, outcome)));
            var call = decision.step() == null ? null : call(decision.step());
            if (call instanceof IpamCall.ListFloatingIps) {
                known.looking(now);
            }
            if (call != null && isMutating(call) && claim != null) {
                var started = started(service, claim, call);
                records.add(outcome(service, started));
                known.start(started, now);
            }
            for (var event : decision.events()) {
                if (event instanceof AllocationEvent.Allocated(var of, var row, var _)) {
                    var before = ledger.row(of).orElse(null);
                    grants.note(before, row);
                    floatingIps.decided(known, before, row, now);
                }
                Allocation.evolve(ledger, event);
                records.addAll(records(event));
            }
            if (ledger.takeOutdated() && settings.hasCredentials()) {
                marks.markAt(key(SUBNETS), neutron.wantSoon(now, FRESH));
            }
            if (records.isEmpty() && !decision.events().isEmpty()) {
                serveNext(); // nothing will be committed, but rivals may have something new to say
            }
            if (call == null && decision.again() == null && known.isIdle()) {
                dealings.remove(service);
            }
            return new Pass<>(records, call, decision.again());
        }

        private List<Output<?>> records(AllocationEvent event) {
            return switch (event) {
                case AllocationEvent.Allocated(var service, var row, var _) ->
                    List.of(Output.of(Topics.ADDRESS_ALLOCATIONS, service, row));
                case AllocationEvent.Rested(var pool, var address, var _, var _, var _) ->
                    pools.resting().changed(pool, address);
                case AllocationEvent.RestEnded(var pool, var address) ->
                    pools.resting().changed(pool, address);
                case AllocationEvent.Withdrawn _,
                        AllocationEvent.Observed _,
                        AllocationEvent.NeutronRead _,
                        AllocationEvent.TimePassed _ -> List.of();
            };
        }

        private Output<Outcome> outcome(ServiceKey service, Outcome outcome) {
            return Output.of(Topics.LOAD_BALANCER_OUTCOMES, service, outcome);
        }

        private Outcome started(ServiceKey service, AddressClaim claim, IpamCall call) {
            calls++;
            return new Outcome(
                    service + "/" + epoch + "/" + calls,
                    OutcomeKind.STARTED,
                    "ipam",
                    epoch,
                    claim.clusterUid(),
                    claim.serviceUid(),
                    claim.incarnation(),
                    claim.generation(),
                    call.getClass().getSimpleName(),
                    resource(call),
                    null,
                    "",
                    null,
                    null);
        }

        /** An allocation that cannot be read holds up all others, and is itself made anew from claim, status and Neutron. */
        private Gates gates(ServiceKey service) {
            return new Gates(
                    settings.hasCredentials(),
                    neutron.unavailable(),
                    missing(),
                    isUnreadable(service) ? Set.of() : pools.unreadableClusters());
        }

        private String missing() {
            return inventory.isComplete()
                            && neutron.isRead()
                            && !floatingIps.lost().isEmpty()
                    ? "the floating IPs of Services that are gone are being listed"
                    : inventory.missing();
        }

        private boolean isUnreadable(ServiceKey service) {
            return tables.of(Topics.ADDRESS_ALLOCATIONS).unreadable().contains(service.toString());
        }

        // --- the world

        Pass<IpamCall> readNeutron(Instant now) {
            return settings.hasCredentials()
                    ? neutron.pass(tables.of(Topics.ADDRESS_CLAIMS).rows().values(), now)
                    : Pass.nothing();
        }

        void neutronAnswered(IpamAnswer answer, Instant now) {
            boolean isNews = neutron.answered(answer, now);
            if (answer instanceof IpamAnswer.Read(var facts) && !facts.equals(ledger.facts())) {
                Allocation.evolve(ledger, new AllocationEvent.NeutronRead(facts));
                isNews = true;
            }
            if (isNews) {
                markWanting();
                publishSoon(now);
            }
            if (!floatingIps.lost().isEmpty()) {
                marks.mark(key(FLOATING_IPS));
            }
        }

        Pass<IpamCall> checkFloatingIps(Instant now) {
            return settings.hasCredentials() ? floatingIps.pass(ledger, now, neutron.isRead()) : Pass.nothing();
        }

        void floatingIpsAnswered(IpamAnswer answer, Instant now) {
            boolean wereLost = !floatingIps.lost().isEmpty();
            floatingIps.keptBefore(answer, ledger).forEach(kept -> Allocation.evolve(ledger, kept));
            if (wereLost && floatingIps.lost().isEmpty()) {
                markWanting();
                publishSoon(now);
            }
            for (var gone : floatingIps.keptNoMore(answer, ledger)) {
                Allocation.evolve(ledger, gone);
                publishSoon(now);
            }
            floatingIps.answered(answer, ledger, now).forEach((id, service) -> {
                dealings(service).miss(id);
                marks.mark(key(service.toString()));
            });
        }

        Pass<IpamCall> checkInventory(Instant now) {
            boolean was = inventory.isComplete();
            inventory.check(tables);
            if (!was && inventory.isComplete()) {
                markWanting();
            }
            return inventory.isComplete() ? Pass.nothing() : Pass.later(now.plus(INVENTORY_AGAIN));
        }

        Pass<IpamCall> publish(Instant now) {
            Allocation.evolve(ledger, new AllocationEvent.TimePassed(now));
            serveNext();
            publishedAt = now;
            var statuses = pools.statuses(neutron.findings(ledger));
            standing = new IpamStanding(true, neutron.trouble(), neutron.isRead(), statuses);
            var records = pools.changed(statuses, floatingIps.lost());
            var next = pools.nextRested();
            return Pass.<IpamCall>write(records).again(next.orElse(null));
        }
    }

    private static IpamCall call(Step step) {
        return switch (step) {
            case Step.LookForOurs(var description) -> new IpamCall.ListFloatingIps(description);
            case Step.LookAt(var address) -> new IpamCall.FindFloatingIp(address);
            case Step.LookFor(var id) -> new IpamCall.ReadFloatingIp(id);
            case Step.Make(var description, var spots, var project) ->
                new IpamCall.CreateFloatingIp(description, spots, project);
            case Step.Take(var floatingIp, var description) ->
                new IpamCall.DescribeFloatingIp(floatingIp.id(), description);
            case Step.Remove(var floatingIp) -> new IpamCall.DeleteFloatingIp(floatingIp.id());
        };
    }

    private static @Nullable String resource(IpamCall call) {
        return switch (call) {
            case IpamCall.DeleteFloatingIp(var id) -> id;
            case IpamCall.DescribeFloatingIp(var id, var _) -> id;
            case IpamCall.CreateFloatingIp _,
                    IpamCall.ReadNeutron _,
                    IpamCall.ListFloatingIps _,
                    IpamCall.FindFloatingIp _,
                    IpamCall.ReadFloatingIp _,
                    IpamCall.ListAllFloatingIps _ -> null;
        };
    }

    private static boolean isMutating(IpamCall call) {
        return switch (call) {
            case IpamCall.CreateFloatingIp _, IpamCall.DescribeFloatingIp _, IpamCall.DeleteFloatingIp _ -> true;
            case IpamCall.ReadNeutron _,
                    IpamCall.ListFloatingIps _,
                    IpamCall.FindFloatingIp _,
                    IpamCall.ReadFloatingIp _,
                    IpamCall.ListAllFloatingIps _ -> false;
        };
    }
}
