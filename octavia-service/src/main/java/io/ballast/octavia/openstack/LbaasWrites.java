package io.ballast.octavia.openstack;

import static io.ballast.octavia.openstack.OctaviaCalls.LBAAS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAction;
import io.ballast.octavia.loadbalancer.OctaviaAction.AssociateFloatingIp;
import io.ballast.octavia.loadbalancer.OctaviaAction.BatchMembers;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateListener;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateMember;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateMonitor;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreatePool;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteListener;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteMember;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteMonitor;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeletePool;
import io.ballast.octavia.loadbalancer.OctaviaAction.DisassociateFloatingIp;
import io.ballast.octavia.loadbalancer.OctaviaAction.UpdateListener;
import io.ballast.octavia.loadbalancer.OctaviaAction.UpdateLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAction.UpdateMember;
import io.ballast.octavia.loadbalancer.OctaviaAction.UpdateMonitor;
import io.ballast.octavia.loadbalancer.OctaviaAction.UpdatePool;
import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.Product;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply.Answered;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.schemas.contract.DesiredMember;
import java.util.List;
import java.util.Set;

/**
 * Makes the writes to LBaaS v2: one request each. A load balancer is made without children, which then follow one by one. It has
 * no cascade: the deletion of what has children deletes the next of them, and is asked for again until it has none.
 */
final class LbaasWrites {
    private final Rest rest;
    private final Pages pages;
    private final Set<String> extensions;

    LbaasWrites(Rest rest, Pages pages, Set<String> extensions) {
        this.rest = rest;
        this.pages = pages;
        this.extensions = extensions;
    }

    OctaviaAnswer make(OctaviaAction action) throws FailedException {
        var request = request(action);
        var reply = rest.send(request);
        if (reply instanceof Answered answered && answered.isSuccess()) {
            return new OctaviaAnswer.Done(answered.status(), answered.requestId(), product(action, answered.body()));
        }
        var failure = Failures.of(reply);
        return failure.kind() == Failure.Kind.GONE && request.method() == RestRequest.Method.DELETE
                ? new OctaviaAnswer.Done(failure.status(), failure.requestId(), new Product.Nothing())
                : new OctaviaAnswer.Failed(failure);
    }

    private RestRequest request(OctaviaAction action) throws FailedException {
        return switch (action) {
            case CreateLoadBalancer(var blueprint) ->
                RestRequest.post(Api.NETWORK, LBAAS + "loadbalancers", LbaasBodies.loadBalancer(blueprint));
            case UpdateLoadBalancer(var id, var name, var tags) ->
                RestRequest.put(Api.NETWORK, LBAAS + "loadbalancers/" + id, LbaasBodies.loadBalancerUpdate(name, tags));
            case DeleteLoadBalancer(var id) -> deleteNextOf(id);
            case OctaviaAction.FailoverLoadBalancer _ ->
                throw new FailedException(
                        new Failure(Failure.Kind.REFUSED, 0, "LBaaS v2 knows no failover", null, null));
            case OctaviaAction.DeletePort(var id, var _) -> RestRequest.delete(Api.NETWORK, "/v2.0/ports/" + id);
            case CreateListener(var loadBalancerId, var listener, var poolId) ->
                post("listeners", Bodies.listenerCreate(loadBalancerId, listener, poolId));
            case UpdateListener(var id, var listener, var poolId) ->
                put("listeners/" + id, Bodies.listenerUpdate(listener, poolId));
            case DeleteListener(var id, var _) -> delete("listeners/" + id);
            case CreatePool(var loadBalancerId, var pool) -> post("pools", Bodies.poolCreate(loadBalancerId, pool));
            case UpdatePool(var id, var pool) -> put("pools/" + id, Bodies.poolUpdate(pool));
            case DeletePool(var id, var _) -> deletePool(id);
            case CreateMember(var poolId, var member) -> post(members(poolId), create(member));
            case UpdateMember(var poolId, var id, var member) ->
                put(members(poolId) + "/" + id, Bodies.memberUpdate(member));
            case DeleteMember(var poolId, var id, var _, var _) -> delete(members(poolId) + "/" + id);
            case BatchMembers(var _, var all) ->
                throw new FailedException(new Failure(
                        Failure.Kind.REFUSED,
                        0,
                        "LBaaS v2 writes members one by one, not %d at once".formatted(all.size()),
                        null,
                        null));
            case CreateMonitor(var poolId, var monitor) ->
                post("healthmonitors", Bodies.monitorCreate(poolId, monitor));
            case UpdateMonitor(var _, var id, var monitor) ->
                put("healthmonitors/" + id, Bodies.monitorUpdate(monitor));
            case DeleteMonitor(var _, var id) -> delete("healthmonitors/" + id);
            case AssociateFloatingIp(var id, var _, var portId, var vipAddress) ->
                floatingIp(id, Bodies.floatingIp(portId, vipAddress));
            case DisassociateFloatingIp(var id, var _) -> floatingIp(id, Bodies.floatingIp(null, null));
        };
    }

    private ObjectNode create(DesiredMember member) throws FailedException {
        var subnet = member.subnet();
        var id = subnet == null || subnet.isEmpty() ? "" : pages.idOf(Api.NETWORK, "/v2.0/subnets", "subnets", subnet);
        return Bodies.memberCreate(member, _ -> id);
    }

    /** Listeners, then pools, then the load balancer itself. */
    private RestRequest deleteNextOf(String id) throws FailedException {
        var path = "loadbalancers/" + id;
        var found = pages.find(Api.NETWORK, LBAAS + path);
        if (found == null) {
            return delete(path);
        }
        var head = Replies.head(LbaasBodies.asOctavia(found.path("loadbalancer")));
        if (!head.listenerIds().isEmpty()) {
            return delete("listeners/" + head.listenerIds().first());
        }
        return head.poolIds().isEmpty()
                ? delete(path)
                : deletePool(head.poolIds().first());
    }

    /** Its members go with it, its monitor does not. */
    private RestRequest deletePool(String id) throws FailedException {
        var found = pages.find(Api.NETWORK, LBAAS + "pools/" + id);
        var monitor = found == null ? null : Json.orNull(found.path("pool"), "healthmonitor_id");
        return delete(monitor == null ? "pools/" + id : "healthmonitors/" + monitor);
    }

    private static Product product(OctaviaAction action, JsonNode body) {
        return switch (action) {
            case CreateLoadBalancer _, UpdateLoadBalancer _ ->
                new Product.OfLoadBalancer(new ObservedLoadBalancer(
                        Replies.head(LbaasBodies.asOctavia(body.path("loadbalancer"))), List.of(), List.of()));
            default -> Writes.product(action, body);
        };
    }

    private static String members(String poolId) {
        return "pools/" + poolId + "/members";
    }

    private RestRequest post(String path, ObjectNode body) {
        return RestRequest.post(Api.NETWORK, LBAAS + path, LbaasBodies.of(body, extensions));
    }

    private RestRequest put(String path, ObjectNode body) {
        return RestRequest.put(Api.NETWORK, LBAAS + path, LbaasBodies.of(body, extensions));
    }

    private static RestRequest delete(String path) {
        return RestRequest.delete(Api.NETWORK, LBAAS + path);
    }

    private static RestRequest floatingIp(String id, JsonNode body) {
        return RestRequest.put(Api.NETWORK, "/v2.0/floatingips/" + id, body);
    }
}
