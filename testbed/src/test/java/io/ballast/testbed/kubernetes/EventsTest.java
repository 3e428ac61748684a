package io.ballast.testbed.kubernetes;

import static io.ballast.testbed.kubernetes.TestCluster.message;
import static io.ballast.testbed.kubernetes.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EventsTest {
    private static final String CORE = "/api/v1/namespaces/default/events";
    private static final String NEW = "/apis/events.k8s.io/v1/namespaces/default/events";

    private final TestCluster cluster = TestCluster.ofDefaults();

    @Test
    void showsOneTableOfEventsUnderTwoGroups() {
        var created = cluster.created(NEW, yaml("""
                metadata: {name: a}
                eventTime: '2026-11-20T12:00:00.000000Z'
                reportingController: ballast.io/watcher
                reportingInstance: watcher-0
                action: Programmed
                reason: LoadBalancerActive
                type: Normal
                note: load balancer is ACTIVE
                regarding: {kind: Service, namespace: default, name: web, uid: u1}
                """));
        assertThat(created.path("note").asText()).isEqualTo("load balancer is ACTIVE");

        var seen = cluster.query(CORE, Map.of("fieldSelector", "involvedObject.name=web,involvedObject.uid=u1"));
        assertThat(seen.body().at("/items/0/message").asText()).isEqualTo("load balancer is ACTIVE");
        assertThat(seen.body().at("/items/0/reportingComponent").asText()).isEqualTo("ballast.io/watcher");
        var patched = cluster.merge(NEW + "/a", "series: {count: 2, lastObservedTime: '2026-11-20T12:01:00.000000Z'}");
        assertThat(patched.body().at("/regarding/name").asText()).isEqualTo("web");
        assertThat(cluster.get(CORE + "/a").at("/series/count").asInt()).isEqualTo(2);
    }

    @Test
    void isStrictInTheNewGroupAndLenientInTheOld() {
        var bare = "{metadata: {name: b}, %s: {kind: Service, namespace: default, name: web}, reason: X}";
        assertThat(message(cluster.post(NEW, yaml(bare.formatted("regarding")))))
                .contains("eventTime: Required value", "reportingController: Required value", "action: Required value");
        assertThat(cluster.post(CORE, yaml(bare.formatted("involvedObject"))).status())
                .isEqualTo(201);
        assertThat(message(cluster.post(
                        CORE, yaml("{metadata: {name: c}, involvedObject: {kind: Pod, namespace: other, name: p}}"))))
                .contains("involvedObject.namespace: Invalid value: \"other\": does not match event.namespace");
    }
}
