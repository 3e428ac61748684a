package io.ballast.testbed.openstack;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Every call that was answered, oldest first. A marker is the number of calls before it. */
public final class CallLog {
    private final List<Call> calls = new ArrayList<>();

    CallLog() {}

    void add(Call call) {
        calls.add(call);
    }

    /** How many calls there were: the marker for {@link #since}. */
    public int size() {
        return calls.size();
    }

    /** All calls. */
    public List<Call> all() {
        return List.copyOf(calls);
    }

    /** The calls after a marker. */
    public List<Call> since(int marker) {
        return List.copyOf(calls.subList(Math.min(marker, calls.size()), calls.size()));
    }

    /** How many calls fulfil a condition. */
    public long count(Predicate<Call> condition) {
        return calls.stream().filter(condition).count();
    }

    /** Accepted mutations of Octavia and Neutron. */
    public long writes() {
        return count(Call::isEffectiveWrite);
    }

    /** Accepted mutations that concern one load balancer, its VIP's floating IPs included. */
    public long writesOf(String loadBalancerId) {
        return count(call -> call.isEffectiveWrite() && call.loadBalancerId().equals(loadBalancerId));
    }
}
