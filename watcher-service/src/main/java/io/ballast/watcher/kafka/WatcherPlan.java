package io.ballast.watcher.kafka;

import io.ballast.runtime.shell.TopicPlan;
import io.ballast.schemas.Topics;
import java.util.List;

/** The topics the watcher lives on. */
public final class WatcherPlan {
    private WatcherPlan() {}

    /** One cluster is one lock: the lead topic has one partition, and each cluster has a consumer group of its own. */
    public static TopicPlan of(int keyedPartitions) {
        return new TopicPlan(
                "watcher",
                Topics.CLUSTERS,
                List.of(Topics.ADDRESS_ALLOCATIONS, Topics.LOAD_BALANCER_STATUS, Topics.OPERATOR),
                List.of(Topics.CLUSTERS, Topics.SERVICES, Topics.ENDPOINT_SLICES, Topics.NODES),
                true,
                keyedPartitions);
    }
}
