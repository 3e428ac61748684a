package io.ballast.testbed.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.runtime.shell.Calls;
import io.ballast.runtime.shell.Cause;
import io.ballast.runtime.shell.Change;
import io.ballast.runtime.shell.Key;
import io.ballast.runtime.shell.Marks;
import io.ballast.runtime.shell.Output;
import io.ballast.runtime.shell.Pass;
import io.ballast.runtime.shell.Reconciler;
import io.ballast.runtime.shell.Tables;
import io.ballast.runtime.shell.TopicPartition;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.WatcherNews;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Planted defects that change what a service says, sees or does at its ports. */
final class Defects {
    private static final String LOAD_BALANCERS = "/loadbalancers";
    private static final String PATH = "/v2.0/lbaas/loadbalancers";

    private Defects() {}

    /** A cloud that is used as a defective service would. */
    static Rest of(Defect defect, Rest cloud, String clusterUid) {
        return switch (defect) {
            case TAG_IN_SECOND_CALL -> new TagsLater(cloud);
            case MATCH_BY_NAME -> request -> matchByName(cloud, request, clusterUid);
            default -> cloud;
        };
    }

    /** A Kubernetes that is read as a defective watcher would. */
    static Calls<WatcherCall, WatcherNews> of(Defect defect, SimKubernetes kubernetes) {
        return defect == Defect.NEVER_OLDER ? new NeverOlder(kubernetes) : kubernetes;
    }

    /** A reconciler that says what a defective one would. */
    static <C, R> Reconciler<C, R> of(Defect defect, Reconciler<C, R> reconciler) {
        return defect == Defect.RELEASE_BEFORE_DELETED ? new TellsDeletedTooEarly<>(reconciler) : reconciler;
    }

    /** Tags as soon as Octavia takes them: until then, and for ever when the process dies, nobody knows whose it is. */
    private static final class TagsLater implements Rest {
        private final Rest cloud;
        private final Map<String, JsonNode> untagged = new TreeMap<>();

        private TagsLater(Rest cloud) {
            this.cloud = cloud;
        }

        @Override
        public RestReply send(RestRequest request) {
            untagged.entrySet().removeIf(each -> isSuccess(tag(request, each.getKey(), each.getValue())));
            if (request.method() != RestRequest.Method.POST
                    || !request.path().endsWith(LOAD_BALANCERS)
                    || request.body() == null) {
                return cloud.send(request);
            }
            var body = (ObjectNode) request.body().deepCopy();
            var tags = ((ObjectNode) body.path("loadbalancer")).remove("tags");
            var made = cloud.send(RestRequest.post(request.api(), request.path(), body));
            if (made instanceof RestReply.Answered answered && answered.isSuccess()) {
                untagged.put(answered.body().path("loadbalancer").path("id").asText(), tags);
            }
            return made;
        }

        private RestReply tag(RestRequest request, String id, JsonNode tags) {
            var body = JsonNodeFactory.instance.objectNode();
            body.putObject("loadbalancer").set("tags", tags);
            return cloud.send(RestRequest.put(request.api(), PATH + "/" + id, body));
        }

        private static boolean isSuccess(RestReply reply) {
            return reply instanceof RestReply.Answered answered && answered.isSuccess();
        }
    }

    /** What has the name that ours would have gets, in the reply to a look, the tags that ours would have. */
    private static RestReply matchByName(Rest cloud, RestRequest request, String clusterUid) {
        var wanted = request.query().getOrDefault("tags-any", List.of()).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .toList();
        if (request.method() != RestRequest.Method.GET || wanted.isEmpty()) {
            return cloud.send(request);
        }
        var reply = cloud.send(RestRequest.get(request.api(), request.path()));
        if (!(reply instanceof RestReply.Answered answered) || !answered.isSuccess()) {
            return reply;
        }
        var body = (ObjectNode) answered.body().deepCopy();
        var found = body.putArray("loadbalancers");
        for (var loadBalancer : answered.body().path("loadbalancers")) {
            var name = loadBalancer.path("name").asText();
            if (wanted.contains("ballast:key:" + SimServices.CLUSTER + "/" + name)) {
                var ours = (ObjectNode) loadBalancer.deepCopy();
                var tags = ours.putArray("tags").add("ballast").add("ballast:cluster:" + clusterUid);
                wanted.forEach(tags::add);
                found.add(ours);
            }
        }
        return new RestReply.Answered(answered.status(), body, answered.requestId(), answered.retryAfter());
    }

    private record TellsDeletedTooEarly<C, R>(Reconciler<C, R> honest) implements Reconciler<C, R> {
        @Override
        public void opened(int partition, Tables tables, Marks marks, Instant now) {
            honest.opened(partition, tables, marks, now);
        }

        @Override
        public void closed(int partition) {
            honest.closed(partition);
        }

        @Override
        public void changed(int partition, Change<?> change, Marks marks, Instant now) {
            honest.changed(partition, change, marks, now);
        }

        @Override
        public Pass<C> pass(Key key, Cause cause, Instant now) {
            var pass = honest.pass(key, cause, now);
            return new Pass<>(pass.records().stream().<Output<?>>map(this::lie).toList(), pass.call(), pass.again());
        }

        @Override
        public void committed(Key key, Map<TopicPartition, Long> nextOffsets, Marks marks, Instant now) {
            honest.committed(key, nextOffsets, marks, now);
        }

        @Override
        public void answered(Key key, C call, R answer, Marks marks, Instant now) {
            honest.answered(key, call, answer, marks, now);
        }

        @Override
        public void told(R news, Marks marks, Instant now) {
            honest.told(news, marks, now);
        }

        private Output<?> lie(Output<?> output) {
            if (output.topic().equals(Topics.LOAD_BALANCER_STATUS)
                    && output.value() instanceof LoadBalancerStatus status
                    && status.phase() == LoadBalancerPhase.DELETING) {
                return new Output<>(Topics.LOAD_BALANCER_STATUS, output.key(), output.partitionBy(), deleted(status));
            }
            return output;
        }

        private static LoadBalancerStatus deleted(LoadBalancerStatus status) {
            return new LoadBalancerStatus(
                    LoadBalancerPhase.DELETED,
                    status.clusterUid(),
                    status.serviceUid(),
                    status.incarnation(),
                    status.generation(),
                    status.appliedGeneration(),
                    null,
                    "",
                    null,
                    List.of(),
                    List.of());
        }
    }
}
