package io.ballast.testbed.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.schemas.Topics;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the manifests ask for, against what the services need. */
class DeployTest {
    private static final List<String> SERVICES = List.of("ipam", "octavia", "translator", "watcher");

    @Test
    void oneDeploymentPerServiceEachOnItsOwnPort() {
        var rendered = Rendered.of("deploy/base");

        var deployments = rendered.kind("Deployment").toList();
        var ports = new HashSet<Integer>();
        deployments.forEach(each -> {
            var port = container(each).at("/ports/0");
            assertThat(port.get("hostPort")).isEqualTo(port.get("containerPort"));
            ports.add(port.get("hostPort").intValue());
        });

        assertThat(deployments.stream().map(each -> each.at("/metadata/name").asText()))
                .containsExactlyInAnyOrderElementsOf(SERVICES);
        assertThat(ports).hasSize(SERVICES.size());
    }

    @Test
    void nothingIsReachedThroughAClusterIp() {
        var rendered = Rendered.of("deploy/base");

        assertThat(rendered.kind("Service")).isEmpty();
        rendered.kind("Deployment").map(DeployTest::pod).forEach(pod -> {
            assertThat(pod.get("hostNetwork").booleanValue()).isTrue();
            assertThat(pod.get("dnsPolicy").asText()).isEqualTo("Default");
            assertThat(pod.get("enableServiceLinks").booleanValue()).isFalse();
        });
        assertThat(environment(rendered.one("Deployment", "watcher")))
                .contains("KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT");
    }

    @Test
    void podsAreRestrictedButForTheNetworkOfTheHost() {
        Rendered.of("deploy/base").kind("Deployment").forEach(DeployTest::assertRestricted);
    }

    @Test
    void podsOfTheNodeMembersOverlayAreRestrictedAltogether() {
        var rendered = Rendered.of("deploy/overlays/node-members");

        rendered.kind("Deployment").forEach(deployment -> {
            assertRestricted(deployment);
            assertThat(pod(deployment).path("hostNetwork").asBoolean(false)).isFalse();
            assertThat(container(deployment).at("/ports/0/hostPort").isMissingNode())
                    .isTrue();
        });
        assertThat(rendered.one("Namespace", "ballast")
                        .at("/metadata/labels/pod-security.kubernetes.io~1enforce")
                        .asText())
                .isEqualTo("restricted");
    }

    @Test
    void podsAreProbedAndGivenTimeToEnd() {
        Rendered.of("deploy/base").kind("Deployment").forEach(deployment -> {
            var container = container(deployment);
            assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/livez");
            assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/livez");
            assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/readyz");
            assertThat(pod(deployment).get("terminationGracePeriodSeconds").intValue())
                    .isEqualTo(35);
            assertThat(container.at("/resources/limits/memory")).isEqualTo(container.at("/resources/requests/memory"));
            assertThat(container.at("/resources/limits/memory").asText()).endsWith("Mi");
        });
    }

    @Test
    void everyDeploymentHasADisruptionBudgetThatLetsANodeDrain() {
        var rendered = Rendered.of("deploy/base");

        for (var service : SERVICES) {
            var budget = rendered.one("PodDisruptionBudget", service);
            assertThat(budget.at("/spec/maxUnavailable").intValue()).isEqualTo(1);
            assertThat(budget.at("/spec/selector/matchLabels"))
                    .isEqualTo(rendered.one("Deployment", service).at("/spec/selector/matchLabels"));
        }
    }

    /** The table of rights: component watcher, and nobody else. */
    @Test
    void onlyTheWatcherHasRightsAndNoMoreThanItNeeds() {
        var rendered = Rendered.of("deploy/base");

        var rights = new TreeSet<String>();
        rendered.kind("ClusterRole").forEach(role -> role.get("rules").forEach(rule -> rights.addAll(rights(rule))));

        assertThat(rights)
                .containsExactlyInAnyOrder(
                        "/services get",
                        "/services list",
                        "/services watch",
                        "/services patch",
                        "/namespaces get",
                        "/namespaces list",
                        "/namespaces watch",
                        "/nodes get",
                        "/nodes list",
                        "/nodes watch",
                        "discovery.k8s.io/endpointslices get",
                        "discovery.k8s.io/endpointslices list",
                        "discovery.k8s.io/endpointslices watch",
                        "/services/status patch",
                        "/events create",
                        "/events patch",
                        "events.k8s.io/events create",
                        "events.k8s.io/events patch");
        assertThat(Stream.concat(rendered.kind("ClusterRoleBinding"), rendered.kind("RoleBinding"))
                        .flatMap(binding -> elements(binding.get("subjects")))
                        .map(subject -> subject.get("name").asText()))
                .containsExactly("watcher");
        for (var service : SERVICES) {
            var token = service.equals("watcher");
            assertThat(rendered.one("ServiceAccount", service)
                            .get("automountServiceAccountToken")
                            .booleanValue())
                    .isEqualTo(token);
            assertThat(pod(rendered.one("Deployment", service))
                            .get("automountServiceAccountToken")
                            .booleanValue())
                    .isEqualTo(token);
        }
    }

    @Test
    void secretsAreReferredToAndNotIn() {
        var rendered = Rendered.of("deploy/base");

        assertThat(rendered.kind("Secret")).isEmpty();
        assertThat(secrets(rendered.one("Deployment", "octavia")))
                .containsExactlyInAnyOrder("octavia-kafka", "octavia-openstack");
        assertThat(secrets(rendered.one("Deployment", "ipam")))
                .containsExactlyInAnyOrder("ipam-kafka", "ipam-openstack");
        assertThat(secrets(rendered.one("Deployment", "translator"))).containsExactly("translator-kafka");
        assertThat(secrets(rendered.one("Deployment", "watcher"))).containsExactly("watcher-kafka");
    }

    @Test
    void strimziHasATopicForEachOfOursWithItsSettings() {
        var rendered = Rendered.of("deploy/strimzi");

        assertThat(rendered.kind("KafkaTopic")).hasSameSizeAs(Topics.ALL);
        for (var topic : Topics.ALL) {
            var spec = rendered.one("KafkaTopic", "ballast." + topic.name()).get("spec");
            assertThat(spec.get("partitions").intValue()).isEqualTo(topic.partitions(12));
            topic.settings()
                    .forEach((name, value) -> assertThat(
                                    spec.get("config").get(name).asText())
                            .as(topic.name() + " " + name)
                            .isEqualTo(value));
        }
    }

    private static void assertRestricted(JsonNode deployment) {
        var pod = pod(deployment);
        assertThat(pod.at("/securityContext/runAsNonRoot").booleanValue()).isTrue();
        assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        var container = container(deployment).get("securityContext");
        assertThat(container.get("allowPrivilegeEscalation").booleanValue()).isFalse();
        assertThat(container.get("readOnlyRootFilesystem").booleanValue()).isTrue();
        assertThat(container.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
        assertThat(elements(pod.get("volumes")).flatMap(DeployTest::volumeTypes))
                .containsOnly("configMap", "secret", "emptyDir");
    }

    private static Stream<String> volumeTypes(JsonNode volume) {
        var types = new ArrayList<String>();
        volume.fieldNames().forEachRemaining(types::add);
        types.remove("name");
        return types.stream();
    }

    private static Set<String> rights(JsonNode rule) {
        var rights = new TreeSet<String>();
        elements(rule.get("apiGroups"))
                .forEach(group -> elements(rule.get("resources"))
                        .forEach(resource -> elements(rule.get("verbs"))
                                .forEach(verb -> rights.add(
                                        "%s/%s %s".formatted(group.asText(), resource.asText(), verb.asText())))));
        return rights;
    }

    private static Stream<String> environment(JsonNode deployment) {
        return elements(container(deployment).get("env"))
                .map(variable -> variable.get("name").asText());
    }

    private static Stream<String> secrets(JsonNode deployment) {
        return elements(pod(deployment).get("volumes"))
                .filter(volume -> volume.has("secret"))
                .map(volume -> volume.at("/secret/secretName").asText());
    }

    private static JsonNode pod(JsonNode deployment) {
        return deployment.at("/spec/template/spec");
    }

    private static JsonNode container(JsonNode deployment) {
        return pod(deployment).at("/containers/0");
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        var elements = new ArrayList<JsonNode>();
        array.forEach(elements::add);
        return elements.stream();
    }
}
