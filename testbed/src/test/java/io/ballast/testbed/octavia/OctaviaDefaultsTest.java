package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.schemas.contract.LoadBalancerPhase;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cloud whose operator configured other timeouts than the documented ones: what it writes by itself is no difference. */
class OctaviaDefaultsTest {
    private static final int OF_THIS_CLOUD = 60_000;
    private final Stage stage = new Stage("amphora");

    @BeforeEach
    void make() {
        stage.octavia.defaultTimeoutMillis = OF_THIS_CLOUD;
        stage.make(1, stage.of(1, 1, List.of(80, 443), Stage.members(1, 2)));
        assertThat(stage.status(1).phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
    }

    @Test
    void theyAreLearnedFromACreateAndWrittenNeverAgain() {
        // Given
        stage.count();

        // When somebody else's change has all of it read, and a change of ours is made
        stage.send("PUT", "loadbalancers/" + id(), rename("by hand"));
        stage.octavia.run(Stage.RESYNC.multipliedBy(2));
        stage.want(1, stage.of(1, 2, List.of(80, 443), Stage.members(1, 3)));

        // Then
        assertThat(stage.status(1).appliedGeneration()).isEqualTo(2);
        assertThat(stage.writes())
                .as("the rename by hand and back, and a batch for each pool")
                .isEqualTo(2 + 2);
    }

    @Test
    void afterARestartOneWriteTeachesThemForAll() {
        // Given
        stage.make(2, stage.of(2, 1, List.of(80, 443), Stage.members(1, 2)));
        stage.octavia.restart();
        stage.octavia.run(Stage.SOON);
        stage.count();

        // When
        stage.send("PUT", "loadbalancers/" + id(), rename("by hand"));
        stage.octavia.run(Stage.RESYNC.multipliedBy(4));

        // Then
        assertThat(stage.status(1).phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(stage.writes())
                .as("the rename by hand and back, and one listener")
                .isLessThanOrEqualTo(2 + 1);
    }

    @Test
    void anotherOneSetByHandGoes() {
        // Given
        var listener = stage.only("listeners", "listeners").path("id").asText();
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("listener").put("timeout_client_data", 1_000);

        // When
        stage.send("PUT", "listeners/" + listener, body);
        stage.octavia.run(Stage.RESYNC.multipliedBy(2));

        // Then
        assertThat(stage.get("listeners/" + listener)
                        .at("/listener/timeout_client_data")
                        .asInt())
                .as("the model's own default, shown as %d", OF_THIS_CLOUD)
                .isEqualTo(50_000);
    }

    private String id() {
        return stage.status(1).loadBalancers().getFirst().id();
    }

    private static JsonNode rename(String name) {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("loadbalancer").put("name", name);
        return body;
    }
}
