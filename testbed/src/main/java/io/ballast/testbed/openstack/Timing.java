package io.ballast.testbed.openstack;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the real services take, times a factor. Measured on 2 cores with Keystone 22, Neutron 21 and Octavia 11.0.0; the
 * amphora figures come from a stand-in without virtual machines (a real cloud needs 30 to 120 s for a load balancer).
 *
 * @param factor of all times
 * @param pending how long an amphora object stays PENDING after the reply; null: as measured
 */
public record Timing(double factor, @Nullable Duration pending) {

    public Timing(double factor) {
        this(factor, null);
    }

    public Timing {
        if (!(factor >= 0 && factor <= 1000)) {
            throw new IllegalArgumentException("timing factor " + factor + " is not in 0..1000");
        }
    }

    /** As measured. */
    public static Timing measured() {
        return new Timing(1);
    }

    /** Nothing takes time: a change is finished when the next request arrives. */
    public static Timing zero() {
        return new Timing(0);
    }

    /** Everything takes this part of its time. */
    public Timing scaled(double by) {
        return new Timing(factor * by, pending);
    }

    /** What settles after its reply does so after this time, whatever it is. */
    public Timing pendingFor(Duration time) {
        return new Timing(factor, time);
    }

    /** What one change costs: how long its reply takes, and when, counted from the request, its objects leave PENDING. */
    record Cost(Duration reply, Duration settled) {}

    Duration passwordToken() {
        return seconds(0.185);
    }

    Duration read() {
        return seconds(0.02);
    }

    Duration list(int items) {
        return seconds(0.015 + 0.0005 * items);
    }

    Duration floatingIpWrite() {
        return seconds(0.4);
    }

    Duration neutronWrite() {
        return seconds(0.2);
    }

    Cost createLoadBalancer(Provider provider, int listeners, int members) {
        return switch (provider) {
            case AMPHORA -> cost(0.6 + 0.014 * members, listeners == 0 ? 3.0 : 5.3 + 0.09 * members);
            case OVN -> whole(0.7 + 0.1 * Math.min(listeners, 1) + 0.35 * members);
        };
    }

    Cost deleteLoadBalancer(Provider provider, int members) {
        return switch (provider) {
            case AMPHORA -> cost(0.2, 1.8);
            case OVN -> whole(0.35 + 0.053 * members);
        };
    }

    Cost updateLoadBalancer(Provider provider) {
        return provider == Provider.AMPHORA ? cost(0.06, 0.5) : whole(0.2);
    }

    Cost writeListener(Provider provider) {
        return provider == Provider.AMPHORA ? cost(0.06, 0.5) : whole(0.22);
    }

    Cost writePool(Provider provider) {
        return provider == Provider.AMPHORA ? cost(0.07, 0.5) : whole(0.23);
    }

    Cost writeMember(Provider provider, int membersInPool) {
        return provider == Provider.AMPHORA ? cost(0.3, 0.5 + 0.03 * membersInPool) : whole(0.54);
    }

    /** A batch costs by the larger of the pool before and after, whatever changes in it. */
    Cost batchMembers(Provider provider, int members) {
        return switch (provider) {
            case AMPHORA -> cost(0.1 + 0.006 * members, 0.2 + 0.0625 * members);
            case OVN -> whole(0.1 + 0.28 * members);
        };
    }

    private Cost cost(double reply, double settled) {
        return new Cost(
                seconds(reply),
                pending == null || settled <= reply
                        ? seconds(settled)
                        : seconds(reply).plus(pending));
    }

    private Cost whole(double all) {
        return cost(all, all);
    }

    private Duration seconds(double value) {
        return Duration.ofMillis(Math.round(value * factor * 1000));
    }
}
