package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.octavia.openstack.CloudCalls;
import io.ballast.openstack.CloudsYaml;
import io.ballast.openstack.RestFactory;
import io.ballast.testbed.openstack.LoadBalancing;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackServer;
import io.ballast.testbed.openstack.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the catalogue and the extensions of a cloud over HTTP say about its load balancers. */
class LbaasOverHttpIT {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void findsLbaasV2WhereTheCatalogueHasNoOctavia() throws IOException {
        assertThat(list(LoadBalancing.LBAASV2)).isInstanceOf(OctaviaAnswer.Listed.class);
    }

    @Test
    void refusesLbaasV1() throws IOException {
        assertThat(list(LoadBalancing.LBAAS))
                .isInstanceOfSatisfying(
                        OctaviaAnswer.Failed.class,
                        failed -> assertThat(failed.failure().message()).contains("LBaaS v1"));
    }

    private OctaviaAnswer list(LoadBalancing loadBalancing) throws IOException {
        var settings =
                OpenStackModel.Settings.of(Timing.measured().scaled(0.05)).withLoadBalancing(loadBalancing);
        try (var server = OpenStackServer.start(settings, 0, InstantSource.system())) {
            var clouds = Files.writeString(directory.resolve("clouds.yaml"), server.cloudsYaml());
            return new CloudCalls(RestFactory.open(CloudsYaml.read(clouds, null, "k8s")), InstantSource.system())
                    .call(new OctaviaCall.ListOurs());
        }
    }
}
