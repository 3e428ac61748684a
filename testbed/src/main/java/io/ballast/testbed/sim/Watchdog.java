package io.ballast.testbed.sim;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.testbed.openstack.Call;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Looks at every call that reaches OpenStack and says what must never happen: a load balancer deleted whose Service
 * lives, a second one for a Service, an address given back while its load balancer is there, something foreign touched.
 */
final class Watchdog {
    private final OpenStackModel model;
    private final Predicate<String> isAlive;
    private final Map<String, String> uids = new HashMap<>();
    private final Map<String, Instant> saidDeleted = new HashMap<>();
    private final Set<String> foreign = new HashSet<>();
    private final Set<String> condemned = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private int seen;

    Watchdog(OpenStackModel model, Predicate<String> isAlive) {
        this.model = model;
        this.isAlive = isAlive;
    }

    /** A load balancer of somebody else: nobody of ours may write to it. */
    void protect(String loadBalancerId) {
        foreign.add(loadBalancerId);
        seen = model.calls().size(); // the call that made it
    }

    /** Remembers whose a load balancer is, from what a list of ours showed, once it was ACTIVE: others may be made anew. */
    void learn(String loadBalancerId, String serviceUid, String provisioningStatus) {
        if (provisioningStatus.equals("ACTIVE") && !condemned.contains(loadBalancerId)) {
            uids.put(loadBalancerId, serviceUid);
        }
    }

    /**
     * A restore brought these Services back: what they had may still be deleted, because they were gone.
     *
     * @param loadBalancers those of ours that are there, in whatever state
     */
    void restored(Set<String> back, Collection<JsonNode> loadBalancers) {
        for (var loadBalancer : loadBalancers) {
            for (var tag : loadBalancer.path("tags")) {
                if (back.contains(tag.asText().replace("ballast:service:", ""))) {
                    condemned.add(loadBalancer.path("id").asText());
                }
            }
        }
        uids.entrySet().removeIf(entry -> back.contains(entry.getValue()) && condemned.add(entry.getKey()));
        uids.keySet().removeAll(condemned);
        look(); // at what came before, when they were gone
    }

    /**
     * Services changed: a load balancer with a VIP that its Service has no more may be deleted from here on, even if the
     * Service has the VIP again later, because the deletion may be on its way by then.
     *
     * @param wanted the VIPs that each Service has now
     * @param loadBalancers those of ours that are there, in whatever state
     */
    void changed(Map<String, Set<String>> wanted, Collection<JsonNode> loadBalancers) {
        look(); // at what came before
        for (var loadBalancer : loadBalancers) {
            for (var tag : loadBalancer.path("tags")) {
                var has = wanted.get(tag.asText().replace("ballast:service:", ""));
                if (has != null && !has.containsAll(vips(loadBalancer))) {
                    condemned.add(loadBalancer.path("id").asText());
                }
            }
        }
        uids.keySet().removeAll(condemned);
    }

    /** A person wants these made anew: each may be deleted from here on. */
    void condemn(Collection<String> loadBalancerIds) {
        look(); // at what came before
        condemned.addAll(loadBalancerIds);
        uids.keySet().removeAll(condemned);
    }

    /** ipam grants VIPs to a Service: no load balancer of another Service may still have one of them. */
    void granted(String uid, Set<String> granted, Collection<JsonNode> loadBalancers, Instant now) {
        for (var loadBalancer : loadBalancers) {
            var tags = new ArrayList<String>();
            loadBalancer.path("tags").forEach(tag -> tags.add(tag.asText()));
            if (!tags.contains("ballast:service:" + uid)
                    && vips(loadBalancer).stream().anyMatch(granted::contains)) {
                violations.add("%s: Service %s is granted %s, which load balancer %s of another still has"
                        .formatted(now, uid, granted, loadBalancer.path("id").asText()));
            }
        }
    }

    /** The VIPs of a load balancer, canonical. */
    static List<String> vips(JsonNode loadBalancer) {
        var vips = new ArrayList<String>();
        vips.add(IpAddress.of(loadBalancer.path("vip_address").asText()).toString());
        loadBalancer
                .path("additional_vips")
                .forEach(each ->
                        vips.add(IpAddress.of(each.path("ip_address").asText()).toString()));
        return vips;
    }

    /** octavia says that nothing is left of a Service. */
    void deleted(String uid, Instant now) {
        saidDeleted.putIfAbsent(uid, now);
    }

    /** ipam gives the addresses of a Service back: a load balancer that was there when it was said to be gone must not be. */
    void released(String uid, Collection<JsonNode> loadBalancers, Instant now) {
        var said = saidDeleted.getOrDefault(uid, Instant.MIN);
        loadBalancers.stream()
                .filter(each ->
                        Instant.parse(each.path("created_at").asText() + "Z").isBefore(said))
                .forEach(each ->
                        violations.add("%s: the addresses of Service %s are given back while load balancer %s is %s"
                                .formatted(
                                        now,
                                        uid,
                                        each.path("id").asText(),
                                        each.path("provisioning_status").asText())));
    }

    List<String> violations() {
        return violations;
    }

    /** Judges the calls since the last time. */
    void look() {
        for (var call : model.calls().since(seen)) {
            if (call.isEffectiveWrite()) {
                judge(call);
            }
        }
        seen = model.calls().size();
    }

    private void judge(Call call) {
        var id = call.loadBalancerId();
        if (foreign.contains(id)) {
            violations.add(
                    call.at() + ": " + call.method() + " " + call.path() + " on a load balancer that is not ours");
        }
        var uid = uids.get(id);
        if (call.service() == OpenStackService.OCTAVIA
                && call.method().equals("DELETE")
                && call.resource().equals("loadbalancers")
                && uid != null
                && isAlive.test(uid)) {
            violations.add(call.at() + ": load balancer " + id + " is deleted while its Service " + uid + " lives");
        }
    }
}
