package io.ballast.translator.translation;

import io.ballast.schemas.contract.HealthMonitorType;
import io.ballast.schemas.contract.LbAlgorithm;
import java.util.List;
import java.util.Set;

/**
 * What an Octavia provider can do, as far as we ask for it. The only place that tells providers apart. Sources: the
 * amphora and ovn columns of Octavia's feature matrix, and both providers tried on Octavia 11.0.0 with ovn provider 3.0.0.
 *
 * @param algorithms load balancing algorithms, the usual one first
 * @param sessionPersistence whether SOURCE_IP persistence has an effect
 * @param allowedCidrs whether listeners can restrict sources
 * @param listenerTimeouts whether timeouts of listeners have an effect
 * @param connectionLimit whether the connection limit of listeners has an effect
 * @param weights whether weight 0 drains a member; otherwise it has to leave
 * @param additionalVips whether one load balancer can carry both families for TCP
 * @param monitors health monitor types
 */
record ProviderCapabilities(
        List<LbAlgorithm> algorithms,
        boolean sessionPersistence,
        boolean allowedCidrs,
        boolean listenerTimeouts,
        boolean connectionLimit,
        boolean weights,
        boolean additionalVips,
        Set<HealthMonitorType> monitors) {
    private static final ProviderCapabilities AMPHORA = new ProviderCapabilities(
            // SOURCE_IP_PORT: 501 "does not support a requested option" (tried)
            List.of(LbAlgorithm.ROUND_ROBIN, LbAlgorithm.LEAST_CONNECTIONS, LbAlgorithm.SOURCE_IP),
            true, // stick tables, feature matrix
            true, // rules of the VIP's security group (tried)
            true, // haproxy timeouts, feature matrix
            true, // haproxy maxconn, feature matrix
            true, // feature matrix; weight 0 takes no new connections
            true, // accepts members of the other family (tried); not for UDP and SCTP, where LVS cannot mix them
            Set.of(
                    HealthMonitorType.TCP,
                    HealthMonitorType.UDP_CONNECT,
                    HealthMonitorType.SCTP,
                    HealthMonitorType.HTTP));

    private static final ProviderCapabilities OVN = new ProviderCapabilities(
            List.of(LbAlgorithm.SOURCE_IP_PORT), // every other: 501 (tried)
            false, // stored and shown, no affinity option reaches OVN, traffic still spreads (tried)
            false, // 501 (tried)
            false, // accepted and ignored (tried)
            false, // accepted and ignored (tried)
            false, // a member of weight 0 keeps its traffic (tried)
            false, // takes additional VIPs, but refuses members of another family than the VIP: 501 (tried)
            Set.of(HealthMonitorType.TCP, HealthMonitorType.UDP_CONNECT)); // feature matrix

    ProviderCapabilities {
        algorithms = List.copyOf(algorithms);
        monitors = Set.copyOf(monitors);
    }

    /** Of a provider by its name; one that is not known, and the cloud's default, are taken to be like amphora. */
    static ProviderCapabilities of(String provider) {
        return provider.equals("ovn") ? OVN : AMPHORA;
    }

    LbAlgorithm usualAlgorithm() {
        return algorithms.getFirst();
    }
}
