package io.ballast.testbed.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.runtime.shell.Calls;
import io.ballast.runtime.shell.Cause;
import io.ballast.runtime.shell.Change;
import io.ballast.runtime.shell.Key;
import io.ballast.runtime.shell.LogWrite;
import io.ballast.runtime.shell.Marks;
import io.ballast.runtime.shell.Output;
import io.ballast.runtime.shell.Pass;
import io.ballast.runtime.shell.Reconciler;
import io.ballast.runtime.shell.Tables;
import io.ballast.runtime.shell.TopicPartition;
import io.ballast.runtime.shell.TopicPlan;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.KnownSchemas;
import io.ballast.schemas.Partitions;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressType;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.SliceKey;
import io.ballast.schemas.contract.SnapshotState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shell and its driver with the smallest service there is: it copies Services, and counts each change once. */
class ShellProperties {
    private static final int PARTITIONS = 3;
    private static final int KEYS = 12;
    private static final TopicPlan PLAN = new TopicPlan(
            "copier", Topics.SERVICES, List.of(Topics.SERVICES), List.of(Topics.ENDPOINT_SLICES), false, PARTITIONS);

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void copiesTheNewestStateOfEveryKeyWhateverDies(long seed) {
        assertThat(violations(seed, SimProcess.Defects.NONE)).isEmpty();
    }

    @Test
    void findsAShellThatDecidesBeforeItsTablesAreRead() {
        assertThat(seeds().mapToObj(seed -> violations(seed, new SimProcess.Defects(true, false))))
                .anySatisfy(found -> assertThat(found).isNotEmpty());
    }

    @Test
    void findsAProducerThatIsUsedOnAfterAnIndefiniteError() {
        assertThat(seeds().mapToObj(seed -> violations(seed, new SimProcess.Defects(false, true))))
                .anySatisfy(found -> assertThat(found).isNotEmpty());
    }

    private static List<String> violations(long seed, SimProcess.Defects defects) {
        var schedule = new Schedule(seed);
        var log = new SimLog();
        var group = new SimGroup<String, String>(PARTITIONS, schedule);
        var expected = new TreeMap<String, String>();
        var writer = new Writer(log, schedule);
        for (int i = 0; i < 60; i++) {
            var key = new ServiceKey("c", "ns", "s" + schedule.pick(KEYS));
            writer.write(key, "uid-" + i);
            expected.put(key.toString(), "uid-" + i);
            disturb(group, log, schedule, defects);
            schedule.runFor(schedule.millis(0, 4_000));
        }
        group.join(process("last", log, schedule, defects));
        group.members().forEach(SimProcess::resume);
        schedule.runFor(Duration.ofMinutes(2));
        group.stop();

        var violations = new ArrayList<String>();
        var schemas = new KnownSchemas();
        var copies = new TreeMap<String, String>();
        log.table(Topics.ENDPOINT_SLICES)
                .forEach((key, bytes) -> copies.put(
                        SliceKey.parse(key).service().toString(),
                        Encoding.decode(Topics.ENDPOINT_SLICES, bytes, schemas).uid()));
        if (!copies.equals(expected)) {
            violations.add("copied " + copies + " instead of " + expected);
        }
        countsOf(log, schemas).forEach((key, counts) -> {
            if (counts.stream().distinct().count() != counts.size()
                    || !counts.equals(counts.stream().sorted().toList())) {
                violations.add(key + " was written from an older picture: " + counts);
            }
        });
        group.members().forEach(member -> violations.addAll(member.errors()));
        return violations;
    }

    private static Map<String, List<Long>> countsOf(SimLog log, KnownSchemas schemas) {
        var counts = new HashMap<String, List<Long>>();
        for (var record : log.history(Topics.ENDPOINT_SLICES)) {
            var copy = Encoding.decode(Topics.ENDPOINT_SLICES, Objects.requireNonNull(record.value()), schemas);
            counts.computeIfAbsent(record.key(), ignored -> new ArrayList<>())
                    .add(Long.parseLong(copy.resourceVersion()));
        }
        return counts;
    }

    private static void disturb(
            SimGroup<String, String> group, SimLog log, Schedule schedule, SimProcess.Defects defects) {
        switch (schedule.pick(8)) {
            case 0 -> group.join(process("p" + schedule.steps(), log, schedule, defects));
            case 1 -> group.members().stream().findFirst().ifPresent(SimProcess::kill);
            case 2 -> group.members().stream().findFirst().ifPresent(SimProcess::pause);
            case 3 -> group.members().forEach(SimProcess::resume);
            case 4 -> log.compact(schedule.now(), Duration.ofSeconds(30));
            default -> {}
        }
    }

    private static SimProcess<String, String> process(
            String name, SimLog log, Schedule schedule, SimProcess.Defects defects) {
        return new SimProcess<>(
                name, PLAN, new Copier(), new NoCalls(), schedule, log, () -> Faults.SOME, defects, CallPoints.none());
    }

    /** Writes Services as a watcher would. */
    private record Writer(SimLog log, Schedule schedule) {
        void write(ServiceKey key, String uid) {
            var snapshot = new ServiceSnapshot(SnapshotState.GONE, "cluster", uid, "1", null, null);
            var to = new TopicPartition(Topics.SERVICES.name(), Partitions.of(key, PARTITIONS));
            var write = new LogWrite(to, key.toString(), Encoding.encode(Topics.SERVICES, snapshot), Map.of());
            int epoch = log.initProducer("writer", schedule.now());
            log.commit(log.append("writer", epoch, List.of(write), schedule.now()), epoch, schedule.now());
        }
    }

    /** Copies the uid of each Service; its resourceVersion counts the copies of the key. */
    private static final class Copier implements Reconciler<String, String> {
        private final Map<Integer, Tables> tables = new HashMap<>();

        @Override
        public void opened(int partition, Tables opened, Marks marks, Instant now) {
            tables.put(partition, opened);
            opened.of(Topics.SERVICES).rows().keySet().forEach(name -> marks.mark(new Key(partition, name)));
        }

        @Override
        public void closed(int partition) {
            tables.remove(partition);
        }

        @Override
        public void changed(int partition, Change<?> change, Marks marks, Instant now) {
            marks.mark(new Key(partition, change.key()));
        }

        @Override
        public Pass<String> pass(Key key, Cause cause, Instant now) {
            var mine = Objects.requireNonNull(tables.get(key.partition()));
            var service = mine.of(Topics.SERVICES).get(key.name()).orElseThrow();
            var slice = new SliceKey(ServiceKey.parse(key.name()), "copy");
            @Nullable
            EndpointSliceSnapshot before =
                    mine.of(Topics.ENDPOINT_SLICES).get(slice.toString()).orElse(null);
            if (before != null && before.uid().equals(service.uid())) {
                return Pass.nothing();
            }
            long count = before == null ? 1 : Long.parseLong(before.resourceVersion()) + 1;
            var copy = new EndpointSliceSnapshot(
                    "cluster", service.uid(), Long.toString(count), AddressType.IPV4, "copier", List.of(), List.of());
            return Pass.write(List.of(Output.of(Topics.ENDPOINT_SLICES, slice, copy)));
        }

        @Override
        public void answered(Key key, String call, String answer, Marks marks, Instant now) {
            throw new IllegalStateException("makes no calls");
        }
    }

    private static final class NoCalls implements Calls<String, String> {
        @Override
        public String call(String call) {
            return call;
        }

        @Override
        public String failed(String call, RuntimeException cause) {
            return call;
        }
    }
}
