package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.ipam.allocation.layout.LayoutResources;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.Partitions;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.testbed.check.OpenStackView;
import io.ballast.testbed.check.ProjectContents;
import io.ballast.testbed.kafka.TopicRows;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.pipeline.Pipeline;
import io.ballast.testbed.real.RealStack;
import io.ballast.testbed.stack.LocalStack;
import io.ballast.testbed.stack.LocalStack.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** octavia-service as a process on the cloud of OS_CLOUD, told what to make by {@link Stage}'s records. */
final class RealOctavia implements AutoCloseable {
    private final LocalStack stack;
    private final TopicRows rows;
    private final Rest cloud;
    private final OpenStackView view;
    private final String provider;
    private final String subnetId;
    private final List<String> before;
    private final Set<Integer> made = new TreeSet<>();

    RealOctavia(String provider, Path folder) {
        var options = RealStack.onItsNetworks(Layout.DEFAULT, provider, folder).withServices(Set.of(Role.OCTAVIA));
        this.provider = provider;
        this.cloud = options.cloud().orElseThrow().open();
        this.view = new OpenStackView(cloud);
        this.before = ProjectContents.of(cloud);
        this.subnetId = idOfServiceSubnet();
        this.stack = LocalStack.start(options, line -> {});
        this.rows = new TopicRows(stack.kafka());
    }

    /** Grants number {@code service} its VIP. */
    void grant(int service) {
        made.add(service);
        put(Topics.ADDRESS_ALLOCATIONS, service, Stage.granted(provider, service, subnetId));
    }

    void want(int service, DesiredLoadBalancer desired) {
        put(Topics.DESIRED_LOAD_BALANCERS, service, desired);
    }

    /** Waits for the phase; the status that has it. */
    LoadBalancerStatus reach(int service, LoadBalancerPhase phase, long generation) {
        await().atMost(Pipeline.WITHIN)
                .untilAsserted(() -> assertThat(status(service)).hasValueSatisfying(status -> {
                    assertThat(status.phase()).as(status.message()).isEqualTo(phase);
                    assertThat(status.generation()).isEqualTo(generation);
                }));
        return status(service).orElseThrow();
    }

    Optional<LoadBalancerStatus> status(int service) {
        return Optional.ofNullable(rows.values(Topics.LOAD_BALANCER_STATUS).get(Stage.key(service)));
    }

    /** Sizes of the pools that its listeners lead to, by port. */
    List<Integer> sizes(int service) {
        return status(service).orElseThrow().loadBalancers().stream()
                .flatMap(each -> view.listeners(each.id()).stream())
                .sorted((one, other) -> one.path("protocol_port").asInt()
                        - other.path("protocol_port").asInt())
                .map(listener ->
                        view.members(listener.path("default_pool_id").asText()).size())
                .toList();
    }

    /** Load balancers of a Service, whatever their status. */
    List<JsonNode> loadBalancers(int service) {
        return view.loadBalancers().stream()
                .filter(each -> each.path("tags").toString().contains("\"ballast:service:" + Stage.uid(service) + "\""))
                .toList();
    }

    void kill() {
        stack.service(Role.OCTAVIA).kill();
    }

    void restart() {
        stack.service(Role.OCTAVIA).restart();
    }

    /** Takes all of it away in the ordinary way; nothing may be left. */
    @Override
    public void close() {
        try (stack) {
            made.forEach(service -> want(service, Stage.absent(service)));
            made.forEach(service -> await().atMost(Pipeline.WITHIN)
                    .untilAsserted(() -> assertThat(status(service))
                            .hasValueSatisfying(each ->
                                    assertThat(each.phase()).as(each.message()).isEqualTo(LoadBalancerPhase.DELETED))));
            await().atMost(Pipeline.WITHIN).untilAsserted(() -> {
                var left = new ArrayList<>(ProjectContents.of(cloud));
                left.removeAll(before);
                assertThat(left).isEmpty();
            });
        }
    }

    private <V> void put(Topic<V> topic, int service, V value) {
        var key = Stage.key(service);
        rows.write(topic, Partitions.of(key, stack.kafka().keyedPartitions()), key, Encoding.encode(topic, value));
    }

    private String idOfServiceSubnet() {
        var layout = Layout.DEFAULT.network(RealStack.NETWORKS);
        var name = LayoutResources.serviceSubnet(layout, Layout.DEFAULT.family());
        return answer(cloud, RestRequest.get(Api.NETWORK, "/v2.0/subnets").with("name", name))
                .at("/subnets/0/id")
                .asText();
    }

    private static JsonNode answer(Rest rest, RestRequest request) {
        if (rest.send(request) instanceof RestReply.Answered answered && answered.isSuccess()) {
            return answered.body();
        }
        throw new AssertionError("%s %s: %s".formatted(request.method(), request.path(), rest.send(request)));
    }
}
