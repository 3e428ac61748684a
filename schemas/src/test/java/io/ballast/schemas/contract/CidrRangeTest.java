package io.ballast.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrRangeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0",
                "10.0.0.0/",
                "/8",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.1/8",
                "10.0.0.0/8/8",
                "10.0.0.0/255.0.0.0",
                "fd10::/129",
                "fd10::1/64",
                " 10.0.0.0/8",
                "::/٠"
            })
    void refusesWhatIsNotPlainlyARange(String text) {
        assertThat(CidrRange.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1/8, 10.0.0.0/8",
        "' 10.0.0.0/8 ', 10.0.0.0/8",
        "FD10::1/64, fd10::/64",
        "1.2.3.4/0, 0.0.0.0/0",
        "1.2.3.4/32, 1.2.3.4/32"
    })
    void ignoresInASourceRangeWhatKubernetesIgnores(String text, String canonical) {
        assertThat(CidrRange.ofKubernetes(text).orElseThrow()).hasToString(canonical);
    }

    @Test
    void namesTheTextItRefuses() {
        assertThatThrownBy(() -> CidrRange.of("10.0.0.1/8")).hasMessageContaining("'10.0.0.1/8'");
        assertThatThrownBy(() -> new CidrRange(IpAddress.of("10.0.0.1"), 8))
                .hasMessage("10.0.0.1/8 is not a network: its first address is 10.0.0.0");
    }

    @Test
    void containsItsFirstAndLastAddressAndNoNeighbour() {
        var range = CidrRange.of("10.2.0.0/17");

        assertThat(range.contains(IpAddress.of("10.2.0.0"))).isTrue();
        assertThat(range.last()).hasToString("10.2.127.255");
        assertThat(range.contains(range.last())).isTrue();
        assertThat(range.contains(IpAddress.of("10.2.128.0"))).isFalse();
        assertThat(range.contains(IpAddress.of("10.1.255.255"))).isFalse();
        assertThat(range.contains(IpAddress.of("fd10::1"))).isFalse();
        assertThat(CidrRange.of("::/0").contains(IpAddress.of("10.0.0.1"))).isFalse();
    }

    @Test
    void overlapsWhenOneHoldsTheOther() {
        assertThat(CidrRange.of("10.0.0.0/8").overlaps(CidrRange.of("10.9.0.0/16")))
                .isTrue();
        assertThat(CidrRange.of("10.9.0.0/16").overlaps(CidrRange.of("10.0.0.0/8")))
                .isTrue();
        assertThat(CidrRange.of("10.9.0.0/16").overlaps(CidrRange.of("10.8.0.0/16")))
                .isFalse();
        assertThat(CidrRange.of("::/0").overlaps(CidrRange.of("0.0.0.0/0"))).isFalse();
    }
}
