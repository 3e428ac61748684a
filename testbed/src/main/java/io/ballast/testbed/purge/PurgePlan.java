package io.ballast.testbed.purge;

import io.ballast.octavia.loadbalancer.Identity;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What carries the identity of one cluster: name and UID, both. */
public sealed interface PurgePlan {
    /**
     * Everything of the cluster. Sorted by id.
     *
     * @param spared rules of security groups that another cluster of this name may need: they bear no UID
     */
    record Doomed(
            String clusterUid,
            List<LoadBalancer> loadBalancers,
            List<FloatingIp> floatingIps,
            List<AccessRule> accessRules,
            List<AccessRule> spared)
            implements PurgePlan {
        public Doomed {
            loadBalancers = List.copyOf(loadBalancers);
            floatingIps = List.copyOf(floatingIps);
            accessRules = List.copyOf(accessRules);
            spared = List.copyOf(spared);
        }

        public boolean isEmpty() {
            return loadBalancers.isEmpty() && floatingIps.isEmpty() && accessRules.isEmpty();
        }
    }

    /** It is not clear which cluster is meant. */
    record Unclear(String sentence) implements PurgePlan {}

    /** A load balancer that carries our tag. Source: Octavia API v2. */
    record LoadBalancer(String id, String name, String provisioningStatus, String vipAddress, SortedSet<String> tags) {
        public LoadBalancer {
            tags = new TreeSet<>(tags);
        }

        Optional<Owner> owner() {
            return Identity.read(tags).map(identity -> new Owner(identity.clusterUid(), firstOf(identity.key())));
        }
    }

    /** A floating IP. Source: Networking API v2. */
    record FloatingIp(String id, String address, String description) {
        /** Source: how ipam describes them, {@code ballast:CLUSTER-UID:SERVICE-UID:CLUSTER/NAMESPACE/NAME}. */
        Optional<Owner> owner() {
            var parts = description.split(":", 4);
            return parts.length == 4 && parts[0].equals("ballast")
                    ? Optional.of(new Owner(parts[1], firstOf(parts[3])))
                    : Optional.empty();
        }
    }

    /**
     * A rule of a security group that admits what comes from load balancers. Source: Networking API v2; its description names
     * the cluster, and no UID.
     *
     * @param admits protocol and range
     */
    record AccessRule(String id, String groupId, String admits) {
        @Override
        public String toString() {
            return "rule %s of security group %s, %s".formatted(id, groupId, admits);
        }
    }

    /** A cluster, as an object names it. */
    record Owner(String uid, String cluster) {}

    private static String firstOf(String key) {
        int slash = key.indexOf('/');
        return slash < 0 ? key : key.substring(0, slash);
    }

    /**
     * What is to be deleted. One name may have been given to several clusters, one after another: then only a UID tells.
     *
     * @param cluster name of the cluster
     * @param wantedUid its UID; empty where the name alone is clear
     * @param accessRules rules of security groups that are described by the name of the cluster
     */
    static PurgePlan of(
            String cluster,
            Optional<String> wantedUid,
            Collection<LoadBalancer> loadBalancers,
            Collection<FloatingIp> floatingIps,
            Collection<AccessRule> accessRules) {
        var counts = new TreeMap<String, Integer>();
        var others = new TreeSet<String>();
        Stream.concat(
                        loadBalancers.stream().flatMap(each -> each.owner().stream()),
                        floatingIps.stream().flatMap(each -> each.owner().stream()))
                .forEach(owner -> {
                    if (owner.cluster().equals(cluster)) {
                        counts.merge(owner.uid(), 1, Integer::sum);
                    } else if (wantedUid.filter(owner.uid()::equals).isPresent()) {
                        others.add(owner.cluster());
                    }
                });
        if (wantedUid.isEmpty() && counts.size() > 1) {
            return new Unclear("%d clusters have been named %s: %s; say which with --cluster-uid"
                    .formatted(counts.size(), cluster, listed(counts)));
        }
        if (wantedUid.isPresent() && !counts.containsKey(wantedUid.get()) && !(counts.isEmpty() && others.isEmpty())) {
            return new Unclear("nothing carries name %s and UID %s: of that name there is %s, of that UID there is %s"
                    .formatted(
                            cluster,
                            wantedUid.get(),
                            counts.isEmpty() ? "nothing" : listed(counts),
                            others.isEmpty() ? "nothing" : String.join(", ", others)));
        }
        var uid = wantedUid.orElse(counts.isEmpty() ? "" : counts.firstKey());
        var owner = Optional.of(new Owner(uid, cluster));
        var rules = accessRules.stream()
                .sorted(Comparator.comparing(AccessRule::id))
                .toList();
        boolean isShared = counts.keySet().stream().anyMatch(each -> !each.equals(uid));
        return new Doomed(
                uid,
                loadBalancers.stream()
                        .filter(each -> each.owner().equals(owner))
                        .sorted(Comparator.comparing(LoadBalancer::id))
                        .toList(),
                floatingIps.stream()
                        .filter(each -> each.owner().equals(owner))
                        .sorted(Comparator.comparing(FloatingIp::id))
                        .toList(),
                isShared ? List.of() : rules,
                isShared ? rules : List.of());
    }

    private static String listed(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(each -> "%s (%d objects)".formatted(each.getKey(), each.getValue()))
                .collect(Collectors.joining(", "));
    }
}
