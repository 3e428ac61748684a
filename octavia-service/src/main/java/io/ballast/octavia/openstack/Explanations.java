package io.ballast.octavia.openstack;

import static io.ballast.octavia.openstack.OctaviaCalls.LBAAS;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.octavia.loadbalancer.Blueprint;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.OctaviaAction;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateLoadBalancer;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a person needs to know of a refusal beyond what Octavia says: numbers of a quota, the holder of an address. Asked for
 * only after one; what cannot be found out is left out. Octavia checks quotas before it makes anything and in one transaction
 * with it, so that a look before each create would cost reads and find no more.
 */
final class Explanations {
    private static final List<Quota> QUOTAS = List.of(
            new Quota("load balancer", "loadbalancer", "load_balancer", "loadbalancers"),
            new Quota("listener", "listener", "listener", "listeners"),
            new Quota("pool", "pool", "pool", "pools"),
            new Quota("health monitor", "healthmonitor", "health_monitor", "healthmonitors"),
            new Quota("member", "member", "member", "")); // members are listed by pool only

    private final Pages pages;

    Explanations(Pages pages) {
        this.pages = pages;
    }

    /** {@code resource} is Octavia's word in the refusal, {@code key} and {@code olderKey} those in the quota. */
    private record Quota(String resource, String key, String olderKey, String collection) {}

    Failure of(OctaviaAction action, Failure failure) {
        try {
            return switch (failure.kind()) {
                case QUOTA -> quota(action, failure);
                case ADDRESS_TAKEN ->
                    action instanceof CreateLoadBalancer(var blueprint) ? holder(blueprint, failure) : failure;
                default -> failure;
            };
        } catch (FailedException _) {
            return failure;
        }
    }

    private Failure quota(OctaviaAction action, Failure failure) throws FailedException {
        var text = failure.message().toLowerCase(Locale.ROOT);
        var met = QUOTAS.stream()
                .filter(each -> text.contains("resources: " + each.resource()))
                .findFirst();
        var project = met.isEmpty() ? Optional.<String>empty() : project(action);
        if (project.isEmpty()) {
            return failure;
        }
        var quota = pages.find(LBAAS + "quotas/" + project.get());
        if (quota == null) {
            return failure;
        }
        var limits = quota.path("quota");
        var limit = limits.path(
                limits.has(met.get().key()) ? met.get().key() : met.get().olderKey());
        if (!limit.isNumber()) {
            return failure;
        }
        var collection = met.get().collection();
        var used = collection.isEmpty() ? "" : ", %d in use".formatted(used(collection, project.get()));
        return failure.withMessage("%s (the quota of project %s is %d%s)"
                .formatted(failure.message(), project.get(), limit.asInt(), used));
    }

    private int used(String collection, String project) throws FailedException {
        return pages.all(
                        RestRequest.get(Api.LOAD_BALANCER, LBAAS + collection)
                                .with("project_id", project)
                                .with("fields", "id"),
                        collection)
                .size();
    }

    /** The project of a create is given, or that of the credentials: they see its security groups, and no others unless shared. */
    private Optional<String> project(OctaviaAction action) throws FailedException {
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

    private Failure holder(Blueprint blueprint, Failure failure) throws FailedException {
        for (var vip : blueprint.vips()) {
            for (var port : pages.all(
                    RestRequest.get(Api.NETWORK, "/v2.0/ports").with("fixed_ips", "ip_address=" + vip.address()),
                    "ports")) {
                if (isIn(port, vip.subnetId())) {
                    return failure.withMessage("%s by port %s%s%s"
                            .formatted(
                                    failure.message(),
                                    Json.text(port, "id"),
                                    quoted(" named ", Json.text(port, "name")),
                                    quoted(" of ", Json.text(port, "device_owner"))));
                }
            }
        }
        return failure.withMessage(failure.message() + " by a port that these credentials do not see");
    }

    private static boolean isIn(JsonNode port, String subnetId) {
        for (var address : port.path("fixed_ips")) {
            if (Json.text(address, "subnet_id").equals(subnetId)) {
                return true;
            }
        }
        return false;
    }

    private static String quoted(String before, String text) {
        return text.isEmpty() ? "" : before + "'" + text + "'";
    }
}
