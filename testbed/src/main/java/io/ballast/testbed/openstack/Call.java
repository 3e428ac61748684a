package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;

/**
 * One answered request. {@code resource} is the collection (as in paths: {@code members}, {@code floatingips}…);
 * {@code loadBalancerId} is empty where none is concerned or none was found. Authentication is no mutation.
 */
public record Call(
        Instant at,
        OpenStackService service,
        String method,
        String path,
        String resource,
        int status,
        boolean mutating,
        String loadBalancerId,
        Duration took) {

    /** True for a mutation that was accepted. */
    public boolean isEffectiveWrite() {
        return mutating && status < 300;
    }

    ObjectNode toJson() {
        return Json.object(
                "at", at,
                "service", service,
                "method", method,
                "path", path,
                "resource", resource,
                "status", status,
                "mutating", mutating,
                "loadBalancerId", loadBalancerId,
                "tookMillis", took.toMillis());
    }
}
