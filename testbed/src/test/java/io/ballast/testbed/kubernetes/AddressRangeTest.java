package io.ballast.testbed.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "FD10:0:0:2:0:0:0:1, fd10:0:0:2::1",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "fe80:0:0:0:0:0:0:0, fe80::",
        "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7",
        "10.1.0.1, 10.1.0.1"
    })
    void spellsAddressesCanonically(String given, String canonical) {
        assertThat(AddressRange.canonical(given)).isEqualTo(canonical);
    }

    @Test
    void countsAndContains() {
        var range = AddressRange.parse("10.2.0.0/17");
        assertThat(range.at(1)).isEqualTo("10.2.0.1");
        assertThat(range.contains("10.2.127.255")).isTrue();
        assertThat(range.contains("10.2.128.0")).isFalse();
        assertThat(range.contains("fd10::1")).isFalse();
        assertThat(AddressRange.parse("fd10:0:0:2::/112").at(0xffff)).isEqualTo("fd10:0:0:2::ffff");
    }

    @Test
    void refusesWhatIsNoRangeOrAddress() {
        assertThatThrownBy(() -> AddressRange.parse("10.2.0.1/17")).hasMessageContaining("10.2.0.1/17");
        assertThatThrownBy(() -> AddressRange.parse("pods")).hasMessageContaining("'pods' is not a CIDR block");
        assertThat(AddressRange.isAddress("10.1")).isFalse();
        assertThat(AddressRange.isAddress("010.1.1.1")).isFalse();
        assertThat(AddressRange.isAddress("example.com")).isFalse();
    }
}
