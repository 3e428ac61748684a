package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpTest {
    @ParameterizedTest
    @CsvSource({
        "10.2.0.1,10.2.0.1",
        "FD10:0:0:2::0A,fd10:0:0:2::a",
        "::,::",
        "::1,::1",
        "1:0:0:2:0:0:0:3,1:0:0:2::3",
        "1:0:2:3:4:5:6:7,1:0:2:3:4:5:6:7",
        "1::,1::"
    })
    void writesAddressesCanonically(String given, String canonical) {
        assertThat(Ip.of(given)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ten", "10.2.0", "10.2.0.256", "1", "fe80::1%eth0", "1::2::3"})
    void refusesWhatIsNoAddress(String given) {
        assertThat(Ip.parse(given)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.2.0.0/16,10.2.0.1,true",
        "10.2.0.0/16,10.2.255.255,false",
        "10.2.0.0/16,10.2.0.0,false",
        "10.2.0.0/16,10.3.0.1,false",
        "fd10::/112,fd10::ffff,true",
        "fd10::/112,10.2.0.1,false"
    })
    void knowsTheHostsOfANetwork(String cidr, String address, boolean host) {
        assertThat(Ip.Cidr.parse(cidr).orElseThrow().isHost(Ip.of(address))).isEqualTo(host);
    }
}
