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
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an Octavia provider can do. The only place that tells providers apart; {@code docs/reference/providers.md} is made
 * from it. Tried: on Octavia 11.0.0 with ovn provider 3.0.0. Feature matrix: Octavia's documentation, "feature
 * classification", columns amphora and ovn. Driver: source of the provider's driver. Networking API: extension lbaasv2 of
 * neutron-lbaas, its attributes and constants, deprecated.
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
            .can("feature matrix, protocol TERMINATED_HTTPS", TERMINATED_TLS)
            .can("feature matrix, pool protocols", PROXY_V1, PROXY_V2)
            .can("tried: rules of the VIP's security group", ALLOWED_CIDRS)
            .can("feature matrix; haproxy's timeouts, so TCP only", LISTENER_TIMEOUTS)
            .can("feature matrix; driver: behind UDP and SCTP it limits each member", CONNECTION_LIMIT)
            .can("feature matrix, pool algorithms", ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP)
            .cannot("tried: 501 \"does not support a requested option\"", SOURCE_IP_PORT)
            .can("feature matrix, session_persistence", SESSION_PERSISTENCE)
            .can("feature matrix, member weight; API reference: 0 takes no new connections", WEIGHTS)
            .can(
                    "tried: takes members of the other family; driver: not for UDP and SCTP, where LVS cannot mix them",
                    ADDITIONAL_VIPS)
            .can(MATRIX, FLAVOR, AVAILABILITY_ZONE, MONITOR_TCP, MONITOR_UDP, MONITOR_SCTP)
            .can("feature matrix, type HTTP and member monitor_port", MONITOR_HTTP)
            .done();

    static final ProviderCapabilities OVN = new Table("ovn")
            .can("tried", TCP, UDP)
            .can("the provider's documentation and driver; not tried, and missing in the feature matrix", SCTP)
            .cannot("tried: HTTP listeners 501", FORWARDED_FOR)
            .cannot("feature matrix; driver: protocols TCP, UDP and SCTP only", TERMINATED_TLS)
            .cannot("tried: 501", PROXY_V1, PROXY_V2, ALLOWED_CIDRS)
            .cannot("tried: accepted and ignored", LISTENER_TIMEOUTS, CONNECTION_LIMIT)
            .cannot("tried: 501", ROUND_ROBIN, LEAST_CONNECTIONS)
            .cannot("tried: 501; later releases of the driver take it", SOURCE_IP)
            .can("tried: the only one", SOURCE_IP_PORT)
            .cannot(
                    "tried: stored and shown, traffic still spreads; later releases of the driver keep it",
                    SESSION_PERSISTENCE)
            .cannot("tried: a member of weight 0 keeps its traffic", WEIGHTS)
            .cannot(
                    "tried: takes additional VIPs, but refuses members of another family than the VIP: 501; later releases of the driver take them",
                    ADDITIONAL_VIPS)
            .cannot(MATRIX, FLAVOR, AVAILABILITY_ZONE)
            .can(
                    "tried; only with a service port in each member subnet, see health-monitors.ovn-service-port",
                    MONITOR_TCP)
            .can("feature matrix; service port as for TCP", MONITOR_UDP)
            .cannot("feature matrix; tried: another port to probe 501", MONITOR_HTTP)
            .cannot("feature matrix; driver: types TCP and UDP-CONNECT only", MONITOR_SCTP)
            .done();

    /** Known from its source and documentation only: it can no longer be run. */
    static final ProviderCapabilities LBAAS_V2 = new Table("lbaasv2")
            .can(LEGACY, TCP)
            .cannot("Networking API: TCP, HTTP, HTTPS, TERMINATED_HTTPS", UDP, SCTP)
            .cannot(
                    "Networking API: no insert_headers; driver: its haproxy adds the header to HTTP unasked",
                    FORWARDED_FOR)
            .can("Networking API, protocol TERMINATED_HTTPS", TERMINATED_TLS)
            .cannot("Networking API: pools TCP, HTTP, HTTPS", PROXY_V1, PROXY_V2)
            .cannot("Networking API: no allowed_cidrs", ALLOWED_CIDRS)
            .cannot("Networking API: no timeouts", LISTENER_TIMEOUTS)
            .can(LEGACY, CONNECTION_LIMIT, ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP)
            .cannot("Networking API: no such algorithm", SOURCE_IP_PORT)
            .can(LEGACY, SESSION_PERSISTENCE)
            .can("Networking API: 0..256", WEIGHTS)
            .cannot("Networking API: one VIP", ADDITIONAL_VIPS)
            .cannot("Networking API: Neutron's, and not together with a provider", FLAVOR)
            .cannot("Networking API: no availability_zone", AVAILABILITY_ZONE)
            .can(LEGACY, MONITOR_TCP)
            .cannot("Networking API: HTTP monitors, but no monitor_port", MONITOR_HTTP)
            .cannot("Networking API: PING, TCP, HTTP, HTTPS", MONITOR_UDP, MONITOR_SCTP)
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
        return able().map(Capability::monitor)
                .flatMap(Optional::stream)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(HealthMonitorType.class)));
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
