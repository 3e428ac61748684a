package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.PoolProtocol;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.testbed.openstack.Faults;
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
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever happens on the way, OpenStack ends as desired: nothing twice, nothing left. */
class OctaviaProperties {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final OctaviaSettings SETTINGS =
            new OctaviaSettings(Policy.DEFAULT, 1, 2, 4, Duration.ofMinutes(10), Duration.ofMinutes(5));
    private static final int SERVICES = 3;

    @Test
    void endsAsDesired() {
        for (long seed = 0; seed < 60; seed++) {
            new Story(seed).tell();
        }
    }

    @Test
    @Tag("full")
    void endsAsDesiredAThousandTimes() {
        for (long seed = 1_000; seed < 2_000; seed++) {
            new Story(seed).tell();
        }
    }

    private static final class Story {
        private final long seed;
        private final Random random;
        private final Provider provider;
        private final OpenStackModel cloud;
        private final Harness octavia;
        private final Map<Integer, TreeMap<Integer, Integer>> wanted = new TreeMap<>();
        private final Map<Integer, Long> generations = new TreeMap<>();

        Story(long seed) {
            this.seed = seed;
            random = new Random(seed);
            provider = random.nextInt(3) == 0 ? Provider.OVN : Provider.AMPHORA;
            cloud = new OpenStackModel(
                    OpenStackModel.Settings.of(Timing.measured())
                            .withDefaultProvider(provider)
                            .withSeed(seed),
                    START);
            octavia = new Harness(cloud, SETTINGS, START);
        }

        void tell() {
            octavia.open();
            for (int service = 0; service < SERVICES; service++) {
                octavia.put(Topics.ADDRESS_ALLOCATIONS, key(service), granted(service));
            }
            for (int chapter = 0; chapter < 12; chapter++) {
                happen();
                octavia.run(Duration.ofMillis(random.nextInt(20_000)));
            }
            cloud.setFaults(Faults.none(), octavia.now);
            octavia.run(Duration.ofMinutes(75));
            wanted.keySet().forEach(this::checkServed);
            checkQuiet();
            for (int service = 0; service < SERVICES; service++) {
                octavia.put(Topics.DESIRED_LOAD_BALANCERS, key(service), absent(service));
            }
            octavia.run(Duration.ofMinutes(30));
            assertThat(cloud.inventory().loadBalancers())
                    .as("left over, seed %d", seed)
                    .isEmpty();
            for (int service = 0; service < SERVICES; service++) {
                assertThat(octavia.status(key(service)).orElseThrow().phase())
                        .as("seed %d", seed)
                        .isEqualTo(LoadBalancerPhase.DELETED);
            }
        }

        private void happen() {
            switch (random.nextInt(9)) {
                case 0 -> octavia.restart();
                case 1 -> cloud.setFaults(Faults.none().with("nextAnswersLost", 1 + random.nextInt(2)), octavia.now);
                case 2 -> cloud.setFaults(Faults.none().with("nextCreatesFail", 1), octavia.now);
                case 3 ->
                    cloud.setFaults(
                            Faults.none()
                                    .withStorm(new Faults.Storm(
                                            random.nextInt(10),
                                            List.of(429, 500, 503).get(random.nextInt(3)),
                                            Duration.ofSeconds(1),
                                            random.nextBoolean(),
                                            "OCTAVIA")),
                            octavia.now);
                case 4 -> meddle();
                default -> change(random.nextInt(SERVICES));
            }
        }

        private void change(int service) {
            var ports = new TreeMap<Integer, Integer>();
            for (int port = 80; port < 84; port++) {
                if (random.nextInt(3) != 0) {
                    ports.put(port, random.nextInt(12));
                }
            }
            wanted.put(service, ports);
            octavia.put(Topics.DESIRED_LOAD_BALANCERS, key(service), present(service, ports));
        }

        /** Somebody deletes a listener or a whole load balancer by hand. */
        private void meddle() {
            var what = random.nextBoolean() ? "listeners" : "loadbalancers";
            var all = get("/v2.0/lbaas/" + what).path(what);
            if (!all.isEmpty()) {
                var id = all.get(random.nextInt(all.size())).path("id").asText();
                cloud.handle(
                        authorized(ModelRequest.of(
                                OpenStackService.OCTAVIA,
                                "DELETE",
                                "/v2.0/lbaas/" + what + "/" + id + (what.equals("listeners") ? "" : "?cascade=true"))),
                        octavia.now);
            }
        }

        private void checkServed(int service) {
            var status = octavia.status(key(service)).orElseThrow();
            assertThat(status.phase())
                    .as("phase of %s, seed %d: %s", key(service), seed, status)
                    .isEqualTo(LoadBalancerPhase.ACTIVE);
            assertThat(status.appliedGeneration()).isEqualTo(generations.get(service));
            var seen = new TreeMap<Integer, Integer>();
            var mine = new TreeSet<String>();
            for (var each : get("/v2.0/lbaas/loadbalancers").path("loadbalancers")) {
                if (each.path("tags").toString().contains("\"ballast:service:uid-" + service + "\"")) {
                    mine.add(each.path("id").asText());
                }
            }
            assertThat(mine)
                    .as("load balancers of %s, seed %d", key(service), seed)
                    .hasSize(1);
            for (var listener : get("/v2.0/lbaas/listeners").path("listeners")) {
                if (mine.contains(
                        listener.path("loadbalancers").path(0).path("id").asText())) {
                    var pool = listener.path("default_pool_id").asText();
                    seen.put(
                            listener.path("protocol_port").asInt(),
                            get("/v2.0/lbaas/pools/" + pool + "/members")
                                    .path("members")
                                    .size());
                }
            }
            assertThat(seen)
                    .as("members by port of %s, seed %d", key(service), seed)
                    .isEqualTo(wanted.get(service));
        }

        private void checkQuiet() {
            long writes = octavia.writes();
            octavia.restart();
            octavia.run(Duration.ofMinutes(25));
            assertThat(octavia.writes())
                    .as("writes although converged, seed %d", seed)
                    .isEqualTo(writes);
        }

        private JsonNode get(String path) {
            return cloud.handle(authorized(ModelRequest.of(OpenStackService.OCTAVIA, "GET", path)), octavia.now)
                    .json();
        }

        private ModelRequest authorized(ModelRequest request) {
            return request.withToken(cloud.tokenFor("k8s", "k8s", octavia.now));
        }

        private static String key(int service) {
            return "demo/shop/web-" + service;
        }

        private AddressAllocation granted(int service) {
            return new AddressAllocation(
                    AllocationState.GRANTED,
                    "cluster-1",
                    "uid-" + service,
                    1,
                    1,
                    "",
                    List.of(new GrantedVip(
                            IpFamily.IPV4,
                            "10.2.0." + (10 + service),
                            cloud.seeded().serviceSubnetId(),
                            "")),
                    1,
                    List.of(),
                    List.of(),
                    null,
                    "",
                    0L);
        }

        private DesiredLoadBalancer present(int service, Map<Integer, Integer> ports) {
            var listeners = new ArrayList<DesiredListener>();
            var pools = new ArrayList<DesiredPool>();
            ports.forEach((port, members) -> {
                var name = "web-" + service + ":TCP:" + port;
                listeners.add(new DesiredListener(
                        name,
                        ListenerProtocol.TCP,
                        port,
                        name,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        Map.of(),
                        null,
                        List.of()));
                pools.add(new DesiredPool(
                        name,
                        PoolProtocol.TCP,
                        provider == Provider.OVN ? LbAlgorithm.SOURCE_IP_PORT : LbAlgorithm.ROUND_ROBIN,
                        null,
                        null,
                        null,
                        members(members)));
            });
            var body = new DesiredLoadBalancerBody(
                    "shop/web-" + service, "", null, null, List.of(IpFamily.IPV4), List.of(), listeners, pools);
            return desired(service, DesiredState.PRESENT, List.of(body));
        }

        private List<DesiredMember> members(int count) {
            var members = new ArrayList<DesiredMember>();
            int first = random.nextInt(5);
            for (int i = 0; i < count; i++) {
                var address = "10.1.0." + (1 + first + i);
                members.add(new DesiredMember(
                        address, address, 8080, 1, cloud.seeded().podSubnetId(), null, null, false));
            }
            return members;
        }

        private DesiredLoadBalancer absent(int service) {
            return desired(service, DesiredState.ABSENT, List.of());
        }

        private DesiredLoadBalancer desired(int service, DesiredState state, List<DesiredLoadBalancerBody> bodies) {
            return new DesiredLoadBalancer(
                    state,
                    "cluster-1",
                    "uid-" + service,
                    "1",
                    1,
                    generations.merge(service, 1L, Long::sum),
                    null,
                    "",
                    ServiceType.CLUSTER_IP,
                    false,
                    List.of(),
                    bodies);
        }
    }
}
