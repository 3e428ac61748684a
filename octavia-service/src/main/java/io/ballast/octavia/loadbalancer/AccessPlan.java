package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.AccessAction.AdmitRange;
import io.ballast.octavia.loadbalancer.AccessAction.BareVipPort;
import io.ballast.octavia.loadbalancer.AccessAction.WithdrawRule;
import io.ballast.octavia.loadbalancer.ObservedAccess.Group;
import io.ballast.octavia.loadbalancer.ObservedAccess.Rule;
import io.ballast.schemas.contract.CidrRange;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be written so that the pods' security groups admit what comes from load balancers.
 *
 * @param actions in this order: what is missing is admitted before anything is withdrawn
 * @param findings what configuration names and Neutron has not, one sentence each
 */
public record AccessPlan(List<AccessAction> actions, List<String> findings) {
    /** The protocols that a Service can have. */
    static final List<String> PROTOCOLS = List.of("tcp", "udp", "sctp");

    public AccessPlan {
        actions = List.copyOf(actions);
        findings = List.copyOf(findings);
    }

    /**
     * A rule of somebody else that admits what is needed is as good as ours; only rules with our description are ever withdrawn,
     * and none of a cluster while something it names is not found: that may be a mistake, and its pods would lose their traffic.
     */
    public static AccessPlan of(List<PodAccess> clusters, ObservedAccess observed) {
        var admitted = new ArrayList<AccessAction>();
        var withdrawn = new ArrayList<AccessAction>();
        var findings = new ArrayList<String>();
        for (var cluster : clusters) {
            var own = new Cluster(cluster, observed);
            admitted.addAll(own.missing());
            own.unneeded().forEach(rule -> withdrawn.add(new WithdrawRule(rule.id(), rule.groupId(), rule.revision())));
            findings.addAll(own.findings);
        }
        var actions = new ArrayList<>(admitted);
        actions.addAll(withdrawn);
        observed.vipPorts().stream()
                .filter(port -> port.groups() > 0)
                .forEach(port -> actions.add(new BareVipPort(port.id(), port.revision())));
        return new AccessPlan(actions, findings);
    }

    /** One cluster: the groups and ranges that were found, and what was not. */
    private static final class Cluster {
        private final PodAccess access;
        private final ObservedAccess observed;
        private final List<Group> groups = new ArrayList<>();
        private final List<CidrRange> sources;
        private final List<String> findings = new ArrayList<>();

        Cluster(PodAccess access, ObservedAccess observed) {
            this.access = access;
            this.observed = observed;
            access.groups().forEach(this::find);
            this.sources = widest(access.groups().isEmpty() ? List.of() : ranges());
        }

        private void find(String name) {
            var found = observed.groups().getOrDefault(name, List.of());
            if (found.size() == 1) {
                groups.add(found.getFirst());
            } else if (found.isEmpty()) {
                findings.add(
                        "cluster %s: there is no security group '%s'; make it, or mend pod-security-groups: pods that only it would open to load balancers get no traffic"
                                .formatted(access.cluster(), name));
            } else {
                findings.add("cluster %s: %d security groups are named '%s'; name the id of one in pod-security-groups"
                        .formatted(access.cluster(), found.size(), name));
            }
        }

        private List<CidrRange> ranges() {
            var ranges = new ArrayList<CidrRange>();
            for (var source : access.sources()) {
                var range = CidrRange.parse(source);
                var subnets = observed.subnets().getOrDefault(source, List.of());
                if (range.isPresent()) {
                    ranges.add(range.get());
                } else if (subnets.size() == 1) {
                    ranges.add(subnets.getFirst());
                } else {
                    findings.add(
                            "cluster %s: %s named '%s', so pods are not opened to what comes from there; name the id of one"
                                    .formatted(
                                            access.cluster(),
                                            subnets.isEmpty() ? "there is no subnet" : subnets.size() + " subnets are",
                                            source));
                }
            }
            return ranges;
        }

        private static List<CidrRange> widest(List<CidrRange> ranges) {
            return ranges.stream()
                    .distinct()
                    .filter(range -> ranges.stream()
                            .noneMatch(other -> !other.equals(range) && ObservedAccess.contains(other, range)))
                    .toList();
        }

        /** Rules that will go do not count: what they admit is admitted anew before they do. */
        List<AccessAction> missing() {
            var leaving = unneeded();
            var missing = new ArrayList<AccessAction>();
            for (var group : groups) {
                for (var source : sources) {
                    for (var protocol : PROTOCOLS) {
                        var isAdmitted = group.ingress().stream()
                                .filter(rule -> leaving.stream()
                                        .noneMatch(gone -> gone.id().equals(rule.id())))
                                .anyMatch(rule -> rule.admits(source.family(), protocol, source));
                        if (!isAdmitted) {
                            missing.add(new AdmitRange(
                                    group.id(), group.name(), source.family(), protocol, source, access.description()));
                        }
                    }
                }
            }
            return missing;
        }

        List<Rule> unneeded() {
            return findings.isEmpty()
                    ? observed.ours().stream()
                            .filter(rule -> rule.description().equals(access.description()))
                            .filter(rule -> !isNeeded(rule))
                            .toList()
                    : List.of();
        }

        private boolean isNeeded(Rule rule) {
            return groups.stream().anyMatch(group -> group.id().equals(rule.groupId()))
                    && rule.remote() != null
                    && sources.contains(rule.remote())
                    && PROTOCOLS.contains(rule.protocol())
                    && !rule.isPartial();
        }
    }
}
