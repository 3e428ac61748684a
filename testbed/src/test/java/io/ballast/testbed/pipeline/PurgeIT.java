package io.ballast.testbed.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cluster left in OpenStack goes by {@code ballast purge}, and not before the cluster is gone. */
class PurgeIT {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void deletesWhatAClusterLeftOnceItIsGone() throws Exception {
        try (var pipeline = Pipeline.start(folder.resolve("stack"))) {
            // Given
            pipeline.apply("""
                    apiVersion: v1
                    kind: Service
                    metadata: {name: web, namespace: default}
                    spec: {type: LoadBalancer, ports: [{name: http, port: 80, targetPort: 8080}]}
                    """);
            pipeline.settle();
            var users = pipeline.makeFloatingIp(Map.of("description", "mine"));
            var group = pipeline.makeSecurityGroup("purged-pods");
            pipeline.admit(group, "tcp", "ballast:pod-access:local");
            pipeline.admit(group, "udp", "ballast:pod-access:local-2");
            pipeline.admit(group, "sctp", "");
            var before = pipeline.addresses();
            assertThat(before).hasSize(4); // web, default/kubernetes, and two floating IPs

            // When its watcher runs
            assertThat(purge("", "--yes", "--kafka", pipeline.bootstrap()))
                    .as(said())
                    .isEqualTo(1);

            // Then
            assertThat(said()).contains("refused: a watcher of cluster local runs");
            assertThat(pipeline.addresses()).isEqualTo(before);

            // When it ran until just now
            pipeline.stopServices();
            assertThat(purge("", "--yes", "--kafka", pipeline.bootstrap()))
                    .as(said())
                    .isEqualTo(1);

            // Then
            assertThat(said()).contains("refused: a watcher wrote of cluster local");

            // When nobody confirms
            assertThat(purge("", "--dry-run")).isZero();
            assertThat(said())
                    .contains("2 load balancers with everything in them, 1 floating IPs, 1 rules of security groups");
            assertThat(purge("loca\n")).isEqualTo(1);
            assertThat(said()).contains("nothing is deleted: 'loca' is not local");
            assertThat(purge("")).isEqualTo(1);
            assertThat(pipeline.addresses()).isEqualTo(before);
            assertThat(pipeline.admitted(group)).containsExactlyInAnyOrder("tcp", "udp", "sctp");

            // When somebody does
            assertThat(purge("local\n")).as(said()).isZero();

            // Then
            assertThat(said())
                    .contains(
                            "2 of 2 load balancers, 1 of 1 floating IPs and 1 of 1 rules of security groups are deleted; nothing is left");
            assertThat(pipeline.admitted(group)).containsExactlyInAnyOrder("udp", "sctp");
            assertThat(pipeline.addresses())
                    .singleElement()
                    .asString()
                    .contains(users.path("id").asText());
            assertThat(purge("")).isZero();
            assertThat(said()).contains("nothing of cluster local is in this project");
        }
    }

    private int purge(String typed, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.ballast.testbed.command.Ballast",
                "purge",
                "--cluster",
                "local",
                "--openstack",
                "k8s"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Files.writeString(folder.resolve("typed"), typed).toFile())
                .redirectOutput(folder.resolve("purge.log").toFile());
        builder.environment()
                .put(
                        "OS_CLIENT_CONFIG_FILE",
                        folder.resolve("stack/clouds.yaml").toString());
        var process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String said() throws Exception {
        var log = folder.resolve("purge.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }
}
