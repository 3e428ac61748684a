package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Listener;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Member;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Monitor;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Pool;
import io.ballast.schemas.contract.OperatingStatus;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What an operator can do by hand to a load balancer that is ours: any field, any child. */
final class Tampering {
    private static final ProvisioningStatus ACTIVE = ProvisioningStatus.ACTIVE;
    private static final int KINDS = 17;

    private final Random random;
    private ObservedLoadBalancer state;

    private Tampering(Random random, ObservedLoadBalancer state) {
        this.random = random;
        this.state = state;
    }

    static ObservedLoadBalancer with(Random random, ObservedLoadBalancer state) {
        var tampering = new Tampering(random, state);
        for (int edits = random.nextInt(6); edits > 0; edits--) {
            tampering.edit();
        }
        return tampering.state;
    }

    private void edit() {
        switch (random.nextInt(KINDS)) {
            case 0 -> listeners(each -> with(each, each.name(), each.defaultPoolId(), List.of(), each.adminUp()));
            case 1 -> listeners(each -> with(each, "by hand", each.defaultPoolId(), each.allowedCidrs(), false));
            case 2 -> listeners(each -> with(each, each.name(), anyPool(each), each.allowedCidrs(), each.adminUp()));
            case 3 ->
                listeners(each ->
                        with(each, each.name(), each.defaultPoolId(), List.of("198.51.100.0/24"), each.adminUp()));
            case 4 -> listeners(each -> each.with(ProvisioningStatus.ERROR));
            case 5 -> removeListener();
            case 6 -> addListener();
            case 7 -> pools(each -> with(each, each.name(), "SOURCE_IP", each.adminUp()));
            case 8 -> pools(each -> with(each, "by hand", each.algorithm(), each.adminUp()));
            case 9 -> pools(each -> with(each, each.name(), each.algorithm(), false));
            case 10 -> pools(each -> each.withMonitor(each.monitor() == null ? monitor() : null));
            case 11 -> pools(each -> each.withMembers(some(each.members())));
            case 12 -> pools(each -> each.withMembers(more(each.members())));
            case 13 ->
                pools(each -> each.withMembers(
                        each.members().stream().map(this::edited).toList()));
            case 14 -> addPool();
            case 15 -> removePool();
            default -> head();
        }
    }

    private void listeners(UnaryOperator<Listener> change) {
        state = state.withListeners(state.listeners().stream()
                .map(each -> random.nextBoolean() ? change.apply(each) : each)
                .toList());
    }

    private void pools(UnaryOperator<Pool> change) {
        state = state.withPools(state.pools().stream()
                .map(each -> random.nextBoolean() ? change.apply(each) : each)
                .toList());
    }

    private @Nullable String anyPool(Listener listener) {
        var all = state.pools().stream()
                .filter(each -> each.protocol().equals(listener.protocol()))
                .toList();
        return all.isEmpty() || random.nextInt(3) == 0
                ? null
                : all.get(random.nextInt(all.size())).id();
    }

    private void removeListener() {
        if (!state.listeners().isEmpty()) {
            state = state.withListeners(
                    state.listeners().subList(1, state.listeners().size()));
        }
    }

    private void addListener() {
        int port = 80 + random.nextInt(6);
        if (state.listeners().stream().noneMatch(each -> each.port() == port)) {
            var all = new ArrayList<>(state.listeners());
            all.add(new Listener(
                    "by-hand-" + port,
                    "by hand",
                    random.nextBoolean() ? "HTTP" : "UDP",
                    port,
                    null,
                    7,
                    1,
                    2,
                    3,
                    4,
                    List.of(),
                    Map.of("X-Forwarded-For", "true"),
                    null,
                    List.of(),
                    true,
                    ACTIVE,
                    OperatingStatus.ONLINE));
            state = state.withListeners(all);
        }
    }

    private void addPool() {
        var id = "by-hand-pool-" + state.pools().size();
        if (state.pool(id).isEmpty()) {
            var all = new ArrayList<>(state.pools());
            all.add(new Pool(id, "pool-80", "TCP", "ROUND_ROBIN", "SOURCE_IP", null, null, List.of(), ACTIVE));
            state = state.withPools(all);
        }
    }

    /** Octavia empties the default pool of its listeners. */
    private void removePool() {
        if (!state.pools().isEmpty()) {
            var gone = state.pools().get(random.nextInt(state.pools().size())).id();
            state = state.withListeners(state.listeners().stream()
                            .map(each -> gone.equals(each.defaultPoolId())
                                    ? with(each, each.name(), null, each.allowedCidrs(), each.adminUp())
                                    : each)
                            .toList())
                    .withPools(state.pools().stream()
                            .filter(Predicate.not(each -> each.id().equals(gone)))
                            .toList());
        }
    }

    private void head() {
        var head = state.head();
        var tags = new TreeSet<>(head.tags());
        tags.add("by hand");
        if (random.nextBoolean()) {
            tags.remove("ballast");
        }
        state = state.withHead(new LoadBalancerHead(
                head.id(),
                random.nextBoolean() ? "by hand" : head.name(),
                head.provider(),
                head.provisioning(),
                head.operating(),
                head.vips(),
                tags,
                head.createdAt(),
                head.updatedAt(),
                head.listenerIds(),
                head.poolIds(),
                random.nextBoolean()));
    }

    private List<Member> some(List<Member> members) {
        return members.stream().filter(_ -> random.nextBoolean()).toList();
    }

    private static List<Member> more(List<Member> members) {
        var all = new ArrayList<>(members);
        if (members.stream().noneMatch(each -> each.address().equals("10.9.9.9"))) {
            all.add(new Member(
                    "m-by-hand", "", "10.9.9.9", 8080, 1, false, null, null, ACTIVE, OperatingStatus.NO_MONITOR));
        }
        return all;
    }

    private Member edited(Member each) {
        return random.nextBoolean()
                ? each
                : new Member(
                        each.id(),
                        random.nextBoolean() ? each.name() : "by hand",
                        each.address(),
                        each.port(),
                        random.nextInt(3),
                        random.nextBoolean(),
                        random.nextBoolean() ? null : "10.8.8.8",
                        random.nextBoolean() ? null : 9,
                        random.nextInt(5) == 0 ? ProvisioningStatus.ERROR : ACTIVE,
                        each.operating(),
                        random.nextInt(3) == 0 ? "99999999-0000-0000-0000-000000000000" : each.subnetId(),
                        random.nextBoolean());
    }

    private Monitor monitor() {
        return new Monitor(
                "h-by-hand" + random.nextInt(1_000),
                "",
                random.nextBoolean() ? "HTTP" : "TCP",
                1,
                1,
                1,
                1,
                null,
                "/by-hand",
                null,
                ACTIVE,
                random.nextBoolean());
    }

    private static Pool with(Pool pool, String name, String algorithm, boolean adminUp) {
        return new Pool(
                pool.id(),
                name,
                pool.protocol(),
                algorithm,
                pool.persistence() == null ? "SOURCE_IP" : null,
                pool.persistenceTimeoutSeconds(),
                pool.monitor(),
                pool.members(),
                pool.provisioning(),
                adminUp);
    }

    private static Listener with(
            Listener listener, String name, @Nullable String poolId, List<String> cidrs, boolean adminUp) {
        return new Listener(
                listener.id(),
                name,
                listener.protocol(),
                listener.port(),
                poolId,
                5,
                1_000,
                1_000,
                1_000,
                1_000,
                cidrs,
                listener.insertHeaders(),
                listener.tlsContainerRef(),
                listener.sniContainerRefs(),
                adminUp,
                listener.provisioning(),
                listener.operating());
    }
}
