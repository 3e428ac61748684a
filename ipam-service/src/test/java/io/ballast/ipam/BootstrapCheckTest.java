package io.ballast.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.runtime.config.ConfigReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BootstrapCheckTest {
    private static Optional<String> fault(String servers, String address) {
        var yaml = "clusters: {demo: {ipv4: {subnet: s, ranges: [10.2.0.0/17]},"
                + " ipv6: {subnet: t, ranges: ['fd10:0:0:2::/113']}}}";
        var config = ConfigReader.of(yaml, Map.of()).whole(read -> IpamServiceConfig.from(read, Map.of()));
        return BootstrapCheck.fault(
                servers, config.rules(), host -> host.equals("kafka.svc") ? List.of(address) : List.of(host));
    }

    @Test
    void refusesAnAddressInAVipRange() {
        assertThat(fault("192.168.1.5:9092,10.2.3.4:9092", ""))
                .hasValueSatisfying(fault -> assertThat(fault).contains("10.2.3.4:9092", "10.2.0.0", "cluster demo"));
    }

    @Test
    void refusesANameThatLeadsIntoAVipRange() {
        assertThat(fault("kafka.svc:9092", "fd10:0:0:2::1")).isPresent();
    }

    @Test
    void refusesABracketedAddressInAVipRange() {
        assertThat(fault("[fd10:0:0:2::1]:9092", "")).isPresent();
    }

    @Test
    void takesAnAddressOutsideAndAnUnknownName() {
        assertThat(fault("10.2.200.1:9092", "")).isEmpty();
        assertThat(fault("kafka.svc:9092", "no address")).isEmpty();
    }
}
