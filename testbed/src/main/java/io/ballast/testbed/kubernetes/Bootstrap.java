package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** What a cluster holds before anybody has used it. */
final class Bootstrap {
    private static final int API_PORT = 6443;
    private static final int FIRST_NODE_OFFSET = 11;

    private final KubernetesModel model;
    private final Cluster cluster;
    private final Names names;

    Bootstrap(KubernetesModel model, Cluster cluster, Names names) {
        this.model = model;
        this.cluster = cluster;
        this.names = names;
    }

    void start(Instant now) {
        for (var name : List.of("default", "kube-node-lease", "kube-public", "kube-system")) {
            var namespace = Json.object().put("kind", "Namespace").put("apiVersion", "v1");
            Meta.of(namespace).put("name", name);
            post("/api/v1/namespaces", namespace, now);
        }
        stableClusterUid();
        for (var i = 1; i <= cluster.settings().nodes(); i++) {
            post("/api/v1/nodes", node(i, now), now);
        }
        post("/api/v1/namespaces/default/services", apiService(), now);
        var address = cluster.settings().nodeCidrs().stream()
                .map(AddressRange::parse)
                .filter(range -> range.isIpv6()
                        == AddressRange.parse(cluster.settings().serviceCidrs().getFirst())
                                .isIpv6())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "node addresses " + cluster.settings().nodeCidrs() + " have none of the family of the services "
                                + cluster.settings().serviceCidrs()))
                .at(FIRST_NODE_OFFSET);
        post("/api/v1/namespaces/default/endpoints", apiEndpoints(address), now);
        post("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", apiSlice(address), now);
    }

    private void post(String path, ObjectNode object, Instant now) {
        var reply = model.handle(ModelRequest.post(path, object), now);
        if (!reply.isSuccess()) {
            throw new IllegalStateException("cannot make " + path + ": " + reply.body());
        }
    }

    /** The uid of kube-system is the identity of the cluster: it depends on the seed alone. */
    private void stableClusterUid() {
        var key = new ObjectStore.Key("/namespaces", "", "kube-system");
        var namespace = cluster.get(key).orElseThrow().deepCopy();
        Meta.of(namespace).put("uid", names.stableUid("kube-system"));
        cluster.store().put(key, namespace);
    }

    private ObjectNode node(int number, Instant now) {
        var name = "node-" + number;
        var node = Json.object().put("kind", "Node").put("apiVersion", "v1");
        var labels = Json.child(node, "metadata", "labels");
        Meta.of(node).put("name", name);
        labels.put("kubernetes.io/hostname", name)
                .put("kubernetes.io/os", "linux")
                .put("kubernetes.io/arch", "amd64");
        labels.put("topology.kubernetes.io/zone", "zone-" + number);
        var status = node.putObject("status");
        var addresses = status.putArray("addresses");
        for (var cidr : cluster.settings().nodeCidrs()) {
            addresses
                    .addObject()
                    .put("type", "InternalIP")
                    .put("address", AddressRange.parse(cidr).at(FIRST_NODE_OFFSET - 1L + number));
        }
        addresses.addObject().put("type", "Hostname").put("address", name);
        for (var amounts : new String[] {"capacity", "allocatable"}) {
            status.putObject(amounts).put("cpu", "8").put("memory", "32Gi").put("pods", "1000");
        }
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", "True")
                .put("reason", "KubeletReady")
                .put("message", "kubelet is posting ready status")
                .put("lastHeartbeatTime", Meta.time(now))
                .put("lastTransitionTime", Meta.time(now));
        status.putObject("nodeInfo")
                .put("kubeletVersion", "v1.32.4")
                .put("kubeProxyVersion", "v1.32.4")
                .put("osImage", "Debian GNU/Linux 12 (bookworm)")
                .put("kernelVersion", "6.1.0")
                .put("containerRuntimeVersion", "containerd://1.7.27")
                .put("operatingSystem", "linux")
                .put("architecture", "amd64")
                .put("machineID", "")
                .put("systemUUID", "")
                .put("bootID", "");
        return node;
    }

    private ObjectNode apiService() {
        var service = Json.object().put("kind", "Service").put("apiVersion", "v1");
        Meta.of(service).put("name", "kubernetes");
        Json.child(service, "metadata", "labels").put("component", "apiserver").put("provider", "kubernetes");
        var first =
                AddressRange.parse(cluster.settings().serviceCidrs().getFirst()).at(1);
        var spec = service.putObject("spec").put("type", "ClusterIP").put("clusterIP", first);
        spec.putArray("ports").addObject().put("name", "https").put("port", 443).put("targetPort", API_PORT);
        return service;
    }

    private static ObjectNode apiEndpoints(String address) {
        var endpoints = Json.object().put("kind", "Endpoints").put("apiVersion", "v1");
        Meta.of(endpoints).put("name", "kubernetes");
        Json.child(endpoints, "metadata", "labels").put(MirroringController.SKIP, "true");
        var subset = endpoints.putArray("subsets").addObject();
        subset.putArray("addresses").addObject().put("ip", address);
        subset.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("port", API_PORT)
                .put("protocol", "TCP");
        return endpoints;
    }

    private static ObjectNode apiSlice(String address) {
        var slice = Json.object().put("kind", "EndpointSlice").put("apiVersion", "discovery.k8s.io/v1");
        Meta.of(slice).put("name", "kubernetes");
        Json.child(slice, "metadata", "labels").put(SliceWriter.SERVICE_NAME, "kubernetes");
        slice.put("addressType", ServiceAllocations.family(address));
        var endpoint = slice.putArray("endpoints").addObject();
        endpoint.putArray("addresses").add(address);
        endpoint.putObject("conditions").put("ready", true);
        slice.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("port", API_PORT)
                .put("protocol", "TCP");
        return slice;
    }
}
