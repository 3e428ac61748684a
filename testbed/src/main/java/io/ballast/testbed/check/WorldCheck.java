package io.ballast.testbed.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.openstack.Rest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Compares what Kubernetes asks for with what OpenStack holds. */
public final class WorldCheck {
    private static final String SERVICE_TAG = "ballast:service:";

    private static final String CLUSTER_TAG = "ballast:cluster:";

    private final OpenStackView cloud;
    private final Optional<String> clusterUid;
    private final List<String> differences = new ArrayList<>();

    private WorldCheck(Rest cloud, Optional<String> clusterUid) {
        this.cloud = new OpenStackView(cloud);
        this.clusterUid = clusterUid;
    }

    /** Every difference, one sentence each; empty when OpenStack is exactly as it must be. */
    public static List<String> differences(List<ExpectedLoadBalancer> expected, Rest cloud) {
        return differences(expected, new WorldCheck(cloud, Optional.empty()));
    }

    /** The same in a project that clusters share: what is another's is nothing to this one. */
    public static List<String> differences(List<ExpectedLoadBalancer> expected, Rest cloud, String clusterUid) {
        return differences(expected, new WorldCheck(cloud, Optional.of(clusterUid)));
    }

    private static List<String> differences(List<ExpectedLoadBalancer> expected, WorldCheck check) {
        check.compare(expected);
        return List.copyOf(check.differences);
    }

    private void compare(List<ExpectedLoadBalancer> expected) {
        var floatingIps = cloud.floatingIps();
        var byUid = cloud.loadBalancers().stream()
                .filter(each -> clusterUid.stream().allMatch(uid -> hasTag(each, CLUSTER_TAG + uid)))
                .collect(Collectors.groupingBy(WorldCheck::uid, TreeMap::new, Collectors.toList()));
        for (var each : expected) {
            var found = byUid.getOrDefault(each.uid(), List.of());
            byUid.remove(each.uid());
            compareVips(each, found);
            found.forEach(loadBalancer -> compare(each, loadBalancer, floatingIps));
        }
        byUid.forEach((uid, found) -> found.forEach(loadBalancer -> differs(
                "load balancer %s (%s) is left of Service %s that should have none",
                loadBalancer.path("name").asText(), loadBalancer.path("id").asText(), uid)));
        compareFloatingIps(expected, floatingIps);
    }

    /** One load balancer with all VIPs, or one for each. */
    private void compareVips(ExpectedLoadBalancer expected, List<JsonNode> found) {
        var vips = found.stream().flatMap(each -> vips(each).stream()).sorted().toList();
        if (!vips.equals(expected.vips().stream().sorted().toList())) {
            differs(
                    "%s has %d load balancers with VIPs %s instead of %s",
                    expected.name(), found.size(), vips, expected.vips());
        }
    }

    /** Canonical, primary first. */
    private static List<String> vips(JsonNode loadBalancer) {
        var vips = new ArrayList<String>();
        vips.add(KubernetesView.canonical(loadBalancer.path("vip_address").asText()));
        loadBalancer
                .path("additional_vips")
                .forEach(each -> vips.add(
                        KubernetesView.canonical(each.path("ip_address").asText())));
        return vips;
    }

    /** Of the members of both families those of one: that of the VIP, or where it has none, and both VIPs, the other. */
    private static Set<String> membersFor(Set<String> all, JsonNode loadBalancer) {
        for (var vip : vips(loadBalancer)) {
            var own = all.stream()
                    .filter(member -> vip.contains(":")
                            == member.substring(0, member.lastIndexOf(':')).contains(":"))
                    .collect(Collectors.toCollection(TreeSet::new));
            if (!own.isEmpty()) {
                return own;
            }
        }
        return Set.of();
    }

    private void compare(ExpectedLoadBalancer expected, JsonNode loadBalancer, List<JsonNode> floatingIps) {
        var status = loadBalancer.path("provisioning_status").asText();
        if (!status.equals("ACTIVE")) {
            differs("%s is %s instead of ACTIVE", expected.name(), status);
            return;
        }
        compareChildren(expected, loadBalancer);
        if (expected.external() && !vips(loadBalancer).getFirst().contains(":")) {
            compareExternal(expected, loadBalancer, floatingIps);
        }
    }

    private void compareChildren(ExpectedLoadBalancer expected, JsonNode loadBalancer) {
        var id = loadBalancer.path("id").asText();
        boolean isOvnApi = KubernetesView.isApi(expected.name())
                && loadBalancer.path("provider").asText().equals("ovn");
        var listeners = cloud.listeners(id).stream()
                .collect(Collectors.toMap(
                        listener ->
                                (isOvnApi ? "HTTPS" : listener.path("protocol").asText()) + ":"
                                        + listener.path("protocol_port").asInt(),
                        Function.identity(),
                        (one, other) -> one,
                        TreeMap::new));
        if (!listeners.keySet().equals(expected.members().keySet())) {
            differs(
                    "%s has listeners %s instead of %s",
                    expected.name(), listeners.keySet(), KubernetesView.names(expected.members()));
        }
        var used = new TreeSet<String>();
        for (var entry : new TreeMap<>(expected.members()).entrySet()) {
            var listener = listeners.get(entry.getKey());
            if (listener != null) {
                var pool = listener.path("default_pool_id").asText("");
                used.add(pool);
                compareMembers(
                        expected.name() + " " + entry.getKey(), membersFor(entry.getValue(), loadBalancer), pool);
                active(expected.name() + " listener " + entry.getKey(), listener);
            }
        }
        for (var pool : cloud.pools(id)) {
            active(expected.name() + " pool " + pool.path("name").asText(), pool);
            if (!used.contains(pool.path("id").asText())) {
                differs(
                        "%s has a pool %s that no listener uses",
                        expected.name(), pool.path("name").asText());
            }
        }
    }

    private void compareMembers(String where, Set<String> expected, String poolId) {
        if (poolId.isEmpty() || poolId.equals("null")) {
            differs("%s has no default pool", where);
            return;
        }
        var members = cloud.members(poolId);
        var found = members.stream()
                .map(member -> KubernetesView.canonical(member.path("address").asText()) + ":"
                        + member.path("protocol_port").asInt())
                .collect(Collectors.toCollection(TreeSet::new));
        if (!found.equals(expected)) {
            differs("%s has members %s instead of %s", where, found, new TreeSet<>(expected));
        }
        members.forEach(
                member -> active(where + " member " + member.path("address").asText(), member));
    }

    private void compareExternal(ExpectedLoadBalancer expected, JsonNode loadBalancer, List<JsonNode> floatingIps) {
        var portId = loadBalancer.path("vip_port_id").asText();
        var leading = floatingIps.stream()
                .filter(floatingIp -> floatingIp.path("port_id").asText().equals(portId))
                .map(floatingIp -> floatingIp.path("floating_ip_address").asText())
                .collect(Collectors.toCollection(TreeSet::new));
        var shown = new TreeSet<>(leading);
        expected.vips().stream()
                .filter(vip -> vip.contains(":"))
                .forEach(shown::add); // Neutron has no IPv6 floating IPs
        if (leading.isEmpty()) {
            differs("%s has no floating IP", expected.name());
        } else if (!shown.equals(new TreeSet<>(expected.ingress()))) {
            differs("%s shows ingress %s while %s lead to it", expected.name(), expected.ingress(), shown);
        }
    }

    private void compareFloatingIps(List<ExpectedLoadBalancer> expected, List<JsonNode> floatingIps) {
        Map<String, ExpectedLoadBalancer> byUid = expected.stream()
                .filter(ExpectedLoadBalancer::external)
                .collect(Collectors.toMap(ExpectedLoadBalancer::uid, Function.identity()));
        var seen = new TreeSet<String>();
        for (var floatingIp : floatingIps) {
            var parts = floatingIp.path("description").asText("").split(":", 4);
            if (parts.length == 4
                    && parts[0].equals("ballast")
                    && clusterUid.stream().allMatch(parts[1]::equals)) {
                if (!byUid.containsKey(parts[2])) {
                    differs(
                            "floating IP %s is left of %s",
                            floatingIp.path("floating_ip_address").asText(), parts[3]);
                } else if (!seen.add(parts[2])) {
                    differs(
                            "%s has a second floating IP %s",
                            parts[3], floatingIp.path("floating_ip_address").asText());
                }
            }
        }
    }

    private void active(String what, JsonNode child) {
        var status = child.path("provisioning_status").asText();
        if (!status.equals("ACTIVE")) {
            differs("%s is %s instead of ACTIVE", what, status);
        }
    }

    private static boolean hasTag(JsonNode loadBalancer, String wanted) {
        return loadBalancer
                .path("tags")
                .valueStream()
                .anyMatch(tag -> tag.asText().equals(wanted));
    }

    private static String uid(JsonNode loadBalancer) {
        for (var tag : loadBalancer.path("tags")) {
            if (tag.asText().startsWith(SERVICE_TAG)) {
                return tag.asText().substring(SERVICE_TAG.length());
            }
        }
        return "";
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation is Error Prone's own and not worth a dependency
    private void differs(String sentence, Object... values) {
        differences.add(sentence.formatted(values));
    }
}
