package io.ballast.watcher.kubernetes;

import io.ballast.schemas.contract.AddressType;
import io.ballast.schemas.contract.EndpointTarget;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.IpFamilyPolicy;
import io.ballast.schemas.contract.NodeAddress;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServicePort;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.SessionAffinity;
import io.ballast.schemas.contract.SliceEndpoint;
import io.ballast.schemas.contract.SlicePort;
import io.ballast.schemas.contract.TrafficPolicy;
import io.ballast.watcher.snapshot.ConditionFacts;
import io.ballast.watcher.snapshot.Facts;
import io.ballast.watcher.snapshot.IngressFacts;
import io.ballast.watcher.snapshot.Names;
import io.ballast.watcher.snapshot.NamespaceFacts;
import io.ballast.watcher.snapshot.NodeFacts;
import io.ballast.watcher.snapshot.ServiceFacts;
import io.ballast.watcher.snapshot.SliceFacts;
import io.ballast.watcher.snapshot.Snapshots;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Objects of the Kubernetes API as facts; what an object leaves out has the default that Kubernetes documents. */
public final class KubernetesFacts {
    private KubernetesFacts() {}

    /** Any of the watched kinds; empty for another kind. */
    public static Optional<Facts> from(HasMetadata object) {
        return switch (object) {
            case Service service -> Optional.of(from(service));
            case EndpointSlice slice -> Optional.of(from(slice));
            case Node node -> Optional.of(from(node));
            case Namespace namespace -> Optional.of(from(namespace));
            default -> Optional.empty();
        };
    }

    /** A Service. */
    public static ServiceFacts from(Service service) {
        var metadata = service.getMetadata();
        var status = Optional.ofNullable(service.getStatus());
        return new ServiceFacts(
                metadata.getNamespace(),
                metadata.getName(),
                text(metadata.getUid()),
                text(metadata.getResourceVersion()),
                metadata.getDeletionTimestamp() != null,
                list(metadata.getFinalizers()),
                body(service),
                status.map(found -> found.getLoadBalancer()).stream()
                        .flatMap(balancer -> list(balancer.getIngress()).stream())
                        .map(entry -> new IngressFacts(
                                emptyAsNull(entry.getIp()),
                                emptyAsNull(entry.getHostname()),
                                entry.getIpMode(),
                                list(entry.getPorts()).stream()
                                        .map(port -> new IngressFacts.Port(
                                                number(port.getPort()), protocol(port.getProtocol()), port.getError()))
                                        .toList()))
                        .toList(),
                status.stream()
                        .flatMap(found -> list(found.getConditions()).stream())
                        .map(condition -> new ConditionFacts(
                                text(condition.getType()),
                                text(condition.getStatus()),
                                text(condition.getReason()),
                                text(condition.getMessage()),
                                condition.getLastTransitionTime(),
                                condition.getObservedGeneration()))
                        .toList());
    }

    /** A slice. */
    public static SliceFacts from(EndpointSlice slice) {
        var metadata = slice.getMetadata();
        var labels = map(metadata.getLabels());
        return new SliceFacts(
                metadata.getNamespace(),
                metadata.getName(),
                text(metadata.getUid()),
                text(metadata.getResourceVersion()),
                labels.getOrDefault(Names.SERVICE_NAME, ""),
                symbol(
                        AddressType.class,
                        text(slice.getAddressType()).toUpperCase(java.util.Locale.ROOT),
                        AddressType.UNKNOWN),
                labels.getOrDefault(Names.MANAGED_BY, ""),
                list(slice.getPorts()).stream()
                        .map(port -> new SlicePort(
                                emptyAsNull(port.getName()), protocol(port.getProtocol()), port.getPort()))
                        .toList(),
                list(slice.getEndpoints()).stream()
                        .map(KubernetesFacts::endpoint)
                        .toList());
    }

    /** A node. */
    public static NodeFacts from(Node node) {
        var status = Optional.ofNullable(node.getStatus());
        return new NodeFacts(
                node.getMetadata().getName(),
                text(node.getMetadata().getUid()),
                text(node.getMetadata().getResourceVersion()),
                status.stream()
                        .flatMap(found -> list(found.getAddresses()).stream())
                        .map(address -> new NodeAddress(text(address.getType()), text(address.getAddress())))
                        .toList(),
                status.stream()
                        .flatMap(found -> list(found.getConditions()).stream())
                        .anyMatch(condition ->
                                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus())),
                map(node.getMetadata().getLabels()),
                isLeaving(node));
    }

    /** As Kubernetes' own service controller sees it. Source: cloud-provider, KEP-3458. */
    private static boolean isLeaving(Node node) {
        return node.getMetadata().getDeletionTimestamp() != null
                || (node.getSpec() != null
                        && list(node.getSpec().getTaints()).stream()
                                .anyMatch(taint -> Names.TO_BE_DELETED.equals(taint.getKey())));
    }

    /** A namespace. */
    public static NamespaceFacts from(Namespace namespace) {
        var metadata = namespace.getMetadata();
        boolean terminating = metadata.getDeletionTimestamp() != null
                || (namespace.getStatus() != null
                        && "Terminating".equals(namespace.getStatus().getPhase()));
        return new NamespaceFacts(
                metadata.getName(),
                text(metadata.getUid()),
                text(metadata.getResourceVersion()),
                terminating,
                map(metadata.getLabels()),
                Snapshots.relevant(map(metadata.getAnnotations())));
    }

    private static ServiceBody body(Service service) {
        var spec = Optional.ofNullable(service.getSpec()).orElseGet(ServiceSpec::new);
        return new ServiceBody(
                type(spec.getType()),
                map(service.getMetadata().getLabels()),
                Snapshots.relevant(map(service.getMetadata().getAnnotations())),
                Map.of(),
                Map.of(),
                !map(spec.getSelector()).isEmpty(),
                clusterIps(spec),
                list(spec.getIpFamilies()).stream().map(KubernetesFacts::family).toList(),
                policy(spec.getIpFamilyPolicy()),
                list(spec.getPorts()).stream().map(KubernetesFacts::port).toList(),
                emptyAsNull(spec.getLoadBalancerIP()),
                emptyAsNull(spec.getLoadBalancerClass()),
                list(spec.getLoadBalancerSourceRanges()),
                affinity(spec.getSessionAffinity()),
                affinityTimeout(spec),
                trafficPolicy(spec.getExternalTrafficPolicy()),
                trafficPolicy(spec.getInternalTrafficPolicy()),
                zeroAsNull(spec.getHealthCheckNodePort()),
                !Boolean.FALSE.equals(spec.getAllocateLoadBalancerNodePorts()),
                Boolean.TRUE.equals(spec.getPublishNotReadyAddresses()));
    }

    private static List<String> clusterIps(ServiceSpec spec) {
        var all = list(spec.getClusterIPs());
        return all.isEmpty()
                ? Stream.ofNullable(emptyAsNull(spec.getClusterIP())).toList()
                : all;
    }

    private static ServicePort port(io.fabric8.kubernetes.api.model.ServicePort port) {
        return new ServicePort(
                emptyAsNull(port.getName()),
                protocol(port.getProtocol()),
                number(port.getPort()),
                target(port.getTargetPort(), number(port.getPort())),
                zeroAsNull(port.getNodePort()),
                emptyAsNull(port.getAppProtocol()));
    }

    private static String target(@Nullable IntOrString target, int port) {
        if (target == null) {
            return Integer.toString(port);
        }
        var number = target.getIntVal();
        var text = number == null ? text(target.getStrVal()) : number.toString();
        return text.isEmpty() || text.equals("0") ? Integer.toString(port) : text;
    }

    private static SliceEndpoint endpoint(Endpoint endpoint) {
        var conditions = Optional.ofNullable(endpoint.getConditions());
        boolean ready = conditions.map(found -> found.getReady()).orElse(true);
        return new SliceEndpoint(
                list(endpoint.getAddresses()),
                ready,
                conditions.map(found -> found.getServing()).orElse(ready),
                conditions.map(found -> found.getTerminating()).orElse(false),
                emptyAsNull(endpoint.getHostname()),
                emptyAsNull(endpoint.getNodeName()),
                target(endpoint.getTargetRef()));
    }

    private static @Nullable EndpointTarget target(@Nullable ObjectReference target) {
        return target == null
                ? null
                : new EndpointTarget(
                        text(target.getKind()),
                        text(target.getNamespace()),
                        text(target.getName()),
                        text(target.getUid()));
    }

    private static ServiceType type(@Nullable String type) {
        return switch (text(type)) {
            case "", "ClusterIP" -> ServiceType.CLUSTER_IP;
            case "NodePort" -> ServiceType.NODE_PORT;
            case "LoadBalancer" -> ServiceType.LOAD_BALANCER;
            case "ExternalName" -> ServiceType.EXTERNAL_NAME;
            default -> ServiceType.UNKNOWN;
        };
    }

    private static IpFamily family(String family) {
        return switch (family) {
            case "IPv4" -> IpFamily.IPV4;
            case "IPv6" -> IpFamily.IPV6;
            default -> IpFamily.UNKNOWN;
        };
    }

    private static @Nullable IpFamilyPolicy policy(@Nullable String policy) {
        return switch (text(policy)) {
            case "" -> null;
            case "SingleStack" -> IpFamilyPolicy.SINGLE_STACK;
            case "PreferDualStack" -> IpFamilyPolicy.PREFER_DUAL_STACK;
            case "RequireDualStack" -> IpFamilyPolicy.REQUIRE_DUAL_STACK;
            default -> IpFamilyPolicy.UNKNOWN;
        };
    }

    private static SessionAffinity affinity(@Nullable String affinity) {
        return switch (text(affinity)) {
            case "", "None" -> SessionAffinity.NONE;
            case "ClientIP" -> SessionAffinity.CLIENT_IP;
            default -> SessionAffinity.UNKNOWN;
        };
    }

    private static @Nullable Integer affinityTimeout(ServiceSpec spec) {
        var config = spec.getSessionAffinityConfig();
        return config == null || config.getClientIP() == null
                ? null
                : config.getClientIP().getTimeoutSeconds();
    }

    private static @Nullable TrafficPolicy trafficPolicy(@Nullable String policy) {
        return switch (text(policy)) {
            case "" -> null;
            case "Cluster" -> TrafficPolicy.CLUSTER;
            case "Local" -> TrafficPolicy.LOCAL;
            default -> TrafficPolicy.UNKNOWN;
        };
    }

    private static PortProtocol protocol(@Nullable String protocol) {
        var name = text(protocol);
        return name.isEmpty() ? PortProtocol.TCP : symbol(PortProtocol.class, name, PortProtocol.UNKNOWN);
    }

    private static <E extends Enum<E>> E symbol(Class<E> type, String name, E otherwise) {
        return Stream.of(type.getEnumConstants())
                .filter(symbol -> symbol.name().equals(name))
                .findFirst()
                .orElse(otherwise);
    }

    private static int number(@Nullable Integer number) {
        return number == null ? 0 : number;
    }

    private static @Nullable Integer zeroAsNull(@Nullable Integer number) {
        return number == null || number == 0 ? null : number;
    }

    private static @Nullable String emptyAsNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static <T> List<T> list(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static Map<String, String> map(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
