package io.ballast.testbed.takeover;

import io.ballast.octavia.loadbalancer.Identity;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.ServiceKey;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is there when a take-over is planned.
 *
 * @param services Services of the cluster
 * @param loadBalancers every load balancer of the project
 * @param floatingIps every floating IP of the project
 * @param records what kuryr remembers; empty for others
 */
public record Found(
        List<TheirService> services,
        List<TheirLoadBalancer> loadBalancers,
        List<TheirFloatingIp> floatingIps,
        List<KuryrRecord> records) {
    public Found {
        services = List.copyOf(services);
        loadBalancers = List.copyOf(loadBalancers);
        floatingIps = List.copyOf(floatingIps);
        records = List.copyOf(records);
    }

    /**
     * A Service. Source: Kubernetes API, core/v1.
     *
     * @param key our name of the cluster, namespace and name
     * @param type spec.type
     * @param clusterIp spec.clusterIP; {@code None} for a headless one, empty for none
     * @param loadBalancerIp spec.loadBalancerIP; empty for none
     * @param loadBalancerClass spec.loadBalancerClass; empty for none
     * @param ingress addresses of status.loadBalancer
     * @param isDeleting whether it has a deletionTimestamp
     */
    public record TheirService(
            ServiceKey key,
            String uid,
            String resourceVersion,
            String type,
            String clusterIp,
            String loadBalancerIp,
            String loadBalancerClass,
            List<String> ingress,
            List<String> finalizers,
            Map<String, String> annotations,
            boolean isDeleting) {
        public TheirService {
            ingress = List.copyOf(ingress);
            finalizers = List.copyOf(finalizers);
            annotations = Map.copyOf(annotations);
        }

        boolean isKubernetesApi() {
            return key.namespace().equals("default") && key.name().equals("kubernetes");
        }

        boolean isLoadBalancer() {
            return type.equals("LoadBalancer");
        }

        boolean hasClusterIp() {
            return IpAddress.ofKubernetes(clusterIp).isPresent();
        }

        /** Whether it asks for an address from outside, which nobody named. */
        boolean wantsPoolAddress() {
            return isLoadBalancer()
                    && loadBalancerIp.isEmpty()
                    && !annotations
                            .getOrDefault("service.beta.kubernetes.io/openstack-internal-load-balancer", "")
                            .equals("true")
                    && !annotations.getOrDefault("ballast.io/internal", "").equals("true");
        }

        /** Whether its address from outside is to outlive it; what does not parse keeps it, as the translator reads it. */
        boolean keepsAddress() {
            return Stream.of("ballast.io/keep-external", "loadbalancer.openstack.org/keep-floatingip")
                    .map(annotations::get)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .filter(value -> !value.equals("false"))
                    .isPresent();
        }
    }

    /**
     * A load balancer. Source: Octavia API v2.
     *
     * @param provisioningStatus Octavia's word
     * @param tags sorted
     */
    public record TheirLoadBalancer(
            String id,
            String name,
            String provider,
            String provisioningStatus,
            String vipAddress,
            String vipPortId,
            SortedSet<String> tags) {
        public TheirLoadBalancer {
            tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
        }

        Optional<Identity> identity() {
            return Identity.read(tags);
        }
    }

    /**
     * A floating IP. Source: Networking API v2.
     *
     * @param portId the port it leads to; empty for none
     */
    public record TheirFloatingIp(String id, String address, String portId, String description) {}

    /**
     * A KuryrLoadBalancer, of the namespace and name of its Service. Source: its definition in kuryr-kubernetes.
     *
     * @param loadBalancerId status.loadbalancer.id; empty before it made one
     * @param userFloatingIpId status.service_pub_ip_info.ip_id where its alloc_method is user; empty otherwise
     * @param finalizers its finalizers
     * @param isDeleting whether it has a deletionTimestamp
     */
    public record KuryrRecord(
            String namespace,
            String name,
            String resourceVersion,
            String loadBalancerId,
            String userFloatingIpId,
            List<String> finalizers,
            boolean isDeleting) {
        public KuryrRecord {
            finalizers = List.copyOf(finalizers);
        }

        boolean isOf(ServiceKey key) {
            return namespace.equals(key.namespace()) && name.equals(key.name());
        }
    }
}
