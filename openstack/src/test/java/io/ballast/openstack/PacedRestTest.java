package io.ballast.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.ballast.openstack.RestReply.Answered;
import io.ballast.openstack.RestRequest.Api;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On a clock that only a sleep moves. */
class PacedRestTest {
    private static final RestRequest OCTAVIA = RestRequest.get(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers");
    private static final RestRequest NEUTRON = RestRequest.get(Api.NETWORK, "/v2.0/ports");
    private static final Answered OK = new Answered(200, MissingNode.getInstance(), null, null);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Instant start = now;
    private final Deque<RestReply> replies = new ArrayDeque<>();
    private final List<Instant> sent = new ArrayList<>();
    private Duration waited = Duration.ZERO;
    private final PacedRest rest = new PacedRest(
            _ -> {
                sent.add(now);
                return replies.isEmpty() ? OK : replies.remove();
            },
            5,
            () -> now,
            time -> now = now.plus(time),
            (_, time) -> waited = waited.plus(time));

    @Test
    void spreadsWhatComesAtOnce() {
        // When
        for (int i = 0; i < 15; i++) {
            rest.send(OCTAVIA);
        }

        // Then
        assertThat(sent).hasSize(15);
        assertThat(sent.getLast()).isEqualTo(start.plusSeconds(2));
        assertThat(waited).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void leavesAServiceAloneThatAsksForItAndNoOther() {
        // Given
        replies.add(new Answered(503, MissingNode.getInstance(), null, Duration.ofSeconds(4)));
        rest.send(OCTAVIA);

        // When
        rest.send(NEUTRON);
        rest.send(OCTAVIA);

        // Then
        assertThat(sent).containsExactly(start, start, start.plusSeconds(4));
    }

    @Test
    void givesUpUnsentWhatWouldWaitLong() {
        // Given
        replies.add(new Answered(429, MissingNode.getInstance(), null, Duration.ofSeconds(30)));
        rest.send(OCTAVIA);

        // When
        var reply = rest.send(OCTAVIA);

        // Then
        assertThat(sent).hasSize(1);
        assertThat(now).isEqualTo(start);
        assertThat(reply).isInstanceOfSatisfying(Answered.class, answer -> {
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.retryAfter()).isEqualTo(Duration.ofSeconds(30));
            assertThat(answer.body().asText()).contains("not sent", "LOAD_BALANCER", "30 s");
        });
    }

    @Test
    void whatIsGivenUpTakesNoTurnFromOthers() {
        // Given
        replies.add(new Answered(429, MissingNode.getInstance(), null, Duration.ofSeconds(30)));
        rest.send(OCTAVIA);
        for (int i = 0; i < 100; i++) {
            rest.send(OCTAVIA);
        }
        now = start.plusSeconds(30);

        // When
        rest.send(OCTAVIA);

        // Then
        assertThat(sent).containsExactly(start, start.plusSeconds(30));
    }

    @Test
    void aBusyAnswerWithoutATimeHoldsNobodyUp() {
        // Given
        replies.add(new Answered(503, MissingNode.getInstance(), null, null));
        rest.send(OCTAVIA);

        // When
        rest.send(OCTAVIA);

        // Then
        assertThat(sent).containsExactly(start, start);
    }
}
