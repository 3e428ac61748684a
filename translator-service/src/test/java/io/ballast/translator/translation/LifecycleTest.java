package io.ballast.translator.translation;

import static io.ballast.schemas.contract.AllocationState.GRANTED;
import static io.ballast.schemas.contract.AllocationState.RELEASED;
import static io.ballast.schemas.contract.ClaimState.WANTED;
import static io.ballast.schemas.contract.ClaimState.WITHDRAWN;
import static io.ballast.schemas.contract.DesiredState.ABSENT;
import static io.ballast.schemas.contract.DesiredState.NOT_MANAGED;
import static io.ballast.schemas.contract.DesiredState.PRESENT;
import static io.ballast.schemas.contract.DesiredState.REFUSED;
import static io.ballast.schemas.contract.LoadBalancerPhase.ACTIVE;
import static io.ballast.schemas.contract.LoadBalancerPhase.DELETED;
import static io.ballast.schemas.contract.LoadBalancerPhase.OBSERVED;
import static io.ballast.translator.translation.Fixtures.StateBuilder.aState;
import static io.ballast.translator.translation.Fixtures.notManaged;
import static io.ballast.translator.translation.Fixtures.refused;
import static io.ballast.translator.translation.Fixtures.served;
import static io.ballast.translator.translation.Fixtures.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.DesiredReason;
import io.ballast.translator.translation.Decision.Write;
import io.ballast.translator.translation.Translated.Refused;
import io.ballast.translator.translation.Translated.Served;
import org.junit.jupiter.api.Test;

/** Every transition that {@link Lifecycle} draws, those that go wrong first. */
class LifecycleTest {
    @Test
    void absenceOfASnapshotProvesNothing() {
        assertThat(shown(aState().desired(PRESENT, "u1", 1).claim(WANTED, "u1", 1)))
                .isEqualTo("keep keep");
        assertThat(shown(aState().desired(ABSENT, "u1", 1).claim(WITHDRAWN, "u1", 1)))
                .isEqualTo("keep keep");
    }

    @Test
    void aWordOfANewerVersionIsLeftAlone() {
        var state = aState().gone("u1").desired(io.ballast.schemas.contract.DesiredState.UNKNOWN, "u1", 1);

        assertThat(shown(state)).isEqualTo("keep keep");
    }

    @Test
    void aRefusedServiceWithoutLoadBalancerGetsNone() {
        assertThat(shown(aState().present("u1", refused()))).isEqualTo("REFUSED(u1,0,g1) keep");
    }

    @Test
    void aRefusalKeepsLoadBalancersAsGoodAsCanBeAndTheirAddresses() {
        var state = aState().present("u1", refused()).desired(PRESENT, "u1", 2).claim(WANTED, "u1", 2);

        assertThat(shown(state)).isEqualTo("REFUSED(u1,2,g6)+best keep");
    }

    @Test
    void aRefusalWithoutAnythingBetterLeavesLoadBalancersAsTheyAre() {
        var refused = new Refused(DesiredReason.CLUSTER_UNKNOWN, "no", null);
        var state = aState().present("u1", refused).desired(PRESENT, "u1", 2).claim(WANTED, "u1", 2);

        assertThat(shown(state)).isEqualTo("REFUSED(u1,2,g6)+a keep");
    }

    @Test
    void aPauseLeavesLoadBalancersAsTheyAre() {
        var paused = new Refused(DesiredReason.PAUSED, "paused", wanted("new"));
        var state = aState().present("u1", paused).desired(PRESENT, "u1", 2).claim(WANTED, "u1", 2);

        assertThat(shown(state)).isEqualTo("REFUSED(u1,2,g6)+a keep");
    }

    @Test
    void aRefusalWithLoadBalancersEndsInTheSameIncarnation() {
        var kept = Records.refused(
                aState().present("u1", refused()).build(),
                Fixtures.desired(PRESENT, "u1", 2, 5),
                (Refused) refused(),
                wanted("best"));
        var state = aState().present("u1", served()).desired(kept).claim(WANTED, "u1", 2);

        assertThat(shown(state)).isEqualTo("PRESENT(u1,2,g2)+a keep");
    }

    @Test
    void anotherVipNeedsANewLoadBalancer() {
        var moved = new Served(wanted("new", "", "10.2.0.99"));
        var state = aState().present("u1", moved).desired(PRESENT, "u1", 2).claim(WANTED, "u1", 2);

        assertThat(shown(state)).isEqualTo("REFUSED(u1,2,g6)+new keep");
        assertThat(reason(state)).isEqualTo(DesiredReason.RECREATE_NEEDED);
    }

    @Test
    void anotherProviderNeedsANewLoadBalancer() {
        var moved = new Served(wanted("new", "ovn", "10.2.0.10"));
        var state = aState().present("u1", moved).desired(PRESENT, "u1", 2).claim(WANTED, "u1", 2);

        assertThat(shown(state)).isEqualTo("REFUSED(u1,2,g6)+a keep");
        assertThat(reason(state)).isEqualTo(DesiredReason.RECREATE_NEEDED);
    }

    @Test
    void aLostClaimIsMadeAgain() {
        assertThat(shown(aState().present("u1", served()).desired(PRESENT, "u1", 2)))
                .isEqualTo("keep WANTED(u1,2,g1)");
        assertThat(shown(aState().present("u1", refused()).desired(PRESENT, "u1", 2)))
                .isEqualTo("REFUSED(u1,2,g6)+best WANTED(u1,2,g1)");
        assertThat(shown(aState().gone("u1").desired(ABSENT, "u1", 2))).isEqualTo("keep WITHDRAWN(u1,2,g1)");
    }

    @Test
    void aServedServiceBeginsItsFirstIncarnation() {
        assertThat(shown(aState().present("u1", served()))).isEqualTo("PRESENT(u1,1,g1)+a WANTED(u1,1,g1)");
    }

    @Test
    void anIncarnationCountsOnFromTheHighestAnybodyKnows() {
        assertThat(shown(aState().present("u1", served()).allocation(RELEASED, "u0", 7)))
                .isEqualTo("PRESENT(u1,8,g1)+a WANTED(u1,8,g2)");
        assertThat(shown(aState().present("u1", served()).status(DELETED, "u0", 4)))
                .isEqualTo("PRESENT(u1,5,g1)+a WANTED(u1,5,g1)");
        assertThat(shown(aState().present("u1", served()).desired(NOT_MANAGED, "u1", 3)))
                .isEqualTo("PRESENT(u1,4,g6)+a WANTED(u1,4,g1)");
        assertThat(shown(aState().present("u1", served()).desired(REFUSED, "u1", 0)))
                .isEqualTo("PRESENT(u1,1,g6)+a WANTED(u1,1,g1)");
    }

    @Test
    void aChangedBodyIsANewGenerationAndNoNewClaim() {
        var state = aState().present("u1", new Served(wanted("b")))
                .desired(PRESENT, "u1", 1)
                .claim(WANTED, "u1", 1);

        assertThat(shown(state)).isEqualTo("PRESENT(u1,1,g6)+b keep");
    }

    @Test
    void nothingChangedIsNothingWritten() {
        var state = aState().present("u1", served()).desired(PRESENT, "u1", 1).claim(WANTED, "u1", 1);

        assertThat(shown(state)).isEqualTo("keep keep");
    }

    @Test
    void aServiceThatIsNotOursIsSaidToBeSo() {
        assertThat(shown(aState().present("u1", notManaged()))).isEqualTo("NOT_MANAGED(u1,0,g1) keep");
        assertThat(shown(aState().present("u1", notManaged()).desired(NOT_MANAGED, "u1", 0)))
                .isEqualTo("keep keep");
    }

    @Test
    void aServiceThatIsNoLongerOursLosesItsLoadBalancerFirst() {
        var live =
                aState().present("u1", notManaged()).desired(PRESENT, "u1", 2).claim(WANTED, "u1", 2);
        assertThat(shown(live)).isEqualTo("ABSENT(u1,2,g6) WITHDRAWN(u1,2,g4)");

        var leaving =
                aState().present("u1", notManaged()).desired(ABSENT, "u1", 2).claim(WITHDRAWN, "u1", 2);
        assertThat(shown(leaving)).isEqualTo("keep keep");

        var over = leaving.allocation(RELEASED, "u1", 2).status(DELETED, "u1", 2);
        assertThat(shown(over)).isEqualTo("NOT_MANAGED(u1,2,g6) end");
    }

    @Test
    void absentIsNeverRetracted() {
        var leaving = aState().present("u1", served()).desired(ABSENT, "u1", 2).claim(WITHDRAWN, "u1", 2);
        assertThat(shown(leaving)).isEqualTo("keep keep");
        assertThat(shown(leaving.status(DELETED, "u1", 2))).isEqualTo("keep keep");
        assertThat(shown(leaving.allocation(RELEASED, "u1", 1))).isEqualTo("keep keep");

        assertThat(shown(leaving.allocation(RELEASED, "u1", 2))).isEqualTo("PRESENT(u1,3,g6)+a WANTED(u1,3,g4)");
    }

    @Test
    void deletedOfAnotherUidIsNoAnswer() {
        var state = aState().present("u2", served())
                .desired(ABSENT, "u1", 2)
                .claim(WITHDRAWN, "u1", 2)
                .allocation(RELEASED, "u1", 2)
                .status(DELETED, "u0", 2);

        assertThat(shown(state)).isEqualTo("keep keep");
    }

    @Test
    void aServiceMadeAnewWaitsUntilTheOldOneIsGone() {
        var live = aState().present("u2", served()).desired(PRESENT, "u1", 1).claim(WANTED, "u1", 1);
        assertThat(shown(live)).isEqualTo("ABSENT(u1,1,g6) WITHDRAWN(u1,1,g4)");

        var over = aState().present("u2", served())
                .desired(ABSENT, "u1", 1)
                .claim(WITHDRAWN, "u1", 1)
                .allocation(RELEASED, "u1", 1)
                .status(DELETED, "u1", 1);
        assertThat(shown(over)).isEqualTo("PRESENT(u2,2,g6)+a WANTED(u2,2,g4)");
    }

    @Test
    void whatIsFoundOfAnEarlierServiceGoesFirst() {
        assertThat(shown(aState().present("u2", served()).status(OBSERVED, "u1", 0)))
                .isEqualTo("ABSENT(u1,1,g1) WITHDRAWN(u1,1,g1)");
        assertThat(shown(aState().present("u2", served()).claim(WANTED, "u1", 4)))
                .isEqualTo("ABSENT(u1,5,g1) WITHDRAWN(u1,5,g4)");
        assertThat(shown(aState().present("u2", served()).allocation(GRANTED, "u1", 4)))
                .isEqualTo("ABSENT(u1,5,g1) WITHDRAWN(u1,5,g2)");
    }

    @Test
    void whatIsFoundOfAServiceThatIsNotOursGoes() {
        assertThat(shown(aState().present("u1", notManaged()).status(OBSERVED, "u1", 0)))
                .isEqualTo("ABSENT(u1,1,g1) WITHDRAWN(u1,1,g1)");
        assertThat(shown(aState().present("u1", notManaged())
                        .desired(NOT_MANAGED, "u1", 0)
                        .status(OBSERVED, "u1", 0)))
                .isEqualTo("ABSENT(u1,1,g6) WITHDRAWN(u1,1,g1)");
    }

    @Test
    void afterEverythingWasLostLoadBalancersAreTakenOver() {
        assertThat(shown(aState().present("u1", served()).status(OBSERVED, "u1", 0)))
                .isEqualTo("PRESENT(u1,1,g1)+a WANTED(u1,1,g1)");
        assertThat(shown(aState().present("u1", refused()).status(OBSERVED, "u1", 0)))
                .isEqualTo("REFUSED(u1,1,g1)+best WANTED(u1,1,g1)");
    }

    @Test
    void goneIsAlwaysAnsweredAlsoIfNothingEverWas() {
        assertThat(shown(aState().gone("u1"))).isEqualTo("ABSENT(u1,1,g1) WITHDRAWN(u1,1,g1)");
        assertThat(shown(aState().gone("u1").desired(NOT_MANAGED, "u1", 0)))
                .isEqualTo("ABSENT(u1,1,g6) WITHDRAWN(u1,1,g1)");
        assertThat(shown(aState().gone("u1").desired(REFUSED, "u1", 0)))
                .isEqualTo("ABSENT(u1,1,g6) WITHDRAWN(u1,1,g1)");
        assertThat(shown(aState().gone("u1").desired(PRESENT, "u1", 2).claim(WANTED, "u1", 2)))
                .isEqualTo("ABSENT(u1,2,g6) WITHDRAWN(u1,2,g4)");
    }

    @Test
    void whatIsOverEndsInTombstonesOnce() {
        var over = aState().gone("u1")
                .desired(ABSENT, "u1", 2)
                .claim(WITHDRAWN, "u1", 2)
                .allocation(RELEASED, "u1", 2)
                .status(DELETED, "u1", 2);
        assertThat(shown(over)).isEqualTo("end end answered u1");

        assertThat(shown(aState().gone("u1").answeredGone("u1"))).isEqualTo("keep keep");
        assertThat(shown(aState().gone("u1").status(DELETED, "u1", 2))).isEqualTo("keep keep");
        assertThat(shown(aState().gone("u1").answeredGone("u0"))).isEqualTo("ABSENT(u1,1,g1) WITHDRAWN(u1,1,g1)");
    }

    @Test
    void whatIsOverEndsAlsoWhenTheWatcherAsksNoMore() {
        var over = aState().desired(ABSENT, "u1", 2)
                .claim(WITHDRAWN, "u1", 2)
                .allocation(RELEASED, "u1", 2)
                .status(DELETED, "u1", 2);

        assertThat(shown(over)).isEqualTo("end end");
    }

    @Test
    void goneOfALaterServiceIsAnsweredToo() {
        var over = aState().gone("u2")
                .desired(ABSENT, "u1", 2)
                .claim(WITHDRAWN, "u1", 2)
                .allocation(RELEASED, "u1", 2)
                .status(DELETED, "u1", 2);

        assertThat(shown(over)).isEqualTo("ABSENT(u2,3,g6) WITHDRAWN(u2,3,g4)");
    }

    @Test
    void whatTurnsUpAfterTheAnswerIsDeletedToo() {
        assertThat(shown(aState().gone("u1").answeredGone("u1").status(OBSERVED, "u1", 0)))
                .isEqualTo("ABSENT(u1,1,g1) WITHDRAWN(u1,1,g1)");
        assertThat(shown(aState().gone("u1").status(ACTIVE, "u0", 3))).isEqualTo("ABSENT(u0,4,g1) WITHDRAWN(u0,4,g1)");
    }

    private static DesiredReason reason(Fixtures.StateBuilder state) {
        return state.decide().desired() instanceof Write.Put(var desired) && desired.reason() != null
                ? desired.reason()
                : DesiredReason.UNKNOWN;
    }

    /** A decision in few words: state(uid, incarnation, generation)+tag of the load balancer, then the claim. */
    private static String shown(Fixtures.StateBuilder state) {
        var decision = state.decide();
        var desired =
                switch (decision.desired()) {
                    case Write.Keep<?> _ -> "keep";
                    case Write.End<?> _ -> "end";
                    case Write.Put(var value) ->
                        "%s(%s,%d,g%d)%s"
                                .formatted(
                                        value.state(),
                                        value.serviceUid(),
                                        value.incarnation(),
                                        value.generation(),
                                        value.loadBalancers().isEmpty()
                                                ? ""
                                                : "+"
                                                        + value.loadBalancers()
                                                                .getFirst()
                                                                .tags()
                                                                .getFirst());
                };
        var claim =
                switch (decision.claim()) {
                    case Write.Keep<?> _ -> "keep";
                    case Write.End<?> _ -> "end";
                    case Write.Put(var value) ->
                        "%s(%s,%d,g%d)"
                                .formatted(value.state(), value.serviceUid(), value.incarnation(), value.generation());
                };
        return desired + " " + claim + (decision.answeredGone() == null ? "" : " answered " + decision.answeredGone());
    }
}
