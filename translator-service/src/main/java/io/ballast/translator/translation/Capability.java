package io.ballast.translator.translation;

import io.ballast.schemas.contract.HealthMonitorType;
import io.ballast.schemas.contract.LbAlgorithm;
import io.ballast.schemas.contract.PortProtocol;
import java.util.Optional;

/** What a provider may or may not be able to do, as far as we ask for it. */
enum Capability {
    TCP("listeners and pools for TCP"),
    UDP("listeners and pools for UDP"),
    SCTP("listeners and pools for SCTP"),
    FORWARDED_FOR("HTTP listeners that insert X-Forwarded-For"),
    TERMINATED_TLS("TERMINATED_HTTPS listeners with Barbican containers"),
    PROXY_V1("pools that speak PROXY protocol v1"),
    PROXY_V2("pools that speak PROXY protocol v2"),
    ALLOWED_CIDRS("listeners that restrict sources"),
    LISTENER_TIMEOUTS("timeouts of listeners"),
    CONNECTION_LIMIT("connection limit of listeners"),
    ROUND_ROBIN("algorithm ROUND_ROBIN", LbAlgorithm.ROUND_ROBIN),
    LEAST_CONNECTIONS("algorithm LEAST_CONNECTIONS", LbAlgorithm.LEAST_CONNECTIONS),
    SOURCE_IP("algorithm SOURCE_IP", LbAlgorithm.SOURCE_IP),
    SOURCE_IP_PORT("algorithm SOURCE_IP_PORT", LbAlgorithm.SOURCE_IP_PORT),
    SESSION_PERSISTENCE("session persistence SOURCE_IP"),
    WEIGHTS("weight 0 drains a member"),
    ADDITIONAL_VIPS("one load balancer for both address families"),
    FLAVOR("flavors"),
    AVAILABILITY_ZONE("availability zones"),
    MONITOR_TCP("health monitors TCP", HealthMonitorType.TCP),
    MONITOR_HTTP("health monitors HTTP, and a port to probe that is not the member's", HealthMonitorType.HTTP),
    MONITOR_UDP("health monitors UDP-CONNECT", HealthMonitorType.UDP_CONNECT),
    MONITOR_SCTP("health monitors SCTP", HealthMonitorType.SCTP);

    private final String words;
    private final Optional<LbAlgorithm> algorithm;
    private final Optional<HealthMonitorType> monitor;

    Capability(String words) {
        this(words, Optional.empty(), Optional.empty());
    }

    Capability(String words, LbAlgorithm algorithm) {
        this(words, Optional.of(algorithm), Optional.empty());
    }

    Capability(String words, HealthMonitorType monitor) {
        this(words, Optional.empty(), Optional.of(monitor));
    }

    Capability(String words, Optional<LbAlgorithm> algorithm, Optional<HealthMonitorType> monitor) {
        this.words = words;
        this.algorithm = algorithm;
        this.monitor = monitor;
    }

    String words() {
        return words;
    }

    Optional<LbAlgorithm> algorithm() {
        return algorithm;
    }

    Optional<HealthMonitorType> monitor() {
        return monitor;
    }

    /** Empty for a protocol that nobody knows. */
    static Optional<Capability> of(PortProtocol protocol) {
        return switch (protocol) {
            case TCP -> Optional.of(TCP);
            case UDP -> Optional.of(UDP);
            case SCTP -> Optional.of(SCTP);
            case UNKNOWN -> Optional.empty();
        };
    }
}
