package io.ballast.watcher.kafka;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressType;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.AssociatedExternal;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerState;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedVip;
import io.ballast.schemas.contract.OperatingStatus;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ProvisioningStatus;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServicePort;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.SessionAffinity;
import io.ballast.schemas.contract.SliceEndpoint;
import io.ballast.schemas.contract.SlicePort;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.watcher.snapshot.NamespaceFacts;
import io.ballast.watcher.snapshot.ServiceFacts;
import io.ballast.watcher.snapshot.SliceFacts;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Valid things, of which a test says only what matters to it. */
public final class Given {
    public static final String CLUSTER_UID = "cluster-uid";

    private Given() {}

    public static ServiceFacts service(String name, String uid, ServiceType type) {
        return new ServiceFacts(
                "shop", name, uid, "1", false, List.of(), body(type, "10.2.0.10", Map.of()), List.of(), List.of());
    }

    public static ServiceBody body(ServiceType type, String clusterIp, Map<String, String> annotations) {
        return new ServiceBody(
                type,
                Map.of(),
                annotations,
                Map.of(),
                Map.of(),
                true,
                List.of(clusterIp),
                List.of(IpFamily.IPV4),
                null,
                List.of(new ServicePort("http", PortProtocol.TCP, 80, "8080", null, null)),
                null,
                null,
                List.of(),
                SessionAffinity.NONE,
                null,
                null,
                null,
                null,
                true,
                false);
    }

    public static NamespaceFacts namespace(String name) {
        return new NamespaceFacts(name, name + "-uid", "1", false, Map.of("team", "a"), Map.of());
    }

    public static SliceFacts slice(String name, String uid, String service, String... addresses) {
        return new SliceFacts(
                "shop",
                name,
                uid,
                "1",
                service,
                AddressType.IPV4,
                "",
                List.of(new SlicePort("http", PortProtocol.TCP, 8080)),
                List.of(addresses).stream()
                        .map(address -> new SliceEndpoint(List.of(address), true, true, false, null, null, null))
                        .toList());
    }

    public static LoadBalancerStatus status(
            LoadBalancerPhase phase, String uid, @Nullable StatusReason reason, String... externals) {
        boolean exists =
                switch (phase) {
                    case ACTIVE, UPDATING, DEGRADED, ERROR, DELETING, OBSERVED -> true;
                    default -> false;
                };
        var balancer = new LoadBalancerState(
                "lb-id",
                "shop/web",
                "amphora",
                List.of(new ObservedVip("10.2.0.10", "port", "subnet")),
                ProvisioningStatus.ACTIVE,
                OperatingStatus.ONLINE,
                List.of(),
                "");
        return new LoadBalancerStatus(
                phase,
                CLUSTER_UID,
                uid,
                1,
                1,
                1,
                reason,
                reason == null ? "" : "It went wrong.",
                null,
                exists ? List.of(balancer) : List.of(),
                List.of(externals).stream()
                        .map(address -> new AssociatedExternal(address, "fip", true))
                        .toList());
    }

    public static AddressAllocation allocation(AllocationState state, String uid, String... externals) {
        return allocation(state, uid, null, List.of(externals), List.of());
    }

    public static AddressAllocation allocation(
            AllocationState state,
            String uid,
            @Nullable AllocationReason reason,
            List<String> externals,
            List<String> lettingGo) {
        return new AddressAllocation(
                state,
                CLUSTER_UID,
                uid,
                1,
                1,
                "amphora",
                List.of(new GrantedVip(IpFamily.IPV4, "10.2.0.10", "subnet", "network")),
                2,
                externals.stream().map(Given::granted).toList(),
                lettingGo.stream().map(Given::granted).toList(),
                reason,
                reason == null ? "" : "No address.",
                1L);
    }

    private static GrantedExternal granted(String address) {
        return new GrantedExternal(
                IpFamily.IPV4,
                ExternalMethod.POOL,
                AllocationState.GRANTED,
                address,
                "fip",
                "public",
                "default",
                true,
                null,
                "");
    }
}
