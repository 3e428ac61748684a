package io.ballast.testbed.kafka;

import io.ballast.runtime.shell.Cause;
import io.ballast.runtime.shell.Change;
import io.ballast.runtime.shell.Key;
import io.ballast.runtime.shell.Marks;
import io.ballast.runtime.shell.Output;
import io.ballast.runtime.shell.Pass;
import io.ballast.runtime.shell.Reconciler;
import io.ballast.runtime.shell.Tables;
import io.ballast.runtime.shell.TopicPlan;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServiceSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The smallest service there can be: it copies the topic services, key by key, and writes its own name into each copy.
 * After each copy it makes one call.
 */
public final class CopyReconciler implements Reconciler<String, String> {
    /** What it writes. */
    public static final Topic<ServiceSnapshot> COPIES = copies("copies");

    /** A second topic, for passes of two records. */
    public static final Topic<ServiceSnapshot> SECOND_COPIES = copies("second-copies");

    private final String writer;
    private final boolean twice;
    private final Map<Integer, Tables> tables = new HashMap<>();

    /** @param twice whether each pass writes two records */
    public CopyReconciler(String writer, boolean twice) {
        this.writer = writer;
        this.twice = twice;
    }

    /** Its topics. */
    public static TopicPlan plan(int keyedPartitions) {
        return new TopicPlan(
                "copier",
                Topics.SERVICES,
                List.of(Topics.SERVICES),
                List.of(COPIES, SECOND_COPIES),
                false,
                keyedPartitions);
    }

    @Override
    public void opened(int partition, Tables complete, Marks marks, Instant now) {
        tables.put(partition, complete);
        complete.of(Topics.SERVICES).rows().keySet().forEach(key -> marks.mark(new Key(partition, key)));
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
        var of = Objects.requireNonNull(tables.get(key.partition()));
        var wanted = of.of(Topics.SERVICES).get(key.name());
        var copy = of.of(COPIES).get(key.name());
        if (wanted.map(ServiceSnapshot::uid).equals(copy.map(ServiceSnapshot::uid))) {
            return Pass.nothing();
        }
        return new Pass<>(outputs(ServiceKey.parse(key.name()), wanted), key.name(), null);
    }

    @Override
    public void answered(Key key, String call, String answer, Marks marks, Instant now) {}

    private List<Output<?>> outputs(ServiceKey key, Optional<ServiceSnapshot> wanted) {
        @Nullable ServiceSnapshot copy = wanted.map(this::signed).orElse(null);
        var outputs = new ArrayList<Output<?>>();
        outputs.add(Output.of(COPIES, key, copy));
        if (twice) {
            outputs.add(Output.of(SECOND_COPIES, key, copy));
        }
        return outputs;
    }

    private ServiceSnapshot signed(ServiceSnapshot wanted) {
        return new ServiceSnapshot(
                wanted.state(), wanted.clusterUid(), wanted.uid(), writer, wanted.goneBecause(), wanted.service());
    }

    private static Topic<ServiceSnapshot> copies(String name) {
        return new Topic<>(
                name,
                Topics.SERVICES.key(),
                ServiceSnapshot.class,
                Topic.Format.AVRO,
                true,
                Topic.Policy.TABLE,
                List.of("copier"),
                List.of());
    }
}
