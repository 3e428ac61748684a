package io.ballast.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "1.2",
                "1.2.3",
                "1.2.3.4.5",
                "010.0.0.1",
                "0x7f.0.0.1",
                "0x7f.1",
                "256.0.0.1",
                "-1.0.0.1",
                "+1.0.0.1",
                "1.2.3.4 ",
                " 1.2.3.4",
                "1.2.3.4/32",
                "1.2.3.4\n",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "*",
                "10.0.0.1-5",
                "10.0.*.1",
                "2130706433",
                "١.0.0.1",
                "localhost",
                "a.b.c.d",
                "1.2.3.4:80",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "12345::",
                "fe80::1%eth0",
                "[::1]",
                "::1/128",
                "::ffff:10.0.0.1",
                "::ffff:a00:1",
                "::10.0.0.1",
                "g::",
                "1:",
                ":1",
                "::-1",
                "::+1",
                "fd10::x",
                "fd10: :1",
                "fd10::１"
            })
    void refusesWhatIsNotPlainlyAnAddress(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    @Test
    void refusesEndlessText() {
        assertThat(IpAddress.parse("1".repeat(1_000_000))).isEmpty();
        assertThat(IpAddress.ofKubernetes(":".repeat(1_000_000))).isEmpty();
    }

    @Test
    void namesTheTextItRefusesWithoutLettingItBreakALine() {
        assertThatThrownBy(() -> IpAddress.of("10.0.0.1\nforged"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'10.0.0.1?forged' is not an IPv4 or IPv6 address");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "2001:DB8:0:0::1, 2001:db8::1",
        "2001:0db8:0000:0000:0000:0000:0000:0001, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "0:0:0:0:0:0:0:0, ::",
        "::1, ::1",
        "1::, 1::",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "fd10:0:0:2::fffe, fd10:0:0:2::fffe",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    })
    void writesTheCanonicalText(String text, String canonical) {
        assertThat(IpAddress.of(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @CsvSource({"010.000.0.08, 10.0.0.8", "::ffff:a00:1, 10.0.0.1", "FD10::1, fd10::1", "10.0.0.1, 10.0.0.1"})
    void readsWhatKubernetesAssignedAsDecimal(String text, String canonical) {
        assertThat(IpAddress.ofKubernetes(text).orElseThrow()).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"None", "", "0010.0.0.1", "300.0.0.1", "::1%lo", "10.0.0"})
    void refusesWhatKubernetesCannotHaveAssigned(String text) {
        assertThat(IpAddress.ofKubernetes(text)).isEmpty();
    }

    @Test
    void knowsSpecialAddresses() {
        assertThat(IpAddress.of("127.9.9.9").isLoopback()).isTrue();
        assertThat(IpAddress.of("::1").isLoopback()).isTrue();
        assertThat(IpAddress.of("169.254.169.254").isLinkLocal()).isTrue();
        assertThat(IpAddress.of("febf::1").isLinkLocal()).isTrue();
        assertThat(IpAddress.of("fec0::1").isLinkLocal()).isFalse();
        assertThat(IpAddress.of("::").isUnspecified()).isTrue();
        assertThat(IpAddress.of("239.0.0.1").isMulticast()).isTrue();
        assertThat(IpAddress.of("ff02::1").isMulticast()).isTrue();
        assertThat(IpAddress.of("10.0.0.1").isMulticast()).isFalse();
    }

    @Test
    void stopsAtTheEndsOfTheFamily() {
        assertThat(IpAddress.of("255.255.255.255").next()).isEmpty();
        assertThat(IpAddress.of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").next())
                .isEmpty();
        assertThat(IpAddress.of("10.0.0.255").next()).contains(IpAddress.of("10.0.1.0"));
        assertThat(IpAddress.of("::ffff:ffff:ffff:ffff").next()).contains(IpAddress.of("0:0:0:1::"));
    }
}
