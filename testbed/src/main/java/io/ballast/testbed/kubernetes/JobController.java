package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Completes every Job by itself after the ready delay, without pods, and removes it after its {@code ttlSecondsAfterFinished}. */
final class JobController implements Controller {
    private static final String STORAGE = "batch/jobs";

    private final Cluster cluster;
    private final Map<String, Instant> startedAt = new HashMap<>();

    JobController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void route(ObjectStore.Change change, Consumer<ObjectStore.Key> dirty) {
        if (change.key().storage().equals(STORAGE)) {
            dirty.accept(change.key());
        }
    }

    @Override
    public void reconcile(ObjectStore.Key key) {
        cluster.get(key).filter(job -> !Meta.isDeleting(job)).ifPresent(job -> run(key, job));
    }

    private void run(ObjectStore.Key key, ObjectNode job) {
        if (Json.has(job, "status", "completionTime")) {
            expire(key, job);
            return;
        }
        var started = startedAt.computeIfAbsent(Meta.uid(job), _ -> cluster.now());
        var done = started.plus(cluster.settings().readyDelay());
        var after = job.deepCopy();
        var status = Json.child(after, "status");
        Json.putDefault(status, "startTime", Meta.time(started));
        if (cluster.now().isBefore(done)) {
            status.put("active", 1);
            cluster.wake(done, this, key);
        } else {
            status.remove("active");
            status.put("succeeded", Json.at(job, "spec", "completions").asInt(1));
            status.put("completionTime", Meta.time(cluster.now()));
            cluster.condition(
                    status,
                    "SuccessCriteriaMet",
                    true,
                    "CompletionsReached",
                    "Reached expected number of succeeded pods");
            cluster.condition(
                    status, "Complete", true, "CompletionsReached", "Reached expected number of succeeded pods");
        }
        cluster.update(STORAGE, job, after);
    }

    private void expire(ObjectStore.Key key, ObjectNode job) {
        var ttl = Json.at(job, "spec", "ttlSecondsAfterFinished");
        if (ttl.isInt()) {
            var gone = Instant.parse(Json.text(job, "status", "completionTime")).plus(Duration.ofSeconds(ttl.asInt()));
            if (cluster.now().isBefore(gone)) {
                cluster.wake(gone, this, key);
            } else {
                startedAt.remove(Meta.uid(job));
                cluster.delete(STORAGE, job);
            }
        }
    }
}
