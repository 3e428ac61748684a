package io.ballast.testbed.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.IpamServiceConfig;
import io.ballast.ipam.allocation.PodRules;
import io.ballast.runtime.config.ConfigReader;
import io.ballast.runtime.http.HttpSettings;
import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.stack.LocalStack.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceConfigsTest {
    private static final String CLOUDS = "clouds: {k8s: {auth: {auth_url: 'https://keystone.example.org:5000/v3',"
            + " username: u, password: p, project_name: n, user_domain_name: d, project_domain_name: d}}}\n";

    @TempDir
    Path folder = Path.of("");

    @Test
    void thePreflightOfALocalStackLooksAtPodsOfBothFamilies() throws IOException {
        // Given
        var clouds = Files.writeString(folder.resolve("clouds.yaml"), CLOUDS);
        var network = new Network(
                List.of(
                        new Network.Family("id-of-services", "10.2.0.0/17", "10.1.0.0/16", "k8s-pod-subnet"),
                        new Network.Family(
                                "k8s-service-subnet-v6", "fd10:0:0:2::/113", "fd10:0:0:1::/64", "k8s-pod-subnet-v6")),
                "public",
                "k8s-pod-access");
        var options = StackOptions.local(Layout.DUAL, "amphora", 0.1, folder);
        var configs = new ServiceConfigs(
                options, "127.0.0.1:9092", folder.resolve("kubeconfig"), Optional.of(clouds), "k8s", network);
        // When
        var config = ConfigReader.of(configs.of(Role.IPAM, 8080), Map.of()).whole(read -> {
            KafkaSettings.from(read);
            HttpSettings.from(read);
            return IpamServiceConfig.from(read, Map.of());
        });
        // Then
        assertThat(Objects.requireNonNull(config.rules().clusters().get(options.cluster()))
                        .pods())
                .isEqualTo(new PodRules(
                        List.of("k8s-pod-subnet", "k8s-pod-subnet-v6"),
                        List.of("k8s-pod-access"),
                        List.of("tcp", "udp", "sctp"),
                        List.of()));
    }
}
