package io.ballast.translator.kafka;

import io.ballast.runtime.shell.Cause;
import io.ballast.runtime.shell.Change;
import io.ballast.runtime.shell.Key;
import io.ballast.runtime.shell.Marks;
import io.ballast.runtime.shell.Output;
import io.ballast.runtime.shell.Pass;
import io.ballast.runtime.shell.Tables;
import io.ballast.schemas.Partitions;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Drives a reconciler of one partition as the shell would: a pass for each marked key, its records into the tables. */
final class ReconcilerHarness implements Marks {
    static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

    private final TranslatorReconciler reconciler;
    private final int partition;
    private final Tables tables = Tables.fixture();
    private final TreeSet<String> marked = new TreeSet<>();
    private final TreeMap<String, Instant> timers = new TreeMap<>();
    private final List<Output<?>> written = new ArrayList<>();

    ReconcilerHarness(IntFunction<TranslatorReconciler> made, int partition) {
        this.reconciler = made.apply(Partitions.DEFAULT_COUNT);
        this.partition = partition;
    }

    void open() {
        reconciler.opened(partition, tables, this, NOW);
        passes();
    }

    void closeAndOpen() {
        written.clear();
        reconciler.closed(partition);
        open();
    }

    void desired(String key, DesiredLoadBalancer value) {
        put(Topics.DESIRED_LOAD_BALANCERS, key, value);
    }

    <V> void put(Topic<V> topic, String key, @Nullable V value) {
        tables.put(topic, key, value);
    }

    /** A record of another writer, and what follows from it. */
    <V> void arrives(Topic<V> topic, String key, @Nullable V value) {
        arrivesUnseen(topic, key, value);
        passes();
    }

    <V> void arrivesUnseen(Topic<V> topic, String key, @Nullable V value) {
        var before = tables.of(topic).get(key).orElse(null);
        put(topic, key, value);
        reconciler.changed(partition, new Change<>(topic, key, before, value), this, NOW);
    }

    void tooLarge(String key, Output<?> output) {
        apply(reconciler.tooLarge(new Key(partition, key), output, 3_000_000, 2_000_000, NOW));
    }

    <V> V row(Topic<V> topic, String key) {
        return tables.of(topic).get(key).orElseThrow();
    }

    boolean has(Topic<?> topic, String key) {
        return tables.of(topic).get(key).isPresent();
    }

    List<Output<?>> written() {
        return List.copyOf(written);
    }

    Map<String, Instant> timers() {
        return timers;
    }

    /** A pass of this key at this time. */
    void passes(String key, Instant now) {
        apply(reconciler.pass(new Key(partition, key), Cause.NONE, now));
    }

    private void passes() {
        while (!marked.isEmpty()) {
            var key = marked.removeFirst();
            apply(reconciler.pass(new Key(partition, key), Cause.NONE, NOW));
        }
    }

    private void apply(Pass<TranslatorCall> pass) {
        pass.records().forEach(this::write);
        written.addAll(pass.records());
    }

    private <V> void write(Output<V> output) {
        put(output.topic(), output.key(), output.value());
    }

    @Override
    public void mark(Key key) {
        marked.add(key.name());
    }

    @Override
    public void markInBackground(Key key) {
        marked.add(key.name());
    }

    @Override
    public void markAt(Key key, Instant time) {
        timers.put(key.name(), time);
    }
}
