package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.OperatingStatus;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One load balancer with all its children, as OpenStack last answered or as our own accepted writes left it.
 *
 * @param head the load balancer itself
 * @param listeners listeners, in no order
 * @param pools pools, in no order
 */
public record ObservedLoadBalancer(LoadBalancerHead head, List<Listener> listeners, List<Pool> pools) {
    public ObservedLoadBalancer {
        listeners = List.copyOf(listeners);
        pools = List.copyOf(pools);
    }

    /**
     * A listener. Source: Octavia API v2, listeners.
     *
     * @param protocol Octavia's word
     * @param defaultPoolId id of its default pool; null for none
     * @param connectionLimit -1 for none
     * @param allowedCidrs sorted; empty for everybody
     */
    public record Listener(
            String id,
            String name,
            String protocol,
            int port,
            @Nullable String defaultPoolId,
            int connectionLimit,
            int timeoutClientDataMillis,
            int timeoutMemberConnectMillis,
            int timeoutMemberDataMillis,
            int timeoutTcpInspectMillis,
            List<String> allowedCidrs,
            Map<String, String> insertHeaders,
            @Nullable String tlsContainerRef,
            List<String> sniContainerRefs,
            boolean adminUp,
            ProvisioningStatus provisioning,
            OperatingStatus operating) {
        public Listener {
            allowedCidrs = allowedCidrs.stream().sorted().toList();
            insertHeaders = InOrder.copyOf(insertHeaders);
            sniContainerRefs = sniContainerRefs.stream().sorted().toList();
        }

        public Listener withDefaultPool(String poolId) {
            return with(poolId, provisioning);
        }

        public Listener with(ProvisioningStatus status) {
            return with(defaultPoolId, status);
        }

        Listener with(Standing standing) {
            return with(defaultPoolId, standing.provisioning(), standing.operating());
        }

        /** The same with an operating status that was seen, or UNKNOWN. */
        Listener with(OperatingStatus status) {
            return with(defaultPoolId, provisioning, status);
        }

        private Listener with(@Nullable String poolId, ProvisioningStatus status) {
            return with(poolId, status, operating);
        }

        private Listener with(@Nullable String poolId, ProvisioningStatus status, OperatingStatus health) {
            return new Listener(
                    id,
                    name,
                    protocol,
                    port,
                    poolId,
                    connectionLimit,
                    timeoutClientDataMillis,
                    timeoutMemberConnectMillis,
                    timeoutMemberDataMillis,
                    timeoutTcpInspectMillis,
                    allowedCidrs,
                    insertHeaders,
                    tlsContainerRef,
                    sniContainerRefs,
                    adminUp,
                    status,
                    health);
        }
    }

    /**
     * A pool. Source: Octavia API v2, pools.
     *
     * @param persistence Octavia's word; null for none
     * @param members in no order
     * @param adminUp whether its administrative state is up
     */
    public record Pool(
            String id,
            String name,
            String protocol,
            String algorithm,
            @Nullable String persistence,
            @Nullable Integer persistenceTimeoutSeconds,
            @Nullable Monitor monitor,
            List<Member> members,
            ProvisioningStatus provisioning,
            boolean adminUp) {
        public Pool {
            members = List.copyOf(members);
        }

        /** One that is up. */
        public Pool(
                String id,
                String name,
                String protocol,
                String algorithm,
                @Nullable String persistence,
                @Nullable Integer persistenceTimeoutSeconds,
                @Nullable Monitor monitor,
                List<Member> members,
                ProvisioningStatus provisioning) {
            this(
                    id,
                    name,
                    protocol,
                    algorithm,
                    persistence,
                    persistenceTimeoutSeconds,
                    monitor,
                    members,
                    provisioning,
                    true);
        }

        public Pool with(ProvisioningStatus status) {
            return with(monitor, members, status);
        }

        public Pool withMembers(List<Member> next) {
            return with(monitor, next, provisioning);
        }

        public Pool withMonitor(@Nullable Monitor next) {
            return with(next, members, provisioning);
        }

        private Pool with(@Nullable Monitor nextMonitor, List<Member> nextMembers, ProvisioningStatus status) {
            return new Pool(
                    id,
                    name,
                    protocol,
                    algorithm,
                    persistence,
                    persistenceTimeoutSeconds,
                    nextMonitor,
                    nextMembers,
                    status,
                    adminUp);
        }
    }

    /**
     * A member.
     *
     * @param id Octavia id; empty while a batch of ours made it and nothing was read since
     * @param address as Octavia spells it
     * @param subnetId id of its subnet; null when it has none, or nobody told
     * @param adminUp whether its administrative state is up
     */
    public record Member(
            String id,
            String name,
            String address,
            int port,
            int weight,
            boolean backup,
            @Nullable String monitorAddress,
            @Nullable Integer monitorPort,
            ProvisioningStatus provisioning,
            OperatingStatus operating,
            @Nullable String subnetId,
            boolean adminUp) {
        /** One that is up, of no subnet known. */
        public Member(
                String id,
                String name,
                String address,
                int port,
                int weight,
                boolean backup,
                @Nullable String monitorAddress,
                @Nullable Integer monitorPort,
                ProvisioningStatus provisioning,
                OperatingStatus operating) {
            this(
                    id,
                    name,
                    address,
                    port,
                    weight,
                    backup,
                    monitorAddress,
                    monitorPort,
                    provisioning,
                    operating,
                    null,
                    true);
        }

        public Member with(ProvisioningStatus status) {
            return with(id, status);
        }

        /** The same with an operating status that was seen, or UNKNOWN. */
        Member with(OperatingStatus status) {
            return with(id, new Standing(provisioning, status));
        }

        Member with(String newId, ProvisioningStatus status) {
            return with(newId, new Standing(status, operating));
        }

        Member with(String newId, Standing standing) {
            return new Member(
                    newId,
                    name,
                    address,
                    port,
                    weight,
                    backup,
                    monitorAddress,
                    monitorPort,
                    standing.provisioning(),
                    standing.operating(),
                    subnetId,
                    adminUp);
        }

        /** Where it is, however its address is spelt: no two members of a pool share it. */
        String place() {
            return Words.place(address, port);
        }
    }

    /** A health monitor; {@code type} is Octavia's word. */
    public record Monitor(
            String id,
            String name,
            String type,
            int delaySeconds,
            int timeoutSeconds,
            int maxRetries,
            int maxRetriesDown,
            @Nullable String httpMethod,
            @Nullable String urlPath,
            @Nullable String expectedCodes,
            ProvisioningStatus provisioning,
            boolean adminUp) {
        public Monitor with(ProvisioningStatus status) {
            return new Monitor(
                    id,
                    name,
                    type,
                    delaySeconds,
                    timeoutSeconds,
                    maxRetries,
                    maxRetriesDown,
                    httpMethod,
                    urlPath,
                    expectedCodes,
                    status,
                    adminUp);
        }
    }

    /** Both statuses of one object. */
    public record Standing(ProvisioningStatus provisioning, OperatingStatus operating) {}

    /**
     * Statuses by Octavia id, from the status tree. Members that a batch made are found by address and port.
     *
     * @param byId of every child
     * @param memberIds id by pool id and place, joined by blanks
     */
    public record Tree(Map<String, Standing> byId, Map<String, String> memberIds) {
        public Tree {
            byId = InOrder.copyOf(byId);
            memberIds = InOrder.copyOf(memberIds);
        }

        ProvisioningStatus provisioning(String id, ProvisioningStatus otherwise) {
            var found = byId.get(id);
            return found == null ? otherwise : found.provisioning();
        }
    }

    public String id() {
        return head.id();
    }

    public Optional<Pool> pool(@Nullable String poolId) {
        return pools.stream().filter(pool -> pool.id().equals(poolId)).findFirst();
    }

    /** Whether these are the listeners and pools that the head speaks of. */
    public boolean hasChildrenOf(LoadBalancerHead other) {
        return listeners.stream().map(Listener::id).collect(Collectors.toSet()).equals(other.listenerIds())
                && pools.stream().map(Pool::id).collect(Collectors.toSet()).equals(other.poolIds());
    }

    /** Whether members that a batch of ours made have no ids yet. */
    public boolean lacksIds() {
        return pools.stream()
                .flatMap(pool -> pool.members().stream())
                .anyMatch(member -> member.id().isEmpty());
    }

    /** Whether a child is not ACTIVE; under an ACTIVE load balancer it stays so until it is written again. */
    public boolean hasStuckChild() {
        return listeners.stream().anyMatch(each -> Planner.isStuck(each.provisioning()))
                || pools.stream()
                        .anyMatch(pool -> Planner.isStuck(pool.provisioning())
                                || pool.members().stream().anyMatch(each -> Planner.isStuck(each.provisioning()))
                                || Optional.ofNullable(pool.monitor())
                                        .filter(each -> Planner.isStuck(each.provisioning()))
                                        .isPresent());
    }

    /** The same with another head: what a poll saw. Once ACTIVE, the children that our writes left pending are too. */
    public ObservedLoadBalancer settled(LoadBalancerHead seen) {
        return seen.isActive()
                ? new ObservedLoadBalancer(
                        seen,
                        listeners.stream()
                                .map(each -> each.with(ProvisioningStatus.ACTIVE))
                                .toList(),
                        pools.stream().map(ObservedLoadBalancer::active).toList())
                : new ObservedLoadBalancer(seen, listeners, pools);
    }

    private static Pool active(Pool pool) {
        var monitor = pool.monitor();
        return pool.with(ProvisioningStatus.ACTIVE)
                .withMonitor(monitor == null ? null : monitor.with(ProvisioningStatus.ACTIVE))
                .withMembers(pool.members().stream()
                        .map(member -> member.with(ProvisioningStatus.ACTIVE))
                        .toList());
    }

    /** The same with the statuses, and the member ids, of a status tree. */
    public ObservedLoadBalancer with(Tree tree) {
        return new ObservedLoadBalancer(
                head,
                listeners.stream()
                        .map(each -> each.with(tree.byId()
                                .getOrDefault(each.id(), new Standing(each.provisioning(), each.operating()))))
                        .toList(),
                pools.stream().map(pool -> with(pool, tree)).toList());
    }

    private static Pool with(Pool pool, Tree tree) {
        var monitor = pool.monitor();
        return pool.with(tree.provisioning(pool.id(), pool.provisioning()))
                .withMonitor(
                        monitor == null ? null : monitor.with(tree.provisioning(monitor.id(), monitor.provisioning())))
                .withMembers(pool.members().stream()
                        .map(member -> with(pool, member, tree))
                        .toList());
    }

    private static Member with(Pool pool, Member member, Tree tree) {
        var id = member.id().isEmpty()
                ? tree.memberIds().getOrDefault(pool.id() + " " + member.place(), "")
                : member.id();
        return member.with(id, tree.byId().getOrDefault(id, new Standing(member.provisioning(), member.operating())));
    }

    ObservedLoadBalancer withHead(LoadBalancerHead next) {
        return new ObservedLoadBalancer(next, listeners, pools);
    }

    ObservedLoadBalancer withListeners(List<Listener> next) {
        return new ObservedLoadBalancer(head, next, pools).withChildIds();
    }

    ObservedLoadBalancer withPools(List<Pool> next) {
        return new ObservedLoadBalancer(head, listeners, next).withChildIds();
    }

    ObservedLoadBalancer withPool(String poolId, UnaryOperator<Pool> change) {
        return withPools(pools.stream()
                .map(pool -> pool.id().equals(poolId) ? change.apply(pool) : pool)
                .toList());
    }

    private ObservedLoadBalancer withChildIds() {
        return withHead(head.withChildren(
                listeners.stream().map(Listener::id).collect(Collectors.toCollection(TreeSet::new)),
                pools.stream().map(Pool::id).collect(Collectors.toCollection(TreeSet::new))));
    }

    /** Pools by id, for look-ups. */
    Map<String, Pool> poolsById() {
        var byId = new TreeMap<String, Pool>();
        pools.forEach(pool -> byId.put(pool.id(), pool));
        return byId;
    }
}
