package io.ballast.testbed.packets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ballast.testbed.packets.HandMade.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services whose pods are network namespaces, on provider ovn: whether packets arrive. */
@OnDataPlane
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // started before the first test
class PacketsReal {
    private static final String PODS = "k8s-pod-access";
    private static final String FROM_OUTSIDE = "packets-outside";
    private static final String CLOSED = "packets-closed";
    private static final int REQUESTS = 40;
    /** So many answers in a row without a pod that gets half of them: it gets none any more. */
    private static final int QUIET_REQUESTS = 60;

    private static final int SLOW_SECONDS = 20;
    private static final int API_PORT = 6443;
    private static final Duration WITHIN = ServedCluster.WITHIN;

    private final DataPlane dataPlane = new DataPlane();
    private SecurityGroups groups;
    private ServedCluster cluster;
    private Pod client;
    private Pod one;
    private Pod two;

    @BeforeAll
    void start(@TempDir Path folder) {
        groups = new SecurityGroups(ServedCluster.cloud().open());
        groups.makeAnew(FROM_OUTSIDE);
        groups.makeAnew(CLOSED);
        groups.admitTcp(FROM_OUTSIDE, DataPlane.OUTSIDE_ADDRESS + "/32");
        client = dataPlane.pod("client", PODS);
        one = dataPlane.serve("one", DataPlane.PORT, PODS, FROM_OUTSIDE);
        two = dataPlane.serve("two", DataPlane.PORT, PODS, FROM_OUTSIDE);
        cluster = ServedCluster.start(folder.resolve("stack"));
    }

    @AfterAll
    void stop() {
        try {
            if (cluster != null) {
                cluster.close();
            }
        } finally {
            dataPlane.close();
        }
        groups.delete(FROM_OUTSIDE);
        groups.delete(CLOSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TCP", "UDP"})
    void reachEachMemberOverBothFamiliesAndKeepTheirSender(String protocol) {
        // When
        var vips = serve("web-" + protocol.toLowerCase(Locale.ROOT), protocol, one, two);

        // Then
        assertThat(vips).hasSize(2);
        for (var vip : vips) {
            var answers = protocol.equals("TCP")
                    ? dataPlane.http(client.name(), vip, 80, REQUESTS)
                    : dataPlane.udp(client.name(), vip, 80, REQUESTS);
            assertThat(answers).hasSize(REQUESTS).allMatch(Answer::isAnswered);
            assertThat(answers).extracting(Answer::server).contains("one", "two");
            assertThat(answers).extracting(Answer::client).containsOnly(client.address(vip.contains(":")));
        }
    }

    @Test
    void reachAMemberThatAsksItsOwnService() {
        // When
        var vips = serve("self", "TCP", one);

        // Then
        for (var vip : vips) {
            assertThat(dataPlane.http(one.name(), vip, 80, REQUESTS))
                    .allSatisfy(answer -> assertThat(answer.server()).isEqualTo("one"));
        }
    }

    @Test
    void reachPodsThroughTheFloatingIp() {
        // When
        serve("outside", HandMade.externalService("outside"), "TCP", one, two);

        // Then
        var floatingIp = cluster.ingress("outside").getFirst();
        assertThat(floatingIp).startsWith("172.24.4.");
        var answers = dataPlane.http(DataPlane.OUTSIDE, floatingIp, 80, REQUESTS);
        assertThat(answers).hasSize(REQUESTS).allMatch(Answer::isAnswered);
        assertThat(answers).extracting(Answer::server).contains("one", "two");
        assertThat(answers).extracting(Answer::client).containsOnly(DataPlane.OUTSIDE_ADDRESS);
    }

    @Test
    void reachTheApiServerByItsService() {
        // Given
        var server = dataPlane.serve("api", API_PORT, PODS);

        // When
        cluster.apply(HandMade.apiSlice(server, API_PORT));

        // Then, as soon as the members are no longer the hosts of the modelled cluster
        var vip = cluster.vips("kubernetes").getFirst();
        await().atMost(WITHIN)
                .untilAsserted(() -> assertThat(dataPlane.http(client.name(), vip, 443, REQUESTS / 2))
                        .extracting(Answer::server)
                        .containsOnly("api"));
    }

    @Test
    void areNotLostWhileMembersComeDrainAndGo() throws InterruptedException {
        // Given
        var three = dataPlane.serve("three", DataPlane.PORT, PODS);
        var four = dataPlane.serve("four", DataPlane.PORT, PODS);
        var vip = serve("busy", "TCP", three).getFirst();

        // When
        var load = dataPlane.load(client.name(), vip, 80);
        comes(four, load, Endpoint.ready(three), Endpoint.ready(four));
        var open = Stream.generate(() -> dataPlane.fetchSlowly(client.name(), vip, 80, SLOW_SECONDS))
                .limit(8)
                .toList();
        goes(three, load, Endpoint.draining(three), Endpoint.ready(four));
        var finished = new ArrayList<Answer>();
        for (var each : open) {
            finished.addAll(each.untilItEnds());
        }
        dataPlane.kill(three);
        comes(one, load, Endpoint.ready(four), Endpoint.ready(one));
        goes(four, load, Endpoint.ready(one));
        dataPlane.kill(four);
        var answers = load.stop();

        // Then
        tell(
                "%d requests, %d failed, the slowest took %d ms; %d requests were open when the drain began, %d of them failed"
                        .formatted(
                                answers.size(),
                                failed(answers).size(),
                                answers.stream().mapToLong(Answer::millis).max().orElse(0),
                                finished.size(),
                                failed(finished).size()));
        assertThat(failed(answers)).isEmpty();
        assertThat(failed(finished)).isEmpty();
    }

    @Test
    void needTheRuleThatThePreflightNames(@TempDir Path folder) throws Exception {
        // Given
        var closed = dataPlane.serve("closed", DataPlane.PORT, CLOSED);
        var vip = serve("shut", "TCP", closed).getFirst();

        // When nothing admits what comes through the load balancer
        var findings = new PodPreflight(CLOSED).findings(groups.cloud());

        // Then
        assertThat(dataPlane.http(client.name(), vip, 80, 3)).noneMatch(Answer::isAnswered);
        assertThat(findings).isNotEmpty().allMatch(each -> each.code().equals("pod-security-group-rule-missing"));

        // When the commands are run
        PodPreflight.mend(findings, folder);

        // Then
        assertThat(new PodPreflight(CLOSED).findings(groups.cloud())).isEmpty();
        assertThat(dataPlane.http(client.name(), vip, 80, REQUESTS)).allMatch(Answer::isAnswered);
    }

    /** Makes a Service with these pods, and waits until it is served; its VIPs. */
    private List<String> serve(String name, String protocol, Pod... pods) {
        return serve(name, HandMade.service(name, protocol), protocol, pods);
    }

    private List<String> serve(String name, String service, String protocol, Pod... pods) {
        cluster.apply(HandMade.slices(
                name, protocol, Stream.of(pods).map(Endpoint::ready).toList()));
        cluster.apply(service);
        cluster.awaitProgrammed(name);
        return cluster.vips(name);
    }

    /** Changes the members, and waits until the pod answers. */
    private void comes(Pod pod, Load load, Endpoint... endpoints) {
        var begin = Instant.now();
        cluster.apply(HandMade.slices("busy", "TCP", List.of(endpoints)));
        await().atMost(WITHIN).until(() -> load.lastServers(REQUESTS).contains(pod.name()));
        tell("%s answers %d ms after it was added".formatted(pod.name(), millisSince(begin)));
    }

    /** Changes the members, and waits until the pod has not answered for a while. */
    private void goes(Pod pod, Load load, Endpoint... endpoints) {
        var begin = Instant.now();
        cluster.apply(HandMade.slices("busy", "TCP", List.of(endpoints)));
        await().atMost(WITHIN).until(() -> !load.lastServers(QUIET_REQUESTS).contains(pod.name()));
        tell("%s is asked no more %d ms after it was to go".formatted(pod.name(), millisSince(begin)));
    }

    private static List<Answer> failed(List<Answer> answers) {
        return answers.stream().filter(each -> !each.isAnswered()).toList();
    }

    private static long millisSince(Instant begin) {
        return Duration.between(begin, Instant.now()).toMillis();
    }

    private static void tell(String figures) {
        System.out.println("packets: " + figures);
    }
}
