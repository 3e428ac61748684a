package io.ballast.testbed.sim;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.testbed.openstack.OpenStackModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * People who act on what the status says of load balancers: they give up on some, have others made anew, and in the end the
 * administrator of the cloud ends what is PENDING for ever.
 */
final class People {
    private static final String RECREATE = "ballast.io/recreate";
    private static final String ABANDON = "ballast.io/abandon";
    private static final String SERVICE_TAG = "ballast:service:";

    private final SimCluster cluster;
    private final OpenStackModel openStack;
    private final Schedule schedule;
    private final Watchdog watchdog;
    private final Supplier<List<JsonNode>> loadBalancers;

    /** Ids of load balancers that were given up on, by uid of their Service. */
    private final Map<String, Set<String>> abandoned = new HashMap<>();

    People(
            SimCluster cluster,
            OpenStackModel openStack,
            Schedule schedule,
            Watchdog watchdog,
            Supplier<List<JsonNode>> loadBalancers) {
        this.cluster = cluster;
        this.openStack = openStack;
        this.schedule = schedule;
        this.watchdog = watchdog;
        this.loadBalancers = loadBalancers;
    }

    /** The next load balancers, or changes of them, go wrong in a way that the switch names. */
    void breakNext(String what, int count) {
        openStack.setFaults(openStack.faults().with(what, count), schedule.now());
    }

    void abandon(int service) {
        var uid = cluster.uidOf(service);
        var ids = idsOf(uid);
        cluster.annotate(service, ABANDON, ids);
        abandoned.computeIfAbsent(uid, _ -> new TreeSet<>()).addAll(ids);
        cluster.delete(service);
    }

    void makeAnew(int service) {
        var ids = idsOf(cluster.uidOf(service));
        watchdog.condemn(ids);
        cluster.annotate(service, RECREATE, ids);
    }

    /** Has everything in ERROR made anew whose Service is there. */
    void makeBrokenAnew() {
        for (var service : cluster.services()) {
            var metadata = service.path("metadata");
            var broken = new TreeSet<String>();
            for (var loadBalancer : of(metadata.path("uid").asText())) {
                if (loadBalancer.path("provisioning_status").asText().equals("ERROR")) {
                    broken.add(loadBalancer.path("id").asText());
                }
            }
            if (!broken.isEmpty()) {
                watchdog.condemn(broken);
                cluster.annotate(
                        metadata.path("namespace").asText(),
                        metadata.path("name").asText(),
                        RECREATE,
                        broken);
            }
        }
    }

    /**
     * Services that are still there, deleted, although all that they have is PENDING for ever and given up on. A restore of
     * etcd takes back both the annotation and the deletion.
     */
    List<String> heldByAbandoned() {
        var held = new TreeMap<String, String>();
        for (var service : cluster.services()) {
            if (!service.path("metadata").hasNonNull("deletionTimestamp")) {
                continue;
            }
            var uid = service.path("metadata").path("uid").asText();
            var ids = idsOf(uid);
            if (!ids.isEmpty() && abandoned.getOrDefault(uid, Set.of()).containsAll(ids) && isPending(uid)) {
                held.put(uid, "Service %s is held by %s, which it gave up on".formatted(uid, ids));
            }
        }
        return new ArrayList<>(held.values());
    }

    /** Whether anything was given up on. */
    boolean gaveUp() {
        return !abandoned.isEmpty();
    }

    /** The administrator ends what is PENDING for ever. */
    void freeStuck() {
        openStack.freeStuck(schedule.now());
    }

    private boolean isPending(String uid) {
        return of(uid).stream()
                .allMatch(each -> each.path("provisioning_status").asText().startsWith("PENDING"));
    }

    private Set<String> idsOf(String uid) {
        var ids = new TreeSet<String>();
        of(uid).forEach(each -> ids.add(each.path("id").asText()));
        return ids;
    }

    private List<JsonNode> of(String uid) {
        return loadBalancers.get().stream()
                .filter(each -> {
                    var tags = new ArrayList<String>();
                    each.path("tags").forEach(tag -> tags.add(tag.asText()));
                    return tags.contains(SERVICE_TAG + uid);
                })
                .toList();
    }
}
