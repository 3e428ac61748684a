package io.ballast.octavia.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which load balancing a cloud is found to have, and what is said of one that has none of ours. */
class CloudCallsTest {
    @Test
    void takesLbaasV2WhereTheCatalogueHasNoOctavia() {
        // Given
        var cloud = new Cloud("lbaasv2", "shared_pools");
        var calls = new CloudCalls(cloud, InstantSource.system());

        // When
        var first = calls.call(new OctaviaCall.ListOurs());
        calls.call(new OctaviaCall.ListOurs());

        // Then
        assertThat(first).isInstanceOf(OctaviaAnswer.Listed.class);
        assertThat(cloud.asked)
                .containsExactly(
                        "LOAD_BALANCER /",
                        "NETWORK /v2.0/extensions",
                        "NETWORK /v2.0/lbaas/loadbalancers",
                        "NETWORK /v2.0/floatingips",
                        "NETWORK /v2.0/lbaas/loadbalancers",
                        "NETWORK /v2.0/floatingips");
    }

    @Test
    void refusesLbaasV1ByName() {
        assertThat(refusal("lbaas", "security-group"))
                .contains("LBaaS v1 (extension lbaas, /v2.0/lb), which is not served");
    }

    @Test
    void refusesLbaasV2WithoutSharedPools() {
        assertThat(refusal("lbaasv2", "lbaas")).contains("no extension shared_pools");
    }

    @Test
    void saysThatThereIsNothingToMakeLoadBalancersWith() {
        assertThat(refusal("security-group")).contains("no load balancer service", "no extension lbaasv2");
    }

    @Test
    void takesNoOtherWhereOctaviaIsOnlyDown() {
        // Given
        var asked = new ArrayList<String>();
        var calls = new CloudCalls(
                request -> {
                    asked.add(request.api().name());
                    return new RestReply.Unanswered("connection refused", false);
                },
                InstantSource.system());

        // When
        var answer = calls.call(new OctaviaCall.ListOurs());

        // Then
        assertThat(answer)
                .isInstanceOfSatisfying(
                        OctaviaAnswer.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo(Failure.Kind.UNREACHABLE));
        assertThat(asked).doesNotContain("NETWORK");
    }

    private static String refusal(String... extensions) {
        var answer = new CloudCalls(new Cloud(extensions), InstantSource.system()).call(new OctaviaCall.ListOurs());
        assertThat(answer).isInstanceOf(OctaviaAnswer.Failed.class);
        return ((OctaviaAnswer.Failed) answer).failure().message();
    }

    /** A cloud without Octavia, whose Neutron has these extensions and nothing else. */
    private static final class Cloud implements Rest {
        private final List<String> extensions;
        private final List<String> asked = new ArrayList<>();

        Cloud(String... extensions) {
            this.extensions = List.of(extensions);
        }

        @Override
        public RestReply send(RestRequest request) {
            asked.add(request.api() + " " + request.path());
            return request.api() == Api.LOAD_BALANCER
                    ? new RestReply.Unanswered("not in the catalogue", false, false)
                    : new RestReply.Answered(200, found(), "req", null);
        }

        private JsonNode found() {
            var body = JsonNodeFactory.instance.objectNode();
            body.putArray("loadbalancers");
            body.putArray("floatingips");
            var all = body.putArray("extensions");
            extensions.forEach(alias -> all.addObject().put("alias", alias));
            return body;
        }
    }
}
