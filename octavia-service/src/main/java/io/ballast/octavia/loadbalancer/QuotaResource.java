package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.DesiredPool;

/** What Octavia has a quota of, as far as a Service needs it. */
public enum QuotaResource {
    LOAD_BALANCER("load balancer"),
    LISTENER("listener"),
    POOL("pool"),
    MEMBER("member"),
    HEALTH_MONITOR("health monitor");

    private final String word;

    QuotaResource(String word) {
        this.word = word;
    }

    /** Octavia's word in a refusal, in lower case. */
    public String word() {
        return word;
    }

    String words() {
        return word + "s";
    }

    /** How many of it one create needs. */
    int neededBy(Blueprint blueprint) {
        return switch (this) {
            case LOAD_BALANCER -> 1;
            case LISTENER -> blueprint.listeners().size();
            case POOL -> blueprint.pools().size();
            case MEMBER ->
                blueprint.pools().stream()
                        .mapToInt(pool -> pool.members().size())
                        .sum();
            case HEALTH_MONITOR ->
                (int) blueprint.pools().stream()
                        .map(DesiredPool::healthMonitor)
                        .filter(monitor -> monitor != null)
                        .count();
        };
    }
}
