package io.ballast.testbed.openstack;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.UnaryOperator;

/** What the three services share: ids, the agenda, the time of the request, the switches. */
final class World {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    final Ids ids;
    final Agenda agenda = new Agenda();
    final Endpoints endpoints;
    final Timing timing;
    LoadBalancing loadBalancing = LoadBalancing.OCTAVIA;
    Faults faults = Faults.none();
    Instant now = Instant.EPOCH;
    /** Newest minor of the versions of Octavia's API. */
    int octaviaMinor = OctaviaModel.MINOR_VERSIONS;
    /** The load balancer that the request at hand concerns; empty when none. */
    String concerned = "";

    World(long seed, Endpoints endpoints, Timing timing) {
        this.ids = new Ids(seed);
        this.endpoints = endpoints;
        this.timing = timing;
    }

    void change(UnaryOperator<Faults> by) {
        faults = by.apply(faults);
    }

    /** Takes one from a counter switch; false when it is at 0. */
    boolean use(String counter) {
        int left = faults.toJson().get(counter).asInt();
        if (left > 0) {
            faults = faults.with(counter, left - 1);
        }
        return left > 0;
    }

    /** Octavia's time stamps: seconds, without a zone. */
    String octaviaTime() {
        return SECONDS.format(now);
    }

    /** Neutron's time stamps. */
    String neutronTime() {
        return SECONDS.format(now) + "Z";
    }
}
