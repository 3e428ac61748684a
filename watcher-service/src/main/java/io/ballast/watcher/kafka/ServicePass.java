package io.ballast.watcher.kafka;

import io.ballast.runtime.shell.Output;
import io.ballast.runtime.shell.Pass;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.SliceKey;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.watcher.snapshot.Announcement;
import io.ballast.watcher.snapshot.Chain;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.Names;
import io.ballast.watcher.snapshot.ObjectName;
import io.ballast.watcher.snapshot.Parts;
import io.ballast.watcher.snapshot.Publication;
import io.ballast.watcher.snapshot.Publication.Known;
import io.ballast.watcher.snapshot.Publication.Step;
import io.ballast.watcher.snapshot.Rules;
import io.ballast.watcher.snapshot.ServiceFacts;
import io.ballast.watcher.snapshot.SliceFacts;
import io.ballast.watcher.snapshot.Snapshots;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.Write;
import io.ballast.watcher.snapshot.WriteBack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One pass over one Service and its slices. */
record ServicePass(ServiceKey key, Rows rows, Memory memory, Rules rules, String clusterUid, Instant now) {
    private static final Duration UPDATED_EVERY = Duration.ofMinutes(5);
    private static final Duration HELD_AGAIN = Duration.ofMinutes(1);

    Pass<WatcherCall> run() {
        var records = new ArrayList<Output<?>>();
        var sliceInDoubt = slices(records);
        var step = Publication.decide(
                known(), rules, uid -> memory.inferences.brake(now).admits(uid));
        Instant again = null;
        Optional<WatcherCall> call = sliceInDoubt;
        switch (step) {
            case Step.Publish(var snapshot) -> {
                records.add(Output.of(Topics.SERVICES, key, snapshot));
                if (snapshot.state() == SnapshotState.GONE) {
                    memory.repeated.add(key.toString());
                }
                return Pass.write(records);
            }
            case Step.End() -> {
                records.add(Output.of(Topics.SERVICES, key, null));
                return Pass.write(records);
            }
            case Step.LookLive() -> call = Optional.of(look());
            case Step.AddFinalizer(var facts) -> call = Optional.of(addFinalizer(facts));
            case Step.Hold _ -> again = now.plus(HELD_AGAIN);
            case Step.Settled(), Step.AwaitNamespace() -> call = call.or(this::writeBack);
        }
        var rest = memory.retries.restsUntil(key.toString(), now);
        return call.isPresent() && rest.isPresent()
                ? new Pass<>(records, null, rest.get())
                : new Pass<>(records, call.orElse(null), again);
    }

    private Known known() {
        return new Known(
                clusterUid,
                rows.service(key),
                memory.world.service(name()),
                memory.world.namespace(key.namespace()),
                memory.world.departures()::of,
                chain(),
                isAlive(),
                memory.repeated.contains(key.toString()));
    }

    private boolean isAlive() {
        var seen = memory.world.service(name()).seen();
        return seen != null && memory.alive.contains(seen.uid());
    }

    private ObjectName name() {
        return Rows.nameOf(key);
    }

    private Chain chain() {
        return memory.chains.getOrDefault(key.toString(), Chain.SILENT);
    }

    /** A 404 proves the end of every uid that is known under the name. */
    private WatcherCall look() {
        var seen = memory.world.service(name()).seen();
        var uids = new HashSet<String>();
        Optional.ofNullable(rows.service(key)).map(ServiceSnapshot::uid).ifPresent(uids::add);
        Optional.ofNullable(chain().status()).ifPresent(status -> uids.add(status.serviceUid()));
        Optional.ofNullable(chain().allocation()).ifPresent(allocation -> uids.add(allocation.serviceUid()));
        if (seen != null) {
            uids.add(seen.uid());
        }
        return new WatcherCall.Look(Kind.SERVICES, name(), uids, seen == null ? null : seen.resourceVersion());
    }

    private WatcherCall addFinalizer(ServiceFacts facts) {
        var finalizers = new ArrayList<>(facts.finalizers());
        finalizers.add(Names.FINALIZER);
        return new WatcherCall.PatchFinalizers(name(), facts.uid(), facts.resourceVersion(), finalizers);
    }

    // --- what the Service is to show

    private Optional<WatcherCall> writeBack() {
        var facts = memory.world.service(name()).seen();
        if (facts == null) {
            return Optional.empty();
        }
        var namespace = memory.world.namespace(key.namespace());
        var writes = WriteBack.decide(facts, rows.service(key), namespace, chain(), rules, now);
        var told = memory.told.getOrDefault(key.toString(), Set.of());
        return writes.stream()
                .filter(write -> !(write instanceof Write.Tell(var announcement) && told.contains(announcement)))
                .findFirst()
                .map(write -> callFor(write, facts))
                .or(() -> update(facts));
    }

    private WatcherCall callFor(Write write, ServiceFacts facts) {
        return switch (write) {
            case Write.Tell(var announcement) -> new WatcherCall.PostEvent(name(), facts.uid(), announcement, now);
            case Write.SetStatus status ->
                new WatcherCall.PatchStatus(name(), facts.uid(), facts.resourceVersion(), status);
            case Write.SetFinalizers(var finalizers) ->
                new WatcherCall.PatchFinalizers(name(), facts.uid(), facts.resourceVersion(), finalizers);
        };
    }

    private Optional<WatcherCall> update(ServiceFacts facts) {
        return memory.updated.contains(key.toString()) && !facts.deleting() && !toldLately()
                ? Optional.of(new WatcherCall.PostEvent(name(), facts.uid(), Announcement.updated(), now))
                : Optional.empty();
    }

    private boolean toldLately() {
        var told = memory.updatedTold.get(key.toString());
        return told != null && now.isBefore(told.plus(UPDATED_EVERY));
    }

    // --- its slices

    /** Adds the records of all slices; answers the look at the first that is in doubt. */
    private Optional<WatcherCall> slices(List<Output<?>> records) {
        var published = rows.slicesOf(key);
        var names = new TreeSet<ObjectName>(memory.world.slicesOf(name()));
        published
                .keySet()
                .forEach(text -> names.add(
                        new ObjectName(key.namespace(), SliceKey.parse(text).slice())));
        Optional<WatcherCall> inDoubt = Optional.empty();
        for (var name : names) {
            var sliceKey = new SliceKey(key, name.name());
            var row = published.get(sliceKey.toString());
            switch (decide(name, row)) {
                case Parts.Step.Settled<EndpointSliceSnapshot>() -> {}
                case Parts.Step.Publish<EndpointSliceSnapshot>(var snapshot) ->
                    records.add(Output.of(Topics.ENDPOINT_SLICES, sliceKey, snapshot));
                case Parts.Step.End<EndpointSliceSnapshot>() ->
                    records.add(Output.of(Topics.ENDPOINT_SLICES, sliceKey, null));
                case Parts.Step.LookLive<EndpointSliceSnapshot>() ->
                    inDoubt = inDoubt.or(() -> Optional.of(lookAt(name, row)));
            }
        }
        return inDoubt;
    }

    private Parts.Step<EndpointSliceSnapshot> decide(ObjectName name, @Nullable EndpointSliceSnapshot row) {
        var view = memory.world.view(Kind.SLICES, name);
        var seen = (SliceFacts) view.seen();
        boolean isOurs = seen != null && seen.service().equals(key.name());
        boolean isElsewhere = seen != null && !isOurs;
        var wanted = seen != null && isOurs ? Snapshots.of(seen, clusterUid) : null;
        boolean provenGone =
                isElsewhere || (row != null && memory.world.departures().of(row.uid()) != null);
        return Parts.decide(row, wanted, view.doubtful(), provenGone, Snapshots::same);
    }

    private WatcherCall lookAt(ObjectName name, @Nullable EndpointSliceSnapshot row) {
        var seen = memory.world.view(Kind.SLICES, name).seen();
        var uids = new HashSet<String>();
        if (row != null) {
            uids.add(row.uid());
        }
        if (seen != null) {
            uids.add(seen.uid());
        }
        return new WatcherCall.Look(Kind.SLICES, name, uids, seen == null ? null : seen.resourceVersion());
    }
}
