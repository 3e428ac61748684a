package io.ballast.octavia.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.openstack.RestReply;
import org.junit.jupiter.api.Test;

/** The words of Octavia 11. */
class FailuresTest {
    @Test
    void aProviderWhoseAgentIsDownIsAskedAgain() {
        // Given
        var answer = answer(501, "Provider 'ovn' was not found.");

        // When
        var failure = Failures.of(answer);

        // Then
        assertThat(failure.kind()).isEqualTo(Failure.Kind.BUSY);
    }

    @Test
    void whatAProviderCannotDoIsFinal() {
        // Given
        var answer = answer(
                501,
                "Provider 'ovn' does not support a requested option: OVN provider does not support allowed_cidrs option");

        // When
        var failure = Failures.of(answer);

        // Then
        assertThat(failure.kind()).isEqualTo(Failure.Kind.REFUSED);
    }

    @Test
    void theMembersOfAPoolThatIsNotThereAreRefusedInOtherWords() {
        // Given
        var body = JsonNodeFactory.instance
                .objectNode()
                .put("code", 404)
                .put("title", "Not Found")
                .put("description", "The resource could not be found.");

        // When
        var failure = Failures.of(new RestReply.Answered(404, body, null, null));

        // Then
        assertThat(failure.kind()).isEqualTo(Failure.Kind.GONE);
        assertThat(failure.message()).isEqualTo("The resource could not be found.");
    }

    private static RestReply answer(int status, String text) {
        var body =
                JsonNodeFactory.instance.objectNode().put("faultcode", "Server").put("faultstring", text);
        return new RestReply.Answered(status, body, null, null);
    }
}
