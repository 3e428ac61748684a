package io.ballast.testbed.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.testbed.kubernetes.KubernetesModel;
import io.ballast.testbed.kubernetes.KubernetesServer;
import io.ballast.testbed.kubernetes.KubernetesSettings;
import io.ballast.testbed.kubernetes.ModelRequest;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;

/** The Kubernetes model with many Services and slices, which are put into it directly: no pods, no controllers. */
final class LoadedCluster implements AutoCloseable {
    private static final int NAMESPACES = 100;
    private static final int SLICE_MAX = 100;
    private static final int CHUNK = 200;
    private static final int POD_ADDRESSES = 60_000;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final KubernetesServer server;
    private final InstantSource clock = InstantSource.system();
    private final int services;
    private final int endpoints;
    private final Random random;

    private LoadedCluster(KubernetesServer server, int services, int endpoints, long seed) {
        this.server = server;
        this.services = services;
        this.endpoints = endpoints;
        this.random = new Random(seed);
    }

    /** Starts and loads it: endpoints are spread evenly, at most 100 in a slice. */
    static LoadedCluster start(int services, int endpoints, long seed) throws IOException {
        var settings = KubernetesSettings.defaults().withSeed(seed);
        var cluster = new LoadedCluster(
                KubernetesServer.start(settings, InstantSource.system(), 0), services, endpoints, seed);
        cluster.load();
        return cluster;
    }

    String kubeconfig() {
        return server.kubeconfig();
    }

    /** Namespace and name of a Service, joined by a slash. */
    String service(int number) {
        return namespace(number) + "/web-" + number;
    }

    /** Gives one endpoint of a Service another address. */
    void moveEndpoint(int service) {
        var path = slices(namespace(service)) + "/web-" + service + "-0";
        server.with(model -> {
            var slice = (ObjectNode)
                    model.handle(ModelRequest.get(path), clock.instant()).body().deepCopy();
            var address = "10.1.240." + (1 + random.nextInt(250));
            ((ObjectNode) slice.path("endpoints").path(0))
                    .set("addresses", JSON.arrayNode().add(address));
            return done(model, ModelRequest.put(path, slice), clock.instant());
        });
    }

    @Override
    public void close() {
        server.close();
    }

    private void load() {
        for (int number = 0; number < NAMESPACES; number++) {
            var body = object("v1", "Namespace", "", "ns-" + number);
            server.with(model -> done(model, ModelRequest.post("/api/v1/namespaces", body), clock.instant()));
        }
        for (int from = 0; from < services; from += CHUNK) {
            int first = from;
            server.with(model -> {
                for (int number = first; number < Math.min(first + CHUNK, services); number++) {
                    load(model, number);
                }
                return "";
            });
        }
    }

    private void load(KubernetesModel model, int number) {
        var now = clock.instant();
        var path = "/api/v1/namespaces/%s/services".formatted(namespace(number));
        done(model, ModelRequest.post(path, serviceBody(number)), now);
        int count = endpoints / services + (number < endpoints % services ? 1 : 0);
        int start = random.nextInt(POD_ADDRESSES - count);
        for (int slice = 0; slice * SLICE_MAX < Math.max(count, 1); slice++) {
            int size = Math.min(SLICE_MAX, count - slice * SLICE_MAX);
            var body = sliceBody(number, slice, start + slice * SLICE_MAX, size);
            done(model, ModelRequest.post(slices(namespace(number)), body), now);
        }
    }

    private static ObjectNode serviceBody(int number) {
        var body = object("v1", "Service", namespace(number), "web-" + number);
        var spec = body.putObject("spec").put("type", number % 10 == 0 ? "LoadBalancer" : "ClusterIP");
        spec.putArray("ports")
                .addObject()
                .put("name", "http")
                .put("port", 80)
                .put("targetPort", 8080)
                .put("protocol", "TCP");
        return body;
    }

    private static ObjectNode sliceBody(int number, int slice, int start, int count) {
        var name = "web-%d-%d".formatted(number, slice);
        var body = object("discovery.k8s.io/v1", "EndpointSlice", namespace(number), name);
        ((ObjectNode) body.path("metadata"))
                .putObject("labels")
                .put("kubernetes.io/service-name", "web-" + number)
                .put("endpointslice.kubernetes.io/managed-by", "bench");
        body.put("addressType", "IPv4");
        body.putArray("ports").addObject().put("name", "http").put("port", 8080).put("protocol", "TCP");
        var list = body.putArray("endpoints");
        for (int i = 0; i < count; i++) {
            int address = start + i;
            var endpoint = list.addObject();
            endpoint.putArray("addresses").add("10.1.%d.%d".formatted(address / 250, 1 + address % 250));
            endpoint.putObject("conditions")
                    .put("ready", true)
                    .put("serving", true)
                    .put("terminating", false);
            endpoint.put("nodeName", "node-" + (1 + address % 3));
            endpoint.putObject("targetRef")
                    .put("kind", "Pod")
                    .put("namespace", namespace(number))
                    .put("name", "web-%d-%d".formatted(number, i));
        }
        return body;
    }

    private static ObjectNode object(String version, String kind, String namespace, String name) {
        var body = JSON.objectNode().put("apiVersion", version).put("kind", kind);
        var metadata = body.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return body;
    }

    private static String slices(String namespace) {
        return "/apis/discovery.k8s.io/v1/namespaces/%s/endpointslices".formatted(namespace);
    }

    private static String namespace(int number) {
        return "ns-" + number % NAMESPACES;
    }

    private static JsonNode done(KubernetesModel model, ModelRequest request, Instant now) {
        var reply = model.handle(request, now);
        if (reply.status() >= 300) {
            throw new IllegalStateException(
                    "%s %s answered %d: %s".formatted(request.method(), request.path(), reply.status(), reply.body()));
        }
        return reply.body();
    }
}
