package io.ballast.octavia.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.octavia.loadbalancer.Blueprint;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Method;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LbAlgorithm;
import io.ballast.schemas.contract.PoolProtocol;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The look at a quota before a create: what it costs, and what it does when the quota is not to be seen. */
class QuotasTest {
    private final Cloud cloud = new Cloud();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final OctaviaCalls calls = new OctaviaCalls(cloud, () -> now);

    @Test
    void sendsNoCreateBeyondTheLimit() {
        // Given
        cloud.limit = 2;
        cloud.used = 2;

        // When
        var answer = calls.call(create(null));

        // Then
        assertThat(answer).isInstanceOfSatisfying(OctaviaAnswer.Failed.class, failed -> {
            assertThat(failed.failure().kind()).isEqualTo(Failure.Kind.QUOTA);
            assertThat(failed.failure().message()).isEqualTo("load balancers of project p-1: limit 2, in use 2");
        });
        assertThat(cloud.posts).isZero();
    }

    @Test
    void sendsNoCreateWithMoreChildrenThanThereIsRoomFor() {
        // Given
        cloud.limit = -1;
        cloud.children = Map.of("listener", 1, "pool", 2, "member", 10, "healthmonitor", 0);
        cloud.pools = 1;
        cloud.membersOfEach = 8;

        // When
        var answer = calls.call(create(null, 3));

        // Then
        assertThat(answer).isInstanceOfSatisfying(OctaviaAnswer.Failed.class, failed -> {
            assertThat(failed.failure().kind()).isEqualTo(Failure.Kind.QUOTA);
            assertThat(failed.failure().message()).isEqualTo("members of project p-1: limit 10, in use 8, needed 3");
        });
        assertThat(cloud.posts).isZero();
        assertThat(cloud.counts)
                .as("listeners, and pools with all that is in them")
                .isEqualTo(2);
    }

    @Test
    void goesOnWhenOneIsGone() {
        // Given
        cloud.limit = 1;
        cloud.used = 1;
        calls.call(create(null));

        // When
        cloud.used = 0;
        now = now.plusSeconds(10);
        var answer = calls.call(create(null));

        // Then
        assertThat(answer).isInstanceOf(OctaviaAnswer.Done.class);
    }

    @ParameterizedTest
    @CsvSource({"200,-1,0", "200,1000,1", "403,0,0", "404,0,0"})
    void readsOnceAMinuteForAllCreatesOfAProject(int status, int limit, int counts) {
        // Given
        cloud.quotaStatus = status;
        cloud.limit = limit;

        // When
        for (int create = 0; create < 50; create++) {
            assertThat(calls.call(create(null))).isInstanceOf(OctaviaAnswer.Done.class);
            now = now.plusSeconds(1);
        }

        // Then
        assertThat(cloud.posts).isEqualTo(50);
        assertThat(cloud.quotas).isEqualTo(1);
        assertThat(cloud.counts).isEqualTo(counts);
        assertThat(cloud.projects).isEqualTo(1);

        // When
        now = now.plusSeconds(10);
        calls.call(create(null));

        // Then
        assertThat(cloud.quotas).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 500})
    void goesOnWithoutAQuotaThatCannotBeRead(int status) {
        // Given
        cloud.quotaStatus = status;

        // When
        var answer = calls.call(create("p-2"));

        // Then
        assertThat(answer).isInstanceOf(OctaviaAnswer.Done.class);
        assertThat(cloud.projects).as("the project is given").isZero();
    }

    @Test
    void sendsNoWriteThatTheLooksBeforeItHeldUpForTooLong() {
        // Given
        cloud.limit = -1;
        cloud.onQuota =
                () -> now = now.plus(OctaviaCalls.LOOKS_BEFORE_A_WRITE_MAX).plusSeconds(1);

        // When
        var late = calls.call(create(null));
        cloud.onQuota = () -> {};
        var soon = calls.call(create(null));

        // Then
        assertThat(late)
                .isInstanceOfSatisfying(
                        OctaviaAnswer.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo(Failure.Kind.UNREACHABLE));
        assertThat(soon).isInstanceOf(OctaviaAnswer.Done.class);
        assertThat(cloud.posts).isEqualTo(1);
    }

    private static OctaviaCall create(@Nullable String project) {
        return create(project, 0);
    }

    private static OctaviaCall create(@Nullable String project, int members) {
        var pool = new DesiredPool(
                "shop/web:TCP:80",
                PoolProtocol.TCP,
                LbAlgorithm.ROUND_ROBIN,
                null,
                null,
                null,
                IntStream.range(0, members)
                        .mapToObj(each -> new DesiredMember(
                                "m",
                                "10.1.0." + each,
                                8080,
                                1,
                                "4d3ee4a8-9eb3-4a39-8a4f-3e0a7d0f6a01",
                                null,
                                null,
                                false))
                        .toList());
        var vip = new GrantedVip(IpFamily.IPV4, "10.2.0.5", "subnet", "network");
        return new OctaviaCall.Write(
                "call",
                new CreateLoadBalancer(new Blueprint(
                        "shop/web",
                        "amphora",
                        null,
                        null,
                        List.of(vip),
                        new TreeSet<>(List.of("ballast")),
                        List.of(),
                        members == 0 ? List.of() : List.of(pool),
                        project,
                        null)));
    }

    /** An Octavia that makes whatever it is asked for, and has a quota. */
    private static final class Cloud implements Rest {
        private Runnable onQuota = () -> {};
        private int quotaStatus = 200;
        private int limit;
        private int used;
        private Map<String, Integer> children = Map.of();
        private int pools;
        private int membersOfEach;
        private int posts;
        private int quotas;
        private int counts;
        private int projects;

        @Override
        public RestReply send(RestRequest request) {
            var body = JsonNodeFactory.instance.objectNode();
            if (request.method() == Method.POST) {
                posts++;
                body.putObject("loadbalancer").put("id", "lb-1").put("provisioning_status", "PENDING_CREATE");
                return new RestReply.Answered(201, body, "req", null);
            }
            if (request.path().contains("/quotas/")) {
                quotas++;
                onQuota.run();
                var quota = body.putObject("quota").put("load_balancer", limit);
                children.forEach(quota::put);
                return new RestReply.Answered(quotaStatus, body, "req", null);
            }
            if (request.path().endsWith("/security-groups")) {
                projects++;
                body.putArray("security_groups").addObject().put("id", "g-1").put("project_id", "p-1");
                return new RestReply.Answered(200, body, "req", null);
            }
            counts++;
            assertThat(request.query()).containsEntry("project_id", List.of("p-1"));
            if (request.path().endsWith("/pools")) {
                var all = body.putArray("pools");
                for (int pool = 0; pool < pools; pool++) {
                    var members = all.addObject().put("id", "p-" + pool).putArray("members");
                    for (int member = 0; member < membersOfEach; member++) {
                        members.addObject().put("id", "m-" + member);
                    }
                }
                return new RestReply.Answered(200, body, "req", null);
            }
            var list = body.putArray("loadbalancers");
            for (int each = 0; each < used; each++) {
                list.addObject().put("id", "lb-" + each);
            }
            return new RestReply.Answered(200, body, "req", null);
        }
    }
}
