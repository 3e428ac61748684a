package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.octavia.loadbalancer.AccessAction;
import io.ballast.octavia.loadbalancer.AccessPlan;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.ObservedAccess;
import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.octavia.loadbalancer.PodAccess;
import io.ballast.octavia.openstack.OctaviaCalls;
import io.ballast.openstack.CloudsYaml;
import io.ballast.openstack.RestFactory;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackServer;
import io.ballast.testbed.openstack.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Security groups over HTTP: what Neutron is sent, and what a changed revision is answered. */
class PodAccessOverHttpIT {
    private static final PodAccess DEMO = new PodAccess("demo", List.of("pods"), List.of("k8s-service-subnet"), true);
    private static final PodAccess NONE = new PodAccess("demo", List.of(), List.of(), true);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void admitsTwiceWithoutHarmAndWithdrawsOnlyWhatNobodyChanged() throws IOException {
        try (var server = OpenStackServer.start(
                OpenStackModel.Settings.of(Timing.measured().scaled(0.05)), 0, InstantSource.system())) {
            // Given
            var clouds = Files.writeString(directory.resolve("clouds.yaml"), server.cloudsYaml());
            var rest = RestFactory.open(CloudsYaml.read(clouds, null, "k8s"));
            var group = JsonNodeFactory.instance.objectNode();
            group.putObject("security_group").put("name", "pods");
            assertThat(rest.send(RestRequest.post(RestRequest.Api.NETWORK, "/v2.0/security-groups", group)))
                    .isInstanceOf(RestReply.Answered.class);
            var calls = new OctaviaCalls(rest, InstantSource.system());
            var plan = AccessPlan.of(List.of(DEMO), read(calls, DEMO));
            assertThat(plan.actions()).hasSize(3);

            // When
            for (var action : plan.actions()) {
                assertThat(calls.call(new OctaviaCall.ChangeAccess(action))).isInstanceOf(OctaviaAnswer.Done.class);
                assertThat(calls.call(new OctaviaCall.ChangeAccess(action))).isInstanceOf(OctaviaAnswer.Done.class);
            }

            // Then
            var observed = read(calls, DEMO);
            assertThat(observed.ours()).hasSize(3);
            assertThat(AccessPlan.of(List.of(DEMO), observed).actions()).isEmpty();
            var withdrawn = (AccessAction.WithdrawRule)
                    AccessPlan.of(List.of(NONE), observed).actions().getFirst();
            var stale =
                    new AccessAction.WithdrawRule(withdrawn.ruleId(), withdrawn.groupId(), withdrawn.revision() + 1);
            assertThat(calls.call(new OctaviaCall.ChangeAccess(stale)))
                    .isInstanceOfSatisfying(
                            OctaviaAnswer.Failed.class,
                            failed -> assertThat(failed.failure().kind()).isEqualTo(Failure.Kind.CONFLICT));
            assertThat(calls.call(new OctaviaCall.ChangeAccess(withdrawn))).isInstanceOf(OctaviaAnswer.Done.class);
            assertThat(calls.call(new OctaviaCall.ChangeAccess(withdrawn))).isInstanceOf(OctaviaAnswer.Done.class);
            assertThat(read(calls, DEMO).ours()).hasSize(2);
        }
    }

    private static ObservedAccess read(OctaviaCalls calls, PodAccess access) {
        var answer = calls.call(new OctaviaCall.ReadAccess(List.of(access), Set.of()));
        assertThat(answer).isInstanceOf(OctaviaAnswer.Access.class);
        return ((OctaviaAnswer.Access) answer).observed();
    }
}
