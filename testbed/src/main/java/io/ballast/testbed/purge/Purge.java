package io.ballast.testbed.purge;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.octavia.loadbalancer.PodAccess;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.testbed.check.OpenStackView;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Reads and deletes in an OpenStack project. */
public final class Purge {
    private final Rest cloud;
    private final OpenStackView view;
    private final Consumer<String> say;
    private final Set<String> said = new HashSet<>();

    /**
     * What would not go.
     *
     * @param ports ids and names
     */
    public record Left(
            List<PurgePlan.LoadBalancer> loadBalancers,
            List<PurgePlan.FloatingIp> floatingIps,
            List<PurgePlan.AccessRule> accessRules,
            List<String> ports) {
        public Left {
            loadBalancers = List.copyOf(loadBalancers);
            floatingIps = List.copyOf(floatingIps);
            accessRules = List.copyOf(accessRules);
            ports = List.copyOf(ports);
        }

        public boolean isNothing() {
            return loadBalancers.isEmpty() && floatingIps.isEmpty() && accessRules.isEmpty() && ports.isEmpty();
        }
    }

    /** @param say takes a line about each thing that is worth one */
    public Purge(Rest cloud, Consumer<String> say) {
        this.cloud = cloud;
        this.view = new OpenStackView(cloud);
        this.say = say;
    }

    private List<PurgePlan.LoadBalancer> loadBalancers() {
        return view.loadBalancers().stream()
                .map(each -> new PurgePlan.LoadBalancer(
                        each.path("id").asText(),
                        each.path("name").asText(),
                        each.path("provisioning_status").asText(),
                        each.path("vip_address").asText(),
                        tags(each)))
                .toList();
    }

    private static SortedSet<String> tags(JsonNode object) {
        var tags = new TreeSet<String>();
        object.path("tags").forEach(tag -> tags.add(tag.asText()));
        return tags;
    }

    /** What is to be deleted of a cluster. */
    public PurgePlan plan(String cluster, Optional<String> clusterUid) {
        return PurgePlan.of(cluster, clusterUid, loadBalancers(), floatingIps(), accessRules(cluster));
    }

    private List<PurgePlan.FloatingIp> floatingIps() {
        return view.floatingIps().stream()
                .map(each -> new PurgePlan.FloatingIp(
                        each.path("id").asText(),
                        each.path("floating_ip_address").asText(),
                        each.path("description").asText()))
                .toList();
    }

    /** Rules that octavia-service put into security groups of pods for a cluster. */
    private List<PurgePlan.AccessRule> accessRules(String cluster) {
        return view.securityGroupRules(new PodAccess(cluster, List.of(), List.of(), true).description()).stream()
                .map(each -> new PurgePlan.AccessRule(
                        each.path("id").asText(),
                        each.path("security_group_id").asText(),
                        "%s from %s"
                                .formatted(
                                        each.path("protocol").asText(),
                                        each.path("remote_ip_prefix").asText())))
                .toList();
    }

    /**
     * One round: asks for the deletion of every load balancer that takes it, and answers which of them are still there. One
     * that is being deleted or changed is left until the next round.
     */
    private List<PurgePlan.LoadBalancer> deleteLoadBalancers(PurgePlan.Doomed doomed) {
        var ids =
                doomed.loadBalancers().stream().map(PurgePlan.LoadBalancer::id).toList();
        var left = new ArrayList<PurgePlan.LoadBalancer>();
        for (var each : loadBalancers()) {
            if (!ids.contains(each.id()) || each.provisioningStatus().equals("DELETED")) {
                continue;
            }
            left.add(each);
            if (!each.provisioningStatus().startsWith("PENDING_")) {
                delete(
                        "load balancer %s %s".formatted(each.id(), each.name()),
                        RestRequest.delete(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers/" + each.id())
                                .with("cascade", "true"));
            }
        }
        return left;
    }

    /** Asks for the deletion of every floating IP; answers which of them are still there. */
    private List<PurgePlan.FloatingIp> deleteFloatingIps(PurgePlan.Doomed doomed) {
        for (var each : doomed.floatingIps()) {
            delete(
                    "floating IP %s %s".formatted(each.id(), each.address()),
                    RestRequest.delete(Api.NETWORK, "/v2.0/floatingips/" + each.id()));
        }
        var ids = doomed.floatingIps().stream().map(PurgePlan.FloatingIp::id).toList();
        return floatingIps().stream().filter(each -> ids.contains(each.id())).toList();
    }

    /** Asks for the deletion of every rule; answers which of them are still there. */
    private List<PurgePlan.AccessRule> deleteAccessRules(String cluster, PurgePlan.Doomed doomed) {
        for (var each : doomed.accessRules()) {
            delete(each.toString(), RestRequest.delete(Api.NETWORK, "/v2.0/security-group-rules/" + each.id()));
        }
        var ids = doomed.accessRules().stream().map(PurgePlan.AccessRule::id).toList();
        return accessRules(cluster).stream()
                .filter(each -> ids.contains(each.id()))
                .toList();
    }

    /** Ports of the VIPs of load balancers that are gone: Octavia should have deleted them. Their ids and names. */
    private List<String> leftPorts(PurgePlan.Doomed doomed) {
        var names = new HashSet<String>();
        doomed.loadBalancers().forEach(each -> {
            names.add("octavia-lb-" + each.id());
            names.add("ovn-lb-vip-" + each.id());
        });
        return view.ports().stream()
                .filter(port -> names.contains(port.path("name").asText()))
                .map(port -> port.path("id").asText() + " " + port.path("name").asText())
                .sorted()
                .toList();
    }

    /** Deletes everything of a cluster that is gone; what is still there when the time is over. */
    public Left carryOut(String cluster, String clusterUid, Duration within) throws InterruptedException {
        return plan(cluster, Optional.of(clusterUid)) instanceof PurgePlan.Doomed doomed
                ? carryOut(cluster, doomed, within)
                : new Left(List.of(), List.of(), List.of(), List.of());
    }

    /** Deletes all of it; what is still there when the time is over. */
    public Left carryOut(String cluster, PurgePlan.Doomed doomed, Duration within) throws InterruptedException {
        var end = Instant.now().plus(within);
        var loadBalancers = deleteLoadBalancers(doomed);
        while (!loadBalancers.isEmpty() && Instant.now().isBefore(end)) {
            TimeUnit.SECONDS.sleep(1);
            loadBalancers = deleteLoadBalancers(doomed);
        }
        return new Left(
                loadBalancers, deleteFloatingIps(doomed), deleteAccessRules(cluster, doomed), leftPorts(doomed));
    }

    private void delete(String what, RestRequest request) {
        var outcome =
                switch (cloud.send(request)) {
                    case RestReply.Answered answered when answered.isSuccess() -> what + " is deleted";
                    case RestReply.Answered answered
                    when answered.status() == HttpURLConnection.HTTP_NOT_FOUND -> what + " is gone";
                    case RestReply.Answered answered ->
                        "%s: OpenStack answered %d: %s".formatted(what, answered.status(), answered.body());
                    case RestReply.Unanswered unanswered -> "%s: %s".formatted(what, unanswered.reason());
                };
        if (said.add(outcome)) {
            say.accept(outcome);
        }
    }
}
