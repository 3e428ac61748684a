package io.ballast.watcher.kafka;

import io.ballast.runtime.shell.Cause;
import io.ballast.runtime.shell.Change;
import io.ballast.runtime.shell.Key;
import io.ballast.runtime.shell.Marks;
import io.ballast.runtime.shell.Output;
import io.ballast.runtime.shell.Tables;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ClusterRecord;
import io.ballast.schemas.contract.LabelSelector;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.watcher.snapshot.Manage;
import io.ballast.watcher.snapshot.ObjectName;
import io.ballast.watcher.snapshot.Rules;
import io.ballast.watcher.snapshot.WatcherNews;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The reconciler between tables and a fake Kubernetes, in the place of the shell: one pass, one call at a time. */
final class Bench {
    static final String WEB = "c1/shop/web";
    static final ObjectName WEB_NAME = new ObjectName("shop", "web");
    private static final int PASSES_MAX = 100_000;

    final FakeKubernetes kubernetes = new FakeKubernetes();
    final List<String> written = new ArrayList<>();
    Tables tables = Tables.fixture();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    WatcherReconciler reconciler;
    private final LinkedHashSet<Key> dirty = new LinkedHashSet<>();
    private final Map<Key, Instant> timers = new TreeMap<>(java.util.Comparator.comparing(Key::toString));
    private final Rules rules;
    private final boolean nodes;

    private WatcherSettings settings() {
        return new WatcherSettings(rules, nodes, Duration.ofMinutes(10), Duration.ofMinutes(5));
    }

    Bench(boolean finalizers) {
        this(finalizers, false);
    }

    /** @param nodes whether nodes are watched */
    Bench(boolean finalizers, boolean nodes) {
        this.nodes = nodes;
        rules = new Rules("c1", finalizers, Manage.ALL, LabelSelector.ALL, true, "");
        reconciler = new WatcherReconciler(settings());
    }

    private final Marks marks = new Marks() {
        @Override
        public void mark(Key key) {
            dirty.add(key);
        }

        @Override
        public void markInBackground(Key key) {
            dirty.add(key);
        }

        @Override
        public void markAt(Key key, Instant time) {
            timers.merge(key, time, (one, other) -> one.isBefore(other) ? one : other);
        }
    };

    /** Starts the watcher on the tables as they are, and lets it come to rest. */
    Bench start() {
        dirty.clear();
        timers.clear();
        kubernetes.news.clear();
        reconciler = new WatcherReconciler(settings());
        reconciler.opened(0, tables, marks, now);
        return settle();
    }

    /** Loses the cluster and gets it back, while the watches of before go on. */
    Bench startAgain() {
        dirty.clear();
        timers.clear();
        reconciler.closed(0);
        reconciler.opened(0, tables, marks, now);
        return settle();
    }

    /** Delivers all news, and runs passes until nothing is dirty. */
    Bench settle() {
        for (int passes = 0; passes < PASSES_MAX; passes++) {
            var told = kubernetes.news.poll();
            if (told != null) {
                reconciler.told(told, marks, now);
            } else if (dirty.isEmpty()) {
                return this;
            } else {
                pass(dirty.removeFirst());
            }
        }
        throw new AssertionError("does not come to rest: " + dirty);
    }

    /** Time passes; what is due becomes dirty. */
    Bench after(Duration duration) {
        var until = now.plus(duration);
        while (true) {
            var next = timers.entrySet().stream()
                    .filter(timer -> !timer.getValue().isAfter(until))
                    .min(Map.Entry.comparingByValue());
            if (next.isEmpty()) {
                now = until;
                return settle();
            }
            now = next.get().getValue().isAfter(now) ? next.get().getValue() : now;
            timers.remove(next.get().getKey());
            dirty.add(next.get().getKey());
            settle();
        }
    }

    void tell(WatcherNews news) {
        reconciler.told(news, marks, now);
    }

    /** Another service writes a row. */
    <V> Bench write(Topic<V> topic, String key, @Nullable V value) {
        var before = tables.of(topic).get(key).orElse(null);
        tables.put(topic, key, value);
        reconciler.changed(0, new Change<>(topic, key, before, value), marks, now);
        return settle();
    }

    /** The others say that the Service web is served. */
    Bench serve(String uid) {
        write(Topics.ADDRESS_ALLOCATIONS, WEB, Given.allocation(AllocationState.GRANTED, uid, "203.0.113.7"));
        return write(
                Topics.LOAD_BALANCER_STATUS, WEB, Given.status(LoadBalancerPhase.ACTIVE, uid, null, "203.0.113.7"));
    }

    @Nullable
    ServiceSnapshot row(String service) {
        return tables.of(Topics.SERVICES).get("c1/shop/" + service).orElse(null);
    }

    ClusterRecord cluster() {
        return tables.of(Topics.CLUSTERS).get("c1").orElseThrow();
    }

    private void pass(Key key) {
        var pass = reconciler.pass(key, Cause.NONE, now);
        pass.records().forEach(this::put);
        var again = pass.again();
        if (again != null) {
            timers.merge(key, again, (one, other) -> one.isBefore(other) ? one : other);
        }
        if (!pass.records().isEmpty()) {
            reconciler.committed(key, Map.of(), marks, now);
        }
        var call = pass.call();
        if (call != null) {
            var answer = kubernetes.answer(call);
            reconciler.answered(key, call, answer, marks, now);
            dirty.add(key);
        }
    }

    private <V> void put(Output<V> output) {
        written.add(output.topic().name() + " " + output.key() + (output.value() == null ? " tombstone" : ""));
        tables.put(output.topic(), output.key(), output.value());
    }
}
