package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.GoneReason;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the object of one name.
 *
 * @param <F> facts of its kind
 * @param seen newest facts; null when none were seen, or it was seen to go
 * @param doubtful whether only a live read can tell what is true now
 */
public record View<F extends Facts>(@Nullable F seen, boolean doubtful) {
    /**
     * A view after news.
     *
     * @param view the view now
     * @param replaced uid of another object of the name that this one has taken the place of; null for none
     */
    public record After<F extends Facts>(
            View<F> view, @Nullable String replaced) {}

    /** Nothing is known. */
    public static <F extends Facts> View<F> nothing() {
        return new View<>(null, false);
    }

    /** Only a live read can tell. */
    public View<F> doubted() {
        return new View<>(seen, true);
    }

    /**
     * After facts that a watch or a list delivered, perhaps late, twice or from an old cache. Older facts change nothing: our
     * own writes run ahead of the watch all the time. What has no order, or the same version and another content, as after a
     * restore, changes nothing and casts a doubt; and so do facts of an object that is gone: an old cache shows it, or a
     * restore brought it back.
     *
     * @param published resourceVersion under which this uid was last published; null when it was not
     * @param departed what is known of the departure of a uid; null when nothing is
     */
    public After<F> after(F news, @Nullable String published, Function<String, @Nullable GoneReason> departed) {
        var departure = departed.apply(news.uid());
        if (departure != null) {
            return new After<>(new View<>(seen == null ? news : seen, true), null);
        }
        var now = seen;
        if (now == null) {
            return new After<>(new View<>(news, doubtful || isOlder(news, published)), null);
        }
        boolean other = !now.uid().equals(news.uid());
        return switch (ResourceVersions.compare(news.resourceVersion(), now.resourceVersion())) {
            case NEWER -> new After<>(new View<>(news, doubtful), other ? now.uid() : null);
            case SAME -> new After<>(now.equals(news) ? this : doubted(), null);
            case OLDER -> new After<>(this, null);
            case UNKNOWN -> new After<>(doubted(), null);
        };
    }

    /**
     * After a complete list: an object that was not in it is doubted, and one that was in it with another uid or an older
     * version, as after a restore.
     *
     * @param listed what the list said; null when it did not name the object
     */
    public View<F> afterList(@Nullable Listing listed) {
        var now = seen;
        if (now == null) {
            return this;
        }
        boolean confirmed = listed != null
                && listed.uid().equals(now.uid())
                && switch (ResourceVersions.compare(listed.resourceVersion(), now.resourceVersion())) {
                    case SAME, NEWER -> true;
                    case OLDER, UNKNOWN -> false;
                };
        return confirmed ? this : doubted();
    }

    /**
     * After a live read. It settles every doubt, unless facts came in while it was under way.
     *
     * @param basis resourceVersion seen when the read was asked for; null when nothing was seen
     */
    public After<F> afterLive(F live, @Nullable String basis) {
        var now = seen;
        if (now == null || now.resourceVersion().equals(basis)) {
            return new After<>(new View<>(live, false), replaced(now, live));
        }
        return switch (ResourceVersions.compare(live.resourceVersion(), now.resourceVersion())) {
            case NEWER -> new After<>(new View<>(live, false), replaced(now, live));
            case SAME -> new After<>(new View<>(now, false), null);
            case OLDER, UNKNOWN -> new After<>(doubted(), null);
        };
    }

    /** After a live read that did not find it. Facts that came in while it was under way keep the doubt. */
    public View<F> afterAbsent(@Nullable String basis) {
        var now = seen;
        return now == null || now.resourceVersion().equals(basis) ? nothing() : doubted();
    }

    /** After the watch delivered the DELETE of a uid. */
    public View<F> afterDelete(String uid) {
        var now = seen;
        return now != null && now.uid().equals(uid) ? new View<>(null, doubtful) : this;
    }

    /** Whether a departure was concluded from absence, and not told by the API server. */
    public static boolean isInferred(GoneReason reason) {
        return reason == GoneReason.CONFIRMED_ABSENT || reason == GoneReason.REPLACED;
    }

    private static boolean isOlder(Facts news, @Nullable String published) {
        return published != null
                && ResourceVersions.compare(news.resourceVersion(), published) == ResourceVersions.Age.OLDER;
    }

    private static @Nullable String replaced(@Nullable Facts before, Facts live) {
        return before != null && !before.uid().equals(live.uid()) ? before.uid() : null;
    }
}
