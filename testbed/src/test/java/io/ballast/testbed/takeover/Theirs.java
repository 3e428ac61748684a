package io.ballast.testbed.takeover;

import io.ballast.schemas.contract.ServiceKey;
import io.ballast.testbed.takeover.Found.KuryrRecord;
import io.ballast.testbed.takeover.Found.TheirFloatingIp;
import io.ballast.testbed.takeover.Found.TheirLoadBalancer;
import io.ballast.testbed.takeover.Found.TheirService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Service shop/web, uid-1, of cluster demo at 10.2.0.7, as a peer left it; plain until told otherwise. */
final class Theirs {
    static final String UID = "cluster-1";
    static final String OCCM_NAME = "kube_service_prod_shop_web";
    static final String OCCM_DESCRIPTION = "Floating IP for Kubernetes external service shop/web from cluster prod";
    static final String OUR_DESCRIPTION = "ballast:cluster-1:uid-1:demo/shop/web";

    private final Peer peer;
    private final List<TheirLoadBalancer> loadBalancers = new ArrayList<>();
    private final List<TheirFloatingIp> floatingIps = new ArrayList<>();
    private final List<KuryrRecord> records = new ArrayList<>();
    private final Map<String, String> annotations = new TreeMap<>();
    private final List<String> finalizers = new ArrayList<>();
    private final List<String> ingress = new ArrayList<>();
    private String key = "demo/shop/web";
    private String type = "LoadBalancer";
    private String loadBalancerIp = "";
    private boolean deleting;
    private boolean keepsRecords;

    private Theirs(Peer peer) {
        this.peer = peer;
        finalizers.add("example.org/other");
        finalizers.add(peer.finalizer());
    }

    static Theirs of(Peer peer) {
        return new Theirs(peer);
    }

    /** A load balancer as the peer makes it for this Service, at its ClusterIP. */
    Theirs made(String id) {
        return peer == Peer.KURYR
                ? loadBalancer(id, "shop/web", "10.2.0.7", "ACTIVE", "operators-tag")
                : loadBalancer(id, OCCM_NAME, "10.9.0.3", "ACTIVE", OCCM_NAME, "operators-tag");
    }

    Theirs loadBalancer(String id, String name, String vip, String status, String... tags) {
        loadBalancers.add(new TheirLoadBalancer(
                id, name, "amphora", status, vip, "port-" + id, new TreeSet<>(Arrays.asList(tags))));
        return this;
    }

    Theirs floatingIp(String loadBalancerId, String description) {
        floatingIps.add(new TheirFloatingIp("fip-1", "172.24.4.9", "port-" + loadBalancerId, description));
        return this;
    }

    Theirs record(String loadBalancerId, String userFloatingIpId) {
        records.add(new KuryrRecord(
                "shop", "web", "7", loadBalancerId, userFloatingIpId, List.of(Peer.KURYR_RECORD_FINALIZER), false));
        return this;
    }

    Theirs keepingRecords() {
        keepsRecords = true;
        return this;
    }

    Theirs ofTheApiServers() {
        key = "demo/default/kubernetes";
        return this;
    }

    Theirs type(String name) {
        type = name;
        return this;
    }

    Theirs loadBalancerIp(String address) {
        loadBalancerIp = address;
        return this;
    }

    Theirs annotation(String name, String value) {
        annotations.put(name, value);
        return this;
    }

    Theirs withoutMarks() {
        finalizers.clear();
        return this;
    }

    Theirs ingress(String address) {
        ingress.add(address);
        return this;
    }

    Theirs deleting() {
        deleting = true;
        return this;
    }

    List<Verdict> verdicts(String... namespaces) {
        var service = new TheirService(
                ServiceKey.parse(key),
                "uid-1",
                "5",
                type,
                type.equals("ExternalName") ? "" : "10.2.0.7",
                loadBalancerIp,
                "",
                ingress,
                finalizers,
                annotations,
                deleting);
        return TakeOverPlan.plan(
                new TakeOverPlan.Request(
                        peer,
                        "demo",
                        UID,
                        "prod",
                        new TreeSet<>(Arrays.asList(namespaces)),
                        List.of("team-a"),
                        keepsRecords),
                new Found(List.of(service), loadBalancers, floatingIps, records));
    }
}
