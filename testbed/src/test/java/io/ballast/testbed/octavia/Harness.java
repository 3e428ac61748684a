package io.ballast.testbed.octavia;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.octavia.kafka.OctaviaReconciler;
import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.kafka.OctaviaStanding;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.octavia.loadbalancer.PodAccess;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.octavia.openstack.CloudCalls;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.runtime.shell.Cause;
import io.ballast.runtime.shell.Change;
import io.ballast.runtime.shell.Key;
import io.ballast.runtime.shell.Marks;
import io.ballast.runtime.shell.Output;
import io.ballast.runtime.shell.Tables;
import io.ballast.runtime.shell.TopicPartition;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.Outcome;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One octavia-service with one partition over the OpenStack model, in virtual time, without Kafka. */
final class Harness {
    private static final int STEPS_MAX = 20_000;

    final OpenStackModel cloud;
    final List<Outcome> outcomes = new ArrayList<>();
    final List<LoadBalancerStatus> statuses = new ArrayList<>();
    final List<String> written = new ArrayList<>();
    Tables tables = Tables.fixture();
    Instant now;
    int reads;
    int looks;

    /** Whose credentials it has. */
    String user = "k8s";

    String project = "k8s";

    /** Reads among them that only wait for the end of writes. */
    int polls;

    /** Nothing answers any more. */
    boolean silent;

    /** Lists and reads show no more when a load balancer was last changed. */
    boolean hidesUpdates;

    /** What Octavia shows as operating status of every load balancer; empty for what the model does. */
    String operating = "";

    /** What this cloud writes as timeout_client_data where nobody asks for one; 0 for what the model does. */
    int defaultTimeoutMillis;

    /** Address of the member that Octavia shows in ERROR; empty for none. */
    String illMember = "";

    int fullReads;
    long mostCreatesAtATime;
    /** What is configured about security groups; another one counts from the next restart. */
    List<PodAccess> podAccess;

    final OctaviaStanding standing = new OctaviaStanding();
    private OctaviaSettings settings;
    private OctaviaReconciler reconciler;
    private final CloudCalls calls = new CloudCalls(this::send, () -> now);
    private final Set<Key> dirty = new LinkedHashSet<>();
    private final Map<Key, Instant> timers = new LinkedHashMap<>();
    private final TreeMap<String, Running> running = new TreeMap<>();
    private final Map<String, Long> offsets = new TreeMap<>();
    private Duration took = Duration.ZERO;
    private int ids;

    private record Running(Key key, OctaviaCall call, OctaviaAnswer answer, Instant at) {}

    private final Marks marks = new Marks() {
        @Override
        public void mark(Key key) {
            dirty.add(key);
        }

        @Override
        public void markInBackground(Key key) {
            dirty.add(key);
        }

        @Override
        public void markAt(Key key, Instant time) {
            timers.put(key, time);
        }
    };

    Harness(OpenStackModel cloud, OctaviaSettings settings, Instant now) {
        this(cloud, settings, List.of(), now);
    }

    Harness(OpenStackModel cloud, OctaviaSettings settings, List<PodAccess> podAccess, Instant now) {
        this.podAccess = podAccess;
        this.cloud = cloud;
        this.settings = settings;
        this.now = now;
        this.reconciler = new OctaviaReconciler(settings, podAccess, standing);
    }

    void open() {
        reconciler.opened(0, tables, marks, now);
    }

    /** Dies, and begins again with the same tables: what it remembered, and the answers on their way, are lost. */
    void restart() {
        restart(settings.policy());
    }

    /** The same, and configured in another way from then on. */
    void restart(Policy policy) {
        settings = settings.withPolicy(policy);
        reconciler = new OctaviaReconciler(settings, podAccess, standing);
        dirty.clear();
        timers.clear();
        running.clear();
        open();
    }

    <V> void put(Topic<V> topic, String key, @Nullable V value) {
        var before = tables.of(topic).get(key).orElse(null);
        tables.put(topic, key, value);
        reconciler.changed(0, new Change<>(topic, key, before, value), marks, now);
    }

    Optional<LoadBalancerStatus> status(String key) {
        return tables.of(Topics.LOAD_BALANCER_STATUS).get(key);
    }

    /** Runs until nothing is left to do but what lies further ahead than this. */
    void run(Duration ahead) {
        var until = now.plus(ahead);
        for (int step = 0; step < STEPS_MAX; step++) {
            if (!step(until)) {
                now = until;
                return;
            }
        }
        throw new AssertionError("no end: dirty %s, timers %s, outcomes %s"
                .formatted(dirty, timers, outcomes.subList(Math.max(0, outcomes.size() - 6), outcomes.size())));
    }

    /** One event; false when none is due before the time. */
    boolean step(Instant until) {
        timers.entrySet().removeIf(timer -> {
            if (!timer.getValue().isAfter(now)) {
                dirty.add(timer.getKey());
                return true;
            }
            return false;
        });
        var ready = dirty.stream()
                .filter(key -> !running.containsKey(key.toString()))
                .findFirst();
        if (ready.isPresent()) {
            dirty.remove(ready.get());
            pass(ready.get());
            return true;
        }
        var answered = running.values().stream()
                .min((one, other) -> one.at().compareTo(other.at()))
                .filter(each -> !each.at().isAfter(until));
        var timer = timers.values().stream().min(Instant::compareTo).filter(time -> !time.isAfter(until));
        if (answered.isPresent() && (timer.isEmpty() || !answered.get().at().isAfter(timer.get()))) {
            answer(answered.get());
            return true;
        }
        timer.ifPresent(time -> now = time.isAfter(now) ? time : now);
        return timer.isPresent();
    }

    private void answer(Running call) {
        now = call.at().isAfter(now) ? call.at() : now;
        running.remove(call.key().toString());
        reconciler.answered(call.key(), call.call(), call.answer(), marks, now);
        dirty.add(call.key());
    }

    private void pass(Key key) {
        timers.remove(key);
        var pass = reconciler.pass(key, Cause.NONE, now);
        var next = new LinkedHashMap<TopicPartition, Long>();
        for (var output : pass.records()) {
            apply(output);
            next.put(
                    new TopicPartition(output.topic().name(), 0),
                    offsets.merge(output.topic().name(), 1L, Long::sum));
        }
        if (!pass.records().isEmpty()) {
            reconciler.committed(key, next, marks, now);
        }
        if (pass.again() != null) {
            timers.put(key, pass.again());
        }
        var call = pass.call();
        if (call != null) {
            if (call instanceof OctaviaCall.Write && pass.records().isEmpty()) {
                throw new AssertionError("a write without its STARTED outcome: " + call);
            }
            took = Duration.ofMillis(5);
            int before = reads;
            var answer = calls.call(call);
            polls += call instanceof OctaviaCall.Poll ? reads - before : 0;
            running.put(key.toString(), new Running(key, call, answer, now.plus(took)));
            fullReads += call instanceof OctaviaCall.Read ? 1 : 0;
            looks += call instanceof OctaviaCall.Look ? 1 : 0;
            mostCreatesAtATime = Math.max(
                    mostCreatesAtATime,
                    running.values().stream()
                            .filter(each -> each.call() instanceof OctaviaCall.Write(var _, CreateLoadBalancer _))
                            .count());
        } else if (key.partition() == Key.PROCESS) {
            dirty.remove(key);
        }
    }

    private <V> void apply(Output<V> output) {
        tables.put(output.topic(), output.key(), output.value());
        written.add(output.topic().name() + " " + output.key());
        if (output.value() instanceof Outcome outcome) {
            outcomes.add(outcome);
        }
        if (output.value() instanceof LoadBalancerStatus status) {
            statuses.add(status);
        }
    }

    private RestReply send(RestRequest request) {
        if (request.method() == RestRequest.Method.GET) {
            reads++;
        }
        if (request.api() == Api.LOAD_BALANCER && !cloud.hasOctavia()) {
            return new RestReply.Unanswered("the catalogue has no load balancer service", false, false);
        }
        if (silent) {
            took = took.plus(Duration.ofSeconds(30));
            return new RestReply.Unanswered("request timed out", true);
        }
        var headers = new TreeMap<>(Map.of("x-auth-token", cloud.tokenFor(user, project, now)));
        if (request.revision() != null) {
            headers.put("if-match", "revision_number=" + request.revision());
        }
        var reply = cloud.handle(
                new ModelRequest(
                        request.api() == Api.NETWORK ? OpenStackService.NEUTRON : OpenStackService.OCTAVIA,
                        request.method().name(),
                        request.path(),
                        new LinkedHashMap<>(request.query()),
                        headers,
                        request.body()),
                now);
        took = took.plus(reply.took());
        var retryAfter = reply.headers().get("Retry-After");
        return reply.lost()
                ? new RestReply.Unanswered("the answer was lost", true)
                : new RestReply.Answered(
                        reply.status(),
                        shown(hidesUpdates ? withoutUpdates(reply.json()) : reply.json()),
                        "req-" + ++ids,
                        retryAfter == null ? null : Duration.ofSeconds(Long.parseLong(retryAfter)));
    }

    private JsonNode shown(JsonNode body) {
        if (operating.isEmpty() && defaultTimeoutMillis == 0) {
            return body;
        }
        var copy = body.deepCopy();
        copy.findParents("timeout_client_data").stream()
                .filter(each -> defaultTimeoutMillis > 0
                        && each.path("timeout_client_data").asInt() == 50_000)
                .forEach(each -> ((ObjectNode) each).put("timeout_client_data", defaultTimeoutMillis));
        if (operating.isEmpty()) {
            return copy;
        }
        copy.findParents("address").stream()
                .filter(each -> each.path("address").asText().equals(illMember))
                .forEach(each -> ((ObjectNode) each).put("operating_status", "ERROR"));
        copy.path("loadbalancers").forEach(each -> ((ObjectNode) each).put("operating_status", operating));
        if (copy.path("loadbalancer") instanceof ObjectNode one) {
            one.put("operating_status", operating);
        }
        return copy;
    }

    private static JsonNode withoutUpdates(JsonNode body) {
        var copy = body.deepCopy();
        copy.findParents("updated_at").forEach(each -> ((ObjectNode) each).put("updated_at", "2026-01-01T00:00:00"));
        return copy;
    }

    long writes() {
        return cloud.calls().all().stream()
                .filter(call -> call.isEffectiveWrite()
                        && (call.service() == OpenStackService.OCTAVIA
                                || call.path().startsWith("/v2.0/lbaas/")))
                .count();
    }
}
