package io.ballast.runtime.shell;

import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which topics a service lives on.
 *
 * @param service its name: watcher, translator, ipam or octavia
 * @param lead the topic whose partitions are shared out among its instances
 * @param inputs tables it reads
 * @param outputs topics it writes; those that are tables are read too, up to the barrier
 * @param everyPartition whether it reads all partitions of keyed topics, because the lead topic has a single one
 * @param keyedPartitions partitions of each keyed topic
 */
public record TopicPlan(
        String service,
        Topic<?> lead,
        List<Topic<?>> inputs,
        List<Topic<?>> outputs,
        boolean everyPartition,
        int keyedPartitions) {
    public TopicPlan {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** What is read for an owned partition: the inputs, the tables among the outputs, and the schemas. */
    Set<TopicPartition> reads(int partition) {
        var reads = new TreeSet<TopicPartition>();
        Stream.concat(inputs.stream(), ownTables()).forEach(topic -> reads.addAll(partitionsOf(topic, partition)));
        reads.addAll(partitionsOf(Topics.SCHEMAS, partition));
        return reads;
    }

    /** The part of {@link #reads} that nobody else writes: needless once the barrier is passed. */
    Set<TopicPartition> ownReads(int partition) {
        var own = new TreeSet<TopicPartition>();
        ownTables().forEach(topic -> own.addAll(partitionsOf(topic, partition)));
        return own;
    }

    private Stream<Topic<?>> ownTables() {
        return outputs.stream()
                .filter(topic -> topic.policy() == Topic.Policy.TABLE)
                .filter(topic -> topic.format() == Topic.Format.AVRO);
    }

    private Set<TopicPartition> partitionsOf(Topic<?> topic, int partition) {
        if (!topic.keyed()) {
            return Set.of(new TopicPartition(topic.name(), 0));
        }
        if (!everyPartition) {
            return Set.of(new TopicPartition(topic.name(), partition));
        }
        var all = new TreeSet<TopicPartition>();
        IntStream.range(0, keyedPartitions).forEach(each -> all.add(new TopicPartition(topic.name(), each)));
        return all;
    }
}
