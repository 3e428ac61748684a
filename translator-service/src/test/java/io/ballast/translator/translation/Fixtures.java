package io.ballast.translator.translation;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.GoneReason;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServicePort;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.SessionAffinity;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.schemas.contract.VipClaim;
import io.ballast.translator.translation.Translated.NotManaged;
import io.ballast.translator.translation.Translated.Refused;
import io.ballast.translator.translation.Translated.Served;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records that are valid, and show only what a test is about. */
public final class Fixtures {
    public static final String CLUSTER = "cluster-uid";

    private static final ServiceBody BODY = new ServiceBody(
            ServiceType.CLUSTER_IP,
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            true,
            List.of("10.2.0.10"),
            List.of(IpFamily.IPV4),
            null,
            List.of(new ServicePort(null, PortProtocol.TCP, 80, "8080", null, null)),
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

    private Fixtures() {}

    public static ServiceSnapshot present(String uid) {
        return new ServiceSnapshot(SnapshotState.PRESENT, CLUSTER, uid, "7", null, BODY);
    }

    /** The Service with these annotations. */
    public static ServiceSnapshot present(String uid, Map<String, String> annotations) {
        var body = new ServiceBody(
                BODY.type(),
                BODY.labels(),
                annotations,
                BODY.namespaceLabels(),
                BODY.namespaceAnnotations(),
                BODY.hasSelector(),
                BODY.clusterIps(),
                BODY.ipFamilies(),
                BODY.ipFamilyPolicy(),
                BODY.ports(),
                BODY.loadBalancerIp(),
                BODY.loadBalancerClass(),
                BODY.sourceRanges(),
                BODY.sessionAffinity(),
                BODY.sessionAffinityTimeoutSeconds(),
                BODY.externalTrafficPolicy(),
                BODY.internalTrafficPolicy(),
                BODY.healthCheckNodePort(),
                BODY.allocateNodePorts(),
                BODY.publishNotReadyAddresses());
        return new ServiceSnapshot(SnapshotState.PRESENT, CLUSTER, uid, "7", null, body);
    }

    public static ServiceSnapshot gone(String uid) {
        return new ServiceSnapshot(SnapshotState.GONE, CLUSTER, uid, "8", GoneReason.WATCHED_DELETE, null);
    }

    /** Load balancers that differ by their tag, and by nothing that would need new ones. */
    static Wanted wanted(String tag) {
        return wanted(tag, "", "10.2.0.10");
    }

    static Wanted wanted(String tag, String provider, String vip) {
        var body = new DesiredLoadBalancerBody(
                "shop/web", provider, null, null, List.of(IpFamily.IPV4), List.of(tag), List.of(), List.of());
        return new Wanted(
                List.of(body), provider, List.of(new VipClaim(IpFamily.IPV4, vip)), List.of(), List.of(), List.of());
    }

    static Translated served() {
        return new Served(wanted("a"));
    }

    static Translated refused() {
        return new Refused(DesiredReason.INVALID_ANNOTATION, "no", wanted("best"));
    }

    static Translated notManaged() {
        return new NotManaged(DesiredReason.MANAGE_NONE, "not ours");
    }

    public static DesiredLoadBalancer desired(DesiredState state, String uid, long incarnation, long generation) {
        var bodies = state == DesiredState.PRESENT ? wanted("a").bodies() : List.<DesiredLoadBalancerBody>of();
        var reason = state == DesiredState.NOT_MANAGED
                ? DesiredReason.MANAGE_NONE
                : state == DesiredState.REFUSED ? DesiredReason.INVALID_ANNOTATION : null;
        return new DesiredLoadBalancer(
                state,
                CLUSTER,
                uid,
                "6",
                incarnation,
                generation,
                reason,
                state == DesiredState.NOT_MANAGED ? "not ours" : state == DesiredState.REFUSED ? "no" : "",
                state == DesiredState.ABSENT ? ServiceType.UNKNOWN : ServiceType.CLUSTER_IP,
                false,
                List.of(),
                bodies);
    }

    public static AddressClaim claim(ClaimState state, String uid, long incarnation, long generation) {
        return new AddressClaim(
                state,
                CLUSTER,
                uid,
                incarnation,
                generation,
                "",
                state == ClaimState.WANTED ? wanted("a").vips() : List.of(),
                List.of(),
                List.of());
    }

    public static AddressAllocation allocation(AllocationState state, String uid, long incarnation) {
        return new AddressAllocation(
                state, CLUSTER, uid, incarnation, 1, "", List.of(), 0, List.of(), List.of(), null, "", null);
    }

    public static LoadBalancerStatus status(LoadBalancerPhase phase, String uid, long incarnation) {
        return new LoadBalancerStatus(phase, CLUSTER, uid, incarnation, 0, 0, null, "", null, List.of(), List.of());
    }

    /** The state of a key, put together from the records that matter. */
    static final class StateBuilder {
        private @Nullable ServiceSnapshot snapshot;
        private @Nullable Translated translated;
        private @Nullable DesiredLoadBalancer desired;
        private @Nullable AddressClaim claim;
        private @Nullable AddressAllocation allocation;
        private @Nullable LoadBalancerStatus status;
        private @Nullable String answeredGone;

        static StateBuilder aState() {
            return new StateBuilder();
        }

        StateBuilder present(String uid, Translated what) {
            this.snapshot = Fixtures.present(uid);
            this.translated = what;
            return this;
        }

        StateBuilder gone(String uid) {
            this.snapshot = Fixtures.gone(uid);
            return this;
        }

        StateBuilder desired(DesiredState state, String uid, long incarnation) {
            return desired(Fixtures.desired(state, uid, incarnation, 5));
        }

        StateBuilder desired(DesiredLoadBalancer value) {
            this.desired = value;
            return this;
        }

        StateBuilder claim(ClaimState state, String uid, long incarnation) {
            this.claim = Fixtures.claim(state, uid, incarnation, 3);
            return this;
        }

        StateBuilder allocation(AllocationState state, String uid, long incarnation) {
            this.allocation = Fixtures.allocation(state, uid, incarnation);
            return this;
        }

        StateBuilder status(LoadBalancerPhase phase, String uid, long incarnation) {
            this.status = Fixtures.status(phase, uid, incarnation);
            return this;
        }

        StateBuilder answeredGone(String uid) {
            this.answeredGone = uid;
            return this;
        }

        KeyState build() {
            return new KeyState(snapshot, translated, desired, claim, allocation, status, answeredGone);
        }

        Decision decide() {
            return Lifecycle.decide(build());
        }
    }
}
