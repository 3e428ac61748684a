package io.ballast.octavia.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.octavia.loadbalancer.Blueprint;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.OctaviaAction;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateLoadBalancer;
import io.ballast.octavia.loadbalancer.ProjectQuota.Room;
import io.ballast.octavia.loadbalancer.QuotaResource;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a person needs to know of a refusal beyond what Octavia says: numbers of a quota, the holder of an address. Asked for
 * only after one; what cannot be found out is left out.
 */
final class Explanations {
    private final Pages pages;
    private final Quotas quotas;

    Explanations(Pages pages, Quotas quotas) {
        this.pages = pages;
        this.quotas = quotas;
    }

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
        var met = Stream.of(QuotaResource.values())
                .filter(each -> text.contains("resources: " + each.word()))
                .findFirst();
        var project = met.isEmpty() ? Optional.<String>empty() : quotas.project(action);
        var room = project.isEmpty() ? Optional.<Room>empty() : quotas.room(project.get(), met.get());
        return room.map(each -> failure.withMessage("%s (the quota of project %s is %d, %d in use)"
                        .formatted(failure.message(), project.get(), each.limit(), each.used())))
                .orElse(failure);
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
