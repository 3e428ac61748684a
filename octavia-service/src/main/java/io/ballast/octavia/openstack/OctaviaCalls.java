package io.ballast.octavia.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.octavia.loadbalancer.Adoption;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.FloatingIp;
import io.ballast.octavia.loadbalancer.ForeignLoadBalancer;
import io.ballast.octavia.loadbalancer.Identity;
import io.ballast.octavia.loadbalancer.LoadBalancerHead;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Monitor;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Pool;
import io.ballast.octavia.loadbalancer.OctaviaAction;
import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply.Answered;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.runtime.shell.Calls;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Octavia, and the few calls of Neutron for floating IPs, over a cloud. */
public final class OctaviaCalls implements Calls<OctaviaCall, OctaviaAnswer> {
    /** The longest that what has to be looked at before a write may take: later it is not sent. */
    public static final Duration LOOKS_BEFORE_A_WRITE_MAX = Duration.ofSeconds(65);

    static final String LBAAS = "/v2.0/lbaas/";
    private static final String LOAD_BALANCERS = LBAAS + "loadbalancers";
    private static final int READS_INSTEAD_OF_A_LIST = 10;
    private static final int ADDITIONAL_VIPS_SINCE_MINOR = 26;

    private final InstantSource clock;
    private final OlderApi rest;
    private final Pages pages;
    private final Quotas quotas;
    private final Writes writes;
    private final AccessCalls access;
    private volatile int newestMinor;

    public OctaviaCalls(Rest cloud, InstantSource clock) {
        this.clock = clock;
        this.rest = new OlderApi(cloud);
        this.pages = new Pages(rest);
        this.quotas = new Quotas(pages, clock);
        this.writes = new Writes(rest, pages, quotas, clock);
        this.access = new AccessCalls(rest, pages);
    }

    @Override
    public OctaviaAnswer call(OctaviaCall call) {
        try {
            return switch (call) {
                case OctaviaCall.ListOurs _ -> listOurs();
                case OctaviaCall.ListFloatingIps _ -> new OctaviaAnswer.FloatingIpsListed(floatingIps());
                case OctaviaCall.Look(var identity) -> look(identity);
                case OctaviaCall.LookAtVips(var vips) ->
                    new OctaviaAnswer.Holders(new VipPorts(pages, Api.LOAD_BALANCER).holding(vips));
                case OctaviaCall.Read(var id) -> new OctaviaAnswer.Seen(read(id));
                case OctaviaCall.ReadTree(var id) ->
                    new OctaviaAnswer.Statuses(
                            id,
                            Replies.tree(
                                    get(LOAD_BALANCERS + "/" + id + "/status").path("statuses")));
                case OctaviaCall.Poll(var ids, var seen) -> poll(ids, seen);
                case OctaviaCall.ReadAccess asked -> new OctaviaAnswer.Access(access.read(asked));
                case OctaviaCall.ChangeAccess(var action) -> access.change(action);
                case OctaviaCall.Write(var _, var action) -> {
                    var latest = clock.instant().plus(LOOKS_BEFORE_A_WRITE_MAX);
                    checkVips(action);
                    quotas.check(action);
                    yield writes.make(action, latest);
                }
            };
        } catch (FailedException e) {
            return new OctaviaAnswer.Failed(e.failure);
        }
    }

    @Override
    public OctaviaAnswer failed(OctaviaCall call, RuntimeException cause) {
        return new OctaviaAnswer.Failed(new Failure(Failure.Kind.UNKNOWN, 0, "the call broke: " + cause, null, null));
    }

    private OctaviaAnswer listOurs() throws FailedException {
        checkVersion();
        var heads = heads(ours());
        return new OctaviaAnswer.Listed(heads, foreign(heads), floatingIps());
    }

    /** Everything without an identity, also of what carries our tag. */
    private List<ForeignLoadBalancer> foreign(List<LoadBalancerHead> tagged) throws FailedException {
        var others = heads(RestRequest.get(Api.LOAD_BALANCER, LOAD_BALANCERS)
                .with("not-tags", Identity.OURS)
                .with("fields", "id")
                .with("fields", "name")
                .with("fields", "tags")
                .with("fields", "description")); // before API 2.5 the tags stand in there
        return foreignIn(Stream.concat(tagged.stream(), others.stream()));
    }

    static List<ForeignLoadBalancer> foreignIn(Stream<LoadBalancerHead> heads) {
        return heads.filter(head -> head.identity().isEmpty())
                .map(head -> new ForeignLoadBalancer(head.id(), head.name()))
                .distinct()
                .sorted(Comparator.comparing(ForeignLoadBalancer::id))
                .toList();
    }

    private List<FloatingIp> floatingIps() throws FailedException {
        return pages.all(RestRequest.get(Api.NETWORK, "/v2.0/floatingips"), "floatingips").stream()
                .map(Replies::floatingIp)
                .sorted(Comparator.comparing(FloatingIp::id))
                .toList();
    }

    private void checkVersion() throws FailedException {
        if (newestMinor > 0) {
            return;
        }
        int newest = OlderApi.newestMinor(send(RestRequest.get(Api.LOAD_BALANCER, "/")));
        if (newest < 0) {
            throw new FailedException(new Failure(
                    Failure.Kind.REFUSED, 0, "the Octavia API offers no version of v2, which is needed", null, null));
        }
        rest.offers(newest);
        newestMinor = Math.max(1, newest);
    }

    private void checkVips(OctaviaAction action) throws FailedException {
        if (action instanceof OctaviaAction.CreateLoadBalancer(var blueprint)
                && blueprint.vips().size() > 1
                && newestMinor > 0
                && newestMinor < ADDITIONAL_VIPS_SINCE_MINOR) {
            throw new FailedException(new Failure(
                    Failure.Kind.REFUSED,
                    0,
                    "the Octavia API offers versions up to 2.%d; 2.%d is needed for a load balancer with two VIPs: configure the translator with dual-stack: per-family"
                            .formatted(newestMinor, ADDITIONAL_VIPS_SINCE_MINOR),
                    null,
                    null));
        }
    }

    private OctaviaAnswer look(Identity identity) throws FailedException {
        var found = new ArrayList<>(heads(RestRequest.get(Api.LOAD_BALANCER, LOAD_BALANCERS)
                .with("tags-any", identity.serviceTag() + "," + identity.keyTag())));
        var byHand = Adoption.nameFor(identity);
        if (byHand.isPresent()) {
            heads(RestRequest.get(Api.LOAD_BALANCER, LOAD_BALANCERS).with("name", byHand.get())).stream()
                    .filter(Adoption::isUntagged)
                    .forEach(found::add);
        }
        return new OctaviaAnswer.Found(found);
    }

    /**
     * One is read. Of several, those that are still PENDING are listed, which costs as much as there is under way and not as
     * much as there is; those missing there have come to their end, and are read, or listed with all of ours when they are many.
     */
    private OctaviaAnswer poll(Set<String> ids, Set<ProvisioningStatus> seen) throws FailedException {
        var heads = new TreeMap<String, LoadBalancerHead>();
        if (ids.size() > 1) {
            for (var status : seen) {
                putThose(ids, ours().with("provisioning_status", status.name()), heads);
            }
            if (ids.size() - heads.size() > READS_INSTEAD_OF_A_LIST) {
                putThose(ids, ours(), heads);
            }
        }
        var gone = new TreeSet<String>();
        for (var id : ids) {
            if (heads.containsKey(id)) {
                continue;
            }
            var found = pages.find(LOAD_BALANCERS + "/" + id);
            if (found == null) {
                gone.add(id);
            } else {
                heads.put(id, Replies.head(found.path("loadbalancer")));
            }
        }
        return new OctaviaAnswer.Polled(List.copyOf(heads.values()), gone);
    }

    private void putThose(Set<String> ids, RestRequest request, Map<String, LoadBalancerHead> into)
            throws FailedException {
        heads(request).stream().filter(head -> ids.contains(head.id())).forEach(head -> into.put(head.id(), head));
    }

    private static RestRequest ours() {
        return RestRequest.get(Api.LOAD_BALANCER, LOAD_BALANCERS).with("tags", Identity.OURS);
    }

    private ObservedLoadBalancer read(String id) throws FailedException {
        var head = Replies.head(get(LOAD_BALANCERS + "/" + id).path("loadbalancer"));
        var listeners =
                head.listenerIds().isEmpty() ? List.<JsonNode>of() : childrenOf(head, "listeners", head.listenerIds());
        var pools = new ArrayList<Pool>();
        if (!head.poolIds().isEmpty()) {
            for (var pool : childrenOf(head, "pools", head.poolIds())) {
                pools.add(Replies.pool(pool, members(pool), monitor(Json.orNull(pool, "healthmonitor_id"))));
            }
        }
        return new ObservedLoadBalancer(
                head, listeners.stream().map(Replies::listener).toList(), pools);
    }

    /** Releases differ in what they call the filter, and ignore one that they do not know: the ids decide. */
    private List<JsonNode> childrenOf(LoadBalancerHead head, String collection, Set<String> ids)
            throws FailedException {
        return pages
                .all(
                        RestRequest.get(Api.LOAD_BALANCER, LBAAS + collection)
                                .with("loadbalancer_id", head.id())
                                .with("load_balancer_id", head.id()),
                        collection)
                .stream()
                .filter(each -> ids.contains(Json.text(each, "id")))
                .toList();
    }

    private List<ObservedLoadBalancer.Member> members(JsonNode pool) throws FailedException {
        return pool.path("members").isEmpty()
                ? List.of()
                : pages
                        .all(
                                RestRequest.get(
                                        Api.LOAD_BALANCER, LBAAS + "pools/" + Json.text(pool, "id") + "/members"),
                                "members")
                        .stream()
                        .map(Replies::member)
                        .toList();
    }

    private @Nullable Monitor monitor(@Nullable String id) throws FailedException {
        var found = id == null ? null : pages.find(LBAAS + "healthmonitors/" + id);
        return found == null ? null : Replies.monitor(found.path("healthmonitor"));
    }

    private List<LoadBalancerHead> heads(RestRequest request) throws FailedException {
        return pages.all(request, "loadbalancers").stream()
                .map(Replies::head)
                .filter(head -> OlderApi.isAsked(request, head.tags()))
                .sorted(Comparator.comparing(LoadBalancerHead::id))
                .toList();
    }

    private JsonNode get(String path) throws FailedException {
        return send(RestRequest.get(Api.LOAD_BALANCER, path));
    }

    private JsonNode send(RestRequest request) throws FailedException {
        var reply = rest.send(request);
        if (reply instanceof Answered answered && (answered.isSuccess() || answered.status() == 300)) {
            return answered.body();
        }
        throw new FailedException(Failures.of(reply));
    }
}
