package io.ballast.schemas.contract;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What matters to us in a Service. Lists keep the order of the Service; maps are sorted by key.
 *
 * @param type spec.type
 * @param labels metadata.labels
 * @param annotations the metadata.annotations that Ballast reads: keys below ballast.io/, openstack.org/, loadbalancer.openstack.org/ and service.beta.kubernetes.io/
 * @param namespaceLabels metadata.labels of the namespace
 * @param namespaceAnnotations the annotations of the namespace that Ballast reads, by the same rule
 * @param hasSelector whether spec.selector is set and not empty
 * @param clusterIps spec.clusterIPs as Kubernetes wrote them; "None" for a headless Service; empty when none is assigned
 * @param ipFamilies spec.ipFamilies, primary first
 * @param ipFamilyPolicy spec.ipFamilyPolicy; null when absent
 * @param ports spec.ports
 * @param loadBalancerIp spec.loadBalancerIP, verbatim; null when absent or empty
 * @param loadBalancerClass spec.loadBalancerClass; null when absent
 * @param sourceRanges spec.loadBalancerSourceRanges, verbatim
 * @param sessionAffinity spec.sessionAffinity
 * @param sessionAffinityTimeoutSeconds spec.sessionAffinityConfig.clientIP.timeoutSeconds, seconds; null when absent
 * @param externalTrafficPolicy spec.externalTrafficPolicy; null when absent
 * @param internalTrafficPolicy spec.internalTrafficPolicy; null when absent
 * @param healthCheckNodePort spec.healthCheckNodePort; null when absent or 0
 * @param allocateNodePorts spec.allocateLoadBalancerNodePorts, true when absent
 * @param publishNotReadyAddresses spec.publishNotReadyAddresses
 */
public record ServiceBody(
        ServiceType type,
        Map<String, String> labels,
        Map<String, String> annotations,
        Map<String, String> namespaceLabels,
        Map<String, String> namespaceAnnotations,
        boolean hasSelector,
        List<String> clusterIps,
        List<IpFamily> ipFamilies,
        @Nullable IpFamilyPolicy ipFamilyPolicy,
        List<ServicePort> ports,
        @Nullable String loadBalancerIp,
        @Nullable String loadBalancerClass,
        List<String> sourceRanges,
        SessionAffinity sessionAffinity,
        @Nullable Integer sessionAffinityTimeoutSeconds,
        @Nullable TrafficPolicy externalTrafficPolicy,
        @Nullable TrafficPolicy internalTrafficPolicy,
        @Nullable Integer healthCheckNodePort,
        boolean allocateNodePorts,
        boolean publishNotReadyAddresses) {
    public ServiceBody {
        labels = SortedEntries.copyOf(labels);
        annotations = SortedEntries.copyOf(annotations);
        namespaceLabels = SortedEntries.copyOf(namespaceLabels);
        namespaceAnnotations = SortedEntries.copyOf(namespaceAnnotations);
        clusterIps = List.copyOf(clusterIps);
        ipFamilies = List.copyOf(ipFamilies);
        ports = List.copyOf(ports);
        sourceRanges = List.copyOf(sourceRanges);
    }
}
