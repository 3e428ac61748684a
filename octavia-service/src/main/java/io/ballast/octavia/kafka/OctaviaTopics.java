package io.ballast.octavia.kafka;

import io.ballast.runtime.shell.TopicPlan;
import io.ballast.schemas.Topics;
import java.util.List;

/** The topics octavia-service lives on. */
public final class OctaviaTopics {
    private OctaviaTopics() {}

    public static TopicPlan plan(int keyedPartitions) {
        return new TopicPlan(
                "octavia",
                Topics.DESIRED_LOAD_BALANCERS,
                List.of(Topics.DESIRED_LOAD_BALANCERS, Topics.ADDRESS_ALLOCATIONS, Topics.CLUSTERS, Topics.OPERATOR),
                List.of(
                        Topics.LOAD_BALANCER_STATUS,
                        Topics.LOAD_BALANCER_STATUS_JSON,
                        Topics.LOAD_BALANCER_OUTCOMES,
                        Topics.LOAD_BALANCER_OUTCOMES_JSON,
                        Topics.INVENTORIES),
                false,
                keyedPartitions);
    }
}
