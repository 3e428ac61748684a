package io.ballast.ipam.kafka;

import io.ballast.schemas.contract.AddressPoolStatus;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How ipam stands, for readiness and metrics.
 *
 * @param isOwner whether this process gives out addresses; another one does otherwise
 * @param trouble why Neutron cannot be asked, in words; empty when it can
 * @param isRead whether Neutron was read once, so that the work can go on without it
 * @param pools each pool as it was last looked at, by name
 */
public record IpamStanding(boolean isOwner, String trouble, boolean isRead, Map<String, AddressPoolStatus> pools) {
    static final IpamStanding STANDBY = new IpamStanding(false, "", false, Map.of());

    public IpamStanding {
        pools = Collections.unmodifiableSortedMap(new TreeMap<>(pools));
    }
}
