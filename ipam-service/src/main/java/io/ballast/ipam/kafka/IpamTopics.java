package io.ballast.ipam.kafka;

import io.ballast.runtime.shell.TopicPlan;
import io.ballast.schemas.Topics;
import java.util.List;

/** The topics ipam-service lives on: claims in one partition, because their order is the point, and all of everything else. */
public final class IpamTopics {
    private IpamTopics() {}

    public static TopicPlan plan(int keyedPartitions) {
        return new TopicPlan(
                "ipam",
                Topics.ADDRESS_CLAIMS,
                List.of(Topics.ADDRESS_CLAIMS, Topics.LOAD_BALANCER_STATUS, Topics.INVENTORIES, Topics.CLUSTERS),
                List.of(Topics.ADDRESS_ALLOCATIONS, Topics.ADDRESS_POOLS, Topics.LOAD_BALANCER_OUTCOMES),
                true,
                keyedPartitions);
    }
}
