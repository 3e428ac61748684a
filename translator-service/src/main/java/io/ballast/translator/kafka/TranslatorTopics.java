package io.ballast.translator.kafka;

import io.ballast.runtime.shell.TopicPlan;
import io.ballast.schemas.Topics;
import java.util.List;

/** The topics the translator lives on. */
public final class TranslatorTopics {
    private TranslatorTopics() {}

    /** Its plan, given the number of partitions of keyed topics. */
    public static TopicPlan plan(int keyedPartitions) {
        return new TopicPlan(
                "translator",
                Topics.SERVICES,
                List.of(
                        Topics.SERVICES,
                        Topics.ENDPOINT_SLICES,
                        Topics.NODES,
                        Topics.CLUSTERS,
                        Topics.ADDRESS_ALLOCATIONS,
                        Topics.LOAD_BALANCER_STATUS),
                List.of(Topics.DESIRED_LOAD_BALANCERS, Topics.ADDRESS_CLAIMS),
                false,
                keyedPartitions);
    }
}
