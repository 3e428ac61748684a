package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LbAlgorithm;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.PoolProtocol;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Valid records for tests of the core. */
final class Samples {
    static final String SUBNET = "5ab7c3f0-0000-4000-8000-000000000001";

    private Samples() {}

    static Blueprint blueprint(List<DesiredListener> listeners, List<DesiredPool> pools) {
        return new Blueprint(
                "shop/web",
                "",
                null,
                null,
                List.of(new GrantedVip(IpFamily.IPV4, "10.2.0.5", "subnet", "network")),
                new TreeSet<>(List.of("ballast")),
                listeners,
                pools,
                null,
                null);
    }

    static DesiredListener listener(ListenerProtocol protocol, int port, String pool) {
        return listener(protocol, port, pool, null);
    }

    static DesiredListener listener(
            ListenerProtocol protocol, int port, String pool, @Nullable List<String> allowedCidrs) {
        return new DesiredListener(
                "shop/web:" + protocol + ":" + port,
                protocol,
                port,
                pool,
                null,
                null,
                null,
                null,
                null,
                allowedCidrs,
                Map.of(),
                null,
                List.of());
    }

    static DesiredPool pool(String name, PoolProtocol protocol, List<DesiredMember> members) {
        return new DesiredPool(name, protocol, LbAlgorithm.ROUND_ROBIN, null, null, null, members);
    }

    /** Members 10.1.0.{from} to 10.1.0.{to}, port 8080. */
    static List<DesiredMember> members(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(last -> member("10.1.0." + last, 1))
                .toList();
    }

    static DesiredMember member(String address, int weight) {
        return new DesiredMember("pod-" + address, address, 8080, weight, SUBNET, null, null, false);
    }
}
