package io.ballast.ipam.world;

import io.ballast.ipam.allocation.IpamAnswer;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.allocation.Rules;
import io.ballast.ipam.kafka.IpamReconciler;
import io.ballast.ipam.openstack.NeutronAddresses;
import io.ballast.runtime.shell.Cause;
import io.ballast.runtime.shell.Change;
import io.ballast.runtime.shell.Key;
import io.ballast.runtime.shell.Marks;
import io.ballast.runtime.shell.Output;
import io.ballast.runtime.shell.Tables;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.AssociatedExternal;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.Inventory;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerState;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedVip;
import io.ballast.schemas.contract.OperatingStatus;
import io.ballast.schemas.contract.Outcome;
import io.ballast.schemas.contract.ProvisioningStatus;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.StatusReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The reconciler between its tables and a Neutron, driven by hand; may be made to crash at any of its points. */
public final class IpamWorld {
    /** The process died here. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final int PASSES_MAX = 20_000;
    public static final int PARTITIONS = 3;

    private Rules rules;
    private final boolean hasCredentials;
    public final FakeNeutron neutron;
    private final NeutronAddresses calls;
    public final Tables tables = Tables.fixture();
    public final List<Outcome> outcomes = new ArrayList<>();
    /** Every allocation that was written. */
    public final List<AddressAllocation> allocations = new ArrayList<>();

    private final Map<Key, Instant> dirty = new LinkedHashMap<>();
    private IpamReconciler reconciler;
    private Instant now = Instant.parse("2026-11-20T12:00:00Z");
    private int point;
    private int crashAt = -1;
    private int writes;

    public IpamWorld(Rules rules, FakeNeutron neutron) {
        this(rules, neutron, true);
    }

    public IpamWorld(Rules rules, FakeNeutron neutron, boolean hasCredentials) {
        this.rules = rules;
        this.hasCredentials = hasCredentials;
        this.neutron = neutron;
        this.calls = new NeutronAddresses(neutron);
        this.reconciler = reconciler();
    }

    private IpamReconciler reconciler() {
        return new IpamReconciler(new IpamReconciler.Settings(
                rules,
                hasCredentials,
                PARTITIONS,
                Duration.ofMinutes(1),
                Duration.ofMinutes(10),
                Duration.ofSeconds(2)));
    }

    /** All inventories are there; starts, and runs until nothing is to be done. */
    public IpamWorld started() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            inventory(partition);
        }
        restart();
        return this;
    }

    public void inventory(int partition) {
        put(Topics.INVENTORIES, Integer.toString(partition), new Inventory(partition, 1, 0, 0, 0));
    }

    /** Crashes after that many further points: before a commit, before a call, after a call without its answer. */
    public void crashAfter(int points) {
        crashAt = point + points;
    }

    public int point() {
        return point;
    }

    public Instant now() {
        return now;
    }

    /** Records written to topics so far. */
    public int writes() {
        return writes;
    }

    /** The process ends and another begins; the tables stay. */
    public void restart() {
        dirty.clear();
        reconciler = reconciler();
        reconciler.opened(0, tables, marks(), now);
        run();
    }

    /** The process ends and another begins with other pools. */
    public void restart(Rules edited) {
        rules = edited;
        restart();
    }

    public void advance(Duration time) {
        var until = now.plus(time);
        while (true) {
            var next =
                    dirty.values().stream().filter(due -> !due.isAfter(until)).min(Instant::compareTo);
            if (next.isEmpty()) {
                now = until;
                return;
            }
            now = next.get().isAfter(now) ? next.get() : now;
            run();
        }
    }

    public void claim(ServiceKey key, AddressClaim claim) {
        write(Topics.ADDRESS_CLAIMS, key.toString(), claim);
    }

    public void status(ServiceKey key, @Nullable LoadBalancerStatus status) {
        write(Topics.LOAD_BALANCER_STATUS, key.toString(), status);
    }

    /** A record of another service arrives. */
    public <V> void write(Topic<V> topic, String key, @Nullable V value) {
        var before = tables.of(topic).get(key).orElse(null);
        put(topic, key, value);
        try {
            reconciler.changed(0, new Change<>(topic, key, before, value), marks(), now);
        } catch (IllegalStateException _) {
            return; // not started yet
        }
        run();
    }

    public <V> void put(Topic<V> topic, String key, @Nullable V value) {
        tables.put(topic, key, value);
    }

    public Optional<AddressAllocation> row(ServiceKey key) {
        return tables.of(Topics.ADDRESS_ALLOCATIONS).get(key.toString());
    }

    /** octavia makes what is granted, leads floating IPs to it and lets go of those it should. */
    public void octaviaServes(ServiceKey key) {
        var row = row(key).filter(each -> each.state() == AllocationState.GRANTED);
        if (row.isEmpty()) {
            return;
        }
        var vips = row.get().vips().stream()
                .map(vip -> new ObservedVip(vip.address(), "vip-" + key.name(), vip.subnetId()))
                .toList();
        var externals = row.get().externals().stream()
                .filter(each -> each.state() == AllocationState.GRANTED)
                .toList();
        boolean isSettled = externals.size() == row.get().externals().size();
        var leading = Stream.concat(externals.stream(), isSettled ? Stream.empty() : row.get().lettingGo().stream())
                .toList();
        for (var external : leading) {
            Optional.ofNullable(external.floatingIpId())
                    .filter(neutron.floatingIps()::containsKey)
                    .ifPresent(id -> neutron.associate(
                            id, "vip-" + key.name(), vips.getFirst().address()));
        }
        if (isSettled) {
            row.get().lettingGo().stream()
                    .map(GrantedExternal::floatingIpId)
                    .filter(id -> id != null && neutron.floatingIps().containsKey(id))
                    .forEach(id -> neutron.associate(String.valueOf(id), null, null));
        }
        status(
                key,
                new LoadBalancerStatus(
                        LoadBalancerPhase.ACTIVE,
                        row.get().clusterUid(),
                        row.get().serviceUid(),
                        row.get().incarnation(),
                        1,
                        1,
                        null,
                        "",
                        null,
                        List.of(balancer(key, vips)),
                        leading.stream()
                                .map(each -> new AssociatedExternal(
                                        String.valueOf(each.address()), each.floatingIpId(), true))
                                .toList()));
    }

    /** octavia has a load balancer, and Neutron answered 404 when it was to lead the floating IP there. */
    public void octaviaMisses(ServiceKey key) {
        var row = row(key).orElseThrow();
        var vips = row.vips().stream()
                .map(vip -> new ObservedVip(vip.address(), "vip-" + key.name(), vip.subnetId()))
                .toList();
        status(
                key,
                new LoadBalancerStatus(
                        LoadBalancerPhase.UPDATING,
                        row.clusterUid(),
                        row.serviceUid(),
                        row.incarnation(),
                        1,
                        1,
                        StatusReason.FLOATING_IP_GONE,
                        "The floating IP that was granted is not there.",
                        null,
                        List.of(balancer(key, vips)),
                        List.of()));
    }

    /** A person gave up on the load balancer, which is there and PENDING; its Service may go. */
    public void octaviaGivesUp(ServiceKey key) {
        var row = row(key).orElseThrow();
        var vips = row.vips().stream()
                .map(vip -> new ObservedVip(vip.address(), "vip-" + key.name(), vip.subnetId()))
                .toList();
        status(
                key,
                new LoadBalancerStatus(
                        LoadBalancerPhase.DELETED,
                        row.clusterUid(),
                        row.serviceUid(),
                        row.incarnation(),
                        1,
                        1,
                        StatusReason.ABANDONED,
                        "It was given up on.",
                        null,
                        List.of(balancer(key, vips)),
                        List.of()));
    }

    /** octavia has deleted everything of this incarnation. */
    public void octaviaDeletes(ServiceKey key, AddressClaim claim) {
        neutron.floatingIps().values().stream()
                .filter(each -> each.path("port_id").asText().equals("vip-" + key.name()))
                .forEach(each -> each.putNull("port_id").putNull("fixed_ip_address"));
        status(
                key,
                new LoadBalancerStatus(
                        LoadBalancerPhase.DELETED,
                        claim.clusterUid(),
                        claim.serviceUid(),
                        claim.incarnation(),
                        1,
                        1,
                        null,
                        "",
                        null,
                        List.of(),
                        List.of()));
    }

    /** What octavia says of a load balancer it found after everything was lost. */
    public static LoadBalancerStatus observed(ServiceKey key, String uid, String vip, AssociatedExternal... externals) {
        return new LoadBalancerStatus(
                LoadBalancerPhase.OBSERVED,
                Claims.CLUSTER_UID,
                uid,
                0,
                0,
                0,
                null,
                "",
                null,
                List.of(balancer(key, List.of(new ObservedVip(vip, "vip-" + key.name(), FakeNeutron.SUBNET)))),
                List.of(externals));
    }

    private static LoadBalancerState balancer(ServiceKey key, List<ObservedVip> vips) {
        return new LoadBalancerState(
                "lb-" + key.name(),
                key.toString(),
                "amphora",
                vips,
                ProvisioningStatus.ACTIVE,
                OperatingStatus.ONLINE,
                List.of(),
                "");
    }

    /** Passes until no key is due; a crash is followed by a restart. */
    public void run() {
        for (int passes = 0; passes < PASSES_MAX; passes++) {
            var due = dirty.entrySet().stream()
                    .filter(each -> !each.getValue().isAfter(now))
                    .findFirst();
            if (due.isEmpty()) {
                return;
            }
            var key = due.get().getKey();
            dirty.remove(key);
            try {
                pass(key);
            } catch (Crash _) {
                restart();
                return;
            }
        }
        throw new AssertionError("still busy after %d passes: %s".formatted(PASSES_MAX, dirty));
    }

    private void pass(Key key) {
        var pass = reconciler.pass(key, Cause.NONE, now);
        if (!pass.records().isEmpty()) {
            crashHere();
            pass.records().forEach(this::commit);
            reconciler.committed(key, Map.of(), marks(), now);
        }
        var again = pass.again();
        if (again != null) {
            marks().markAt(key, again);
        }
        var call = pass.call();
        if (call != null) {
            crashHere();
            var answer = answer(call);
            crashHere();
            reconciler.answered(key, call, answer, marks(), now);
            marks().mark(key);
        }
    }

    private IpamAnswer answer(IpamCall call) {
        return calls.call(call);
    }

    private void crashHere() {
        if (point++ == crashAt) {
            throw new Crash();
        }
    }

    private <V> void commit(Output<V> output) {
        writes++;
        var value = output.value();
        if (value instanceof Outcome outcome) {
            outcomes.add(outcome);
        } else {
            tables.put(output.topic(), output.key(), value);
            if (value instanceof AddressAllocation allocation) {
                allocations.add(allocation);
            }
        }
    }

    private Marks marks() {
        return new Marks() {
            @Override
            public void mark(Key key) {
                dirty.put(key, now);
            }

            @Override
            public void markInBackground(Key key) {
                dirty.putIfAbsent(key, now);
            }

            @Override
            public void markAt(Key key, Instant time) {
                dirty.merge(key, time, (before, after) -> before.isBefore(after) ? before : after);
            }
        };
    }
}
