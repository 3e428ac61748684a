package io.ballast.octavia.kafka;

import io.ballast.octavia.kafka.WriteSlots.Use;
import io.ballast.octavia.kafka.WriteSlots.Wish;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateLoadBalancer;
import io.ballast.octavia.loadbalancer.Situation;
import io.ballast.octavia.loadbalancer.Step;
import io.ballast.runtime.shell.Key;
import io.ballast.runtime.shell.Marks;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Whose turn it is to call OpenStack, in terms of Services and their steps; the slots themselves are counted elsewhere. */
final class Turns {
    /** A safety net: who waits is marked when a slot is left. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);

    private final WriteSlots slots;
    private final Map<Integer, OctaviaPartition> partitions;
    private final OctaviaStanding standing;

    Turns(OctaviaSettings settings, Map<Integer, OctaviaPartition> partitions, OctaviaStanding standing) {
        this.slots = new WriteSlots(settings.createsInFlight(), settings.writesInFlight());
        this.partitions = partitions;
        this.standing = standing;
        standing.inFlight(slots);
    }

    /** Takes the slot that the step needs: a create keeps the one of its look, so that the look is fresh when it begins. */
    boolean mayGoOn(OctaviaPartition partition, Key key, Situation situation, Step step) {
        var use = useOf(situation, step);
        boolean mayGoOn = true;
        if (use.isPresent()) {
            var isUrgent = partition.urgent.contains(key.name());
            mayGoOn = slots.take(key, new Wish(use.get(), projectOf(situation), isUrgent), situation.now());
        } else {
            slots.leave(key);
        }
        if (step instanceof Step.Rest) {
            partition.urgent.remove(key.name());
        }
        standing.inFlight(slots);
        return mayGoOn;
    }

    private static Optional<Use> useOf(Situation situation, Step step) {
        return switch (step) {
            case Step.Act(var action) -> Optional.of(action instanceof CreateLoadBalancer ? Use.CREATE : Use.WRITE);
            case Step.Look _ -> Optional.of(isWanted(situation) ? Use.CREATE : Use.READ);
            case Step.LookAtVips _, Step.Read _, Step.Verify _ -> Optional.of(Use.READ);
            case Step.Rest _, Step.Until _, Step.AwaitActive _ -> Optional.empty();
        };
    }

    private static boolean isWanted(Situation situation) {
        var desired = situation.desired();
        return desired != null && desired.state() != DesiredState.ABSENT;
    }

    /** The project that the load balancers of a Service are made in; empty for that of the credentials. */
    private static String projectOf(Situation situation) {
        var desired = situation.desired();
        var bodies = desired == null ? List.<DesiredLoadBalancerBody>of() : desired.loadBalancers();
        return bodies.stream()
                .map(DesiredLoadBalancerBody::project)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    /** When a key that may not go on tries again by itself. */
    Instant nextTry(Instant now) {
        var rest = slots.restUntil();
        return rest.isAfter(now) ? rest : now.plus(WAIT_MAX);
    }

    /** The call of a key is answered: it needs its slot no longer. */
    void end(Key key) {
        slots.leave(key);
    }

    void succeeded() {
        slots.relieved();
    }

    void failed(Failure failure, Instant now) {
        slots.failed(failure, now);
    }

    /** Those who wait find a slot that was left. */
    void wake(Marks marks, Instant now) {
        slots.awoken(now).forEach(key -> {
            var partition = partitions.get(key.partition());
            if (partition != null && partition.urgent.contains(key.name())) {
                marks.mark(key);
            } else {
                marks.markInBackground(key);
            }
        });
        standing.inFlight(slots);
    }

    /** Who waits for a slot. */
    List<Key> waiting() {
        return slots.waiting();
    }

    /** Until when nothing may begin at all; in the past while it may. */
    Instant restUntil() {
        return slots.restUntil();
    }

    void forget(int partition) {
        slots.forget(partition);
        standing.inFlight(slots);
    }
}
