package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.MemberCount;
import io.ballast.schemas.contract.ObservedListener;
import io.ballast.schemas.contract.OperatingStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Health that comes and goes is told once a minute, and never keeps anything else waiting. */
class OctaviaHealthTest {
    private static final Duration LIST = Duration.ofSeconds(5);
    private final Stage stage =
            new Stage("amphora", new OctaviaSettings(Policy.DEFAULT, 1, 4, 16, LIST, Duration.ofMinutes(2)));

    @Test
    void tellsOperatingStatusAloneOnceAMinute() {
        // Given
        make();
        int told = stage.octavia.statuses.size();

        // When it changes with each list, for ten minutes
        for (int list = 0; list < 120; list++) {
            show(list % 2 == 0 ? "ERROR" : "ONLINE");
        }

        // Then
        assertThat(stage.octavia.statuses.size() - told).isBetween(5, 11);

        // When it stays
        stage.octavia.operating = "DEGRADED";
        stage.octavia.run(Duration.ofMinutes(2));

        // Then
        assertThat(stage.status(1).loadBalancers().getFirst().operatingStatus()).isEqualTo(OperatingStatus.DEGRADED);
    }

    @Test
    void tellsTheFirstChangeAndAnyOtherAtOnce() {
        // Given
        make();

        // When
        show("ERROR");

        // Then
        assertThat(stage.status(1).loadBalancers().getFirst().operatingStatus()).isEqualTo(OperatingStatus.ERROR);

        // When it is over, and is told only because something else is
        show("ONLINE");
        assertThat(stage.status(1).loadBalancers().getFirst().operatingStatus()).isEqualTo(OperatingStatus.ERROR);
        stage.octavia.put(
                Topics.DESIRED_LOAD_BALANCERS, Stage.key(1), stage.of(1, 2, List.of(80), Stage.members(1, 4)));
        stage.octavia.run(Duration.ofSeconds(20));

        // Then
        assertThat(stage.status(1).appliedGeneration()).isEqualTo(2);
        assertThat(stage.status(1).loadBalancers().getFirst().operatingStatus()).isEqualTo(OperatingStatus.ONLINE);
    }

    @Test
    void tellsListenersAndMembersByOperatingStatus() {
        // Given
        make();
        assertThat(listener().operatingStatus()).isEqualTo(OperatingStatus.ONLINE);
        assertThat(listener().memberCounts()).containsExactly(new MemberCount(OperatingStatus.NO_MONITOR, 3));

        // When
        stage.octavia.illMember = "10.1.0.2";
        show("DEGRADED");
        stage.octavia.run(Duration.ofMinutes(1));

        // Then
        assertThat(listener().membersInError()).isEqualTo(1);
        assertThat(listener().memberCounts())
                .containsExactly(
                        new MemberCount(OperatingStatus.ERROR, 1), new MemberCount(OperatingStatus.NO_MONITOR, 2));
    }

    @Test
    void countsWhatWasWrittenSinceAsUnknownUntilTheNextListAndReadsItOnce() {
        // Given
        make();
        var before = stage.octavia.statuses.size();
        stage.count();
        stage.octavia.run(LIST.multipliedBy(10));
        int quiet = stage.reads();

        // When
        stage.octavia.put(
                Topics.DESIRED_LOAD_BALANCERS, Stage.key(1), stage.of(1, 2, List.of(80), Stage.members(1, 5)));
        stage.octavia.run(Duration.ofMinutes(2));
        stage.count();
        stage.octavia.run(LIST.multipliedBy(10));

        // Then
        assertThat(stage.octavia.statuses.stream()
                        .skip(before)
                        .flatMap(status -> status.loadBalancers().stream())
                        .flatMap(each -> each.listeners().stream())
                        .map(ObservedListener::memberCounts))
                .contains(List.of(
                        new MemberCount(OperatingStatus.UNKNOWN, 2), new MemberCount(OperatingStatus.NO_MONITOR, 3)));
        assertThat(listener().memberCounts()).containsExactly(new MemberCount(OperatingStatus.NO_MONITOR, 5));
        assertThat(stage.reads()).as("the lists, and nothing more").isEqualTo(quiet);
    }

    private ObservedListener listener() {
        return stage.status(1).loadBalancers().getFirst().listeners().getFirst();
    }

    private void make() {
        stage.octavia.operating = "ONLINE";
        stage.make(1, stage.of(1, 1, List.of(80), Stage.members(1, 3)));
        assertThat(stage.status(1).phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
    }

    private void show(String status) {
        stage.octavia.operating = status;
        stage.octavia.run(LIST);
    }
}
