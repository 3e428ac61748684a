package io.ballast.testbed.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.testbed.stack.GivenCloud;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The same load balancers as {@link OctaviaBench} asks for, by nothing but requests: what Octavia itself takes for them. */
public final class RawBench {
    private static final String LOAD_BALANCERS = "/v2.0/lbaas/loadbalancers";
    private static final String TAG = "ballast-bench";
    private static final int MEMBERS = 3;

    private final int services;
    private final int clients;
    private final String provider;
    private final RealBenchCloud cloud;
    private final String subnet;
    private final Consumer<String> say;
    private final ConcurrentMap<Integer, String> ids = new ConcurrentHashMap<>();

    /** @param clients requests at a time */
    public RawBench(int services, int clients, String provider, GivenCloud cloud, Consumer<String> say) {
        this.services = services;
        this.clients = clients;
        this.provider = provider;
        this.cloud = new RealBenchCloud(cloud);
        this.subnet = this.cloud.serviceSubnet();
        this.say = say;
    }

    /** Runs it, and says the figures. */
    public void run() throws InterruptedException {
        phase("created", this::create, each -> each.equals("ACTIVE"));
        phase("changed, one member each", this::change, each -> each.equals("ACTIVE"));
        phase("deleted", this::delete, _ -> false);
    }

    /** @param isDone whether a load balancer that is still there is so, by its provisioning status */
    private void phase(String what, IntConsumer request, Predicate<String> isDone) throws InterruptedException {
        long began = System.nanoTime();
        try (var pool = Executors.newFixedThreadPool(clients)) {
            List<Future<?>> all = new ArrayList<>();
            IntStream.range(0, services).forEach(service -> all.add(pool.submit(() -> request.accept(service))));
            for (var each : all) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(what + ": " + e.getCause(), e);
        }
        double answered = seconds(began);
        while (!statuses().stream().allMatch(isDone)) {
            TimeUnit.MILLISECONDS.sleep(500);
        }
        say.accept("%-44s %.1f s, the last answer after %.1f s"
                .formatted("%d %s, %d clients".formatted(services, what, clients), seconds(began), answered));
    }

    private void create(int service) {
        var body = JsonNodeFactory.instance.objectNode();
        var loadBalancer = body.putObject("loadbalancer")
                .put("name", "bench/s" + service)
                .put("provider", provider)
                .put("vip_subnet_id", subnet)
                .put("vip_address", DesiredServices.vip(service));
        loadBalancer.putArray("tags").add(TAG);
        var listener = loadBalancer
                .putArray("listeners")
                .addObject()
                .put("name", "l")
                .put("protocol", "TCP")
                .put("protocol_port", 80);
        var pool = listener.putObject("default_pool")
                .put("name", "p")
                .put("protocol", "TCP")
                .put("lb_algorithm", provider.equals("ovn") ? "SOURCE_IP_PORT" : "ROUND_ROBIN");
        members(pool, service, 1);
        var made = send(RestRequest.post(Api.LOAD_BALANCER, LOAD_BALANCERS, body));
        ids.put(service, made.at("/loadbalancer/id").asText());
    }

    /** The cheapest write for it: one member more. */
    private void change(int service) {
        var pool = send(RestRequest.get(Api.LOAD_BALANCER, "/v2.0/lbaas/pools").with("loadbalancer_id", id(service)))
                .at("/pools/0/id")
                .asText();
        var body = JsonNodeFactory.instance.objectNode();
        var members = JsonNodeFactory.instance.objectNode();
        members(members, service, 2);
        body.set("members", members.path("members"));
        send(RestRequest.put(Api.LOAD_BALANCER, "/v2.0/lbaas/pools/" + pool + "/members", body));
    }

    private void delete(int service) {
        send(RestRequest.delete(Api.LOAD_BALANCER, LOAD_BALANCERS + "/" + id(service))
                .with("cascade", "true"));
    }

    private String id(int service) {
        return ids.getOrDefault(service, "none");
    }

    /** As the same generation of {@link DesiredServices} has them. */
    private void members(ObjectNode parent, int service, int generation) {
        var members = parent.putArray("members");
        for (int i = 0; i < MEMBERS; i++) {
            members.addObject()
                    .put("address", DesiredServices.member(service, i + 1 < MEMBERS ? i : generation + MEMBERS))
                    .put("protocol_port", 8080)
                    .put("subnet_id", subnet);
        }
    }

    private List<String> statuses() {
        var found = new ArrayList<String>();
        send(RestRequest.get(Api.LOAD_BALANCER, LOAD_BALANCERS)
                        .with("tags", TAG)
                        .with("fields", "provisioning_status")
                        .with("limit", "1000"))
                .path("loadbalancers")
                .forEach(each -> found.add(each.path("provisioning_status").asText()));
        return found;
    }

    private JsonNode send(RestRequest request) {
        var reply = cloud.rest().send(request);
        if (reply instanceof RestReply.Answered answered && answered.isSuccess()) {
            return answered.body();
        }
        throw new IllegalStateException("%s %s: %s".formatted(request.method(), request.path(), reply));
    }

    private static double seconds(long beganNanos) {
        return (System.nanoTime() - beganNanos) / 1e9;
    }
}
