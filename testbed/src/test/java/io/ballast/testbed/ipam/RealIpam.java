package io.ballast.testbed.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.ipam.allocation.layout.LayoutResources;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.Partitions;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.Inventory;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.VipClaim;
import io.ballast.testbed.kafka.TopicRows;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.pipeline.Pipeline;
import io.ballast.testbed.real.RealStack;
import io.ballast.testbed.stack.LocalStack;
import io.ballast.testbed.stack.LocalStack.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** ipam-service as a process on the cloud of OS_CLOUD, and a person who uses the same project. */
final class RealIpam implements AutoCloseable {
    private final LocalStack stack;
    private final TopicRows rows;
    private final Rest cloud;
    private final JsonNode squatter;

    /** What others hold is there before it starts: it reads Neutron once a minute. */
    RealIpam(String provider, Path folder, String squatted) {
        var options = RealStack.onItsNetworks(Layout.DEFAULT, provider, folder).withServices(Set.of(Role.IPAM));
        this.cloud = options.cloud().orElseThrow().open();
        this.squatter = makePort(squatted);
        this.stack = LocalStack.start(options, line -> {});
        this.rows = new TopicRows(stack.kafka());
        for (int partition = 0; partition < stack.kafka().keyedPartitions(); partition++) {
            rows.write(
                    Topics.INVENTORIES,
                    0,
                    Integer.toString(partition),
                    Encoding.encode(Topics.INVENTORIES, new Inventory(partition, 1, 0, 0, 0)));
        }
    }

    /** Asks for a VIP and external addresses. */
    void claim(String provider, int service, long generation, String vip, ExternalClaim... externals) {
        write(
                Topics.ADDRESS_CLAIMS,
                0,
                service,
                claim(
                        ClaimState.WANTED,
                        provider,
                        service,
                        generation,
                        List.of(new VipClaim(IpFamily.IPV4, vip)),
                        List.of(externals)));
    }

    /** Gives everything back, as translator and octavia do together. */
    void withdraw(String provider, int service) {
        write(
                Topics.ADDRESS_CLAIMS,
                0,
                service,
                claim(ClaimState.WITHDRAWN, provider, service, 99, List.of(), List.of()));
        var key = key(service);
        write(
                Topics.LOAD_BALANCER_STATUS,
                Partitions.of(key, stack.kafka().keyedPartitions()),
                service,
                ClaimStream.deleted(service));
    }

    /** Waits until what is said of a Service passes. */
    AddressAllocation until(int service, Consumer<AddressAllocation> check) {
        await().atMost(Pipeline.WITHIN)
                .untilAsserted(() -> assertThat(allocation(service)).hasValueSatisfying(check));
        return allocation(service).orElseThrow();
    }

    private Optional<AddressAllocation> allocation(int service) {
        return Optional.ofNullable(rows.values(Topics.ADDRESS_ALLOCATIONS).get(key(service)));
    }

    /** The other gives its address up. */
    void deleteSquatter() {
        delete("ports", squatter);
    }

    void kill() {
        stack.service(Role.IPAM).kill();
    }

    void restart() {
        stack.service(Role.IPAM).restart();
    }

    // --- the person

    /** Floating IPs that ipam made for a Service. */
    List<JsonNode> madeFor(int service) {
        return get("floatingips", Map.of())
                .filter(each -> each.path("description").asText().endsWith(":" + key(service)))
                .toList();
    }

    JsonNode makeFloatingIp() {
        var network = get("networks", Map.of("name", Layout.PUBLIC)).findFirst().orElseThrow();
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("floatingip")
                .put("floating_network_id", network.path("id").asText());
        return send(RestRequest.post(Api.NETWORK, "/v2.0/floatingips", body)).path("floatingip");
    }

    /** A port in the subnet of VIPs. */
    private JsonNode makePort(String address) {
        var name = LayoutResources.serviceSubnet(Layout.DEFAULT.network(RealStack.NETWORKS), Layout.DEFAULT.family());
        var subnet = get("subnets", Map.of("name", name)).findFirst().orElseThrow();
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("port")
                .put("name", "e2e-squatter")
                .put("network_id", subnet.path("network_id").asText())
                .putArray("fixed_ips")
                .addObject()
                .put("subnet_id", subnet.path("id").asText())
                .put("ip_address", address);
        return send(RestRequest.post(Api.NETWORK, "/v2.0/ports", body)).path("port");
    }

    void delete(String kind, JsonNode object) {
        send(RestRequest.delete(
                Api.NETWORK, "/v2.0/" + kind + "/" + object.path("id").asText()));
    }

    boolean isThere(JsonNode floatingIp) {
        return get("floatingips", Map.of()).anyMatch(each -> each.path("id").equals(floatingIp.path("id")));
    }

    @Override
    public void close() {
        stack.close();
    }

    private Stream<JsonNode> get(String kind, Map<String, String> filter) {
        var request = RestRequest.get(Api.NETWORK, "/v2.0/" + kind);
        for (var each : filter.entrySet()) {
            request = request.with(each.getKey(), each.getValue());
        }
        return send(request).path(kind).valueStream();
    }

    private JsonNode send(RestRequest request) {
        var reply = cloud.send(request);
        if (reply instanceof RestReply.Answered answered && answered.isSuccess()) {
            return answered.body();
        }
        throw new AssertionError("%s %s: %s".formatted(request.method(), request.path(), reply));
    }

    private static String key(int service) {
        return "local/shop/s" + service;
    }

    private <V> void write(Topic<V> topic, int partition, int service, V value) {
        rows.write(topic, partition, key(service), Encoding.encode(topic, value));
    }

    private static AddressClaim claim(
            ClaimState state,
            String provider,
            int service,
            long generation,
            List<VipClaim> vips,
            List<ExternalClaim> externals) {
        return new AddressClaim(
                state, "cluster-1", "uid-" + service, 1, generation, provider, vips, List.of(), externals);
    }
}
