package io.ballast.testbed.contract;

import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What tests have made, in order to delete it; anything below a load balancer goes with it. */
final class Made {
    /** In the order in which they can be deleted. */
    private static final List<String> COLLECTIONS =
            List.of("floatingips", "loadbalancers", "ports", "routers", "subnets", "networks", "security-groups");

    private record Thing(String user, String collection, String id) {
        boolean isLoadBalancer() {
            return collection.equals("loadbalancers");
        }
    }

    private final ContractCloud cloud;
    /** What the running test has made. */
    private final Set<Thing> ofTest = ConcurrentHashMap.newKeySet();
    /** What stays for the class. */
    private final Set<Thing> ofClass = new LinkedHashSet<>();
    /** What cannot be deleted yet, or is on its way out. */
    private final Set<Thing> leaving = new LinkedHashSet<>();

    Made(ContractCloud cloud) {
        this.cloud = cloud;
    }

    /** Remembers what a reply says was made. */
    void note(String user, ModelRequest request, ModelReply reply) {
        if (!request.method().equals("POST")
                || reply.status() != 201
                || request.service() == OpenStackService.KEYSTONE) {
            return;
        }
        var collection = request.path().substring(request.path().lastIndexOf('/') + 1);
        if (COLLECTIONS.contains(collection)) {
            remember(user, collection, reply.json().iterator().next().path("id").asText());
        }
    }

    void remember(String user, String collection, String id) {
        ofTest.add(new Thing(user, collection, id));
    }

    <T> T shared(Supplier<T> making) {
        var before = new LinkedHashSet<>(ofTest);
        ofTest.clear();
        try {
            var result = making.get();
            settle();
            ofClass.addAll(ofTest);
            return result;
        } finally {
            ofTest.clear();
            ofTest.addAll(before);
        }
    }

    /** Returns when nothing of the test's or the class's is PENDING. */
    void settle() {
        var all = new ArrayList<>(ofTest);
        all.addAll(ofClass);
        for (var thing : all) {
            if (thing.isLoadBalancer()) {
                cloud.waiting()
                        .alias("load balancer " + thing.id + " is settled")
                        .until(() -> !cloud.status("loadbalancers/" + thing.id).startsWith("PENDING"));
            }
        }
    }

    void cleanUp() {
        leaving.addAll(ofTest);
        ofTest.clear();
        List.copyOf(leaving).stream()
                .sorted(Comparator.comparingInt(thing -> COLLECTIONS.indexOf(thing.collection)))
                .filter(this::isGone)
                .forEach(leaving::remove);
        settle();
    }

    void finish() {
        leaving.addAll(ofClass);
        ofClass.clear();
        cloud.waiting().alias("what the tests made is gone").until(() -> {
            cleanUp();
            return leaving.isEmpty();
        });
    }

    /** Deletes it, or tries to. */
    private boolean isGone(Thing thing) {
        var service = thing.isLoadBalancer() ? OpenStackService.OCTAVIA : OpenStackService.NEUTRON;
        var target = (thing.isLoadBalancer() ? "/v2/lbaas/%s/%s?cascade=true" : "/v2.0/%s/%s")
                .formatted(thing.collection, thing.id);
        var reply = cloud.send(thing.user, ModelRequest.of(service, "DELETE", target));
        return reply.status() == 404 || (reply.status() == 204 && !thing.isLoadBalancer());
    }
}
