package io.ballast.octavia.loadbalancer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was seen of the ports that hold the VIPs of one Service.
 *
 * @param doubted whether a create found a VIP taken, or was not answered, and nobody has seen it free since
 * @param seenAt when it was last looked; {@link Instant#MIN} when it was not since the doubt arose
 * @param sightings what was seen then
 */
public record VipSight(boolean doubted, Instant seenAt, List<Sighting> sightings) {
    /** A POST shows its port long before its load balancer; none takes this long. */
    static final Duration LEFTOVER_AGE = Duration.ofMinutes(10);

    private static final Duration FRESH = Duration.ofSeconds(60);
    private static final int LOOKS = 2;

    public static final VipSight NONE = new VipSight(false, Instant.MIN, List.of());

    /**
     * A port, over the looks that saw it.
     *
     * @param since when it was first seen with its load balancer gone
     * @param looks how often in a row its load balancer was gone
     */
    public record Sighting(VipHolder holder, Instant since, int looks) {
        boolean isProven(Instant now) {
            return holder.isLeftover() && looks >= LOOKS && !now.isBefore(provenAt());
        }

        public Instant provenAt() {
            return since.plus(LEFTOVER_AGE);
        }
    }

    public VipSight {
        sightings = List.copyOf(sightings);
    }

    /** Whether it was looked just now. */
    boolean isFresh(Instant now) {
        return !seenAt.equals(Instant.MIN) && now.isBefore(seenAt.plus(FRESH));
    }

    /** A port that a failed create of ours left behind, beyond doubt. */
    Optional<Sighting> proven(Instant now) {
        return isFresh(now)
                ? sightings.stream().filter(each -> each.isProven(now)).findFirst()
                : Optional.empty();
    }

    /** A port that may be one. */
    Optional<Sighting> suspected() {
        return sightings.stream().filter(each -> each.holder().isLeftover()).findFirst();
    }
}
