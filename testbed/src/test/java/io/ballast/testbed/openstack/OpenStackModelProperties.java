package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds after any sequence of requests, sensible or not. */
class OpenStackModelProperties {
    private static final int STEPS = 300;

    private static LongStream seeds() {
        return LongStream.rangeClosed(1, 20);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void answersWhateverIsAskedAndCanBeEmptied(long seed) {
        // Given
        var cloud =
                ModelCloud.with(OpenStackModel.Settings.of(Timing.measured()).withSeed(seed));
        // When
        var replies = play(cloud, new Random(seed));
        // Then
        assertThat(replies).allSatisfy(reply -> assertThat(reply.status()).isBetween(200, 599));
        assertEveryAddressHeldOnce(cloud);
        assertSettledObjectsAreActiveOrError(cloud);
        empty(cloud);
        assertThat(cloud.model.inventory().isEmpty())
                .as(cloud.model.inventory().toString())
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void repliesTheSameToTheSame(long seed) {
        // When
        var once = play(ModelCloud.with(OpenStackModel.Settings.of(Timing.measured())), new Random(seed));
        var again = play(ModelCloud.with(OpenStackModel.Settings.of(Timing.measured())), new Random(seed));
        // Then
        assertThat(again).isEqualTo(once);
    }

    private static List<ModelReply> play(ModelCloud cloud, Random random) {
        cloud.with(Faults.none()
                .with("brokenCreatesLeakPort", false)
                .with("nextCreatesFail", 2)
                .with("nextChangesFail", 1));
        var replies = new ArrayList<ModelReply>();
        for (int i = 0; i < STEPS; i++) {
            replies.add(step(cloud, random));
            if (random.nextInt(3) > 0) {
                cloud.pass(Duration.ofMillis(random.nextInt(4000)));
            }
        }
        cloud.settle();
        return replies;
    }

    private static ModelReply step(ModelCloud cloud, Random random) {
        var provider = random.nextBoolean() ? Provider.AMPHORA : Provider.OVN;
        var address = "10.1.0." + random.nextInt(1, 20);
        return switch (random.nextInt(14)) {
            case 0 -> cloud.createLoadBalancer(provider, "");
            case 1 -> cloud.createLoadBalancer(provider, ", 'vip_address': '10.2.0." + random.nextInt(1, 9) + "'");
            case 2 -> cloud.createLoadBalancer(provider, cloud.populated(provider, random.nextInt(70, 90), address));
            case 3 -> cloud.createLoadBalancer(Provider.OVN, cloud.populated(Provider.AMPHORA, 80, address));
            case 4 -> cloud.createListener(any(cloud, "loadbalancers", random), "TCP", random.nextInt(80, 85), "");
            case 5 -> cloud.createPool(any(cloud, "loadbalancers", random), "UDP", Cloud.algorithm(provider), "");
            case 6 -> cloud.createMember(any(cloud, "pools", random), address);
            case 7 ->
                cloud.batch(
                        any(cloud, "pools", random),
                        cloud.member(address, 1),
                        cloud.member(address, random.nextInt(1, 4)));
            case 8 ->
                cloud.octavia(
                        "DELETE",
                        "loadbalancers/" + any(cloud, "loadbalancers", random) + "?cascade=" + random.nextBoolean());
            case 9 ->
                cloud.octavia(
                        "DELETE",
                        anyOf(random, "pools", "listeners") + "/"
                                + any(cloud, anyOf(random, "pools", "listeners"), random));
            case 10 ->
                cloud.neutron(
                        "POST",
                        "floatingips",
                        "{'floatingip': {'floating_network_id': '"
                                + cloud.layout().publicNetworkId() + "', 'port_id': '" + vipPort(cloud, random)
                                + "'}}");
            case 11 -> cloud.neutron("DELETE", "ports/" + vipPort(cloud, random));
            case 12 -> nonsense(cloud, random);
            default ->
                cloud.octavia("PUT", "listeners/" + any(cloud, "listeners", random), "{'listener': {'name': 'n'}}");
        };
    }

    /** A request that a broken client might send. */
    private static ModelReply nonsense(ModelCloud cloud, Random random) {
        var method = anyOf(random, "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD");
        var target = anyOf(
                random,
                "loadbalancers",
                "loadbalancers/x/y/z",
                "pools/x/members",
                "listeners/x",
                "quotas",
                "members",
                "networks",
                "subnets",
                "routers/x/add_router_interface",
                "floatingips/x",
                "ports",
                "security-group-rules",
                "");
        var body = anyOf(
                random,
                "[]",
                "{}",
                "'text'",
                "{'loadbalancer': []}",
                "{'loadbalancer': {'vip_subnet_id': 7, 'listeners': 'x'}}",
                "{'subnet': {'cidr': 'x', 'gateway_ip': 'y'}}",
                "{'port': {'network_id': '" + cloud.layout().podNetworkId()
                        + "', 'fixed_ips': ['x', {'ip_address': 'y'}]}}",
                "{'loadbalancer': {'vip_subnet_id': '" + cloud.layout().serviceSubnetId()
                        + "', 'listeners': ['x', 5]}}",
                "{'loadbalancer': {'vip_subnet_id': '" + cloud.layout().serviceSubnetId() + "', 'pools': [null]}}",
                "{'loadbalancer': {'vip_subnet_id': '" + cloud.layout().serviceSubnetId()
                        + "', 'pools': [{'name': 'p', 'members': 'x', 'healthmonitor': 3}]}}",
                "{'loadbalancer': {'vip_subnet_id': '" + cloud.layout().serviceSubnetId()
                        + "', 'additional_vips': ['x']}}",
                "{'members': ['x', null]}",
                "{'floatingip': {'floating_network_id': ['x']}}");
        return random.nextBoolean() ? cloud.octavia(method, target, body) : cloud.neutron(method, target, body);
    }

    private static String any(Cloud cloud, String collection, Random random) {
        var ids = cloud.octavia("GET", collection + "?fields=id")
                .json()
                .path(collection)
                .findValuesAsText("id");
        return ids.isEmpty() ? "none" : ids.get(random.nextInt(ids.size()));
    }

    private static String vipPort(Cloud cloud, Random random) {
        return cloud.octavia("GET", "loadbalancers/" + any(cloud, "loadbalancers", random))
                .json()
                .at("/loadbalancer/vip_port_id")
                .asText("none");
    }

    private static String anyOf(Random random, String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    private static void assertEveryAddressHeldOnce(ModelCloud cloud) {
        var held = new HashSet<String>();
        for (var port : cloud.neutron("GET", "ports").json().path("ports")) {
            for (var fixed : port.path("fixed_ips")) {
                assertThat(held.add(fixed.toString())).as("held once: " + fixed).isTrue();
            }
        }
    }

    private static void assertSettledObjectsAreActiveOrError(ModelCloud cloud) {
        for (var collection : List.of("loadbalancers", "listeners", "pools")) {
            var statuses = cloud.octavia("GET", collection).json().findValuesAsText("provisioning_status");
            assertThat(statuses).isSubsetOf("ACTIVE", "ERROR");
        }
    }

    private static void empty(ModelCloud cloud) {
        for (var id : cloud.octavia("GET", "loadbalancers")
                .json()
                .path("loadbalancers")
                .findValuesAsText("id")) {
            cloud.octavia("DELETE", "loadbalancers/" + id + "?cascade=true");
        }
        cloud.settle();
        for (var id :
                cloud.neutron("GET", "floatingips").json().path("floatingips").findValuesAsText("id")) {
            cloud.neutron("DELETE", "floatingips/" + id);
        }
    }
}
