package io.ballast.testbed.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.testbed.kubernetes.KubernetesModel;
import io.ballast.testbed.kubernetes.KubernetesSettings;
import io.ballast.testbed.kubernetes.ModelReply;
import io.ballast.testbed.kubernetes.ModelRequest;
import io.ballast.testbed.kubernetes.WatchEvent;
import io.ballast.testbed.openstack.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The Kubernetes model with what users do to it, and a call-back whenever it changed. */
final class SimCluster {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String NAMESPACE = "/api/v1/namespaces/shop";
    private static final Set<String> WATCHED = Set.of("Service", "EndpointSlice");

    private final KubernetesModel model;
    private final Schedule schedule;
    private final List<Runnable> listeners = new ArrayList<>();
    private final List<Runnable> restarts = new ArrayList<>();
    private @Nullable Instant plannedAdvance;
    private final TreeMap<Instant, Long> revisions = new TreeMap<>();
    private long seenRevision;
    private boolean slowLists;
    private boolean isDown;
    private int starts;

    SimCluster(Schedule schedule, long seed, Layout layout) {
        this.schedule = schedule;
        var settings =
                KubernetesSettings.defaults().withSeed(seed).withDelays(Duration.ofMillis(400), Duration.ofMillis(800));
        this.model = new KubernetesModel(
                layout.second()
                        .map(second -> settings.withServiceCidrs(layout.vipCidr(), second.vipCidr())
                                .withPodCidrs(layout.podCidr(), second.podCidr()))
                        .orElse(settings),
                schedule.now());
        handle(ModelRequest.post("/api/v1/namespaces", json("{'metadata':{'name':'shop'}}")));
    }

    KubernetesModel model() {
        return model;
    }

    /** Tells a check of everything that is there and of every write. */
    void tell(OrderCheck check) {
        services().forEach(check::written);
        slices().forEach(check::written);
        model.onWrite(event -> {
            if (!WATCHED.contains(event.object().path("kind").asText())) {
                return;
            }
            if (event.type() == WatchEvent.Type.DELETED) {
                check.removed(event.object());
            } else {
                check.written(event.object());
            }
        });
    }

    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Sends one request and tells everybody when it changed something. */
    ModelReply handle(ModelRequest request) {
        var reply = model.handle(request, schedule.now());
        changed();
        return reply;
    }

    private void changed() {
        if (model.revision() != seenRevision) {
            revisions.put(schedule.now(), model.revision());
            seenRevision = model.revision();
            List.copyOf(listeners).forEach(Runnable::run);
        }
        model.nextChange().ifPresent(time -> {
            if (plannedAdvance == null || time.isBefore(plannedAdvance)) {
                plannedAdvance = time;
                schedule.at(time, () -> {
                    plannedAdvance = null;
                    model.advance(schedule.now());
                    changed();
                });
            }
        });
    }

    /** How often the API server was started anew. */
    int starts() {
        return starts;
    }

    /** Whether the API server does not answer. */
    boolean isDown() {
        return isDown;
    }

    /**
     * The API server stops, etcd is restored from a backup of the given age, and the API server starts again. Takes some time.
     *
     * @return uids of the Services that are there again and were gone or leaving
     */
    Set<String> restore(Duration age, Duration takes) {
        isDown = true;
        starts++;
        var from = revisions.floorEntry(schedule.now().minus(age));
        var backup = from == null ? revisions.firstEntry() : from;
        fastLists();
        schedule.runFor(takes);
        var before = alive();
        model.restore(backup.getValue(), schedule.now());
        revisions.clear();
        revisions.put(schedule.now(), model.revision());
        seenRevision = model.revision();
        isDown = false;
        List.copyOf(restarts).forEach(Runnable::run);
        changed();
        var back = new HashSet<>(alive());
        back.removeAll(before);
        return back;
    }

    private Set<String> alive() {
        return services().stream()
                .map(service -> service.path("metadata"))
                .filter(metadata -> !metadata.has("deletionTimestamp"))
                .map(metadata -> metadata.path("uid").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Calls back when the API server was restarted, which ends every watch. */
    void onRestart(Runnable listener) {
        restarts.add(listener);
    }

    void create(int service, Operation.Kind kind, int replicas) {
        handle(ModelRequest.post("/apis/apps/v1/namespaces/shop/deployments", deployment(service, replicas)));
        handle(ModelRequest.post(NAMESPACE + "/services", service(service, kind)));
    }

    void delete(int service) {
        handle(ModelRequest.delete(NAMESPACE + "/services/" + name(service)));
        handle(ModelRequest.delete("/apis/apps/v1/namespaces/shop/deployments/" + name(service)));
    }

    void recreate(int service, Operation.Kind kind) {
        handle(ModelRequest.delete(NAMESPACE + "/services/" + name(service)));
        handle(ModelRequest.post(NAMESPACE + "/services", service(service, kind)));
    }

    void scale(int service, int replicas) {
        mergePatch(
                "/apis/apps/v1/namespaces/shop/deployments/" + name(service), "{'spec':{'replicas':" + replicas + "}}");
    }

    void renumber(int service, int port) {
        var found = handle(ModelRequest.get(NAMESPACE + "/services/" + name(service)));
        if (found.isSuccess()) {
            var copy = (ObjectNode) found.body().deepCopy();
            ((ObjectNode) copy.path("spec").path("ports").get(0)).put("port", port);
            handle(ModelRequest.put(NAMESPACE + "/services/" + name(service), copy));
        }
    }

    void retarget(int service, int targetPort) {
        var found = handle(ModelRequest.get(NAMESPACE + "/services/" + name(service)));
        if (found.isSuccess()) {
            var copy = (ObjectNode) found.body().deepCopy();
            ((ObjectNode) copy.path("spec").path("ports").get(0)).put("targetPort", targetPort);
            handle(ModelRequest.put(NAMESPACE + "/services/" + name(service), copy));
        }
    }

    void askForAddress(int service, String address) {
        mergePatch(NAMESPACE + "/services/" + name(service), "{'spec':{'loadBalancerIP':'" + address + "'}}");
    }

    void changeType(int service) {
        var found = handle(ModelRequest.get(NAMESPACE + "/services/" + name(service)));
        if (found.isSuccess()) {
            var type = found.body().path("spec").path("type").asText();
            mergePatch(
                    NAMESPACE + "/services/" + name(service),
                    type.equals("LoadBalancer") ? "{'spec':{'type':'ClusterIP'}}" : "{'spec':{'type':'LoadBalancer'}}");
        }
    }

    /** Names load balancers in an annotation of a Service. */
    void annotate(int service, String annotation, Set<String> ids) {
        annotate("shop", name(service), annotation, ids);
    }

    void annotate(String namespace, String service, String annotation, Set<String> ids) {
        var path = "/api/v1/namespaces/%s/services/%s".formatted(namespace, service);
        var found = handle(ModelRequest.get(path));
        if (found.isSuccess() && !ids.isEmpty()) {
            mergePatch(path, "{'metadata':{'annotations':{'%s':'%s'}}}".formatted(annotation, String.join(",", ids)));
        }
    }

    /** The uid of a Service; empty when there is none. */
    String uidOf(int service) {
        return get(NAMESPACE + "/services/" + name(service))
                .body()
                .path("metadata")
                .path("uid")
                .asText();
    }

    /** A second family is added, or the second one is taken away. */
    void changeFamilies(int service) {
        var found = handle(ModelRequest.get(NAMESPACE + "/services/" + name(service)));
        if (found.isSuccess()) {
            boolean isDual = found.body().path("spec").path("ipFamilies").size() == 2;
            mergePatch(
                    NAMESPACE + "/services/" + name(service),
                    isDual
                            ? "{'spec':{'ipFamilyPolicy':'SingleStack'}}"
                            : "{'spec':{'ipFamilyPolicy':'PreferDualStack'}}");
        }
    }

    /** The ClusterIPs that each Service has now, by uid. */
    Map<String, Set<String>> clusterIps() {
        var all = new TreeMap<String, Set<String>>();
        for (var service : services()) {
            var addresses =
                    all.computeIfAbsent(service.path("metadata").path("uid").asText(), _ -> new HashSet<>());
            service.path("spec")
                    .path("clusterIPs")
                    .forEach(each -> addresses.add(IpAddress.of(each.asText()).toString()));
        }
        return all;
    }

    /** What tells this cluster from every other. */
    String uid() {
        return get("/api/v1/namespaces/kube-system")
                .body()
                .path("metadata")
                .path("uid")
                .asText();
    }

    List<JsonNode> services() {
        return items("/api/v1/services");
    }

    List<JsonNode> slices() {
        return items("/apis/discovery.k8s.io/v1/endpointslices");
    }

    /** Whether a Service with this uid exists and is not being deleted. */
    boolean isAlive(String uid) {
        return alive().contains(uid);
    }

    private List<JsonNode> items(String path) {
        var items = new ArrayList<JsonNode>();
        model.handle(ModelRequest.get(path), schedule.now())
                .body()
                .path("items")
                .forEach(items::add);
        return items;
    }

    private void mergePatch(String path, String body) {
        handle(ModelRequest.patch(path, "application/merge-patch+json", json(body)));
    }

    private static String name(int service) {
        return "s" + service;
    }

    private static JsonNode deployment(int service, int replicas) {
        return json("""
                {'metadata':{'name':'%1$s'},'spec':{'replicas':%2$d,'selector':{'matchLabels':{'app':'%1$s'}},
                 'template':{'metadata':{'labels':{'app':'%1$s'}},'spec':{'containers':[
                   {'name':'c','image':'i','ports':[{'name':'http','containerPort':8080}]}]}}}}""".formatted(name(service), replicas));
    }

    private static JsonNode service(int service, Operation.Kind kind) {
        var ports =
                switch (kind) {
                    case CLUSTER_IP, LOAD_BALANCER -> "[{'port':80,'targetPort':'http'}]";
                    case TWO_PORTS ->
                        "[{'name':'a','port':80,'targetPort':8080},{'name':'b','port':81,'targetPort':9090}]";
                    case UDP -> "[{'name':'u','port':53,'protocol':'UDP','targetPort':5353}]";
                };
        var type = kind == Operation.Kind.LOAD_BALANCER ? "LoadBalancer" : "ClusterIP";
        return json("{'metadata':{'name':'%1$s'},'spec':{'type':'%2$s','selector':{'app':'%1$s'},'ports':%3$s}}"
                .formatted(name(service), type, ports));
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether lists take long now. */
    boolean hasSlowLists() {
        return slowLists;
    }

    /** Lists take long for a time. */
    void slowLists(Duration time) {
        slowLists = true;
        schedule.after(time, this::fastLists);
    }

    void fastLists() {
        slowLists = false;
    }

    /** A get or a list of the newest state. */
    ModelReply get(String path) {
        return model.handle(ModelRequest.get(path), schedule.now());
    }

    ModelReply patch(String path, String contentType, JsonNode body) {
        return handle(new ModelRequest("PATCH", path, Map.of(), contentType, "", body));
    }
}
