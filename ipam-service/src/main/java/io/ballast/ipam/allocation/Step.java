package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one thing to ask of Neutron next for a Service. */
public sealed interface Step {
    /** Look for floating IPs with this description. Changes nothing. */
    record LookForOurs(String description) implements Step {}

    /** Look for the floating IP with this address. Changes nothing. */
    record LookAt(IpAddress address) implements Step {}

    /** Look whether a floating IP that was granted is still there. Changes nothing. */
    record LookFor(String floatingIpId) implements Step {}

    /** Make a floating IP in the first of these spots that has room; in another project than that of the credentials where one is named. */
    record Make(
            String description,
            List<IpamCall.Spot> spots,
            @Nullable String projectId) implements Step {
        public Make {
            spots = List.copyOf(spots);
        }
    }

    /** Make a floating IP that was kept known as that of the Service that has come back. */
    record Take(FloatingIp floatingIp, String description) implements Step {}

    /** Delete a floating IP of ours. */
    record Remove(FloatingIp floatingIp) implements Step {}
}
