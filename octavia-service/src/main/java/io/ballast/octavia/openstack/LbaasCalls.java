package io.ballast.octavia.openstack;

import static io.ballast.octavia.openstack.OctaviaCalls.LBAAS;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.octavia.loadbalancer.Adoption;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.FloatingIp;
import io.ballast.octavia.loadbalancer.Identity;
import io.ballast.octavia.loadbalancer.LoadBalancerHead;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Listener;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Member;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Monitor;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Pool;
import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.runtime.shell.Calls;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * LBaaS v2 of Neutron. It has no tags, so everything of the project is listed and told apart by its description; no filter by
 * parent, so children are read by their ids; and statuses of children only in the tree.
 */
final class LbaasCalls implements Calls<OctaviaCall, OctaviaAnswer> {
    private static final String LOAD_BALANCERS = LBAAS + "loadbalancers";

    private final Pages pages;
    private final LbaasWrites writes;
    private final AccessCalls access;

    LbaasCalls(Rest rest, Set<String> extensions) {
        this.pages = new Pages(rest);
        this.writes = new LbaasWrites(rest, pages, extensions);
        this.access = new AccessCalls(rest, pages);
    }

    @Override
    public OctaviaAnswer call(OctaviaCall call) {
        try {
            return switch (call) {
                case OctaviaCall.ListOurs _ -> listAll();
                case OctaviaCall.ListFloatingIps _ -> new OctaviaAnswer.FloatingIpsListed(floatingIps());
                case OctaviaCall.Look(var identity) -> new OctaviaAnswer.Found(heads(head -> isOf(identity, head)));
                case OctaviaCall.LookAtVips(var vips) ->
                    new OctaviaAnswer.Holders(new VipPorts(pages, Api.NETWORK).holding(vips));
                case OctaviaCall.Read(var id) -> new OctaviaAnswer.Seen(read(id));
                case OctaviaCall.ReadTree(var id) ->
                    new OctaviaAnswer.Statuses(
                            id,
                            Replies.tree(
                                    get(LOAD_BALANCERS + "/" + id + "/statuses").path("statuses")));
                case OctaviaCall.Poll poll -> poll(poll.loadBalancerIds());
                case OctaviaCall.ReadAccess asked -> new OctaviaAnswer.Access(access.read(asked));
                case OctaviaCall.ChangeAccess(var action) -> access.change(action);
                case OctaviaCall.Write(var _, var action) -> writes.make(action);
            };
        } catch (FailedException e) {
            return new OctaviaAnswer.Failed(e.failure);
        }
    }

    @Override
    public OctaviaAnswer failed(OctaviaCall call, RuntimeException cause) {
        return new OctaviaAnswer.Failed(new Failure(Failure.Kind.UNKNOWN, 0, "the call broke: " + cause, null, null));
    }

    private OctaviaAnswer listAll() throws FailedException {
        var all = heads(_ -> true);
        return new OctaviaAnswer.Listed(
                all.stream().filter(head -> head.identity().isPresent()).toList(),
                OctaviaCalls.foreignIn(all.stream()),
                floatingIps());
    }

    private static boolean isOf(Identity identity, LoadBalancerHead head) {
        var found = head.identity();
        return found.map(each -> each.serviceUid().equals(identity.serviceUid())
                        || each.key().equals(identity.key()))
                .orElseGet(() ->
                        Adoption.nameFor(identity).filter(head.name()::equals).isPresent());
    }

    private List<LoadBalancerHead> heads(Predicate<LoadBalancerHead> wanted) throws FailedException {
        return pages.all(RestRequest.get(Api.NETWORK, LOAD_BALANCERS), "loadbalancers").stream()
                .map(LbaasCalls::head)
                .filter(wanted)
                .sorted(Comparator.comparing(LoadBalancerHead::id))
                .toList();
    }

    private static LoadBalancerHead head(JsonNode node) {
        return Replies.head(LbaasBodies.asOctavia(node));
    }

    private List<FloatingIp> floatingIps() throws FailedException {
        return pages.all(RestRequest.get(Api.NETWORK, "/v2.0/floatingips"), "floatingips").stream()
                .map(Replies::floatingIp)
                .sorted(Comparator.comparing(FloatingIp::id))
                .toList();
    }

    private OctaviaAnswer poll(Set<String> ids) throws FailedException {
        var heads = new ArrayList<LoadBalancerHead>();
        if (ids.size() == 1) {
            var found = pages.find(
                    Api.NETWORK, LOAD_BALANCERS + "/" + ids.iterator().next());
            if (found != null) {
                heads.add(head(found.path("loadbalancer")));
            }
        } else {
            heads.addAll(heads(head -> ids.contains(head.id())));
        }
        var gone = new TreeSet<>(ids);
        heads.forEach(head -> gone.remove(head.id()));
        return new OctaviaAnswer.Polled(heads, gone);
    }

    private ObservedLoadBalancer read(String id) throws FailedException {
        var head = head(get(LOAD_BALANCERS + "/" + id).path("loadbalancer"));
        var listeners = new ArrayList<Listener>();
        for (var each : head.listenerIds()) {
            listeners.add(Replies.listener(get(LBAAS + "listeners/" + each).path("listener")));
        }
        var pools = new ArrayList<Pool>();
        for (var each : head.poolIds()) {
            var pool = get(LBAAS + "pools/" + each).path("pool");
            pools.add(Replies.pool(pool, members(each, pool), monitor(Json.orNull(pool, "healthmonitor_id"))));
        }
        return new ObservedLoadBalancer(head, listeners, pools);
    }

    private List<Member> members(String poolId, JsonNode pool) throws FailedException {
        return pool.path("members").isEmpty()
                ? List.of()
                : pages.all(RestRequest.get(Api.NETWORK, LBAAS + "pools/" + poolId + "/members"), "members").stream()
                        .map(Replies::member)
                        .toList();
    }

    private @Nullable Monitor monitor(@Nullable String id) throws FailedException {
        var found = id == null ? null : pages.find(Api.NETWORK, LBAAS + "healthmonitors/" + id);
        return found == null ? null : Replies.monitor(found.path("healthmonitor"));
    }

    private JsonNode get(String path) throws FailedException {
        var found = pages.find(Api.NETWORK, path);
        if (found == null) {
            throw new FailedException(new Failure(Failure.Kind.GONE, 404, path + " is gone", null, null));
        }
        return found;
    }
}
