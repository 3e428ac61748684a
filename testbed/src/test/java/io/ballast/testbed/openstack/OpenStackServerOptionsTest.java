package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenStackServerOptionsTest {
    @Test
    void readsEveryArgument() {
        // When
        var options = OpenStackServerOptions.parse(List.of(
                "--port-base",
                "7000",
                "--layout",
                "shared",
                "--timing-scale",
                "0.1",
                "--provider",
                "ovn",
                "--active-standby",
                "--load-balancing",
                "lbaasv2",
                "--seed",
                "9",
                "--clouds-yaml",
                "a",
                "--ids",
                "b"));
        // Then
        assertThat(options.portBase()).isEqualTo(7000);
        assertThat(options.cloudsYaml()).contains(Path.of("a"));
        assertThat(options.idsFile()).contains(Path.of("b"));
        assertThat(options.settings())
                .isEqualTo(new OpenStackModel.Settings(
                        9,
                        Endpoints.inMemory(),
                        new Timing(0.1),
                        Provider.OVN,
                        true,
                        Layout.SHARED,
                        LoadBalancing.LBAASV2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--colour red | unknown argument --colour",
                "--layout | --layout is unknown or has no value",
                "--layout round | no layout named round; there are [default, shared, ipv6, dual]",
                "--port-base 70000 | --port-base 70000 is not a number in 0.0..65533.0",
                "--timing-scale fast | --timing-scale fast is not a number in 0.0..1000.0",
                "--load-balancing f5 | no load balancing named f5; there are [octavia, lbaasv2, lbaas]",
                "--provider haproxy | no provider named haproxy; there are amphora and ovn"
            })
    void refusesAnArgumentInWords(String arguments, String text) {
        assertThatThrownBy(() -> OpenStackServerOptions.parse(List.of(arguments.split(" ", -1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }
}
