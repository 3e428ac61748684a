package io.ballast.octavia.openstack;

import static io.ballast.octavia.openstack.OctaviaCalls.LBAAS;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.octavia.loadbalancer.OctaviaAction;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateLoadBalancer;
import io.ballast.octavia.loadbalancer.ProjectQuota;
import io.ballast.octavia.loadbalancer.ProjectQuota.Room;
import io.ballast.octavia.loadbalancer.QuotaResource;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Octavia's quotas, and what of them is in use. They are remembered: many creates share one read. */
final class Quotas {
    private static final Set<QuotaResource> IN_POOLS =
            EnumSet.of(QuotaResource.POOL, QuotaResource.MEMBER, QuotaResource.HEALTH_MONITOR);

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
     * Throws when the project of a create has as much as it may have of what the create makes. What cannot be read refuses
     * nothing: Octavia answers for itself.
     */
    void check(OctaviaAction action) throws FailedException {
        if (!(action instanceof CreateLoadBalancer(var blueprint))) {
            return;
        }
        var given = blueprint.project();
        var remembered = ofProjects.computeIfAbsent(given == null ? "" : given, _ -> new Remembered());
        remembered.reading.lock();
        try {
            if (!remembered.quota.isKnown(blueprint, clock.instant())) {
                read(action, remembered);
            }
            var refusal = remembered.quota.refusal(blueprint, remembered.project);
            if (refusal.isPresent()) {
                throw new FailedException(refusal.get());
            }
            remembered.quota = remembered.quota.afterCreate(blueprint);
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
            if (!into.project.isEmpty()) {
                into.quota = new ProjectQuota(rooms(into.project), now);
            }
        } catch (FailedException _) {
            into.project = ""; // credentials of another project may be in use by now
        }
    }

    private Map<QuotaResource, Room> rooms(String project) throws FailedException {
        var rooms = new EnumMap<QuotaResource, Room>(QuotaResource.class);
        var limits = limits(project);
        var used = limits.isEmpty() ? limits : used(limits.keySet(), project);
        limits.forEach((resource, limit) -> rooms.put(resource, new Room(limit, used.getOrDefault(resource, 0), 0)));
        return rooms;
    }

    /** What is limited; empty where nothing is, or the credentials see no quota. */
    private Map<QuotaResource, Integer> limits(String project) throws FailedException {
        var limits = new EnumMap<QuotaResource, Integer>(QuotaResource.class);
        var quota = pages.find(LBAAS + "quotas/" + project);
        if (quota != null) {
            for (var resource : QuotaResource.values()) {
                limit(quota, resource).ifPresent(limit -> limits.put(resource, limit));
            }
        }
        return limits;
    }

    /** The name of a quota is written in two ways: as today, and as in older releases. */
    private static OptionalInt limit(JsonNode quota, QuotaResource resource) {
        return Stream.of(resource.word().replace(" ", ""), resource.word().replace(' ', '_'))
                .map(key -> quota.path("quota").path(key))
                .filter(limit -> limit.isNumber() && limit.asInt() >= 0)
                .mapToInt(JsonNode::asInt)
                .findFirst();
    }

    /** Limit and use of one resource; empty where there is no limit, or none that is seen. */
    Optional<Room> room(String project, QuotaResource resource) throws FailedException {
        var limit = limits(project).get(resource);
        return limit == null
                ? Optional.empty()
                : Optional.of(
                        new Room(limit, used(EnumSet.of(resource), project).getOrDefault(resource, 0), 0));
    }

    /** Members and monitors are told by the list of pools: one list for all three. */
    private Map<QuotaResource, Integer> used(Set<QuotaResource> wanted, String project) throws FailedException {
        var used = new EnumMap<QuotaResource, Integer>(QuotaResource.class);
        if (wanted.contains(QuotaResource.LOAD_BALANCER)) {
            used.put(
                    QuotaResource.LOAD_BALANCER,
                    list("loadbalancers", project, "id").size());
        }
        if (wanted.contains(QuotaResource.LISTENER)) {
            used.put(QuotaResource.LISTENER, list("listeners", project, "id").size());
        }
        if (wanted.stream().anyMatch(IN_POOLS::contains)) {
            var pools = list("pools", project, "id", "members", "healthmonitor_id");
            used.put(QuotaResource.POOL, pools.size());
            used.put(
                    QuotaResource.MEMBER,
                    pools.stream().mapToInt(pool -> pool.path("members").size()).sum());
            used.put(QuotaResource.HEALTH_MONITOR, (int) pools.stream()
                    .filter(pool -> Json.orNull(pool, "healthmonitor_id") != null)
                    .count());
        }
        return used;
    }

    private List<JsonNode> list(String collection, String project, String... fields) throws FailedException {
        var request = RestRequest.get(Api.LOAD_BALANCER, LBAAS + collection).with("project_id", project);
        for (var field : fields) {
            request = request.with("fields", field);
        }
        return pages.all(request, collection);
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
