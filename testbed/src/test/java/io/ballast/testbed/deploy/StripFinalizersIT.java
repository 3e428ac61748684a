package io.ballast.testbed.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ballast.testbed.kubernetes.Kubectl;
import io.ballast.testbed.kubernetes.KubernetesServer;
import io.ballast.testbed.kubernetes.KubernetesSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** deploy/strip-finalizers against the modelled Kubernetes API. */
class StripFinalizersIT {
    private static final String SERVICES = """
            apiVersion: v1
            kind: Service
            metadata: {name: shared, namespace: default, finalizers: [example.org/other, ballast.io/load-balancer]}
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: ours, namespace: default, finalizers: [ballast.io/load-balancer]}
            spec: {ports: [{port: 80}]}
            """;

    private record Result(int exitCode, String text) {}

    @Test
    void takesOffOursAndLeavesThoseOfOthers(@TempDir Path folder) throws Exception {
        assumeTrue(Kubectl.isInstalled(), "kubectl is not on this machine: the script is not run");
        try (var server = KubernetesServer.start(KubernetesSettings.defaults(), InstantSource.system(), 0)) {
            // Given
            var kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
            var manifest = Files.writeString(folder.resolve("services.yaml"), SERVICES);
            assertThat(run(kubeconfig, "kubectl", "create", "-f", manifest.toString())
                            .exitCode())
                    .isZero();
            var script = Rendered.ROOT
                    .resolve("deploy/strip-finalizers")
                    .toAbsolutePath()
                    .toString();

            // When
            var tried = run(kubeconfig, script, "--dry-run");
            var done = run(kubeconfig, script);
            var again = run(kubeconfig, script);

            // Then
            assertThat(tried.text()).contains("default/ours would lose", "default/shared would lose", "2 Services");
            assertThat(done.text()).contains("2 Services");
            assertThat(done.exitCode()).isZero();
            assertThat(again.text()).contains("0 Services");
            assertThat(run(kubeconfig, "kubectl", "get", "services", "-o", "jsonpath={.items[*].metadata.finalizers}")
                            .text())
                    .contains("example.org/other")
                    .doesNotContain("ballast.io/load-balancer");
        }
    }

    private static Result run(Path kubeconfig, String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        var process = builder.start();
        process.getOutputStream().close();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), text);
    }
}
