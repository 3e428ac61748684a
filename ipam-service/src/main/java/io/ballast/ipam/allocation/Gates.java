package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.InOrder;
import java.util.Optional;
import java.util.Set;

/**
 * What holds up new grants, whoever claims. What is granted already is never touched by it.
 *
 * @param credentials whether OpenStack credentials are configured
 * @param unavailable why Neutron cannot be read; empty when it could
 * @param inventoryMissing partitions of which octavia has not yet said what exists, in words; empty when complete
 * @param unreadable clusters with an allocation that cannot be read; "*" for all
 */
public record Gates(boolean credentials, String unavailable, String inventoryMissing, Set<String> unreadable) {
    public static final Gates OPEN = new Gates(true, "", "", Set.of());

    public Gates {
        unreadable = InOrder.copyOf(unreadable);
    }

    /** Why nothing new is granted in a cluster; empty when the way is free. */
    Optional<Denial> closed(String cluster) {
        if (!credentials) {
            return Optional.of(
                    Denial.waits(
                            AllocationReason.NO_CREDENTIALS,
                            "no OpenStack credentials are configured for ipam-service; set openstack.cloud to serve this Service"));
        }
        if (unreadable.contains(cluster) || unreadable.contains("*")) {
            return Optional.of(Denial.waits(
                    AllocationReason.ALLOCATION_UNREADABLE,
                    "an allocation of cluster %s cannot be read, so nothing new is granted there; see the topic dead-letters"
                            .formatted(cluster)));
        }
        if (!inventoryMissing.isEmpty()) {
            return Optional.of(Denial.waits(
                    AllocationReason.INVENTORY_INCOMPLETE,
                    "octavia-service has not yet said what exists: " + inventoryMissing));
        }
        if (!unavailable.isEmpty()) {
            return Optional.of(
                    Denial.waits(AllocationReason.OPENSTACK_UNAVAILABLE, "Neutron cannot be read: " + unavailable));
        }
        return Optional.empty();
    }
}
