package io.ballast.schemas.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of a slice. Source: Kubernetes discovery/v1 Endpoint.
 *
 * @param addresses addresses as Kubernetes wrote them; all of the slice's family
 * @param ready conditions.ready, true when absent
 * @param serving conditions.serving, as ready when absent
 * @param terminating conditions.terminating, false when absent
 * @param hostname hostname; null when absent
 * @param nodeName node it runs on; null when absent
 * @param target the object behind it; null when absent
 */
public record SliceEndpoint(
        List<String> addresses,
        boolean ready,
        boolean serving,
        boolean terminating,
        @Nullable String hostname,
        @Nullable String nodeName,
        @Nullable EndpointTarget target) {
    public SliceEndpoint {
        addresses = List.copyOf(addresses);
    }
}
