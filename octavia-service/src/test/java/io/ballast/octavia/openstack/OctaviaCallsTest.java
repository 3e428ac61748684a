package io.ballast.octavia.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.octavia.loadbalancer.Blueprint;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Method;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What an Octavia of an older API version is asked for, and what it is spared. */
class OctaviaCallsTest {
    private static final GrantedVip IPV4 = new GrantedVip(IpFamily.IPV4, "10.2.0.5", "subnet-4", "network");
    private static final GrantedVip IPV6 = new GrantedVip(IpFamily.IPV6, "fd10:0:0:2::5", "subnet-6", "network");

    @Test
    void refusesTwoVipsWhereOctaviaKnowsOnlyOneAndAsksForNothing() {
        // Given
        var cloud = new Cloud(25);
        var calls = new OctaviaCalls(cloud, InstantSource.system());
        calls.call(new OctaviaCall.ListOurs());

        // When
        var answer = calls.call(create(IPV4, IPV6));

        // Then
        assertThat(answer).isInstanceOfSatisfying(OctaviaAnswer.Failed.class, failed -> {
            assertThat(failed.failure().kind()).isEqualTo(Failure.Kind.REFUSED);
            assertThat(failed.failure().message())
                    .contains("up to 2.25", "2.26 is needed", "two VIPs", "dual-stack: per-family");
        });
        assertThat(cloud.posts).isEmpty();
    }

    @Test
    void makesOneVipOnAnOlderOctavia() {
        // Given
        var cloud = new Cloud(25);
        var calls = new OctaviaCalls(cloud, InstantSource.system());
        calls.call(new OctaviaCall.ListOurs());

        // When
        var answer = calls.call(create(IPV6));

        // Then
        assertThat(answer).isInstanceOf(OctaviaAnswer.Done.class);
        assertThat(cloud.posts).singleElement().satisfies(body -> {
            assertThat(body.at("/loadbalancer/vip_address").asText()).isEqualTo("fd10:0:0:2::5");
            assertThat(body.at("/loadbalancer/additional_vips").isMissingNode()).isTrue();
        });
    }

    @Test
    void makesTwoVipsFromVersion26On() {
        // Given
        var cloud = new Cloud(26);
        var calls = new OctaviaCalls(cloud, InstantSource.system());
        calls.call(new OctaviaCall.ListOurs());

        // When
        var answer = calls.call(create(IPV4, IPV6));

        // Then
        assertThat(answer).isInstanceOf(OctaviaAnswer.Done.class);
        assertThat(cloud.posts)
                .singleElement()
                .satisfies(body -> assertThat(body.at("/loadbalancer/additional_vips/0/ip_address")
                                .asText())
                        .isEqualTo("fd10:0:0:2::5"));
    }

    @Test
    void writesTagsIntoTheDescriptionWhereOctaviaHasNone() {
        // Given
        var cloud = new Cloud(4);
        var calls = new OctaviaCalls(cloud, InstantSource.system());
        calls.call(new OctaviaCall.ListOurs());

        // When
        var answer = calls.call(create(IPV4));

        // Then
        assertThat(answer).isInstanceOf(OctaviaAnswer.Done.class);
        assertThat(cloud.posts).singleElement().satisfies(body -> {
            assertThat(body.at("/loadbalancer").has("tags")).isFalse();
            assertThat(body.at("/loadbalancer").has("description")).isTrue();
        });
    }

    @Test
    void refusesWhatIsNotVersionTwo() {
        var answer = new OctaviaCalls(new Cloud(-1), InstantSource.system()).call(new OctaviaCall.ListOurs());

        assertThat(answer)
                .isInstanceOfSatisfying(
                        OctaviaAnswer.Failed.class,
                        failed -> assertThat(failed.failure().message()).contains("offers no version of v2"));
    }

    @Test
    void asksForOneThatIsPendingByItsId() {
        // Given
        var cloud = new Cloud(26);

        // When
        var answer = new OctaviaCalls(cloud, InstantSource.system()).call(poll(1));

        // Then
        assertThat(cloud.gets).containsExactly("/v2.0/lbaas/loadbalancers/lb-0 {}");
        assertThat(answer)
                .isInstanceOfSatisfying(
                        OctaviaAnswer.Polled.class,
                        polled -> assertThat(polled.loadBalancers()).hasSize(1));
    }

    @Test
    void asksForAThousandThatArePendingByTheirStatusAndReadsThoseThatEnded() {
        // Given
        var cloud = new Cloud(26);
        cloud.pending = 997;

        // When
        var answer = new OctaviaCalls(cloud, InstantSource.system()).call(poll(1_000));

        // Then
        assertThat(cloud.gets)
                .containsExactly(
                        "/v2.0/lbaas/loadbalancers {limit=[500], provisioning_status=[PENDING_CREATE], tags=[ballast]}",
                        "/v2.0/lbaas/loadbalancers/lb-997 {}",
                        "/v2.0/lbaas/loadbalancers/lb-998 {}",
                        "/v2.0/lbaas/loadbalancers/lb-999 {}");
        assertThat(answer)
                .isInstanceOfSatisfying(
                        OctaviaAnswer.Polled.class,
                        polled -> assertThat(polled.loadBalancers()).hasSize(1_000));
    }

    @Test
    void listsAllOfOursWhenManyEndedAtOnce() {
        // Given
        var cloud = new Cloud(26);
        cloud.pending = 10;
        cloud.there = 990;

        // When
        var answer = new OctaviaCalls(cloud, InstantSource.system()).call(poll(1_000));

        // Then
        assertThat(cloud.gets)
                .hasSize(2 + 10)
                .element(1)
                .isEqualTo("/v2.0/lbaas/loadbalancers {limit=[500], tags=[ballast]}");
        assertThat(answer).isInstanceOf(OctaviaAnswer.Polled.class);
    }

    private static OctaviaCall poll(int ids) {
        var all = new TreeSet<String>();
        for (int i = 0; i < ids; i++) {
            all.add("lb-" + i);
        }
        return new OctaviaCall.Poll(all, Set.of(ProvisioningStatus.PENDING_CREATE));
    }

    private static OctaviaCall create(GrantedVip... vips) {
        return new OctaviaCall.Write(
                "call",
                new CreateLoadBalancer(new Blueprint(
                        "shop/web",
                        "",
                        null,
                        null,
                        List.of(vips),
                        new TreeSet<>(List.of("ballast")),
                        List.of(),
                        List.of(),
                        null,
                        null)));
    }

    /** An Octavia that offers versions up to v2.{@code minor}, has nothing, and makes whatever it is asked for. */
    private static final class Cloud implements Rest {
        private final int minor;
        private final List<JsonNode> posts = new ArrayList<>();
        private final List<String> gets = new ArrayList<>();

        /** How many a list shows: those that are PENDING, and all. */
        private int pending;

        private int there;

        Cloud(int minor) {
            this.minor = minor;
        }

        @Override
        public RestReply send(RestRequest request) {
            if (request.method() == Method.POST && request.body() != null) {
                posts.add(request.body());
                var made = object();
                made.putObject("loadbalancer")
                        .put("id", "lb-1")
                        .put("name", "shop/web")
                        .put("provisioning_status", "PENDING_CREATE");
                return new RestReply.Answered(201, made, "req-1", null);
            }
            if (request.path().contains("/loadbalancers")) {
                gets.add(request.path() + " " + request.query());
                return new RestReply.Answered(200, loadBalancers(request), "req-2", null);
            }
            return new RestReply.Answered(200, request.path().equals("/") ? versions() : nothing(), "req-2", null);
        }

        private JsonNode loadBalancers(RestRequest request) {
            var found = object();
            if (request.path().endsWith("/loadbalancers")) {
                var list = found.putArray("loadbalancers");
                int count = request.query().containsKey("provisioning_status") ? pending : there;
                for (int i = 0; i < count; i++) {
                    list.addObject()
                            .put("id", "lb-" + i)
                            .put("provisioning_status", "PENDING_CREATE")
                            .putArray("tags")
                            .add("ballast");
                }
            } else {
                found.putObject("loadbalancer")
                        .put("id", request.path().substring(request.path().lastIndexOf('/') + 1))
                        .put("provisioning_status", "ACTIVE");
            }
            return found;
        }

        private JsonNode versions() {
            var found = object();
            var versions = found.putArray("versions");
            for (int each = 0; each <= minor; each++) {
                versions.addObject().put("id", "v2." + each);
            }
            return found;
        }

        private static JsonNode nothing() {
            var found = object();
            found.putArray("loadbalancers");
            found.putArray("floatingips");
            return found;
        }

        private static ObjectNode object() {
            return JsonNodeFactory.instance.objectNode();
        }
    }
}
