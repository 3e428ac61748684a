package io.ballast.ipam.kafka;

import io.ballast.runtime.shell.Tables;
import io.ballast.runtime.shell.TopicPartition;
import io.ballast.schemas.Topics;
import java.util.ArrayList;

/** Whether octavia has said of every partition what exists, and all that it said was read. */
final class InventoryBarrier {
    private static final int NAMED_MAX = 5;

    private final int partitions;
    private String missing = "no inventory was read yet";

    InventoryBarrier(int partitions) {
        this.partitions = partitions;
    }

    boolean isComplete() {
        return missing.isEmpty();
    }

    /** What is missing, in words; empty when nothing is. */
    String missing() {
        return missing;
    }

    void check(Tables tables) {
        var absent = new ArrayList<String>();
        for (int partition = 0; partition < partitions; partition++) {
            var status = new TopicPartition(Topics.LOAD_BALANCER_STATUS.name(), partition);
            var inventory = tables.of(Topics.INVENTORIES).get(Integer.toString(partition));
            if (inventory.isEmpty() || tables.position(status) < inventory.get().statusOffset()) {
                absent.add(Integer.toString(partition));
            }
        }
        missing = absent.isEmpty()
                ? ""
                : "%d of %d partitions are missing (%s%s)"
                        .formatted(
                                absent.size(),
                                partitions,
                                String.join(", ", absent.subList(0, Math.min(NAMED_MAX, absent.size()))),
                                absent.size() > NAMED_MAX ? ", …" : "");
    }
}
