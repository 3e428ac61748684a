package io.ballast.translator;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.schemas.contract.AddressType;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.EndpointTarget;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.IpFamilyPolicy;
import io.ballast.schemas.contract.NodeAddress;
import io.ballast.schemas.contract.NodeSnapshot;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServicePort;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.SessionAffinity;
import io.ballast.schemas.contract.SliceEndpoint;
import io.ballast.schemas.contract.SlicePort;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.schemas.contract.TrafficPolicy;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Kubernetes objects as users write them, as snapshots; for tests only: the real converter is the watcher's. */
final class KubernetesYaml {
    static final String CLUSTER_UID = "cluster-uid";

    private KubernetesYaml() {}

    static ServiceKey key(JsonNode service) {
        var metadata = service.path("metadata");
        return new ServiceKey(
                "demo",
                metadata.path("namespace").asText("default"),
                metadata.path("name").asText());
    }

    /** A Service in a namespace, which may be missing: then it has neither labels nor annotations. */
    static ServiceSnapshot service(JsonNode yaml, JsonNode namespace) {
        var ofNamespace = namespace.path("metadata");
        var metadata = yaml.path("metadata");
        var spec = yaml.path("spec");
        var affinity = spec.path("sessionAffinityConfig").path("clientIP").path("timeoutSeconds");
        var body = new ServiceBody(
                constant(ServiceType.class, spec.path("type").asText("ClusterIP")),
                texts(metadata.path("labels")),
                texts(metadata.path("annotations")),
                texts(ofNamespace.path("labels")),
                texts(ofNamespace.path("annotations")),
                spec.has("selector"),
                clusterIps(spec),
                list(
                        spec.path("ipFamilies"),
                        each -> IpFamily.valueOf(each.asText().toUpperCase(Locale.ROOT))),
                spec.has("ipFamilyPolicy")
                        ? constant(
                                IpFamilyPolicy.class,
                                spec.path("ipFamilyPolicy").asText())
                        : null,
                list(spec.path("ports"), KubernetesYaml::port),
                text(spec, "loadBalancerIP"),
                text(spec, "loadBalancerClass"),
                list(spec.path("loadBalancerSourceRanges"), JsonNode::asText),
                spec.path("sessionAffinity").asText("None").equals("ClientIP")
                        ? SessionAffinity.CLIENT_IP
                        : SessionAffinity.NONE,
                affinity.isInt() ? affinity.intValue() : null,
                policy(spec, "externalTrafficPolicy"),
                policy(spec, "internalTrafficPolicy"),
                spec.has("healthCheckNodePort")
                        ? spec.path("healthCheckNodePort").intValue()
                        : null,
                spec.path("allocateLoadBalancerNodePorts").asBoolean(true),
                spec.path("publishNotReadyAddresses").asBoolean(false));
        return new ServiceSnapshot(
                SnapshotState.PRESENT, CLUSTER_UID, metadata.path("uid").asText("service-uid"), "1", null, body);
    }

    static EndpointSliceSnapshot slice(JsonNode yaml) {
        return new EndpointSliceSnapshot(
                CLUSTER_UID,
                "slice-uid",
                "1",
                AddressType.valueOf(yaml.path("addressType").asText("IPv4").toUpperCase(Locale.ROOT)),
                yaml.path("metadata")
                        .path("labels")
                        .path("endpointslice.kubernetes.io/managed-by")
                        .asText(""),
                list(
                        yaml.path("ports"),
                        port -> new SlicePort(
                                text(port, "name"),
                                PortProtocol.valueOf(port.path("protocol").asText("TCP")),
                                port.has("port") ? port.path("port").intValue() : null)),
                list(yaml.path("endpoints"), KubernetesYaml::endpoint));
    }

    static NodeSnapshot node(JsonNode yaml) {
        var labels = texts(yaml.path("metadata").path("labels"));
        var status = yaml.path("status");
        boolean ready = stream(status.path("conditions"))
                .anyMatch(condition -> condition.path("type").asText().equals("Ready")
                        && condition.path("status").asText().equals("True"));
        return new NodeSnapshot(
                CLUSTER_UID,
                "node-uid",
                list(
                        status.path("addresses"),
                        address -> new NodeAddress(
                                address.path("type").asText(),
                                address.path("address").asText())),
                ready,
                labels.containsKey("node.kubernetes.io/exclude-from-external-load-balancers"),
                labels,
                yaml.path("metadata").has("deletionTimestamp")
                        || stream(yaml.path("spec").path("taints"))
                                .anyMatch(
                                        taint -> taint.path("key").asText().equals("ToBeDeletedByClusterAutoscaler")));
    }

    private static ServicePort port(JsonNode port) {
        return new ServicePort(
                text(port, "name"),
                PortProtocol.valueOf(port.path("protocol").asText("TCP")),
                port.path("port").intValue(),
                port.path("targetPort").asText(port.path("port").asText()),
                port.has("nodePort") ? port.path("nodePort").intValue() : null,
                text(port, "appProtocol"));
    }

    private static @Nullable TrafficPolicy policy(JsonNode spec, String name) {
        return spec.has(name) ? constant(TrafficPolicy.class, spec.path(name).asText()) : null;
    }

    private static SliceEndpoint endpoint(JsonNode endpoint) {
        var conditions = endpoint.path("conditions");
        boolean ready = conditions.path("ready").asBoolean(true);
        var target = endpoint.path("targetRef");
        return new SliceEndpoint(
                list(endpoint.path("addresses"), JsonNode::asText),
                ready,
                conditions.path("serving").asBoolean(ready),
                conditions.path("terminating").asBoolean(false),
                null,
                text(endpoint, "nodeName"),
                target.isMissingNode()
                        ? null
                        : new EndpointTarget(
                                target.path("kind").asText(),
                                target.path("namespace").asText(),
                                target.path("name").asText(),
                                ""));
    }

    private static List<String> clusterIps(JsonNode spec) {
        return spec.has("clusterIPs")
                ? list(spec.path("clusterIPs"), JsonNode::asText)
                : spec.has("clusterIP") ? List.of(spec.path("clusterIP").asText()) : List.of();
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String camel) {
        var words = camel.replace("IP", "Ip").replaceAll("(?<=[a-z])(?=[A-Z])", "_");
        return Enum.valueOf(type, words.toUpperCase(Locale.ROOT));
    }

    private static @Nullable String text(JsonNode node, String name) {
        return node.has(name) ? node.path(name).asText() : null;
    }

    private static Map<String, String> texts(JsonNode node) {
        var texts = new TreeMap<String, String>();
        node.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    private static <T> List<T> list(JsonNode node, Function<JsonNode, T> read) {
        return stream(node).map(read).toList();
    }

    private static java.util.stream.Stream<JsonNode> stream(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false);
    }
}
