package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.translator.translation.Translated.Refused;
import io.ballast.translator.translation.Translated.Served;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Changes that no load balancer survives: provider, flavor, availability zone, project and VIPs are fixed when it is made.
 * Where the Service allows it ({@code ballast.io/recreate}), octavia makes it anew, with the addresses it has: each body then
 * carries a mark of its shape, and what does not carry the mark in a tag is replaced. What changes the VIPs is refused.
 */
final class Rebuild {
    private Rebuild() {}

    /** What is fixed when a load balancer is made, its addresses apart. */
    private record Shape(
            String provider,
            @Nullable String flavor,
            @Nullable String availabilityZone,
            @Nullable String project) {
        static Shape of(DesiredLoadBalancerBody body) {
            return new Shape(body.provider(), body.flavor(), body.availabilityZone(), body.project());
        }

        /** In words, what differs from another. */
        String changeTo(Shape next) {
            var changes = new ArrayList<String>();
            change(changes, "provider", provider, next.provider);
            change(changes, "flavor", flavor, next.flavor);
            change(changes, "availability zone", availabilityZone, next.availabilityZone);
            change(changes, "project", project, next.project);
            return String.join(", ", changes);
        }

        private static void change(List<String> changes, String what, @Nullable String before, @Nullable String after) {
            if (!Objects.equals(before, after)) {
                changes.add("%s from %s to %s".formatted(what, shown(before), shown(after)));
            }
        }

        private static String shown(@Nullable String value) {
            return value == null || value.isEmpty() ? "the default" : "'" + value + "'";
        }

        /** The same for the same shape, and most likely for no other. */
        String mark() {
            var crc = new CRC32();
            crc.update("%s|%s|%s|%s"
                    .formatted(provider, flavor, availabilityZone, project)
                    .getBytes(StandardCharsets.UTF_8));
            return "%08x".formatted(crc.getValue());
        }
    }

    /** What becomes of live load balancers: the same that is wanted, with marks; or why not. */
    static Translated of(KeyState state, DesiredLoadBalancer live, Wanted asked) {
        var before = live.loadBalancers();
        var there = Families.of(before);
        var wanted = Families.withoutReturning(state, live, asked);
        if (!Families.mayBecome(there, Families.of(wanted.bodies()))) {
            return new Refused(
                    DesiredReason.RECREATE_NEEDED,
                    "The address families of the VIPs would change from %s to %s: delete the Service and make it anew."
                            .formatted(there, Families.of(wanted.bodies())),
                    null);
        }
        if (!Families.keepsVips(there, Families.before(state.claim(), live), wanted.vips())) {
            return new Refused(
                    DesiredReason.RECREATE_NEEDED,
                    "The VIP would change: delete the Service and make it anew.",
                    wanted);
        }
        var old = Shape.of(before.getFirst());
        var next = Shape.of(wanted.bodies().getFirst());
        if (old.equals(next)) {
            return new Served(carrying(before, wanted));
        }
        if (wanted.recreate()) {
            return new Served(wanted.withBodies(wanted.bodies().stream()
                    .map(body -> body.withReplacement(next.mark()))
                    .toList()));
        }
        return new Refused(DesiredReason.RECREATE_NEEDED, sentence(old.changeTo(next)), wanted);
    }

    private static String sentence(String change) {
        return "The load balancer cannot change its %s in place: annotate the Service with %s: \"true\" to have it deleted and made anew with the same addresses, or undo the change."
                .formatted(change, Annotation.RECREATE.ourName());
    }

    /** The provider of the load balancers of a Service; empty when it has none. */
    static Optional<String> provider(String serviceUid, @Nullable DesiredLoadBalancer desired) {
        return Optional.ofNullable(desired)
                .filter(last -> last.state() == DesiredState.PRESENT || last.state() == DesiredState.REFUSED)
                .filter(last -> last.serviceUid().equals(serviceUid))
                .flatMap(last -> last.loadBalancers().stream().findFirst())
                .map(DesiredLoadBalancerBody::provider);
    }

    /** Whether load balancers of this provider can become what was translated, if only by being made anew. */
    static boolean mayHave(Translated translated, String provider) {
        return switch (translated) {
            case Served(var wanted) -> wanted.provider().equals(provider) || wanted.recreate();
            case Refused refused ->
                refused.best() == null || refused.best().provider().equals(provider);
            case Translated.NotManaged _ -> true;
        };
    }

    static Refused providerChanged(String before, String now, @Nullable Wanted asBefore) {
        var change = new Shape(before, null, null, null).changeTo(new Shape(now, null, null, null));
        return new Refused(DesiredReason.RECREATE_NEEDED, sentence(change), asBefore);
    }

    /**
     * The best that live load balancers of a refused Service can look like meanwhile: members that follow, all that is
     * fixed as it is, and listeners as they are where nobody knows what is meant. Empty when they can only stay.
     */
    static Optional<Wanted> held(DesiredLoadBalancer live, @Nullable Wanted best) {
        var before = live.loadBalancers();
        if (best == null || !before.getFirst().provider().equals(best.provider())) {
            return Optional.empty();
        }
        var bodies = new ArrayList<DesiredLoadBalancerBody>();
        for (var old : before) { // a family that comes or goes waits until nothing is refused
            bodies.add(best.bodies().stream()
                    .filter(body -> body.families().equals(old.families()))
                    .findFirst()
                    .orElse(old));
        }
        var held = carrying(before, best.withBodies(bodies));
        return Optional.of(best.frontUnknown() ? HeldFront.of(before, held) : held);
    }

    /** Shape and mark of those that are there, one by one; further ones are made in the shape of the first. */
    private static Wanted carrying(List<DesiredLoadBalancerBody> before, Wanted wanted) {
        var bodies = new ArrayList<DesiredLoadBalancerBody>();
        for (var body : wanted.bodies()) {
            var old = before.stream()
                    .filter(each -> each.families().equals(body.families()))
                    .findFirst()
                    .orElse(before.getFirst());
            bodies.add(new DesiredLoadBalancerBody(
                    body.name(),
                    old.provider(),
                    old.flavor(),
                    old.availabilityZone(),
                    body.families(),
                    body.tags(),
                    body.listeners(),
                    body.pools(),
                    old.project(),
                    old.replacement()));
        }
        return wanted.withBodies(bodies);
    }

    static boolean isDeleted(LoadBalancerStatus status) {
        return status.phase() == LoadBalancerPhase.DELETED;
    }
}
