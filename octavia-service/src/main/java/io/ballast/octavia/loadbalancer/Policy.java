package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.InOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What configuration says about decisions.
 *
 * @param credentials whether OpenStack credentials are configured
 * @param tags tags that every load balancer carries beside its identity
 * @param costs member costs by provider; the amphora's for any other
 * @param stuckAfter how long PENDING is waited for before it is reported
 * @param recreationsPerHour how often a load balancer that was never ACTIVE is made anew, 0 to {@link #RECREATIONS_MAX}
 * @param memberWeights what becomes of weights that somebody set by hand
 * @param failover whether a load balancer in ERROR that has served is failed over by itself
 */
public record Policy(
        boolean credentials,
        List<String> tags,
        Map<String, MemberCosts> costs,
        Duration stuckAfter,
        int recreationsPerHour,
        MemberWeights memberWeights,
        boolean failover) {
    /** As many as the status can count of one Service. */
    public static final int RECREATIONS_MAX = 10;

    public static final Policy DEFAULT = new Policy(
            true,
            List.of(),
            Map.of(
                    "amphora",
                    MemberCosts.AMPHORA,
                    "octavia",
                    MemberCosts.AMPHORA,
                    "ovn",
                    MemberCosts.OVN,
                    "lbaasv2",
                    MemberCosts.LBAAS_V2),
            Duration.ofMinutes(15),
            2,
            MemberWeights.RESTORE,
            true);

    public Policy {
        tags = List.copyOf(tags);
        costs = InOrder.copyOf(costs);
    }

    MemberCosts costsOf(String provider) {
        return costs.getOrDefault(provider, MemberCosts.AMPHORA);
    }

    public Policy withoutCredentials() {
        return new Policy(false, tags, costs, stuckAfter, recreationsPerHour, memberWeights, failover);
    }

    public Policy withoutFailover() {
        return new Policy(credentials, tags, costs, stuckAfter, recreationsPerHour, memberWeights, false);
    }

    public Policy withTags(List<String> next) {
        return new Policy(credentials, next, costs, stuckAfter, recreationsPerHour, memberWeights, failover);
    }

    public Policy with(MemberWeights next) {
        return new Policy(credentials, tags, costs, stuckAfter, recreationsPerHour, next, failover);
    }
}
