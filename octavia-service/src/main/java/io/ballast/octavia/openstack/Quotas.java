package io.ballast.octavia.openstack;

import static io.ballast.octavia.openstack.OctaviaCalls.LBAAS;

import io.ballast.octavia.loadbalancer.OctaviaAction;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateLoadBalancer;
import io.ballast.octavia.loadbalancer.ProjectQuota;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Octavia's quotas, and what of them is in use. Those of load balancers are remembered: many creates share one read. */
final class Quotas {
    private static final String COLLECTION = "loadbalancers";

    /** Names of the quota of load balancers: that of today, and that of older releases. */
    private static final List<String> KEYS = List.of("loadbalancer", "load_balancer");

    private final Pages pages;
    private final InstantSource clock;
    private final Map<String, Remembered> ofProjects = new ConcurrentHashMap<>();

    Quotas(Pages pages, InstantSource clock) {
        this.pages = pages;
        this.clock = clock;
    }

    /** The quota of one project. Creates of it wait for one read, those of others do not. */
    private static final class Remembered {
        private final ReentrantLock reading = new ReentrantLock();
        private String project = "";
        private ProjectQuota quota = ProjectQuota.unlimited(Instant.EPOCH);
    }

    /**
     * Throws when the project of a create has as many load balancers as it may have. What cannot be read refuses nothing:
     * Octavia answers for itself.
     */
    void check(OctaviaAction action) throws FailedException {
        if (!(action instanceof CreateLoadBalancer(var blueprint))) {
            return;
        }
        var given = blueprint.project();
        var remembered = ofProjects.computeIfAbsent(given == null ? "" : given, _ -> new Remembered());
        remembered.reading.lock();
        try {
            if (!remembered.quota.isKnown(clock.instant())) {
                read(action, remembered);
            }
            var refusal = remembered.quota.refusal(remembered.project);
            if (refusal.isPresent()) {
                throw new FailedException(refusal.get());
            }
            remembered.quota = remembered.quota.afterCreate();
        } finally {
            remembered.reading.unlock();
        }
    }

    private void read(OctaviaAction action, Remembered into) {
        var now = clock.instant();
        into.quota = ProjectQuota.unlimited(now);
        try {
            if (into.project.isEmpty()) {
                into.project = project(action).orElse("");
            }
            var limit = into.project.isEmpty() ? OptionalInt.empty() : limit(into.project, KEYS);
            if (limit.isPresent() && limit.getAsInt() >= 0) {
                into.quota = ProjectQuota.of(limit.getAsInt(), used(COLLECTION, into.project), now);
            }
        } catch (FailedException _) {
            into.project = ""; // credentials of another project may be in use by now
        }
    }

    /** Negative for no limit; empty when there is no such quota, or the credentials see none. */
    OptionalInt limit(String project, List<String> keys) throws FailedException {
        var quota = pages.find(LBAAS + "quotas/" + project);
        if (quota == null) {
            return OptionalInt.empty();
        }
        return keys.stream()
                .flatMap(key -> Stream.of(quota.path("quota").path(key)))
                .filter(limit -> limit.isNumber())
                .mapToInt(limit -> limit.asInt())
                .findFirst();
    }

    int used(String collection, String project) throws FailedException {
        return pages.all(
                        RestRequest.get(Api.LOAD_BALANCER, LBAAS + collection)
                                .with("project_id", project)
                                .with("fields", "id"),
                        collection)
                .size();
    }

    /** The project of a create is given, or that of the credentials: they see its security groups, and no others unless shared. */
    Optional<String> project(OctaviaAction action) throws FailedException {
        if (action instanceof CreateLoadBalancer(var blueprint) && blueprint.project() != null) {
            return Optional.of(blueprint.project());
        }
        var groups = pages.all(RestRequest.get(Api.NETWORK, "/v2.0/security-groups"), "security_groups");
        var projects = groups.stream()
                .map(each -> Json.text(each, "project_id"))
                .filter(each -> !each.isEmpty())
                .collect(Collectors.toSet());
        return projects.size() == 1 ? projects.stream().findFirst() : Optional.empty();
    }
}
