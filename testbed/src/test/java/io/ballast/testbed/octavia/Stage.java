package io.ballast.testbed.octavia;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LbAlgorithm;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.PoolProtocol;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Provider;
import io.ballast.testbed.openstack.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** octavia-service over the OpenStack model, Services of any number of ports and members, and what each step cost. */
final class Stage {
    static final Duration RESYNC = Duration.ofMinutes(10);
    static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration LONGEST_CALL = Duration.ofMinutes(2);
    static final String KEY = "demo/shop/web";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final OpenStackModel cloud;
    final Harness octavia;
    private final String provider;
    private long writes;
    private int reads;

    Stage(String provider) {
        this(provider, Policy.DEFAULT);
    }

    /** What the rolling full read costs is no matter of what is counted here. */
    private static final Duration NO_FULL_READS = Duration.ofDays(36_500);

    Stage(String provider, Policy policy) {
        this(provider, new OctaviaSettings(policy, 1, 4, 16, RESYNC, LONGEST_CALL));
    }

    Stage(String provider, OctaviaSettings settings) {
        this(provider, settings, OpenStackModel.Settings.of(Timing.measured()));
    }

    /** Services name no provider, and get this one. */
    static Stage withDefaultProvider(Provider provider) {
        return new Stage(
                "",
                new OctaviaSettings(Policy.DEFAULT, 1, 4, 16, RESYNC, LONGEST_CALL),
                OpenStackModel.Settings.of(Timing.measured()).withDefaultProvider(provider));
    }

    private Stage(String provider, OctaviaSettings settings, OpenStackModel.Settings model) {
        this.provider = provider;
        cloud = new OpenStackModel(model, START);
        octavia = new Harness(cloud, settings.withFullRead(NO_FULL_READS), START);
        octavia.open();
    }

    /** Grants number {@code service} its VIP and wants this of it, then waits until the look back of a take-over is over. */
    Stage make(int service, DesiredLoadBalancer desired) {
        grant(service);
        want(service, desired);
        octavia.run(LONGEST_CALL);
        return this;
    }

    void grant(int service) {
        octavia.put(
                Topics.ADDRESS_ALLOCATIONS,
                key(service),
                granted(provider, service, cloud.seeded().serviceSubnetId()));
    }

    static AddressAllocation granted(String provider, int service, String subnetId) {
        return new AddressAllocation(
                AllocationState.GRANTED,
                "cluster-1",
                uid(service),
                1,
                1,
                provider,
                List.of(new GrantedVip(
                        IpFamily.IPV4, "10.2.%d.%d".formatted(service / 200, 5 + service % 200), subnetId, "")),
                1,
                List.of(),
                List.of(),
                null,
                "",
                0L);
    }

    Stage want(int service, DesiredLoadBalancer desired) {
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, key(service), desired);
        octavia.run(SOON);
        return this;
    }

    static String key(int service) {
        return KEY + service;
    }

    static String uid(int service) {
        return "uid-" + service;
    }

    LoadBalancerStatus status(int service) {
        return octavia.status(key(service)).orElseThrow();
    }

    // --- what is wanted

    /** Each port with a pool of its own. */
    DesiredLoadBalancer of(int service, long generation, List<Integer> ports, List<DesiredMember> members) {
        return of(
                service,
                generation,
                ports.stream().map(Stage::listener).toList(),
                ports.stream().map(port -> pool(port, members)).toList(),
                List.of());
    }

    DesiredLoadBalancer of(
            int service, long generation, List<DesiredListener> listeners, List<DesiredPool> pools, List<String> tags) {
        return of(provider, service, generation, listeners, pools, tags);
    }

    static DesiredLoadBalancer of(
            String provider,
            int service,
            long generation,
            List<DesiredListener> listeners,
            List<DesiredPool> pools,
            List<String> tags) {
        return desired(
                service,
                generation,
                DesiredState.PRESENT,
                List.of(new DesiredLoadBalancerBody(
                        "shop/web", provider, null, null, List.of(IpFamily.IPV4), tags, listeners, pools)));
    }

    static DesiredLoadBalancer absent(int service) {
        return desired(service, 99, DesiredState.ABSENT, List.of());
    }

    private static DesiredLoadBalancer desired(
            int service, long generation, DesiredState state, List<DesiredLoadBalancerBody> bodies) {
        return new DesiredLoadBalancer(
                state,
                "cluster-1",
                uid(service),
                "1",
                1,
                generation,
                null,
                "",
                ServiceType.CLUSTER_IP,
                false,
                List.of(),
                bodies);
    }

    static DesiredListener listener(int port) {
        return listener(port, null);
    }

    static DesiredListener listener(int port, @Nullable List<String> allowedCidrs) {
        return new DesiredListener(
                "shop/web:TCP:" + port,
                ListenerProtocol.TCP,
                port,
                "shop/web:TCP:" + port,
                null,
                null,
                null,
                null,
                null,
                allowedCidrs,
                Map.of(),
                null,
                List.of());
    }

    DesiredPool pool(int port, List<DesiredMember> members) {
        return pool(provider, port, members);
    }

    static DesiredPool pool(String provider, int port, List<DesiredMember> members) {
        return new DesiredPool(
                "shop/web:TCP:" + port,
                PoolProtocol.TCP,
                provider.equals("ovn") ? LbAlgorithm.SOURCE_IP_PORT : LbAlgorithm.ROUND_ROBIN,
                null,
                null,
                null,
                members);
    }

    /** Members {@code from} to {@code to}. */
    static List<DesiredMember> members(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(last -> member("10.1.%d.%d".formatted(last / 200, 1 + last % 200), 1))
                .toList();
    }

    static DesiredMember member(String address, int weight) {
        return new DesiredMember("pod-" + address, address, 8080, weight, null, null, null, false);
    }

    // --- what it cost

    /** From here on. */
    void count() {
        writes = octavia.writes();
        reads = octavia.reads - octavia.polls;
    }

    /** POST, PUT and DELETE to Octavia that were accepted. */
    long writes() {
        return octavia.writes() - writes;
    }

    /** GETs but those that wait for the end of a write, which all load balancers share. */
    int reads() {
        return octavia.reads - octavia.polls - reads;
    }

    // --- what is there

    JsonNode get(String path) {
        return send("GET", path, null);
    }

    JsonNode send(String method, String path, @Nullable JsonNode body) {
        var request = ModelRequest.of(OpenStackService.OCTAVIA, method, "/v2.0/lbaas/" + path)
                .withToken(cloud.tokenFor("k8s", "k8s", octavia.now));
        return cloud.handle(body == null ? request : request.withBody(body), octavia.now)
                .json();
    }

    /** The first of a collection, in the order of ids or of creation. */
    JsonNode only(String path, String collection) {
        return get(path).path(collection).get(0);
    }

    JsonNode network(String method, String path) {
        return cloud.handle(
                        ModelRequest.of(OpenStackService.NEUTRON, method, "/v2.0/" + path)
                                .withToken(cloud.tokenFor("k8s", "k8s", octavia.now)),
                        octavia.now)
                .json();
    }

    /** Sizes of the pools that listeners lead to. */
    List<Integer> sizes() {
        var sizes = new ArrayList<Integer>();
        for (var listener : get("listeners").path("listeners")) {
            sizes.add(get("pools/" + listener.path("default_pool_id").asText())
                    .at("/pool/members")
                    .size());
        }
        return sizes;
    }
}
