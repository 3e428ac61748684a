package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.GoneReason;
import io.ballast.schemas.contract.NodeSnapshot;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.SliceEndpoint;
import io.ballast.schemas.contract.SlicePort;
import io.ballast.schemas.contract.SnapshotState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Facts as the contract's records: only what matters, in the order the contract says. */
public final class Snapshots {
    private static final List<String> PREFIXES =
            List.of("ballast.io/", "openstack.org/", "loadbalancer.openstack.org/", "service.beta.kubernetes.io/");

    private static final int ABANDONED_MAX = 8;

    private static final Comparator<SlicePort> BY_PORT = Comparator.comparing(
                    (SlicePort port) -> Objects.requireNonNullElse(port.name(), ""))
            .thenComparing(port -> port.protocol().name())
            .thenComparing(port -> Objects.requireNonNullElse(port.port(), 0));

    private static final Comparator<SliceEndpoint> BY_ADDRESS = Comparator.comparing((SliceEndpoint endpoint) ->
                    endpoint.addresses().isEmpty() ? "" : endpoint.addresses().getFirst())
            .thenComparing(Snapshots::targetName)
            .thenComparing(SliceEndpoint::toString);

    private Snapshots() {}

    /** The annotations that Ballast reads. */
    public static Map<String, String> relevant(Map<String, String> annotations) {
        var relevant = new TreeMap<String, String>();
        annotations.forEach((key, value) -> {
            if (PREFIXES.stream().anyMatch(key::startsWith)) {
                relevant.put(key, value);
            }
        });
        return relevant;
    }

    /** The Service, with what matters of its namespace. */
    public static ServiceSnapshot present(ServiceFacts facts, NamespaceFacts namespace, String clusterUid) {
        return new ServiceSnapshot(
                SnapshotState.PRESENT,
                clusterUid,
                facts.uid(),
                facts.resourceVersion(),
                null,
                within(facts.spec(), namespace));
    }

    /** The end of a Service that is still there: what a person says about it goes with it. */
    static ServiceSnapshot leaving(ServiceFacts facts, String resourceVersion, GoneReason because, String clusterUid) {
        return new ServiceSnapshot(
                SnapshotState.GONE,
                clusterUid,
                facts.uid(),
                resourceVersion,
                because,
                null,
                Stream.of(facts.spec()
                                .annotations()
                                .getOrDefault(Names.ABANDON, "")
                                .split(",", -1))
                        .map(String::strip)
                        .filter(id -> !id.isEmpty())
                        .sorted()
                        .distinct()
                        .limit(ABANDONED_MAX)
                        .toList());
    }

    /** The end of a Service. */
    public static ServiceSnapshot gone(String uid, String resourceVersion, GoneReason because, String clusterUid) {
        return new ServiceSnapshot(SnapshotState.GONE, clusterUid, uid, resourceVersion, because, null);
    }

    /** The slice, ports and endpoints sorted. */
    public static EndpointSliceSnapshot of(SliceFacts facts, String clusterUid) {
        return new EndpointSliceSnapshot(
                clusterUid,
                facts.uid(),
                facts.resourceVersion(),
                facts.addressType(),
                facts.managedBy(),
                facts.ports().stream().sorted(BY_PORT).toList(),
                facts.endpoints().stream().sorted(BY_ADDRESS).toList());
    }

    /** The node. */
    public static NodeSnapshot of(NodeFacts facts, String clusterUid) {
        return new NodeSnapshot(
                clusterUid,
                facts.uid(),
                facts.addresses(),
                facts.ready(),
                facts.labels().containsKey(Names.EXCLUDE_NODE),
                facts.labels(),
                facts.leaving());
    }

    /** Whether two say the same, whatever their resourceVersion. */
    public static boolean same(@Nullable ServiceSnapshot row, ServiceSnapshot wanted) {
        return row != null
                && row.state() == wanted.state()
                && row.clusterUid().equals(wanted.clusterUid())
                && row.uid().equals(wanted.uid())
                && row.goneBecause() == wanted.goneBecause()
                && row.abandoned().equals(wanted.abandoned())
                && Objects.equals(row.service(), wanted.service());
    }

    /** Whether two say the same, whatever their resourceVersion. */
    public static boolean same(@Nullable EndpointSliceSnapshot row, EndpointSliceSnapshot wanted) {
        return row != null
                && row.clusterUid().equals(wanted.clusterUid())
                && row.uid().equals(wanted.uid())
                && row.addressType() == wanted.addressType()
                && row.managedBy().equals(wanted.managedBy())
                && row.ports().equals(wanted.ports())
                && row.endpoints().equals(wanted.endpoints());
    }

    private static String targetName(SliceEndpoint endpoint) {
        var target = endpoint.target();
        return target == null ? "" : target.name();
    }

    private static ServiceBody within(ServiceBody spec, NamespaceFacts namespace) {
        return new ServiceBody(
                spec.type(),
                spec.labels(),
                spec.annotations(),
                namespace.labels(),
                namespace.annotations(),
                spec.hasSelector(),
                spec.clusterIps(),
                spec.ipFamilies(),
                spec.ipFamilyPolicy(),
                spec.ports(),
                spec.loadBalancerIp(),
                spec.loadBalancerClass(),
                spec.sourceRanges(),
                spec.sessionAffinity(),
                spec.sessionAffinityTimeoutSeconds(),
                spec.externalTrafficPolicy(),
                spec.internalTrafficPolicy(),
                spec.healthCheckNodePort(),
                spec.allocateNodePorts(),
                spec.publishNotReadyAddresses());
    }
}
