package io.ballast.translator.translation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.SnapshotState;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One key among an ipam and an octavia that answer late, by seed. */
class LifecycleProperties {
    private static final int STEPS = 120;
    private static final int PASSES_MAX = 400;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 400);
    }

    /** Whatever came in whatever order, late, twice or after everything was lost: the last word of Kubernetes holds. */
    @ParameterizedTest
    @MethodSource("seeds")
    void convergesToTheLastWord(long seed) {
        var random = new Random(seed);
        var world = new KeyWorld();
        for (int step = 0; step < STEPS; step++) {
            world.anything(random);
        }
        world.settle(PASSES_MAX);
        switch (random.nextInt(3)) {
            case 0 -> world.loseEverything();
            case 1 -> world.lateCreate(random);
            default -> {}
        }
        if (random.nextBoolean()) {
            world.anything(random);
        }

        world.settle(PASSES_MAX);

        var snapshot = Objects.requireNonNull(world.services());
        if (snapshot.state() == SnapshotState.GONE) {
            assertThat(world.desired).isNull();
            assertThat(world.claim).isNull();
            assertThat(world.octavia).isEmpty();
            assertThat(world.granted).isNull();
            return;
        }
        var desired = Objects.requireNonNull(world.desired);
        assertThat(desired.serviceUid()).isEqualTo(snapshot.uid());
        switch (world.translated()) {
            case Translated.Served(var wanted) -> {
                assertThat(desired.state()).isEqualTo(DesiredState.PRESENT);
                assertThat(desired.loadBalancers()).isEqualTo(wanted.bodies());
                assertThat(world.octavia).containsExactly(snapshot.uid());
                assertThat(world.granted).isEqualTo(snapshot.uid());
            }
            case Translated.NotManaged _ -> {
                assertThat(desired.state()).isEqualTo(DesiredState.NOT_MANAGED);
                assertThat(world.octavia).isEmpty();
                assertThat(world.granted).isNull();
            }
            case Translated.Refused _ -> {
                assertThat(desired.state()).isEqualTo(DesiredState.REFUSED);
                assertThat(world.octavia.isEmpty())
                        .isEqualTo(desired.loadBalancers().isEmpty());
            }
        }
    }

    /** Deciding again, with the first decision written, decides nothing. */
    @ParameterizedTest
    @MethodSource("seeds")
    void decidedTwiceIsOneDecision(long seed) {
        var random = new Random(seed);
        var world = new KeyWorld();
        for (int step = 0; step < STEPS; step++) {
            world.anything(random);
            world.translator();
            assertThat(Lifecycle.decide(world.state())).isEqualTo(Decision.NOTHING);
        }
    }

    /** What a random state of the records says: never two lives at once, and no step back. */
    @ParameterizedTest
    @MethodSource("seeds")
    void neverStepsBackFromAnyState(long seed) {
        var random = new Random(seed);
        var state = Fixtures.StateBuilder.aState();
        var uid = "u" + random.nextInt(3);
        switch (random.nextInt(4)) {
            case 0 -> state.gone(uid);
            case 1 -> state.present(uid, Fixtures.served());
            case 2 -> state.present(uid, Fixtures.notManaged());
            default -> state.present(uid, Fixtures.refused());
        }
        if (random.nextBoolean()) {
            state.desired(any(random, DesiredState.values()), "u" + random.nextInt(3), random.nextInt(4));
        }
        if (random.nextBoolean()) {
            state.claim(any(random, ClaimState.values()), "u" + random.nextInt(3), random.nextInt(4));
        }
        if (random.nextBoolean()) {
            state.allocation(any(random, AllocationState.values()), "u" + random.nextInt(3), random.nextInt(4));
        }
        if (random.nextBoolean()) {
            state.status(any(random, LoadBalancerPhase.values()), "u" + random.nextInt(3), random.nextInt(4));
        }
        var before = state.build();

        var decision = Lifecycle.decide(before);

        if (decision.desired() instanceof Decision.Write.Put(var desired)) {
            var last = before.desired();
            assertThat(desired.generation()).isGreaterThan(before.generation());
            if (last != null) {
                assertThat(desired.incarnation()).isGreaterThanOrEqualTo(last.incarnation());
            }
            if (last != null && last.state() == DesiredState.ABSENT && desired.incarnation() == last.incarnation()) {
                assertThat(desired.state()).isNotEqualTo(DesiredState.PRESENT);
            }
            if (desired.state() == DesiredState.PRESENT) {
                assertThat(desired.serviceUid()).isEqualTo(uid);
                assertThat(desired.incarnation()).isPositive();
            }
        }
        if (decision.desired() instanceof Decision.Write.End<?>) {
            assertThat(before.isOver(Objects.requireNonNull(before.desired()))).isTrue();
        }
    }

    private static <E> E any(Random random, E[] values) {
        return values[random.nextInt(values.length)];
    }
}
