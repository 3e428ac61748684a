package io.ballast.testbed.kubernetes;

import static io.ballast.testbed.kubernetes.TestCluster.SERVICES;
import static io.ballast.testbed.kubernetes.TestCluster.message;
import static io.ballast.testbed.kubernetes.TestCluster.service;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServiceRulesTest {
    private final TestCluster cluster = TestCluster.ofDefaults();

    @Test
    void startsWithKubernetesAtTheFirstAddress() {
        assertThat(Json.text(cluster.get(SERVICES + "/kubernetes"), "spec", "clusterIP"))
                .isEqualTo("10.2.0.1");
        assertThat(cluster.slicesOf("kubernetes")).hasSize(1);
    }

    @Test
    void givesAddressesFromTheRangeAndNeverTheOneJustFreed() {
        var first = Json.text(cluster.created(SERVICES, service("a")), "spec", "clusterIP");
        cluster.send(ModelRequest.delete(SERVICES + "/a"));
        var second = Json.text(cluster.created(SERVICES, service("b")), "spec", "clusterIP");

        assertThat(AddressRange.parse("10.2.0.0/17").contains(first)).isTrue();
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void refusesAnAddressThatIsTakenOrOutside() {
        cluster.created(SERVICES, service("a", "clusterIP: 10.2.0.9"));

        assertThat(message(cluster.post(SERVICES, service("b", "clusterIP: 10.2.0.9"))))
                .isEqualTo("422 Service \"b\" is invalid: spec.clusterIPs: Invalid value: []string{\"10.2.0.9\"}: "
                        + "failed to allocate IP 10.2.0.9: provided IP is already allocated");
        assertThat(message(cluster.post(SERVICES, service("c", "clusterIP: 10.9.0.9"))))
                .contains(
                        "422",
                        "the provided IP (10.9.0.9) is not in the valid range. The range of valid IPs is 10.2.0.0/17");
    }

    @Test
    void runsOutOfASmallRange() {
        var small = new TestCluster(KubernetesSettings.defaults().withServiceCidrs("10.2.0.0/29"));
        for (var i = 0; i < 5; i++) {
            small.created(SERVICES, service("s" + i));
        }
        assertThat(message(small.post(SERVICES, service("full"))))
                .isEqualTo("500 Internal error occurred: failed to allocate a serviceIP: range is full");
    }

    @Test
    void keepsTheClusterIpThroughAPutThatLeavesItOutAndRefusesAnother() {
        var address = Json.text(cluster.created(SERVICES, service("a")), "spec", "clusterIP");

        var kept = cluster.send(ModelRequest.put(SERVICES + "/a", service("a")));
        var other = cluster.send(ModelRequest.put(SERVICES + "/a", service("a", "clusterIP: 10.2.0.77")));

        assertThat(Json.text(kept.body(), "spec", "clusterIP")).isEqualTo(address);
        assertThat(message(other))
                .isEqualTo(
                        "422 Service \"a\" is invalid: spec.clusterIPs[0]: Invalid value: []string{\"10.2.0.77\"}: may not change once set");
    }

    @Test
    void understandsPatchesOfTheOlderClusterIpField() {
        cluster.created(SERVICES, service("a"));
        assertThat(message(cluster.merge(SERVICES + "/a", "spec: {clusterIP: 10.2.0.77}")))
                .contains("422", "[]string{\"10.2.0.77\"}: may not change once set");
        assertThat(cluster.merge(SERVICES + "/a", "spec: {clusterIP: null}").status())
                .isEqualTo(200);
    }

    @Test
    void namesWhatIsWrongWithPorts() {
        assertThat(message(cluster.post(SERVICES, service("a", "ports: []"))))
                .isEqualTo("422 Service \"a\" is invalid: spec.ports: Required value");
        assertThat(message(cluster.post(SERVICES, service("a", "ports: [{port: 80}, {port: 81, name: x}]"))))
                .isEqualTo("422 Service \"a\" is invalid: spec.ports[0].name: Required value");
        assertThat(message(cluster.post(SERVICES, service("a", "ports: [{port: 80, name: x}, {port: 81, name: x}]"))))
                .isEqualTo("422 Service \"a\" is invalid: spec.ports[1].name: Duplicate value: \"x\"");
        assertThat(message(cluster.post(SERVICES, service("a", "ports: [{port: 80, name: x}, {port: 80, name: y}]"))))
                .contains("spec.ports[1]: Duplicate value: core.ServicePort{Name:\"\", Protocol:\"TCP\"");
        assertThat(message(cluster.post(SERVICES, service("a", "ports: [{port: 80, protocol: ICMP}]"))))
                .contains("Unsupported value: \"ICMP\": supported values: \"SCTP\", \"TCP\", \"UDP\"");
        assertThat(message(cluster.post(SERVICES, service("a", "ports: [{port: 0}]"))))
                .contains("spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive");
        assertThat(message(cluster.post(SERVICES, service("a", "ports: [{port: '80'}]"))))
                .startsWith(
                        "400 Service in version \"v1\" cannot be handled as a Service: json: cannot unmarshal string");
        assertThat(message(cluster.post(SERVICES, service("1a")))).contains("a DNS-1035 label must consist of");
    }

    @Test
    void givesNodePortsToWhoNeedsThem() {
        var balanced = cluster.created(SERVICES, service("a", "type: LoadBalancer"));
        var without =
                cluster.created(SERVICES, service("b", "type: LoadBalancer", "allocateLoadBalancerNodePorts: false"));
        var both = cluster.created(
                SERVICES,
                service("c", "type: NodePort", "ports: [{port: 53, name: u, protocol: UDP}, {port: 53, name: t}]"));

        assertThat(balanced.at("/spec/ports/0/nodePort").asInt()).isBetween(30_000, 32_767);
        assertThat(without.at("/spec/ports/0/nodePort").isMissingNode()).isTrue();
        assertThat(both.at("/spec/ports/0/nodePort")).isEqualTo(both.at("/spec/ports/1/nodePort"));
        var taken = balanced.at("/spec/ports/0/nodePort").asInt();
        assertThat(message(cluster.post(
                        SERVICES, service("d", "type: NodePort", "ports: [{port: 1, nodePort: %d}]".formatted(taken)))))
                .isEqualTo(
                        "422 Service \"d\" is invalid: spec.ports[0].nodePort: Invalid value: %d: provided port is already allocated"
                                .formatted(taken));
        assertThat(message(cluster.post(SERVICES, service("e", "type: NodePort", "ports: [{port: 1, nodePort: 80}]"))))
                .contains("provided port is not in the valid range. The range of valid ports is 30000-32767");
    }

    @Test
    void releasesNodePortsWhenTheTypeChangesBack() {
        var port = cluster.created(SERVICES, service("a", "type: NodePort"))
                .at("/spec/ports/0/nodePort")
                .asInt();

        var changed = cluster.merge(SERVICES + "/a", "spec: {type: ClusterIP}");

        assertThat(changed.body().at("/spec/ports/0/nodePort").isMissingNode()).isTrue();
        assertThat(Json.has(changed.body(), "spec", "externalTrafficPolicy")).isFalse();
        var again = cluster.post(
                SERVICES, service("b", "type: NodePort", "ports: [{port: 1, nodePort: %d}]".formatted(port)));
        assertThat(again.status()).isEqualTo(201);
    }

    @Test
    void acceptsIngressOnLoadBalancersOnly() {
        cluster.created(SERVICES, service("plain"));
        cluster.created(SERVICES, service("lb", "type: LoadBalancer"));
        var status = "status: {loadBalancer: {ingress: [{ip: 203.0.113.7}]}}";

        var forbidden = cluster.merge(SERVICES + "/plain/status", status);
        var written = cluster.merge(SERVICES + "/lb/status", status);
        var ignored = cluster.merge(SERVICES + "/lb", "status: {loadBalancer: {ingress: [{ip: 203.0.113.8}]}}");

        assertThat(message(forbidden))
                .isEqualTo("422 Service \"plain\" is invalid: status.loadBalancer.ingress: Forbidden: "
                        + "may only be used when `spec.type` is \"LoadBalancer\"");
        assertThat(written.body().at("/status/loadBalancer/ingress/0/ip").asText())
                .isEqualTo("203.0.113.7");
        assertThat(written.body().at("/status/loadBalancer/ingress/0/ipMode").asText())
                .isEqualTo("VIP");
        assertThat(ignored.body().at("/status/loadBalancer/ingress/0/ip").asText())
                .isEqualTo("203.0.113.7");
        assertThat(message(cluster.merge(SERVICES + "/lb/status", "status: {loadBalancer: {ingress: [{ip: x}]}}")))
                .contains("status.loadBalancer.ingress[0].ip: Invalid value: \"x\": must be a valid IP address");
    }

    @Test
    void givesAHealthCheckPortToLocalTrafficAndTakesItBack() {
        var local = cluster.created(SERVICES, service("a", "type: LoadBalancer", "externalTrafficPolicy: Local"));
        assertThat(local.at("/spec/healthCheckNodePort").asInt()).isBetween(30_000, 32_767);

        assertThat(message(cluster.merge(SERVICES + "/a", "spec: {healthCheckNodePort: 31999}")))
                .isEqualTo("422 Service \"a\" is invalid: spec.healthCheckNodePort: Forbidden: field is immutable");
        var changed = cluster.merge(SERVICES + "/a", "spec: {externalTrafficPolicy: Cluster}");
        assertThat(Json.has(changed.body(), "spec", "healthCheckNodePort")).isFalse();
    }

    @Test
    void knowsHeadlessAndExternalNames() {
        var headless = cluster.created(SERVICES, service("h", "clusterIP: None"));
        var external = cluster.created(SERVICES, service("e", "type: ExternalName", "externalName: example.com"));

        assertThat(headless.at("/spec/clusterIPs/0").asText()).isEqualTo("None");
        assertThat(Json.has(external, "spec", "clusterIP")).isFalse();
        assertThat(Json.has(external, "spec", "ipFamilies")).isFalse();
        assertThat(message(cluster.post(SERVICES, service("x", "type: ExternalName"))))
                .isEqualTo("422 Service \"x\" is invalid: spec.externalName: Required value");
        assertThat(message(cluster.post(SERVICES, service("x", "type: LoadBalancer", "clusterIP: None"))))
                .contains(
                        "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for LoadBalancer services");
    }

    @Test
    void becomesExternalAndBack() {
        cluster.created(SERVICES, service("a"));
        var external = cluster.merge(SERVICES + "/a", "spec: {type: ExternalName, externalName: example.com}");
        var back = cluster.merge(SERVICES + "/a", "spec: {type: ClusterIP, externalName: null}");

        assertThat(external.status()).as(external.toString()).isEqualTo(200);
        assertThat(Json.has(external.body(), "spec", "clusterIP")).isFalse();
        assertThat(back.status()).as(back.toString()).isEqualTo(200);
        assertThat(Json.text(back.body(), "spec", "clusterIP")).isNotEmpty();
    }

    @Test
    void hasOneFamilyOnASingleStackCluster() {
        assertThat(message(cluster.post(SERVICES, service("a", "ipFamilies: [IPv6]"))))
                .isEqualTo(
                        "422 Service \"a\" is invalid: spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on this cluster");
        assertThat(message(cluster.post(SERVICES, service("a", "ipFamilyPolicy: RequireDualStack"))))
                .contains("this cluster is not configured for dual-stack services");
        var preferred = cluster.created(SERVICES, service("b", "ipFamilyPolicy: PreferDualStack"));
        assertThat(Json.texts(preferred.at("/spec/ipFamilies"))).containsExactly("IPv4");
    }

    @Test
    void leavesTheFamiliesOfAHeadlessServiceWithoutSelectorOpen() {
        var open = service("h", "clusterIP: None");
        Json.child(open, "spec").remove("selector");
        assertThat(Json.texts(cluster.created(SERVICES, open).at("/spec/ipFamilies")))
                .containsExactly("IPv4", "IPv6");
        assertThat(cluster.merge(SERVICES + "/h", "metadata: {labels: {x: y}}").status())
                .isEqualTo(200);
    }

    @Test
    void servesBothFamiliesOnADualStackCluster() {
        var dual = new TestCluster(KubernetesSettings.defaults()
                .withServiceCidrs("10.2.0.0/17", "fd10:0:0:2::/112")
                .withPodCidrs("10.1.0.0/16", "fd10:0:0:1::/64"));
        var both = dual.created(SERVICES, service("a", "ipFamilyPolicy: RequireDualStack"));
        var single = dual.created(SERVICES, service("b"));
        var sixth = dual.created(SERVICES, service("c", "ipFamilies: [IPv6]"));

        assertThat(Json.texts(both.at("/spec/clusterIPs"))).hasSize(2);
        assertThat(Json.texts(both.at("/spec/clusterIPs")).getLast()).startsWith("fd10:0:0:2::");
        assertThat(Json.texts(single.at("/spec/ipFamilies"))).containsExactly("IPv4");
        assertThat(Json.text(sixth, "spec", "clusterIP")).startsWith("fd10:0:0:2::");
        var upgraded = dual.merge(SERVICES + "/b", "spec: {ipFamilyPolicy: PreferDualStack}");
        assertThat(Json.texts(upgraded.body().at("/spec/clusterIPs"))).hasSize(2);
        var downgraded = dual.merge(SERVICES + "/b", "spec: {ipFamilyPolicy: SingleStack, ipFamilies: [IPv4]}");
        assertThat(Json.texts(downgraded.body().at("/spec/clusterIPs"))).hasSize(1);
    }

    @Test
    void fillsInAffinityAndChecksItsTime() {
        var sticky = cluster.created(SERVICES, service("a", "sessionAffinity: ClientIP"));
        assertThat(sticky.at("/spec/sessionAffinityConfig/clientIP/timeoutSeconds")
                        .asInt())
                .isEqualTo(10_800);
        assertThat(message(cluster.post(
                        SERVICES,
                        service(
                                "b",
                                "sessionAffinity: ClientIP",
                                "sessionAffinityConfig: {clientIP: {timeoutSeconds: 90000}}"))))
                .contains("must be greater than 0 and less than 86400");
    }

    @Test
    void checksSourceRangesAndClasses() {
        assertThat(message(cluster.post(
                        SERVICES, service("a", "type: LoadBalancer", "loadBalancerSourceRanges: [nonsense]"))))
                .contains("spec.LoadBalancerSourceRanges: Invalid value: \"[nonsense]\": must be a list of IP ranges.");
        var annotated = service("a", "type: LoadBalancer");
        Json.child(annotated, "metadata", "annotations")
                .put("service.beta.kubernetes.io/load-balancer-source-ranges", "10.0.0.0/8,nonsense");
        assertThat(message(cluster.post(SERVICES, annotated)))
                .contains("load-balancer-source-ranges]: Invalid value: \"10.0.0.0/8,nonsense\": must be a list");
        cluster.created(
                SERVICES,
                service("c", "type: LoadBalancer", "loadBalancerSourceRanges: [' 10.020.0.0/016', 'fd10::/64']"));
        assertThat(message(cluster.post(SERVICES, service("a", "loadBalancerClass: example.com/lb"))))
                .contains("spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'");
        cluster.created(SERVICES, service("b", "type: LoadBalancer", "loadBalancerClass: example.com/lb"));
        assertThat(message(cluster.merge(SERVICES + "/b", "spec: {loadBalancerClass: example.com/other}")))
                .contains("may not change once set");
    }
}
