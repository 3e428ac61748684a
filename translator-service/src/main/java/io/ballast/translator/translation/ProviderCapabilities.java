package io.ballast.translator.translation;

import static io.ballast.translator.translation.Capability.ADDITIONAL_VIPS;
import static io.ballast.translator.translation.Capability.ALLOWED_CIDRS;
import static io.ballast.translator.translation.Capability.AVAILABILITY_ZONE;
import static io.ballast.translator.translation.Capability.CONNECTION_LIMIT;
import static io.ballast.translator.translation.Capability.FLAVOR;
import static io.ballast.translator.translation.Capability.FORWARDED_FOR;
import static io.ballast.translator.translation.Capability.LEAST_CONNECTIONS;
import static io.ballast.translator.translation.Capability.LISTENER_TIMEOUTS;
import static io.ballast.translator.translation.Capability.MONITOR_HTTP;
import static io.ballast.translator.translation.Capability.MONITOR_SCTP;
import static io.ballast.translator.translation.Capability.MONITOR_TCP;
import static io.ballast.translator.translation.Capability.MONITOR_UDP;
import static io.ballast.translator.translation.Capability.PROXY_V1;
import static io.ballast.translator.translation.Capability.PROXY_V2;
import static io.ballast.translator.translation.Capability.ROUND_ROBIN;
import static io.ballast.translator.translation.Capability.SCTP;
import static io.ballast.translator.translation.Capability.SESSION_PERSISTENCE;
import static io.ballast.translator.translation.Capability.SOURCE_IP;
import static io.ballast.translator.translation.Capability.SOURCE_IP_PORT;
import static io.ballast.translator.translation.Capability.TCP;
import static io.ballast.translator.translation.Capability.TERMINATED_TLS;
import static io.ballast.translator.translation.Capability.UDP;
import static io.ballast.translator.translation.Capability.WEIGHTS;

import io.ballast.schemas.contract.HealthMonitorType;
import io.ballast.schemas.contract.LbAlgorithm;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an Octavia provider can do. The only place that tells providers apart; {@code docs/reference/providers.md} is made
 * from it. Tried: on Octavia 11.0.0 with ovn provider 3.0.0. Feature matrix: Octavia's documentation, "feature
 * classification", columns amphora and ovn. Networking API: its reference, LBaaS 2.0, deprecated.
 *
 * @param name of the column
 * @param cells one for each capability
 */
record ProviderCapabilities(String name, Map<Capability, Cell> cells) {
    /** Whether, and how we know. */
    record Cell(boolean able, String source) {}

    private static final String MATRIX = "feature matrix";
    private static final String LEGACY = "Networking API";

    static final ProviderCapabilities AMPHORA = new Table("amphora")
            .can(MATRIX, TCP, UDP, SCTP)
            .can("feature matrix, insert_headers", FORWARDED_FOR)
            .can("feature matrix, TLS-terminated", TERMINATED_TLS)
            .can("feature matrix, pool protocols", PROXY_V1, PROXY_V2)
            .can("tried: rules of the VIP's security group", ALLOWED_CIDRS)
            .can("feature matrix; haproxy's timeouts, so TCP only", LISTENER_TIMEOUTS)
            .can("feature matrix; haproxy's maxconn", CONNECTION_LIMIT)
            .can("feature matrix, pool algorithms", ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP)
            .cannot("tried: 501 \"does not support a requested option\"", SOURCE_IP_PORT)
            .can("feature matrix; stick tables", SESSION_PERSISTENCE)
            .can("feature matrix, member weight", WEIGHTS)
            .can(
                    "tried: takes members of the other family; not for UDP and SCTP, where LVS cannot mix them",
                    ADDITIONAL_VIPS)
            .can(MATRIX, FLAVOR, AVAILABILITY_ZONE, MONITOR_TCP, MONITOR_HTTP, MONITOR_UDP, MONITOR_SCTP)
            .done();

    static final ProviderCapabilities OVN = new Table("ovn")
            .can("tried", TCP, UDP)
            .can(MATRIX, SCTP)
            .cannot("tried: 501, protocols TCP, UDP and SCTP only", FORWARDED_FOR, TERMINATED_TLS, PROXY_V1, PROXY_V2)
            .cannot("tried: 501", ALLOWED_CIDRS)
            .cannot("tried: accepted and ignored", LISTENER_TIMEOUTS, CONNECTION_LIMIT)
            .cannot("tried: 501", ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP)
            .can("tried: the only one", SOURCE_IP_PORT)
            .cannot("tried: stored and shown, traffic still spreads", SESSION_PERSISTENCE)
            .cannot("tried: a member of weight 0 keeps its traffic", WEIGHTS)
            .cannot(
                    "tried: takes additional VIPs, but refuses members of another family than the VIP: 501",
                    ADDITIONAL_VIPS)
            .cannot(MATRIX, FLAVOR, AVAILABILITY_ZONE)
            .can(
                    "feature matrix; only with a service port in each member subnet, see health-monitors.ovn-service-port",
                    MONITOR_TCP,
                    MONITOR_UDP)
            .cannot("feature matrix; probes no other port either: 501", MONITOR_HTTP)
            .cannot(MATRIX, MONITOR_SCTP)
            .done();

    /** Known from its documentation only: it can no longer be run. */
    static final ProviderCapabilities LBAAS_V2 = new Table("lbaasv2")
            .can(LEGACY, TCP)
            .cannot("Networking API: TCP, HTTP, HTTPS, TERMINATED_HTTPS", UDP, SCTP)
            .cannot("Networking API: no insert_headers", FORWARDED_FOR)
            .can(LEGACY, TERMINATED_TLS)
            .cannot("Networking API: no such pool protocol", PROXY_V1, PROXY_V2)
            .cannot("Networking API: no allowed_cidrs", ALLOWED_CIDRS)
            .cannot("Networking API: no timeouts", LISTENER_TIMEOUTS)
            .can(LEGACY, CONNECTION_LIMIT, ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP)
            .cannot("Networking API: no such algorithm", SOURCE_IP_PORT)
            .can(LEGACY, SESSION_PERSISTENCE, WEIGHTS)
            .cannot("Networking API: one VIP", ADDITIONAL_VIPS)
            .cannot("Networking API: flavors are for admins, and no zones", FLAVOR, AVAILABILITY_ZONE)
            .can(LEGACY, MONITOR_TCP)
            .cannot("Networking API: HTTP monitors, but no monitor_port", MONITOR_HTTP)
            .cannot("Networking API: no such type", MONITOR_UDP, MONITOR_SCTP)
            .done();

    ProviderCapabilities {
        cells = Collections.unmodifiableMap(new EnumMap<>(cells));
    }

    /** Of a provider by its name; one that is not known, and the cloud's default, are taken to be like amphora. */
    static ProviderCapabilities of(String provider) {
        return switch (provider) {
            case "ovn" -> OVN;
            case "haproxy", "lbaasv2" -> LBAAS_V2; // the name neutron-lbaas gave its driver, and ours
            default -> AMPHORA;
        };
    }

    boolean can(Capability capability) {
        return cells.getOrDefault(capability, new Cell(false, "")).able();
    }

    private Stream<Capability> able() {
        return cells.keySet().stream().filter(this::can);
    }

    /** Load balancing algorithms, the usual one first. */
    List<LbAlgorithm> algorithms() {
        return able().map(Capability::algorithm).flatMap(Optional::stream).toList();
    }

    LbAlgorithm usualAlgorithm() {
        return algorithms().getFirst();
    }

    Set<HealthMonitorType> monitors() {
        return able().map(Capability::monitor).flatMap(Optional::stream).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether it probes from a port of its own, without which a health monitor stops all traffic. */
    boolean needsServicePort() {
        return name.equals(OVN.name);
    }

    /** Whether weight 0 drains a member; otherwise it has to leave. */
    boolean weights() {
        return can(WEIGHTS);
    }

    /** Whether one load balancer can carry both families for TCP. */
    boolean additionalVips() {
        return can(ADDITIONAL_VIPS);
    }

    /** A column as it is written down. */
    private static final class Table {
        private final String name;
        private final Map<Capability, Cell> cells = new EnumMap<>(Capability.class);

        Table(String name) {
            this.name = name;
        }

        Table can(String source, Capability... capabilities) {
            return put(new Cell(true, source), capabilities);
        }

        Table cannot(String source, Capability... capabilities) {
            return put(new Cell(false, source), capabilities);
        }

        private Table put(Cell cell, Capability... capabilities) {
            Arrays.stream(capabilities).forEach(capability -> cells.put(capability, cell));
            return this;
        }

        ProviderCapabilities done() {
            return new ProviderCapabilities(name, cells);
        }
    }
}
