package io.ballast.octavia.kafka;

import io.ballast.octavia.loadbalancer.VipHolder;
import io.ballast.octavia.loadbalancer.VipSight;
import io.ballast.octavia.loadbalancer.VipSight.Sighting;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the looks at the VIPs of one key showed, one after the other. */
final class VipLooks {
    private boolean doubted;
    private Instant seenAt = Instant.MIN;
    private List<Sighting> sightings = List.of();

    VipSight view() {
        return new VipSight(doubted, seenAt, sightings);
    }

    /** A create found a VIP taken. */
    void doubt() {
        doubted = true;
    }

    /** Something was written that concerns them: what was seen may be over. */
    void touched() {
        seenAt = Instant.MIN;
    }

    /** A load balancer of ours has them, or they are others now. */
    void forget() {
        doubted = false;
        seenAt = Instant.MIN;
        sightings = List.of();
    }

    /** A look showed these. A port is the same as before only with the same id, and only while its load balancer stays gone. */
    void looked(List<VipHolder> holders, Instant now) {
        sightings = holders.stream().map(holder -> sighting(holder, now)).toList();
        seenAt = now;
        doubted &= !holders.isEmpty();
    }

    private Sighting sighting(VipHolder holder, Instant now) {
        var before = sightings.stream()
                .filter(each -> each.holder().portId().equals(holder.portId()))
                .filter(_ -> isGone(holder))
                .filter(each -> isGone(each.holder()))
                .findFirst();
        return before.map(each -> new Sighting(holder, each.since(), each.looks() + 1))
                .orElseGet(() -> new Sighting(holder, now, isGone(holder) ? 1 : 0));
    }

    private static boolean isGone(VipHolder holder) {
        return holder.loadBalancer() == VipHolder.LoadBalancer.GONE;
    }

    /** When the first that may be a leftover is one beyond doubt; empty when none may be. */
    Optional<Instant> provenAt() {
        return sightings.stream()
                .filter(each -> isGone(each.holder()))
                .map(Sighting::provenAt)
                .min(Instant::compareTo);
    }
}
