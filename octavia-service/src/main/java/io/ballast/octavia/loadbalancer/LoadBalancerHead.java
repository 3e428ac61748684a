package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.ObservedVip;
import io.ballast.schemas.contract.OperatingStatus;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One row of Octavia's list of load balancers: everything but the contents of its children.
 *
 * @param id Octavia id
 * @param name name
 * @param provider provider
 * @param provisioning provisioning status
 * @param operating operating status
 * @param vips VIPs, primary first
 * @param tags tags, sorted
 * @param createdAt when it was made, as Octavia writes it; empty when unknown
 * @param updatedAt when it last changed, as Octavia writes it; empty when never
 * @param listenerIds ids of its listeners, sorted
 * @param poolIds ids of its pools, sorted
 * @param adminUp whether its administrative state is up; down, it serves nobody
 */
public record LoadBalancerHead(
        String id,
        String name,
        String provider,
        ProvisioningStatus provisioning,
        OperatingStatus operating,
        List<ObservedVip> vips,
        SortedSet<String> tags,
        String createdAt,
        String updatedAt,
        SortedSet<String> listenerIds,
        SortedSet<String> poolIds,
        boolean adminUp) {
    public LoadBalancerHead {
        vips = List.copyOf(vips);
        tags = sorted(tags);
        listenerIds = sorted(listenerIds);
        poolIds = sorted(poolIds);
    }

    /** One that is up. */
    public LoadBalancerHead(
            String id,
            String name,
            String provider,
            ProvisioningStatus provisioning,
            OperatingStatus operating,
            List<ObservedVip> vips,
            SortedSet<String> tags,
            String createdAt,
            String updatedAt,
            SortedSet<String> listenerIds,
            SortedSet<String> poolIds) {
        this(id, name, provider, provisioning, operating, vips, tags, createdAt, updatedAt, listenerIds, poolIds, true);
    }

    /** Whether Octavia takes no write for now. */
    public boolean isPending() {
        return switch (provisioning) {
            case PENDING_CREATE, PENDING_UPDATE, PENDING_DELETE, UNKNOWN -> true;
            case ACTIVE, ERROR, DELETED -> false;
        };
    }

    public boolean isActive() {
        return provisioning == ProvisioningStatus.ACTIVE;
    }

    public boolean isError() {
        return provisioning == ProvisioningStatus.ERROR;
    }

    /** Whether it is of the ovn provider, which needs its writes in an order of its own. */
    public boolean isOvn() {
        return provider.equals(OvnMonitors.PROVIDER);
    }

    public Optional<Identity> identity() {
        return Identity.read(tags);
    }

    public boolean hasVip(String address) {
        return vips.stream().anyMatch(vip -> vip.address().equals(address));
    }

    /** Whether both rows speak of the same content: no drift between them as far as a list can tell. */
    public boolean sameContent(LoadBalancerHead other) {
        return id.equals(other.id)
                && name.equals(other.name)
                && adminUp == other.adminUp
                && updatedAt.equals(other.updatedAt)
                && tags.equals(other.tags)
                && listenerIds.equals(other.listenerIds)
                && poolIds.equals(other.poolIds);
    }

    public LoadBalancerHead with(ProvisioningStatus status) {
        return new LoadBalancerHead(
                id, name, provider, status, operating, vips, tags, createdAt, updatedAt, listenerIds, poolIds, adminUp);
    }

    LoadBalancerHead withChildren(Set<String> listeners, Set<String> pools) {
        return new LoadBalancerHead(
                id,
                name,
                provider,
                provisioning,
                operating,
                vips,
                tags,
                createdAt,
                updatedAt,
                new TreeSet<>(listeners),
                new TreeSet<>(pools),
                adminUp);
    }

    private static SortedSet<String> sorted(SortedSet<String> set) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(set));
    }
}
