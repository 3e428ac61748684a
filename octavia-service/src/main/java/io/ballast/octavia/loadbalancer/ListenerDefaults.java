package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Listener;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateListener;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAction.UpdateListener;
import io.ballast.schemas.contract.DesiredListener;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What this Octavia writes for timeouts that nobody asks for, in milliseconds: its operator may have configured others than the
 * documented ones. Learned from what it answers to writes without them.
 *
 * @param clientDataMillis of timeout_client_data
 * @param memberConnectMillis of timeout_member_connect
 * @param memberDataMillis of timeout_member_data
 * @param tcpInspectMillis of timeout_tcp_inspect
 */
public record ListenerDefaults(
        int clientDataMillis, int memberConnectMillis, int memberDataMillis, int tcpInspectMillis) {
    /** Source: Octavia configuration reference, haproxy_amphora. */
    public static final ListenerDefaults DOCUMENTED = new ListenerDefaults(50_000, 5_000, 50_000, 0);

    /** The same, corrected by what was answered to this write. */
    public ListenerDefaults learned(OctaviaAction action, Product product) {
        return switch (product) {
            case Product.OfListener(var answered)
            when action instanceof CreateListener(var _, var wanted, var _) -> learned(wanted, answered);
            case Product.OfListener(var answered)
            when action instanceof UpdateListener(var _, var wanted, var _) -> learned(wanted, answered);
            case Product.OfLoadBalancer(var made)
            when action instanceof CreateLoadBalancer(var blueprint) ->
                learned(blueprint.listeners(), made.listeners());
            default -> this;
        };
    }

    private ListenerDefaults learned(List<DesiredListener> wanted, List<Listener> answered) {
        var defaults = this;
        for (var listener : wanted) {
            for (var each : answered) {
                if (each.port() == listener.port()
                        && each.protocol().equals(listener.protocol().name())) {
                    defaults = defaults.learned(listener, each);
                }
            }
        }
        return defaults;
    }

    private ListenerDefaults learned(DesiredListener wanted, Listener answered) {
        return new ListenerDefaults(
                learned(wanted.timeoutClientDataMillis(), answered.timeoutClientDataMillis(), clientDataMillis),
                learned(
                        wanted.timeoutMemberConnectMillis(),
                        answered.timeoutMemberConnectMillis(),
                        memberConnectMillis),
                learned(wanted.timeoutMemberDataMillis(), answered.timeoutMemberDataMillis(), memberDataMillis),
                learned(wanted.timeoutTcpInspectMillis(), answered.timeoutTcpInspectMillis(), tcpInspectMillis));
    }

    private static int learned(@Nullable Integer wanted, int answered, int before) {
        return wanted == null ? answered : before;
    }

    /** Whether a timeout is another than is wanted, or than nobody's. */
    boolean differ(DesiredListener wanted, Listener there) {
        return Objects.requireNonNullElse(wanted.timeoutClientDataMillis(), clientDataMillis)
                        != there.timeoutClientDataMillis()
                || Objects.requireNonNullElse(wanted.timeoutMemberConnectMillis(), memberConnectMillis)
                        != there.timeoutMemberConnectMillis()
                || Objects.requireNonNullElse(wanted.timeoutMemberDataMillis(), memberDataMillis)
                        != there.timeoutMemberDataMillis()
                || Objects.requireNonNullElse(wanted.timeoutTcpInspectMillis(), tcpInspectMillis)
                        != there.timeoutTcpInspectMillis();
    }
}
