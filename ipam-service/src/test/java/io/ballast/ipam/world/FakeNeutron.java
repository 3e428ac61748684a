package io.ballast.ipam.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Neutron as far as ipam asks it: filters, pages, floating IPs from a small external subnet, quota. */
public final class FakeNeutron implements Rest {
    public static final String SUBNET = "11111111-1111-1111-1111-111111111111";
    public static final String NETWORK = "22222222-2222-2222-2222-222222222222";
    public static final String PUBLIC = "33333333-3333-3333-3333-333333333333";

    private final Map<String, Map<String, ObjectNode>> collections = new TreeMap<>();
    private final Deque<UnaryOperator<RestReply>> distortions = new ArrayDeque<>();
    private final List<String> writes = new ArrayList<>();
    private final Set<String> fullNetworks = new TreeSet<>();
    private int counter;
    private int quota = 50;
    private int firstExternal = 100;
    private int lastExternal = 199;
    private boolean isDown;
    private String project = "";

    /** The default layout: VIPs 10.2.0.0/17, allocation pool 10.2.128.1-10.2.255.253, a router to the network public. */
    public FakeNeutron() {
        for (var name : List.of("subnets", "networks", "ports", "routers", "floatingips")) {
            collections.put(name, new TreeMap<>());
        }
        add("networks", NETWORK, "k8s-service-net").put("router:external", false);
        add("networks", PUBLIC, "public").put("router:external", true);
        subnet(SUBNET, "k8s-service-subnet", NETWORK, "10.2.0.0/16", "10.2.255.254", "10.2.128.1", "10.2.255.253");
        var router = add("routers", "router-1", "k8s-router");
        router.putObject("external_gateway_info").put("network_id", PUBLIC);
        port("port-router", SUBNET, "10.2.255.254")
                .put("device_owner", "network:router_interface")
                .put("device_id", "router-1");
    }

    public ObjectNode subnet(
            String id, String name, String network, String cidr, @Nullable String gateway, String start, String end) {
        var subnet = add("subnets", id, name)
                .put("network_id", network)
                .put("cidr", cidr)
                .put("gateway_ip", gateway);
        subnet.putArray("allocation_pools").addObject().put("start", start).put("end", end);
        return subnet;
    }

    /** A port of somebody, with one fixed address. */
    public ObjectNode port(String id, String subnet, String address) {
        var port = add("ports", id, "").put("device_owner", "").put("device_id", "");
        port.put("network_id", object("subnets", subnet).path("network_id").asText());
        port.putArray("fixed_ips").addObject().put("subnet_id", subnet).put("ip_address", address);
        port.putArray("allowed_address_pairs");
        return port;
    }

    public ObjectNode floatingIp(String id, String network, String address, String description) {
        var floatingIp = add("floatingips", id, "");
        floatingIp.put("floating_ip_address", address).put("floating_network_id", network);
        floatingIp
                .put("description", description)
                .put("created_at", "2026-01-01T00:00:%02dZ".formatted(counter++ % 60));
        floatingIp.put("project_id", "project").putNull("port_id").putNull("fixed_ip_address");
        return floatingIp;
    }

    public Map<String, ObjectNode> collection(String name) {
        var found = collections.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no collection " + name);
        }
        return found;
    }

    /** An object that is there. */
    public ObjectNode object(String collection, String id) {
        var found = collection(collection).get(id);
        if (found == null) {
            throw new IllegalArgumentException("%s has no %s".formatted(collection, id));
        }
        return found;
    }

    public Map<String, ObjectNode> floatingIps() {
        return collection("floatingips");
    }

    public void associate(String id, @Nullable String port, @Nullable String fixed) {
        object("floatingips", id).put("port_id", port).put("fixed_ip_address", fixed);
    }

    /** The project of the credentials; Neutron does not tell unless this is said. */
    public FakeNeutron ofProject(String id) {
        project = id;
        return this;
    }

    public FakeNeutron withQuota(int floatingIps) {
        quota = floatingIps;
        return this;
    }

    /** An external network. */
    public void network(String id, String name) {
        add("networks", id, name).put("router:external", true);
    }

    /** A further router of the VIP subnet, at an address of it, that leads to an external network. */
    public void gateway(String router, String network, String address) {
        add("routers", router, router).putObject("external_gateway_info").put("network_id", network);
        port("port-" + router, SUBNET, address)
                .put("device_owner", "network:router_interface")
                .put("device_id", router);
    }

    /** An external network that has no address left. */
    public FakeNeutron full(String network) {
        fullNetworks.add(network);
        return this;
    }

    /** The external subnet gives addresses 172.24.4.first to 172.24.4.last, the lowest free first. */
    public FakeNeutron withExternal(int first, int last) {
        firstExternal = first;
        lastExternal = last;
        return this;
    }

    public void down(boolean is) {
        isDown = is;
    }

    /** Changes what the caller learns of the next write, which is done all the same. */
    public void distortNextWrite(UnaryOperator<RestReply> distortion) {
        distortions.add(distortion);
    }

    /** Every write so far, like {@code POST /v2.0/floatingips}. */
    public List<String> writes() {
        return List.copyOf(writes);
    }

    @Override
    public RestReply send(RestRequest request) {
        if (isDown) {
            return new RestReply.Unanswered("connection refused", false);
        }
        var reply = answer(request);
        if (request.method().isMutating()) {
            writes.add(request.method() + " " + request.path());
            if (!distortions.isEmpty()) {
                return distortions.pop().apply(reply);
            }
        }
        return reply;
    }

    private RestReply answer(RestRequest request) {
        var parts = request.path().split("/", -1); // "", v2.0, collection, id
        if (parts[2].equals("quotas")) {
            var body = object();
            if (parts.length == 4 && parts[3].equals("project")) {
                body.putObject("project").put("project_id", project);
                return reply(200, body);
            }
            body.putObject("quota")
                    .putObject("floatingip")
                    .put("limit", quota)
                    .put("used", floatingIps().size());
            return reply(200, body);
        }
        return switch (request.method()) {
            case GET -> parts.length > 3 ? one(parts[3]) : list(parts[2], request);
            case POST ->
                create(
                        request.body() == null
                                ? MissingNode.getInstance()
                                : request.body().path("floatingip"));
            case DELETE ->
                floatingIps().remove(parts[3]) == null
                        ? error(404, "FloatingIPNotFound", "Floating IP %s could not be found".formatted(parts[3]))
                        : reply(204, MissingNode.getInstance());
            case PUT -> describe(parts[3], request.body());
        };
    }

    private RestReply describe(String floatingIp, @Nullable JsonNode body) {
        var found = floatingIps().get(floatingIp);
        if (found != null && body != null) {
            found.put("description", body.path("floatingip").path("description").asText());
        }
        return one(floatingIp);
    }

    private RestReply one(String floatingIp) {
        var found = floatingIps().get(floatingIp);
        if (found == null) {
            return error(404, "FloatingIPNotFound", "Floating IP %s could not be found".formatted(floatingIp));
        }
        var body = object();
        body.set("floatingip", found.deepCopy());
        return reply(200, body);
    }

    private RestReply list(String name, RestRequest request) {
        int limit = Integer.parseInt(first(request, "limit", "1000"));
        var marker = first(request, "marker", "");
        var body = object();
        var items = body.putArray(name);
        for (var item : collection(name).values()) {
            boolean isBefore = !marker.isEmpty() && item.path("id").asText().compareTo(marker) <= 0;
            if (!isBefore && items.size() < limit && matches(item, request)) {
                items.add(item);
            }
        }
        return reply(200, body);
    }

    private static boolean matches(ObjectNode item, RestRequest request) {
        return request.query().entrySet().stream()
                .filter(filter -> !List.of("limit", "marker", "fields").contains(filter.getKey()))
                .allMatch(filter ->
                        filter.getValue().contains(item.path(filter.getKey()).asText()));
    }

    private RestReply create(JsonNode wanted) {
        if (floatingIps().size() >= quota) {
            return error(409, "OverQuota", "Quota exceeded for resources: ['floatingip'].");
        }
        boolean isFull =
                fullNetworks.contains(wanted.path("floating_network_id").asText());
        for (int last = firstExternal; !isFull && last <= lastExternal; last++) {
            var address = "172.24.4." + last;
            if (floatingIps().values().stream()
                    .noneMatch(each -> each.path("floating_ip_address").asText().equals(address))) {
                var made = floatingIp(
                        "fip-%04d".formatted(++counter),
                        wanted.path("floating_network_id").asText(),
                        address,
                        wanted.path("description").asText());
                made.put("project_id", wanted.path("project_id").asText("project"));
                var body = object();
                body.set("floatingip", made.deepCopy());
                return reply(201, body);
            }
        }
        return error(
                409, "IpAddressGenerationFailure", "No more IP addresses available on network %s.".formatted(PUBLIC));
    }

    private ObjectNode add(String collection, String id, String name) {
        var object = object().put("id", id).put("name", name);
        collection(collection).put(id, object);
        return object;
    }

    private static String first(RestRequest request, String name, String fallback) {
        return request.query().getOrDefault(name, List.of(fallback)).getFirst();
    }

    private static RestReply reply(int status, JsonNode body) {
        return new RestReply.Answered(status, body, "req-1", null);
    }

    public static RestReply error(int status, String type, String message) {
        var body = object();
        body.putObject("NeutronError").put("type", type).put("message", message).put("detail", "");
        return reply(status, body);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
