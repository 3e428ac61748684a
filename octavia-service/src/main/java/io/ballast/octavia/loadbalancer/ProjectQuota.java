package io.ballast.octavia.loadbalancer;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How many load balancers and children of them a project may have and has, as last read. Octavia decides in the end: this only
 * spares it creates that it would refuse, each of which it queues on the row of the project's quota, and for some of which it
 * leaves the VIP port behind.
 *
 * @param rooms what is limited; without an entry there is no limit, or none that could be read
 * @param readAt when they were read
 */
public record ProjectQuota(Map<QuotaResource, Room> rooms, Instant readAt) {
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    /** As long as the first pause after a refusal: one read for all that wait. */
    private static final Duration REMEMBERED_WHEN_USED_UP = Duration.ofSeconds(10);

    /**
     * Of one resource.
     *
     * @param limit most
     * @param used those that were there, of whomever and in whatever state
     * @param begun those of creates that were sent since
     */
    public record Room(int limit, int used, int begun) {
        boolean holds(int needed) {
            return needed == 0 || used + begun + needed <= limit;
        }
    }

    public ProjectQuota {
        rooms = Collections.unmodifiableMap(
                rooms.isEmpty()
                        ? new EnumMap<>(QuotaResource.class)
                        : new EnumMap<>(rooms)); // in the order of the enum
    }

    /** No limit, or none that the credentials may read. */
    public static ProjectQuota unlimited(Instant readAt) {
        return new ProjectQuota(Map.of(), readAt);
    }

    /** Whether it still says what is. Creates of ours that used it up may have failed since: then it is read again. */
    public boolean isKnown(Blueprint wanted, Instant now) {
        if (refusal(wanted, "").isEmpty()) {
            return now.isBefore(readAt.plus(REMEMBERED));
        }
        return rooms.values().stream().allMatch(room -> room.begun() == 0)
                && now.isBefore(readAt.plus(REMEMBERED_WHEN_USED_UP));
    }

    /** After one more create. */
    public ProjectQuota afterCreate(Blueprint sent) {
        var next = new EnumMap<QuotaResource, Room>(QuotaResource.class);
        rooms.forEach((resource, room) ->
                next.put(resource, new Room(room.limit(), room.used(), room.begun() + resource.neededBy(sent))));
        return new ProjectQuota(next, readAt);
    }

    /** Why a create is not sent, with numbers; empty when it may be. */
    public Optional<Failure> refusal(Blueprint wanted, String project) {
        var tooFew = rooms.entrySet().stream()
                .filter(each -> !each.getValue().holds(each.getKey().neededBy(wanted)))
                .map(each -> words(
                        each.getKey(), each.getValue(), project, each.getKey().neededBy(wanted)))
                .collect(Collectors.joining("; "));
        return tooFew.isEmpty()
                ? Optional.empty()
                : Optional.of(new Failure(Failure.Kind.QUOTA, 0, tooFew, null, null));
    }

    private static String words(QuotaResource resource, Room room, String project, int needed) {
        var words =
                "%s of project %s: limit %d, in use %d".formatted(resource.words(), project, room.limit(), room.used());
        return needed == 1 ? words : words + ", needed " + needed;
    }
}
