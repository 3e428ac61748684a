package io.ballast.ipam.allocation;

import static io.ballast.ipam.allocation.layout.OpenStackCommands.line;

import io.ballast.ipam.allocation.Surroundings.Quota;
import io.ballast.ipam.allocation.Surroundings.Resource;
import io.ballast.schemas.contract.Finding;
import java.util.List;

/** Quotas of which less than a tenth is left, with numbers. */
final class QuotaPreflight {
    private static final int TENTH = 10;

    private QuotaPreflight() {}

    static List<Finding> of(Resource resource, NeutronFacts facts) {
        var quota = facts.surroundings().quotas().get(resource);
        return quota == null ? List.of() : check(resource, quota, facts);
    }

    /** Octavia does not tell how many there are: the ports of VIPs are counted that Neutron shows. */
    static List<Finding> loadBalancers(NeutronFacts facts) {
        var quota = facts.surroundings().quotas().get(Resource.LOAD_BALANCERS);
        if (quota == null || quota.limit() < 0) {
            return List.of();
        }
        long vips = facts.subnets().values().stream()
                .flatMap(subnet -> subnet.ports().stream())
                .filter(NeutronFacts.Port::isVip)
                .map(NeutronFacts.Port::id)
                .distinct()
                .count();
        return check(Resource.LOAD_BALANCERS, new Quota(quota.limit(), vips), facts);
    }

    private static List<Finding> check(Resource resource, Quota quota, NeutronFacts facts) {
        long limit = quota.limit();
        if (limit < 0 || (limit - quota.used()) * TENTH >= limit) {
            return List.of();
        }
        var more = Long.toString(Math.max(limit, quota.used()) * 2 + TENTH);
        var project = facts.surroundings().projectId();
        return List.of(FindingKind.QUOTA_LOW.finding(
                "project %s uses %d of %d %s".formatted(project, quota.used(), limit, words(resource)),
                switch (resource) {
                    case FLOATING_IPS -> line("quota", "set", "--floating-ips", more, project);
                    case PORTS -> line("quota", "set", "--ports", more, project);
                    case LOAD_BALANCERS -> line("loadbalancer", "quota", "set", "--loadbalancer", more, project);
                }));
    }

    private static String words(Resource resource) {
        return switch (resource) {
            case FLOATING_IPS -> "floating IPs";
            case PORTS -> "ports";
            case LOAD_BALANCERS -> "load balancers";
        };
    }
}
