package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.DesiredHealthMonitor;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** One write to OpenStack. Equal actions are the same write. */
public sealed interface OctaviaAction {
    /** Everything in one fully populated POST. */
    record CreateLoadBalancer(Blueprint blueprint) implements OctaviaAction {}

    /** Name and tags; and up. */
    record UpdateLoadBalancer(String loadBalancerId, String name, SortedSet<String> tags) implements OctaviaAction {}

    /** With all its children. */
    record DeleteLoadBalancer(String loadBalancerId) implements OctaviaAction {}

    /** Asks Octavia to build its amphorae anew; its addresses and children stay. By default for administrators only. */
    record FailoverLoadBalancer(String loadBalancerId) implements OctaviaAction {}

    /** The port of a VIP that a failed create left behind. */
    record DeletePort(String portId, String address) implements OctaviaAction {}

    record CreateListener(String loadBalancerId, DesiredListener listener, String poolId) implements OctaviaAction {}

    /** Everything that can change of a listener. */
    record UpdateListener(
            String listenerId,
            DesiredListener listener,
            @Nullable String poolId) implements OctaviaAction {}

    record DeleteListener(String listenerId, String name) implements OctaviaAction {}

    /** Without its members and its monitor. */
    record CreatePool(String loadBalancerId, DesiredPool pool) implements OctaviaAction {}

    /** Name, algorithm and persistence; and up. */
    record UpdatePool(String poolId, DesiredPool pool) implements OctaviaAction {}

    record DeletePool(String poolId, String name) implements OctaviaAction {}

    record CreateMember(String poolId, DesiredMember member) implements OctaviaAction {}

    record UpdateMember(String poolId, String memberId, DesiredMember member) implements OctaviaAction {}

    record DeleteMember(String poolId, String memberId, String address, int port) implements OctaviaAction {}

    /** All members of a pool at once; those not listed go. */
    record BatchMembers(String poolId, List<DesiredMember> members) implements OctaviaAction {
        public BatchMembers {
            members = List.copyOf(members);
        }
    }

    record CreateMonitor(String poolId, DesiredHealthMonitor monitor) implements OctaviaAction {}

    record UpdateMonitor(String poolId, String monitorId, DesiredHealthMonitor monitor) implements OctaviaAction {}

    record DeleteMonitor(String poolId, String monitorId) implements OctaviaAction {}

    /** Lets a floating IP lead to a VIP. */
    record AssociateFloatingIp(String floatingIpId, String address, String portId, String vipAddress)
            implements OctaviaAction {}

    /** Lets a floating IP lead nowhere. */
    record DisassociateFloatingIp(String floatingIpId, String address) implements OctaviaAction {}

    /** Its word in outcomes and metrics. */
    default String word() {
        return getClass().getSimpleName();
    }

    /** What it is about, for a sentence. */
    default String subject() {
        return switch (this) {
            case CreateLoadBalancer(var blueprint) -> "load balancer " + blueprint.name();
            case UpdateLoadBalancer(var _, var name, var _) -> "load balancer " + name;
            case DeleteLoadBalancer(var id) -> "load balancer " + id;
            case FailoverLoadBalancer(var id) -> "failover of load balancer " + id;
            case DeletePort(var id, var address) -> "port " + id + " of VIP " + address;
            case CreateListener(var _, var listener, var _) -> "listener " + listener.name();
            case UpdateListener(var _, var listener, var _) -> "listener " + listener.name();
            case DeleteListener(var _, var name) -> "listener " + name;
            case CreatePool(var _, var pool) -> "pool " + pool.name();
            case UpdatePool(var _, var pool) -> "pool " + pool.name();
            case DeletePool(var _, var name) -> "pool " + name;
            case CreateMember(var _, var member) -> "member " + member.address() + ":" + member.port();
            case UpdateMember(var _, var _, var member) -> "member " + member.address() + ":" + member.port();
            case DeleteMember(var _, var _, var address, var port) -> "member " + address + ":" + port;
            case BatchMembers(var _, var members) -> members.size() + " members";
            case CreateMonitor(var _, var monitor) -> "health monitor " + monitor.name();
            case UpdateMonitor(var _, var _, var monitor) -> "health monitor " + monitor.name();
            case DeleteMonitor(var _, var id) -> "health monitor " + id;
            case AssociateFloatingIp(var _, var address, var _, var _) -> "floating IP " + address;
            case DisassociateFloatingIp(var _, var address) -> "floating IP " + address;
        };
    }

    /** Id of what it writes to; null for what does not exist yet. */
    default @Nullable String resourceId() {
        return switch (this) {
            case CreateLoadBalancer _, CreateListener _, CreatePool _, CreateMember _, CreateMonitor _ -> null;
            case UpdateLoadBalancer(var id, var _, var _) -> id;
            case DeleteLoadBalancer(var id) -> id;
            case FailoverLoadBalancer(var id) -> id;
            case DeletePort(var id, var _) -> id;
            case UpdateListener(var id, var _, var _) -> id;
            case DeleteListener(var id, var _) -> id;
            case UpdatePool(var id, var _) -> id;
            case DeletePool(var id, var _) -> id;
            case UpdateMember(var _, var id, var _) -> id;
            case DeleteMember(var _, var id, var _, var _) -> id;
            case BatchMembers(var id, var _) -> id;
            case UpdateMonitor(var _, var id, var _) -> id;
            case DeleteMonitor(var _, var id) -> id;
            case AssociateFloatingIp(var id, var _, var _, var _) -> id;
            case DisassociateFloatingIp(var id, var _) -> id;
        };
    }

    /** Whether it needs an id that a batch of ours did not tell; then the load balancer is read again first. */
    default boolean lacksId() {
        return switch (this) {
            case UpdateMember(var _, var id, var _) -> id.isEmpty();
            case DeleteMember(var _, var id, var _, var _) -> id.isEmpty();
            default -> false;
        };
    }
}
