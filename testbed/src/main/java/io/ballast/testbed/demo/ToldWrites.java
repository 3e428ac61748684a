package io.ballast.testbed.demo;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.OutcomeKind;
import io.ballast.testbed.kafka.TopicRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The writes to OpenStack that the services tell of in their outcomes: every write of a Service has one. */
public final class ToldWrites {
    private final TopicRows rows;

    public ToldWrites(KafkaSettings kafka) {
        this.rows = new TopicRows(kafka);
    }

    /** Writes that OpenStack accepted, by namespace/name. */
    public Map<String, Integer> byService() {
        var writes = new TreeMap<String, Integer>();
        rows.each(Topics.LOAD_BALANCER_OUTCOMES, (key, outcome) -> {
            if (outcome.kind() == OutcomeKind.DONE) {
                writes.merge(key.substring(key.indexOf('/') + 1), 1, Integer::sum);
            }
        });
        return writes;
    }

    /** Writes that OpenStack refused or did not answer, each in words. */
    public List<String> refusals() {
        var refused = new ArrayList<String>();
        rows.each(Topics.LOAD_BALANCER_OUTCOMES, (key, outcome) -> {
            if (outcome.kind() == OutcomeKind.FAILED || outcome.kind() == OutcomeKind.UNKNOWN) {
                refused.add("%s %s: %s %s".formatted(key, outcome.action(), outcome.status(), outcome.message()));
            }
        });
        return refused;
    }

    /** Writes that began, refused ones too. */
    public long begun() {
        var count = new long[1];
        rows.each(Topics.LOAD_BALANCER_OUTCOMES, (key, outcome) -> {
            if (outcome.kind() == OutcomeKind.STARTED) {
                count[0]++;
            }
        });
        return count[0];
    }
}
