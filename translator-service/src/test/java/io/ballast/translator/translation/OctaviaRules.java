package io.ballast.translator.translation;

import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.DesiredHealthMonitor;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.HealthMonitorType;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LbAlgorithm;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.PoolProtocol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Octavia would refuse, written from its API reference and the errors of the real one, without a look at the translator.
 */
final class OctaviaRules {
    private static final String OVN_SOURCES = "OVN provider does not support allowed_cidrs option";

    private static final int NAME_MAX = 255;
    private static final int TIMEOUT_MAX = 86_400_000;

    /** Source: Octavia API reference, "Protocol Combinations (Listener/Pool)". */
    private static final Map<ListenerProtocol, Set<PoolProtocol>> POOLS = Map.of(
            ListenerProtocol.TCP,
                    EnumSet.of(
                            PoolProtocol.TCP,
                            PoolProtocol.HTTP,
                            PoolProtocol.HTTPS,
                            PoolProtocol.PROXY,
                            PoolProtocol.PROXYV2),
            ListenerProtocol.HTTP, EnumSet.of(PoolProtocol.HTTP, PoolProtocol.PROXY, PoolProtocol.PROXYV2),
            ListenerProtocol.HTTPS,
                    EnumSet.of(PoolProtocol.TCP, PoolProtocol.HTTPS, PoolProtocol.PROXY, PoolProtocol.PROXYV2),
            ListenerProtocol.TERMINATED_HTTPS,
                    EnumSet.of(PoolProtocol.HTTP, PoolProtocol.HTTPS, PoolProtocol.PROXY, PoolProtocol.PROXYV2),
            ListenerProtocol.UDP, EnumSet.of(PoolProtocol.UDP),
            ListenerProtocol.SCTP, EnumSet.of(PoolProtocol.SCTP));

    private final DesiredLoadBalancerBody body;
    private final boolean ovn;
    private final List<String> broken = new ArrayList<>();

    private OctaviaRules(DesiredLoadBalancerBody body) {
        this.body = body;
        this.ovn = body.provider().equals("ovn");
    }

    /** Every rule that a load balancer breaks, one sentence each. */
    static List<String> broken(DesiredLoadBalancerBody body) {
        var rules = new OctaviaRules(body);
        rules.check();
        return rules.broken;
    }

    private void check() {
        name(body.name());
        rule(!body.families().isEmpty() && body.families().size() <= 2, "families " + body.families());
        rule(new HashSet<>(body.families()).size() == body.families().size(), "a family twice " + body.families());
        var pools = new HashMap<String, DesiredPool>();
        for (var pool : body.pools()) {
            rule(pools.put(pool.name(), pool) == null, "pool name twice " + pool.name());
            pool(pool);
        }
        var ports = new HashSet<String>();
        var names = new HashSet<String>();
        for (var listener : body.listeners()) {
            rule(ports.add(transport(listener.protocol()) + listener.port()), "port twice " + listener.name());
            rule(names.add(listener.name()), "listener name twice " + listener.name());
            listener(listener, pools.get(listener.pool()));
        }
    }

    private void listener(DesiredListener listener, @Nullable DesiredPool pool) {
        name(listener.name());
        port(listener.port(), listener.name());
        if (pool == null) {
            broken.add(listener.name() + " leads to no pool " + listener.pool());
            return;
        }
        rule(
                POOLS.getOrDefault(listener.protocol(), Set.of()).contains(pool.protocol()),
                "%s %s leads to %s".formatted(listener.name(), listener.protocol(), pool.protocol()));
        timeout(listener.timeoutClientDataMillis());
        timeout(listener.timeoutMemberConnectMillis());
        timeout(listener.timeoutMemberDataMillis());
        timeout(listener.timeoutTcpInspectMillis());
        var limit = listener.connectionLimit();
        rule(limit == null || limit >= -1, "connection limit " + limit);
        var cidrs = listener.allowedCidrs();
        if (cidrs != null) {
            rule(!ovn || cidrs.isEmpty(), OVN_SOURCES);
            cidrs.forEach(this::cidr);
        }
        rule(
                !ovn
                        || EnumSet.of(ListenerProtocol.TCP, ListenerProtocol.UDP, ListenerProtocol.SCTP)
                                .contains(listener.protocol()),
                "ovn listens to no " + listener.protocol());
    }

    private void cidr(String text) {
        var range = CidrRange.parse(text);
        rule(range.isPresent() && range.get().toString().equals(text), "no canonical CIDR " + text);
        range.ifPresent(each -> rule(body.families().contains(each.family()), "CIDR of no family of the VIPs " + text));
    }

    private void pool(DesiredPool pool) {
        name(pool.name());
        rule(
                ovn == (pool.algorithm() == LbAlgorithm.SOURCE_IP_PORT),
                "algorithm %s of provider '%s'".formatted(pool.algorithm(), body.provider()));
        rule(
                pool.persistenceTimeoutSeconds() == null
                        || pool.protocol() == PoolProtocol.UDP
                        || pool.protocol() == PoolProtocol.SCTP,
                "persistence_timeout is only for UDP and SCTP " + pool.name());
        var places = new HashSet<String>();
        var families = EnumSet.noneOf(IpFamily.class);
        for (var member : pool.members()) {
            rule(places.add(member.address() + " " + member.port()), "member twice " + member.address());
            member(member, families);
        }
        boolean lvs = pool.protocol() == PoolProtocol.UDP || pool.protocol() == PoolProtocol.SCTP;
        if (ovn || lvs) {
            rule(body.families().containsAll(families), "members of %s behind VIPs of %s".formatted(families, body));
            rule(families.isEmpty() || body.families().size() == 1, "mixes families " + pool.name());
        }
        var monitor = pool.healthMonitor();
        if (monitor != null) {
            monitor(monitor, pool.protocol());
        }
    }

    private void member(DesiredMember member, Set<IpFamily> families) {
        name(member.name());
        port(member.port(), member.name());
        rule(member.weight() >= 0 && member.weight() <= 256, "weight " + member.weight());
        var address = IpAddress.parse(member.address());
        rule(
                address.isPresent() && address.get().toString().equals(member.address()),
                "no canonical address " + member.address());
        address.ifPresent(each -> {
            families.add(each.family());
            rule(
                    !each.isLoopback() && !each.isLinkLocal() && !each.isMulticast() && !each.isUnspecified(),
                    "not a valid option for member address " + each);
        });
        var monitorPort = member.monitorPort();
        if (monitorPort != null) {
            port(monitorPort, member.name());
            rule(!ovn, "OVN provider does not support monitor options");
        }
    }

    private void monitor(DesiredHealthMonitor monitor, PoolProtocol pool) {
        name(monitor.name());
        rule(monitor.timeoutSeconds() <= monitor.delaySeconds(), "timeout longer than delay " + monitor);
        rule(monitor.maxRetries() >= 1 && monitor.maxRetries() <= 10, "retries " + monitor);
        var path = monitor.urlPath();
        rule(path == null || path.startsWith("/"), "url_path " + path);
        var types =
                switch (pool) {
                    case UDP ->
                        EnumSet.of(HealthMonitorType.UDP_CONNECT, HealthMonitorType.TCP, HealthMonitorType.HTTP);
                    case SCTP -> EnumSet.of(HealthMonitorType.SCTP, HealthMonitorType.TCP, HealthMonitorType.HTTP);
                    default -> EnumSet.complementOf(EnumSet.of(HealthMonitorType.UDP_CONNECT, HealthMonitorType.SCTP));
                };
        rule(types.contains(monitor.type()), "%s monitors no %s pool".formatted(monitor.type(), pool));
        rule(
                !ovn
                        || EnumSet.of(HealthMonitorType.TCP, HealthMonitorType.UDP_CONNECT)
                                .contains(monitor.type()),
                "ovn has no " + monitor.type());
    }

    private void name(String name) {
        rule(
                !name.isEmpty() && name.length() <= NAME_MAX && name.matches("[\\x20-\\x7e]*"),
                "name of %d characters: %s".formatted(name.length(), name));
    }

    private void port(int port, String of) {
        rule(port >= 1 && port <= 65_535, "port %d of %s".formatted(port, of));
    }

    private void timeout(@Nullable Integer millis) {
        rule(millis == null || (millis >= 0 && millis <= TIMEOUT_MAX), "timeout " + millis);
    }

    private static String transport(ListenerProtocol protocol) {
        return switch (protocol) {
            case UDP, SCTP -> protocol.name() + " ";
            default -> "TCP ";
        };
    }

    private void rule(boolean holds, String otherwise) {
        if (!holds) {
            broken.add(otherwise);
        }
    }
}
