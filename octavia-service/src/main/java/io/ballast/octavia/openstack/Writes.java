package io.ballast.octavia.openstack;

import static io.ballast.octavia.openstack.OctaviaCalls.LBAAS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.octavia.loadbalancer.Blueprint;
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
import io.ballast.octavia.loadbalancer.OctaviaAction.DeletePort;
import io.ballast.octavia.loadbalancer.OctaviaAction.DisassociateFloatingIp;
import io.ballast.octavia.loadbalancer.OctaviaAction.FailoverLoadBalancer;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Makes the writes: one request each. */
final class Writes {
    private final Rest rest;
    private final Pages pages;
    private final Explanations explanations;
    private final InstantSource clock;

    Writes(Rest rest, Pages pages, Quotas quotas, InstantSource clock) {
        this.clock = clock;
        this.rest = rest;
        this.pages = pages;
        this.explanations = new Explanations(pages, quotas);
    }

    /** @param latest when it is sent no more: an owner after us counts on its end by then */
    OctaviaAnswer make(OctaviaAction action, Instant latest) throws FailedException {
        var request = request(action);
        if (clock.instant().isAfter(latest)) {
            throw new FailedException(new Failure(
                    Failure.Kind.UNREACHABLE,
                    0,
                    "not sent: what had to be looked at before took until after %s".formatted(latest),
                    null,
                    null));
        }
        var reply = rest.send(request);
        if (reply instanceof Answered answered && answered.isSuccess()) {
            return new OctaviaAnswer.Done(answered.status(), answered.requestId(), product(action, answered.body()));
        }
        var failure = Failures.of(reply);
        return failure.kind() == Failure.Kind.GONE && request.method() == RestRequest.Method.DELETE
                ? new OctaviaAnswer.Done(failure.status(), failure.requestId(), new Product.Nothing())
                : new OctaviaAnswer.Failed(explanations.of(action, failure));
    }

    private RestRequest request(OctaviaAction action) throws FailedException {
        return switch (action) {
            case CreateLoadBalancer(var blueprint) -> post("loadbalancers", loadBalancer(blueprint));
            case UpdateLoadBalancer(var id, var name, var tags) ->
                put("loadbalancers/" + id, Bodies.loadBalancerUpdate(name, tags));
            case DeleteLoadBalancer(var id) -> delete("loadbalancers/" + id).with("cascade", "true");
            case FailoverLoadBalancer(var id) -> failover(id);
            case DeletePort(var id, var _) -> RestRequest.delete(Api.NETWORK, "/v2.0/ports/" + id);
            case CreateListener(var loadBalancerId, var listener, var poolId) ->
                post("listeners", Bodies.listenerCreate(loadBalancerId, listener, poolId));
            case UpdateListener(var id, var listener, var poolId) ->
                put("listeners/" + id, Bodies.listenerUpdate(listener, poolId));
            case DeleteListener(var id, var _) -> delete("listeners/" + id);
            case CreatePool(var loadBalancerId, var pool) -> post("pools", Bodies.poolCreate(loadBalancerId, pool));
            case UpdatePool(var id, var pool) -> put("pools/" + id, Bodies.poolUpdate(pool));
            case DeletePool(var id, var _) -> delete("pools/" + id);
            case CreateMember(var poolId, var member) ->
                post(members(poolId), Bodies.memberCreate(member, subnets(List.of(member))));
            case UpdateMember(var poolId, var id, var member) ->
                put(members(poolId) + "/" + id, Bodies.memberUpdate(member));
            case DeleteMember(var poolId, var id, var _, var _) -> delete(members(poolId) + "/" + id);
            case BatchMembers(var poolId, var all) -> put(members(poolId), Bodies.batch(all, subnets(all)));
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

    private ObjectNode loadBalancer(Blueprint blueprint) throws FailedException {
        var flavor = blueprint.flavor();
        var flavorId = flavor == null ? null : pages.idOf(Api.LOAD_BALANCER, LBAAS + "flavors", "flavors", flavor);
        var members = blueprint.pools().stream()
                .flatMap(pool -> pool.members().stream())
                .toList();
        return Bodies.loadBalancer(blueprint, flavorId, subnets(members));
    }

    private UnaryOperator<String> subnets(List<DesiredMember> members) throws FailedException {
        var ids = new TreeMap<String, String>();
        for (var member : members) {
            var subnet = member.subnet();
            if (subnet != null && !subnet.isEmpty() && !ids.containsKey(subnet)) {
                ids.put(subnet, pages.idOf(Api.NETWORK, "/v2.0/subnets", "subnets", subnet));
            }
        }
        return subnet -> ids.getOrDefault(subnet, subnet);
    }

    static Product product(OctaviaAction action, JsonNode body) {
        return switch (action) {
            case CreateLoadBalancer(var blueprint) ->
                new Product.OfLoadBalancer(linked(Replies.created(body.path("loadbalancer")), blueprint));
            case UpdateLoadBalancer _ ->
                new Product.OfLoadBalancer(
                        new ObservedLoadBalancer(Replies.head(body.path("loadbalancer")), List.of(), List.of()));
            case CreateListener _, UpdateListener _ -> new Product.OfListener(Replies.listener(body.path("listener")));
            case CreatePool _, UpdatePool _ -> new Product.OfPool(Replies.pool(body.path("pool"), List.of(), null));
            case CreateMember _, UpdateMember _ -> new Product.OfMember(Replies.member(body.path("member")));
            case CreateMonitor _, UpdateMonitor _ -> new Product.OfMonitor(Replies.monitor(body.path("healthmonitor")));
            case AssociateFloatingIp _, DisassociateFloatingIp _ ->
                new Product.OfFloatingIp(Replies.floatingIp(body.path("floatingip")));
            case DeleteLoadBalancer _,
                    FailoverLoadBalancer _,
                    DeletePort _,
                    DeleteListener _,
                    DeletePool _,
                    DeleteMember _,
                    DeleteMonitor _,
                    BatchMembers _ -> new Product.Nothing();
        };
    }

    /** Some releases leave the default pool out of the reply to a create: it is the one that was asked for by name. */
    private static ObservedLoadBalancer linked(ObservedLoadBalancer created, Blueprint blueprint) {
        var listeners = created.listeners().stream()
                .map(listener -> listener.defaultPoolId() == null ? link(listener, created, blueprint) : listener)
                .toList();
        return new ObservedLoadBalancer(created.head(), listeners, created.pools());
    }

    private static ObservedLoadBalancer.Listener link(
            ObservedLoadBalancer.Listener listener, ObservedLoadBalancer created, Blueprint blueprint) {
        var pool = blueprint.listeners().stream()
                .filter(each -> each.name().equals(listener.name()))
                .findFirst()
                .map(each -> each.pool());
        return created.pools().stream()
                .filter(each -> pool.isPresent() && each.name().equals(pool.get()))
                .findFirst()
                .map(each -> listener.withDefaultPool(each.id()))
                .orElse(listener);
    }

    private static String members(String poolId) {
        return "pools/" + poolId + "/members";
    }

    private static RestRequest post(String path, JsonNode body) {
        return RestRequest.post(Api.LOAD_BALANCER, LBAAS + path, body);
    }

    private static RestRequest put(String path, JsonNode body) {
        return RestRequest.put(Api.LOAD_BALANCER, LBAAS + path, body);
    }

    private static RestRequest failover(String id) {
        return new RestRequest(
                Api.LOAD_BALANCER,
                RestRequest.Method.PUT,
                LBAAS + "loadbalancers/" + id + "/failover",
                new TreeMap<>(),
                null,
                null);
    }

    private static RestRequest delete(String path) {
        return RestRequest.delete(Api.LOAD_BALANCER, LBAAS + path);
    }

    private static RestRequest floatingIp(String id, JsonNode body) {
        return RestRequest.put(Api.NETWORK, "/v2.0/floatingips/" + id, body);
    }
}
