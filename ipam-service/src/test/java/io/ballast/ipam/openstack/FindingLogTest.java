package io.ballast.ipam.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ballast.ipam.allocation.IpamAnswer;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.allocation.Rules;
import io.ballast.ipam.world.Claims;
import io.ballast.ipam.world.FakeNeutron;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the pre-flight finds is in the log once when it appears and once when it is gone. */
class FindingLogTest {
    private static final IpamCall READ = new IpamCall.ReadNeutron(Set.of("k8s-service-subnet"), List.of());

    private final FakeNeutron neutron = new FakeNeutron();
    private final Rules rules = Claims.rules();
    private final FindingLog log = new FindingLog(new NeutronAddresses(neutron), rules);
    private final Logger logger = (Logger) LoggerFactory.getLogger(FindingLog.class);
    private final ListAppender<ILoggingEvent> seen = new ListAppender<>();

    @BeforeEach
    void listen() {
        seen.start();
        logger.addAppender(seen);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(seen);
    }

    @Test
    void tellsAFindingOnceWithItsCommandAndOnceThatItIsGone() {
        // Given
        log.call(READ);
        assertThat(lines()).isEmpty();
        // When
        neutron.object("subnets", FakeNeutron.SUBNET).put("gateway_ip", "10.2.0.1");
        log.call(READ);
        log.call(READ);
        // Then
        assertThat(lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(
                                "ERROR the pre-flight found something pool=demo/vip/ipv4 finding=gateway-in-vip-range")
                        .contains("command=openstack subnet set --gateway"));
        // When
        neutron.object("subnets", FakeNeutron.SUBNET).put("gateway_ip", "10.2.255.254");
        log.call(READ);
        log.call(READ);
        // Then
        assertThat(lines())
                .hasSize(2)
                .last()
                .isEqualTo("INFO a finding of the pre-flight is gone pool=demo/vip/ipv4 finding=gateway-in-vip-range");
    }

    @Test
    void aWarningIsNoError() {
        neutron.object("subnets", FakeNeutron.SUBNET).put("enable_dhcp", true);
        neutron.object("routers", "router-1").put("id", "router-9");

        log.call(READ);

        assertThat(lines()).isNotEmpty().allMatch(line -> !line.startsWith("INFO"));
        assertThat(lines()).anyMatch(line -> line.startsWith("WARN"));
    }

    @Test
    void whatNeutronDoesNotAnswerSaysNothing() {
        // Given
        neutron.object("subnets", FakeNeutron.SUBNET).put("gateway_ip", "10.2.0.1");
        log.call(READ);
        // When
        neutron.down(true);
        var answer = log.call(READ);
        neutron.down(false);
        log.call(READ);
        // Then
        assertThat(answer).isInstanceOf(IpamAnswer.Failed.class);
        assertThat(lines()).hasSize(1);
    }

    private List<String> lines() {
        return seen.list.stream()
                .map(event -> "%s %s %s"
                        .formatted(
                                event.getLevel(),
                                event.getMessage(),
                                event.getKeyValuePairs().stream()
                                        .map(pair -> pair.key + "=" + pair.value)
                                        .collect(Collectors.joining(" "))))
                .toList();
    }
}
