package io.ballast.testbed.sim;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
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
import java.time.Instant;
import java.util.Map;

/** Planted defects that change what octavia-service says or does at its ports. */
final class Defects {
    private static final String LOAD_BALANCERS = "/loadbalancers";

    private Defects() {}

    /** A cloud that is used as a defective service would. */
    static Rest of(Defect defect, Rest cloud) {
        return switch (defect) {
            case TAG_IN_SECOND_CALL -> request -> tagInSecondCall(cloud, request);
            case MATCH_BY_NAME -> request -> matchByName(cloud, request);
            default -> cloud;
        };
    }

    /** A reconciler that says what a defective one would. */
    static <C, R> Reconciler<C, R> of(Defect defect, Reconciler<C, R> reconciler) {
        return defect == Defect.RELEASE_BEFORE_DELETED ? new TellsDeletedTooEarly<>(reconciler) : reconciler;
    }

    private static RestReply tagInSecondCall(Rest cloud, RestRequest request) {
        if (request.method() != RestRequest.Method.POST
                || !request.path().endsWith(LOAD_BALANCERS)
                || request.body() == null) {
            return cloud.send(request);
        }
        var body = (ObjectNode) request.body().deepCopy();
        var tags = ((ObjectNode) body.path("loadbalancer")).remove("tags");
        var made = cloud.send(RestRequest.post(request.api(), request.path(), body));
        if (made instanceof RestReply.Answered answered && answered.isSuccess()) {
            var id = answered.body().path("loadbalancer").path("id").asText();
            var second = JsonNodeFactory.instance.objectNode();
            second.putObject("loadbalancer").set("tags", tags);
            cloud.send(RestRequest.put(request.api(), request.path() + "/" + id, second));
        }
        return made;
    }

    /** Lists everything and gives to each that has a name of ours the tags that ours would have. */
    private static RestReply matchByName(Rest cloud, RestRequest request) {
        if (request.method() != RestRequest.Method.GET || !request.path().endsWith(LOAD_BALANCERS)) {
            return cloud.send(request);
        }
        var reply = cloud.send(RestRequest.get(request.api(), request.path()));
        if (reply instanceof RestReply.Answered answered && answered.isSuccess()) {
            var body = (ObjectNode) answered.body().deepCopy();
            for (var loadBalancer : body.withArray("loadbalancers")) {
                var name = loadBalancer.path("name").asText();
                var tags = (ArrayNode) loadBalancer.path("tags");
                if (tags.isEmpty()) {
                    wantedTags(request).forEach(tags::add);
                    tags.add("ballast").add("ballast:key:" + SimServices.CLUSTER + "/" + name);
                }
            }
            return new RestReply.Answered(answered.status(), body, answered.requestId(), answered.retryAfter());
        }
        return reply;
    }

    private static java.util.List<String> wantedTags(RestRequest request) {
        return request.query().getOrDefault("tags", java.util.List.of()).stream()
                .flatMap(value -> java.util.Arrays.stream(value.split(",", -1)))
                .toList();
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
                    java.util.List.of(),
                    java.util.List.of());
        }
    }
}
