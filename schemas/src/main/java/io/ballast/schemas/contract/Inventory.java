package io.ballast.schemas.contract;

/**
 * When octavia last listed everything of ours. Topic inventories, key partition number as text.
 *
 * @param partition partition of the keyed topics
 * @param epoch ownership epoch of the partition
 * @param statusOffset offset in load-balancer-status at which a reader has seen everything that was found
 * @param loadBalancers load balancers of ours found for keys of this partition
 * @param listedEpochMillis when the list was taken, milliseconds since 1970
 */
public record Inventory(int partition, long epoch, long statusOffset, int loadBalancers, long listedEpochMillis) {}
