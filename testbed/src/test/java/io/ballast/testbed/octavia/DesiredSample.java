package io.ballast.testbed.octavia;

import io.ballast.schemas.contract.DesiredHealthMonitor;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.HealthMonitorType;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LbAlgorithm;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.PersistenceType;
import io.ballast.schemas.contract.PoolProtocol;
import io.ballast.schemas.contract.ServiceType;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A desired load balancer of one listener, port 80, and one pool of members; plain until told otherwise. */
final class DesiredSample {
    private static final String NAME = "shop/web:TCP:80";

    private String provider = "";
    private String uid = "uid-1";
    private int members = 3;
    private ListenerProtocol listenerProtocol = ListenerProtocol.TCP;
    private PoolProtocol poolProtocol = PoolProtocol.TCP;
    private Map<String, String> headers = Map.of();
    private List<String> tags = List.of();
    private List<String> sni = List.of();
    private @Nullable String flavor;
    private @Nullable String zone;
    private @Nullable String project;
    private @Nullable String replacement;
    private @Nullable String tls;
    private @Nullable Integer connectionLimit;
    private @Nullable Integer clientData;
    private @Nullable Integer memberConnect;
    private @Nullable Integer memberData;
    private @Nullable Integer tcpInspect;
    private @Nullable List<String> allowedCidrs;
    private @Nullable PersistenceType persistence;
    private @Nullable DesiredHealthMonitor monitor;

    DesiredSample provider(String name) {
        provider = name;
        return this;
    }

    DesiredSample uid(String text) {
        uid = text;
        return this;
    }

    DesiredSample members(int count) {
        members = count;
        return this;
    }

    DesiredSample flavor(String name) {
        flavor = name;
        return this;
    }

    DesiredSample availabilityZone(String name) {
        zone = name;
        return this;
    }

    DesiredSample project(String id) {
        project = id;
        return this;
    }

    DesiredSample replacement(String mark) {
        replacement = mark;
        return this;
    }

    DesiredSample tags(List<String> all) {
        tags = all;
        return this;
    }

    DesiredSample listener(ListenerProtocol protocol) {
        listenerProtocol = protocol;
        return this;
    }

    DesiredSample headers(Map<String, String> all) {
        headers = all;
        return this;
    }

    DesiredSample tls(String container, List<String> further) {
        tls = container;
        sni = further;
        return this;
    }

    DesiredSample connectionLimit(int limit) {
        connectionLimit = limit;
        return this;
    }

    DesiredSample timeouts(int clientDataMillis, int memberConnectMillis, int memberDataMillis, int tcpInspectMillis) {
        clientData = clientDataMillis;
        memberConnect = memberConnectMillis;
        memberData = memberDataMillis;
        tcpInspect = tcpInspectMillis;
        return this;
    }

    DesiredSample allowedCidrs(List<String> cidrs) {
        allowedCidrs = cidrs;
        return this;
    }

    DesiredSample pool(PoolProtocol protocol) {
        poolProtocol = protocol;
        return this;
    }

    DesiredSample persistence(PersistenceType type) {
        persistence = type;
        return this;
    }

    DesiredSample monitor(HealthMonitorType type, int delaySeconds, @Nullable String path) {
        monitor = new DesiredHealthMonitor(
                NAME, type, delaySeconds, 3, 1, 3, path == null ? null : "GET", path, path == null ? null : "200");
        return this;
    }

    /** As it is desired in a generation. */
    DesiredLoadBalancer at(long generation) {
        return new DesiredLoadBalancer(
                DesiredState.PRESENT,
                "cluster-1",
                uid,
                "1",
                1,
                generation,
                null,
                "",
                ServiceType.CLUSTER_IP,
                false,
                List.of(),
                List.of(body()));
    }

    private DesiredLoadBalancerBody body() {
        var ovn = provider.equals("ovn");
        var all = IntStream.rangeClosed(1, members)
                .mapToObj(last -> new DesiredMember("pod-" + last, "10.1.0." + last, 8080, 1, null, null, null, false))
                .toList();
        return new DesiredLoadBalancerBody(
                "shop/web",
                provider,
                flavor,
                zone,
                List.of(IpFamily.IPV4),
                tags,
                List.of(new DesiredListener(
                        NAME,
                        listenerProtocol,
                        80,
                        NAME,
                        connectionLimit,
                        clientData,
                        memberConnect,
                        memberData,
                        tcpInspect,
                        allowedCidrs,
                        headers,
                        tls,
                        sni)),
                List.of(new DesiredPool(
                        NAME,
                        poolProtocol,
                        ovn ? LbAlgorithm.SOURCE_IP_PORT : LbAlgorithm.ROUND_ROBIN,
                        persistence,
                        null,
                        monitor,
                        all)),
                project,
                replacement);
    }
}
