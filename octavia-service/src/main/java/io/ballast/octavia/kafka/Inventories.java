package io.ballast.octavia.kafka;

import io.ballast.octavia.loadbalancer.Decision;
import io.ballast.octavia.loadbalancer.Lifecycle;
import io.ballast.octavia.loadbalancer.LoadBalancerHead;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.octavia.loadbalancer.Situation;
import io.ballast.runtime.shell.Output;
import io.ballast.runtime.shell.Pass;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.Inventory;
import io.ballast.schemas.contract.LoadBalancerState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Says once for each ownership what exists: first a status for everything found, then, behind them, the marker. */
final class Inventories {
    static final String NAME = "@inventory";
    private static final int STATUSES_AT_A_TIME = 200;

    private final Situations situations;

    /** Gathers what a decision rests on. */
    @FunctionalInterface
    interface Situations {
        Situation of(OctaviaPartition partition, String key, Instant now);
    }

    Inventories(Situations situations) {
        this.situations = situations;
    }

    Pass<OctaviaCall> pass(OctaviaPartition partition, Instant now) {
        var listedAt = partition.listedAt;
        if (listedAt == null || partition.isMarked) {
            return Pass.nothing();
        }
        var records = new ArrayList<Output<?>>();
        int found = 0;
        for (var key : partition.keys()) {
            var memory = partition.memories.get(key);
            if (memory == null || memory.heads().isEmpty()) {
                continue;
            }
            found += memory.heads().size();
            var situation = situations.of(partition, key, now);
            if (records.size() < STATUSES_AT_A_TIME
                    && isUnsaid(situation)
                    && Lifecycle.decide(situation).report() instanceof Decision.Report.Say(var status)
                    && !status.equals(situation.status())) {
                records.add(Output.of(Topics.LOAD_BALANCER_STATUS, situation.key(), status));
            }
        }
        return Pass.write(records.isEmpty() ? List.of(marker(partition, found, listedAt)) : records);
    }

    /** Whether nothing published shows what was found. */
    private static boolean isUnsaid(Situation situation) {
        var status = situation.status();
        if (status == null || situation.desired() == null) {
            return true;
        }
        var shown = status.loadBalancers().stream().map(LoadBalancerState::id).collect(Collectors.toSet());
        return !situation.knowledge().heads().values().stream()
                .map(LoadBalancerHead::id)
                .allMatch(shown::contains);
    }

    private static Output<Inventory> marker(OctaviaPartition partition, int found, Instant listedAt) {
        var number = Integer.toString(partition.number);
        return Output.single(
                Topics.INVENTORIES,
                number,
                new Inventory(
                        partition.number, partition.epoch, partition.statusOffset, found, listedAt.toEpochMilli()));
    }
}
