package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.GrantedVip;
import java.time.Instant;
import java.util.List;

/** What to do next about one Service. */
public sealed interface Step {
    /** Nothing before something changes. */
    record Rest() implements Step {}

    /** Nothing before this time. */
    record Until(Instant time) implements Step {}

    /** Nothing before these are seen out of PENDING. */
    record AwaitActive() implements Step {}

    /** Look which load balancers there are. */
    record Look(Identity identity) implements Step {}

    /** Look who holds the VIPs that we were granted. */
    record LookAtVips(List<GrantedVip> vips) implements Step {
        public LookAtVips {
            vips = List.copyOf(vips);
        }
    }

    /** Read one with all its children. */
    record Read(String loadBalancerId) implements Step {}

    /** Look at the statuses of its children. */
    record Verify(String loadBalancerId) implements Step {}

    /** Make a write. */
    record Act(OctaviaAction action) implements Step {}

    /** Whether it waits for an answer of OpenStack. */
    default boolean needsOpenStack() {
        return switch (this) {
            case AwaitActive _, Look _, LookAtVips _, Read _, Verify _, Act _ -> true;
            case Rest _, Until _ -> false;
        };
    }

    /** Whether it only gathers what a decision needs, so that there is nothing new to say yet. */
    default boolean isLooking() {
        return switch (this) {
            case Look _, LookAtVips _, Read _, Verify _ -> true;
            case Rest _, Until _, AwaitActive _, Act _ -> false;
        };
    }
}
