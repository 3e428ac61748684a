package io.ballast.translator.translation;

import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.translator.translation.Decision.Write;
import io.ballast.translator.translation.Translated.NotManaged;
import io.ballast.translator.translation.Translated.Refused;
import io.ballast.translator.translation.Translated.Served;
import java.util.Objects;

/**
 * The life of a Service as the translator sees it. D is our last word, inc its incarnation, u the uid of the Service;
 * "over" means octavia said DELETED and ipam RELEASED for D's incarnation.
 *
 * <pre>
 *   no D, NOT_MANAGED, REFUSED (nothing there)
 *     | served                        -> PRESENT(u, highest+1), claim WANTED
 *     | not ours                      -> NOT_MANAGED
 *     | refused                       -> REFUSED without load balancers
 *     | something of uid0 may exist:
 *     |   uid0 != u, or not ours      -> ABSENT(uid0, highest+1), claim WITHDRAWN
 *     |   uid0 == u, refused          -> REFUSED(u, highest+1) with load balancers, claim WANTED
 *     | GONE(u)                       -> ABSENT(uid0 or u, highest+1), claim WITHDRAWN
 *   PRESENT(u, inc), REFUSED with load balancers
 *     | served, refused               -> PRESENT or REFUSED, same inc, generation+1 when something changed
 *     | served, without a family      -> PRESENT without its load balancer; claim follows when octavia has done so
 *     | not ours, GONE, another uid   -> ABSENT(D's uid, inc), claim WITHDRAWN
 *   ABSENT(uid, inc), never retracted
 *     | not over                      -> waits
 *     | over, Service there           -> as if there were no D
 *     | over, GONE(uid)               -> tombstones; GONE(uid) is answered until the watcher says it again
 *     | over, GONE(another uid)       -> ABSENT(that uid, highest+1)
 *   no snapshot: nothing. Absence proves nothing; only
 *   ABSENT and over, no snapshot      -> tombstones: the watcher had its answer before and asks no more
 * </pre>
 */
public final class Lifecycle {
    private Lifecycle() {}

    /** What to write. Decided twice, with the first decision written in between, it is one decision. */
    public static Decision decide(KeyState state) {
        var snapshot = state.snapshot();
        var desired = state.desired();
        boolean understood = desired == null || desired.state() != DesiredState.UNKNOWN; // a newer version's word
        if (!understood) {
            return Decision.NOTHING;
        }
        if (snapshot == null) {
            return state.leaving().filter(state::isOver).isPresent()
                    ? new Decision(new Write.End<>(), Records.end(state), null)
                    : Decision.NOTHING;
        }
        return switch (snapshot.state()) {
            case PRESENT -> present(state);
            case GONE -> gone(state);
            case UNKNOWN -> Decision.NOTHING;
        };
    }

    private static Decision present(KeyState state) {
        var leaving = state.leaving();
        if (leaving.isPresent() && !state.isOver(leaving.get())) {
            return absent(state, leaving.get().serviceUid(), leaving.get().incarnation());
        }
        var live = state.live();
        return live.isPresent() ? living(state, live.get()) : begin(state);
    }

    /** There are load balancers. */
    private static Decision living(KeyState state, DesiredLoadBalancer live) {
        if (!live.serviceUid().equals(state.present().uid())) {
            return absent(state, live.serviceUid(), live.incarnation());
        }
        return switch (translated(state)) {
            case Served(var wanted) -> serve(state, live, wanted);
            case NotManaged _ -> absent(state, live.serviceUid(), live.incarnation());
            case Refused refused -> keep(state, live, refused);
        };
    }

    private static Decision serve(KeyState state, DesiredLoadBalancer live, Wanted wanted) {
        return switch (Rebuild.of(state, live, wanted)) {
            case Served(var rebuilt) -> {
                var next = Records.put(state, Records.present(state, live.incarnation(), rebuilt));
                var vips = Families.claimed(state, live, rebuilt.vips(), next instanceof Write.Keep<?>);
                yield new Decision(
                        next,
                        Records.put(state, Records.wanted(state, live.incarnation(), rebuilt.withVips(vips))),
                        null);
            }
            case Refused refused -> keep(state, live, refused);
            case NotManaged _ -> throw new IllegalStateException("a rebuild is served or refused: " + live);
        };
    }

    /** Refused, but load balancers are there: they and their addresses stay. */
    private static Decision keep(KeyState state, DesiredLoadBalancer live, Refused refused) {
        var best = refused.reason() == DesiredReason.PAUSED
                ? null
                : Rebuild.held(live, refused.best()).orElse(null);
        var claim = state.claim();
        boolean claimed = claim != null
                && claim.state() == ClaimState.WANTED
                && claim.serviceUid().equals(live.serviceUid())
                && claim.incarnation() == live.incarnation();
        var lost = claimed ? null : refused.best();
        return new Decision(
                Records.put(state, Records.refused(state, live, refused, best)),
                lost == null ? new Write.Keep<>() : Records.put(state, Records.wanted(state, live.incarnation(), lost)),
                null);
    }

    /** No desired state of ours is live, and none is leaving. */
    private static Decision begin(KeyState state) {
        var uid = state.present().uid();
        var translated = translated(state);
        var stranger = state.traces()
                .filter(trace -> !trace.equals(uid) || translated instanceof NotManaged)
                .findFirst();
        if (stranger.isPresent()) {
            return absent(state, stranger.get(), state.incarnation() + 1);
        }
        return switch (translated) {
            case Served(var wanted) -> create(state, wanted);
            case NotManaged(var reason, var message) ->
                new Decision(Records.put(state, Records.notManaged(state, reason, message)), Records.end(state), null);
            case Refused refused -> refuse(state, refused);
        };
    }

    private static Decision create(KeyState state, Wanted wanted) {
        long incarnation = state.incarnation() + 1;
        return new Decision(
                Records.put(state, Records.present(state, incarnation, wanted)),
                Records.put(state, Records.wanted(state, incarnation, wanted)),
                null);
    }

    private static Decision refuse(KeyState state, Refused refused) {
        var best = refused.best();
        boolean somethingThere = state.traces().findAny().isPresent();
        if (somethingThere && best != null && !best.frontUnknown()) { // what is there may do more than it would
            long incarnation = state.incarnation() + 1;
            return new Decision(
                    Records.put(
                            state, Records.refused(state, Records.present(state, incarnation, best), refused, best)),
                    Records.put(state, Records.wanted(state, incarnation, best)),
                    null);
        }
        return new Decision(
                Records.put(state, Records.refused(state, refused)),
                somethingThere ? new Write.Keep<>() : Records.end(state),
                null);
    }

    private static Decision gone(KeyState state) {
        var uid = state.present().uid();
        var leaving = state.leaving();
        if (leaving.isPresent()) {
            var absent = leaving.get();
            if (!state.isOver(absent)) {
                return absent(state, absent.serviceUid(), absent.incarnation());
            }
            return absent.serviceUid().equals(uid)
                    ? new Decision(new Write.End<>(), Records.end(state), uid)
                    : absent(state, uid, state.incarnation() + 1);
        }
        var live = state.live();
        if (live.isPresent()) {
            return absent(state, live.get().serviceUid(), live.get().incarnation());
        }
        if (isAnswered(state, uid)) {
            return Decision.NOTHING;
        }
        return absent(state, state.traces().findFirst().orElse(uid), state.incarnation() + 1);
    }

    /** Whether this GONE needs no further word: it was answered, by us or by an owner before us, and nothing turned up. */
    private static boolean isAnswered(KeyState state, String uid) {
        var status = state.status();
        boolean clean = state.desired() == null
                && state.claim() == null
                && state.traces().findAny().isEmpty();
        boolean told = uid.equals(state.answeredGone())
                || (status != null
                        && Rebuild.isDeleted(status)
                        && status.serviceUid().equals(uid));
        return clean && told;
    }

    private static Decision absent(KeyState state, String uid, long incarnation) {
        return new Decision(
                Records.put(state, Records.absent(state, uid, incarnation)),
                Records.put(state, Records.withdrawn(state, uid, incarnation)),
                null);
    }

    private static Translated translated(KeyState state) {
        return Objects.requireNonNull(state.translated(), "a PRESENT snapshot is translated first");
    }
}
