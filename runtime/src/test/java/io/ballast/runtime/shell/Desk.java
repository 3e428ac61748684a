package io.ballast.runtime.shell;

import io.ballast.schemas.Encoding;
import io.ballast.schemas.Partitions;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressType;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.SliceKey;
import io.ballast.schemas.contract.SnapshotState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A shell with a scripted reconciler, driven by hand; what it asked for in the last step, and how to answer it. */
final class Desk {
    static final int PARTITIONS = 3;
    static final TopicPlan PLAN = new TopicPlan(
            "copier",
            Topics.SERVICES,
            List.of(Topics.SERVICES, Topics.ADDRESS_CLAIMS),
            List.of(Topics.ENDPOINT_SLICES, Topics.LOAD_BALANCER_OUTCOMES),
            false,
            PARTITIONS);

    final Scripted script = new Scripted();
    final Shell<String, String> shell = new Shell<>(PLAN, script);
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private List<Effect<String>> last = List.of();
    private final Map<TopicPartition, Long> offsets = new HashMap<>();

    // --- what happens to the shell

    void step(Event<String, String> event) {
        last = shell.step(event, now);
    }

    void tick() {
        step(new Event.Tick<>());
    }

    void pass(Duration time) {
        now = now.plus(time);
        tick();
    }

    /** Assigns a partition and takes it over the barrier of empty topics. */
    UnitId opens(int partition) {
        step(new Event.Assigned<>(Set.of(partition)));
        return reachesBarrier();
    }

    /** Goes on from the producer that was just asked for. */
    UnitId reachesBarrier() {
        var unit = opened();
        step(new Event.ProducerOpened<>(unit));
        step(new Event.EndsFound<>(unit, Map.of()));
        return unit;
    }

    void reads(UnitId unit, LogRecord... records) {
        var positions = new HashMap<TopicPartition, Long>();
        for (var record : records) {
            positions.put(record.at(), record.offset() + 1);
        }
        step(new Event.Fetched<>(unit, List.of(records), positions));
    }

    void commits(UnitId unit) {
        step(new Event.Committed<>(unit, commit().batch(), Map.of()));
    }

    // --- what the shell asked for in the last step

    List<Effect<String>> asked() {
        return last;
    }

    Effect.Commit<String> commit() {
        return last.stream()
                .flatMap(effect -> effect instanceof Effect.Commit<String> commit ? Stream.of(commit) : Stream.of())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no commit among " + last));
    }

    boolean asksForACommit() {
        return last.stream().anyMatch(Effect.Commit.class::isInstance);
    }

    List<String> callsStarted() {
        return calls().map(Effect.StartCall::call).toList();
    }

    long call() {
        return calls().findFirst()
                .orElseThrow(() -> new AssertionError("no call among " + last))
                .id();
    }

    List<LogWrite> deadLetters() {
        return last.stream()
                .flatMap(effect -> effect instanceof Effect.Commit<String> commit
                        ? commit.writes().stream()
                        : Stream.<LogWrite>of())
                .filter(write -> write.to().topic().equals(Topics.DEAD_LETTERS.name()))
                .toList();
    }

    private Stream<Effect.StartCall<String>> calls() {
        return last.stream()
                .flatMap(effect -> effect instanceof Effect.StartCall<String> call ? Stream.of(call) : Stream.of());
    }

    private UnitId opened() {
        return last.stream()
                .flatMap(effect ->
                        effect instanceof Effect.OpenProducer<String> open ? Stream.of(open.unit()) : Stream.of())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no producer is asked for among " + last));
    }

    // --- keys and records

    /** Keys of Services that lie in a partition. */
    static List<String> keysIn(int partition, int count) {
        return IntStream.range(0, 100 * count)
                .mapToObj(number -> "c/ns/s" + number)
                .filter(key -> Partitions.of(key, PARTITIONS) == partition)
                .limit(count)
                .toList();
    }

    LogRecord service(String key, String uid) {
        return record(Topics.SERVICES, key, serviceBytes(uid));
    }

    /** A record that says when its change was observed. */
    LogRecord observed(String key, String time) {
        var plain = service(key, "uid");
        return new LogRecord(plain.at(), plain.offset(), key, plain.value(), Map.of("observed-at", time));
    }

    static byte[] serviceBytes(String uid) {
        return Encoding.encode(
                Topics.SERVICES, new ServiceSnapshot(SnapshotState.GONE, "cluster", uid, "1", null, null));
    }

    LogRecord garbage(Topic<?> topic, String key) {
        return record(topic, key, "garbage".getBytes(StandardCharsets.UTF_8));
    }

    LogRecord record(Topic<?> topic, String key, byte[] value) {
        int partition = topic.keyed() ? Partitions.of(key, PARTITIONS) : 0;
        var at = new TopicPartition(topic.name(), partition);
        return new LogRecord(at, offsets.merge(at, 1L, Long::sum) - 1, key, value, Map.of());
    }

    /** A record of an output table. */
    static Output<?> slice(String service, String uid) {
        return slice(service, uid, 1);
    }

    /** A record of an output table, of about this size. */
    static Output<?> slice(String service, String uid, int bytes) {
        var snapshot = new EndpointSliceSnapshot(
                "cluster", uid, "1", AddressType.IPV4, "x".repeat(bytes), List.of(), List.of());
        return Output.of(Topics.ENDPOINT_SLICES, new SliceKey(ServiceKey.parse(service), "copy"), snapshot);
    }

    static List<Output<?>> slices(String service, int count) {
        var outputs = new ArrayList<Output<?>>();
        for (int i = 0; i < count; i++) {
            outputs.add(slice(service, "uid-" + i));
        }
        return outputs;
    }
}
