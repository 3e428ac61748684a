package io.ballast.ipam.allocation.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ballast.ipam.allocation.layout.NetworkLayout.Family;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutRequestTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--cidr 10.2.0.0/16 | 10.2.0.0/17 | 10.2.128.1-10.2.255.253 | 10.2.255.254 | 10.1.0.0/16 | 10.1.255.254",
                "--cidr 10.0.0.0/16 --shared-subnet | 10.0.0.0/18 | 10.0.64.0-10.0.255.253 | 10.0.255.254 | 10.0.0.0/16 |"
                        + " 10.0.255.254",
                "--ipv6 fd10:0:0:2::/112 | fd10:0:0:2::/113 | fd10:0:0:2::8000-fd10:0:0:2::fffd | fd10:0:0:2::fffe |"
                        + " fd10:0:0:1::/64 | fd10:0:0:1::1",
                "--ipv6 fd10:0:0:2:0:0:0:0/112 | fd10:0:0:2::/113 | fd10:0:0:2::8000-fd10:0:0:2::fffd |"
                        + " fd10:0:0:2::fffe | fd10:0:0:1::/64 | fd10:0:0:1::1",
                "--cidr 10.9.0.0/28 --pods 10.8.0.0/29 | 10.9.0.0/29 | 10.9.0.9-10.9.0.13 | 10.9.0.14 | 10.8.0.0/29 | 10.8.0.6",
                "--cidr 10.9.0.0/27 --shared-subnet | 10.9.0.0/29 | 10.9.0.8-10.9.0.29 | 10.9.0.30 | 10.9.0.0/27 | 10.9.0.30",
                "--ipv6 fd10::/123 --shared-subnet | fd10::/125 | fd10::8-fd10::1d | fd10::1e | fd10::/123 | fd10::1e",
            })
    void givesTheFiguresOfTheDocumentation(
            String options, String vips, String pool, String gateway, String pods, String podGateway) {
        // When
        var family = layout(options).families().getFirst();
        // Then
        assertThat(family.vips()).hasToString(vips);
        assertThat(family.services().pool()).hasToString(pool);
        assertThat(family.services().gateway()).hasToString(gateway);
        assertThat(family.podSubnet().cidr()).hasToString(pods);
        assertThat(family.podSubnet().gateway()).hasToString(podGateway);
    }

    @Test
    void givesBothFamiliesIpv4First() {
        var layout = layout("--ipv6 fd10:0:0:2::/112 --cidr 10.2.0.0/16");

        assertThat(layout.families())
                .extracting(Family::vips)
                .extracting(Object::toString)
                .containsExactly("10.2.0.0/17", "fd10:0:0:2::/113");
    }

    @Test
    void tellsHowMuchFits() {
        var room = Room.of(layout("--cidr 10.2.0.0/16").families().getFirst(), 1);

        assertThat(room.clusterIps()).isEqualTo(32_766);
        assertThat(room.ports()).isEqualTo(32_765);
        assertThat(room.single()).isEqualTo(32_764);
        assertThat(room.activeStandby()).isEqualTo(16_382);
    }

    @Test
    void takesTheNetworkAndPlainRangesApart() {
        var layout = layout("--cidr 10.2.0.0/16 --external public --external 198.51.100.0/28"
                + " --external 2001:db8::10-2001:db8::1f --external 192.0.2.7");

        assertThat(layout.floating()).contains("public");
        assertThat(layout.externalRanges())
                .extracting(Object::toString)
                .containsExactly("192.0.2.7-192.0.2.7", "198.51.100.0-198.51.100.15", "2001:db8::10-2001:db8::1f");
    }

    @Test
    void takesAnIdAndHexWordsForNetworks() {
        var id = "12345678-9abc-4def-8123-456789abcdef";

        assertThat(layout("--cidr 10.2.0.0/16 --external " + id).floating()).contains(id);
        assertThat(layout("--cidr 10.2.0.0/16 --external cafe").floating()).contains("cafe");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--cidr 10.2.0.5/16 | --cidr 10.2.0.5/16 has bits set after its prefix: the network is 10.2.0.0/16",
                "--cidr 10.2.0.0/33 | --cidr '10.2.0.0/33' is no range such as 10.2.0.0/16",
                "--cidr 10.2.0.0 | --cidr '10.2.0.0' is no range such as 10.2.0.0/16",
                "--cidr 10.2.0.0/29 | subnet of services 10.2.0.0/29 is too small: its prefix length is at most 28",
                "--cidr 10.2.0.0/28 --shared-subnet | shared subnet 10.2.0.0/28 is too small: its prefix length is at most 27",
                "--cidr 10.2.0.0/16 --pods 10.1.0.0/30 | subnet of pods 10.1.0.0/30 is too small: its prefix length is at"
                        + " most 29",
                "--ipv6 fd10::/125 | subnet of services fd10::/125 is too small: its prefix length is at most 124",
                "--ipv6 10.2.0.0/16 | --ipv6 10.2.0.0/16 is IPV4, but this option takes IPV6",
                "--cidr fd10:0:0:2::/112 | --cidr fd10:0:0:2::/112 is IPV6, but this option takes IPV4",
                "--cidr 10.2.0.0/16 --pods fd10::/64 | --pods fd10::/64 is IPV6, but this option takes IPV4",
                "--cidr 10.1.0.0/17 | pods 10.1.0.0/16 and services 10.1.0.0/17 overlap: give them ranges of their own, or a"
                        + " shared subnet",
                "--cidr 10.0.0.0/16 --shared-subnet --pods 10.1.0.0/16 | --pods 10.1.0.0/16 with --shared-subnet: pods are"
                        + " on the subnet 10.0.0.0/16 of --cidr",
                "--cidr 10.2.0.0/16 --pods-ipv6 fd10::/64 | --pods-ipv6 fd10::/64 without --ipv6: pods of a family need"
                        + " services of it",
                "--shared-subnet | no range of services is given",
                "--cidr 127.0.0.0/16 | range 127.0.0.0/16 reaches into 127.0.0.0/8, which no network may have",
                "--cidr 224.0.0.0/16 | range 224.0.0.0/16 reaches into 224.0.0.0/4, which no network may have",
                "--cidr 0.0.0.0/0 --shared-subnet | range 0.0.0.0/0 reaches into 0.0.0.0/8, which no network may have",
                "--ipv6 fe80::/64 | range fe80::/64 reaches into fe80::/10, which no network may have",
                "--cidr 10.2.0.0/16 --external public --external other | --external names 2 networks, [public, other]: a"
                        + " router leads to one",
                "--cidr 10.2.0.0/16 --external 10.2.3.0/24 | external range 10.2.3.0-10.2.3.255 overlaps 10.2.0.0/16 of the"
                        + " cluster",
                "--cidr 10.2.0.0/16 --external 192.0.2.9-192.0.2.3 | --external 192.0.2.9-192.0.2.3 is no first-last, network"
                        + " or address",
                "--cidr 10.2.0.0/16 --cluster K8s | cluster 'K8s' is no name: 1..63 of a-z, 0-9, '-' and '.'",
                "--cidr 10.2.0.0/16 --provider f5 | provider 'f5' is not one of [amphora, ovn]",
            })
    void refusesOddInputInWords(String options, String words) {
        assertThatThrownBy(() -> layout(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    @Test
    void tellsWhatWorksOnlyInPart() {
        assertThat(layout("--cidr 10.0.0.0/10 --pods 100.64.0.0/16").notes())
                .containsExactly(
                        "VIP range 10.0.0.0/11 has 2^21 addresses: kube-apiserver before 1.33 takes at most 2^20",
                        "no external network is given: the router leads nowhere, and there are no floating IPs");
        assertThat(layout("--cidr 10.2.0.0/16 --external public").notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--cidr 10.2.0.0/16 | tcp 10.2.0.0/16, udp 10.2.0.0/16, sctp 10.2.0.0/16",
                "--cidr 10.2.0.0/16 --layer2 | tcp 10.1.0.0/16, udp 10.1.0.0/16, sctp 10.1.0.0/16",
                "--ipv6 fd10:0:0:2::/112 --layer2 | tcp fd10:0:0:1::/64, udp fd10:0:0:1::/64, sctp fd10:0:0:1::/64",
                "--cidr 10.0.0.0/16 --shared-subnet --layer2 | tcp 10.0.0.0/16, udp 10.0.0.0/16, sctp 10.0.0.0/16",
            })
    void rulesForPodsAreOfWhereLoadBalancersSendFrom(String options, String rules) {
        var made = LayoutResources.of(layout(options)).stream()
                .filter(Resource.Ingress.class::isInstance)
                .map(Resource.Ingress.class::cast)
                .map(rule -> rule.protocol() + " " + rule.remote())
                .toList();

        assertThat(made).containsExactly(rules.split(", ", -1));
    }

    /** The layout of a command line. */
    static NetworkLayout layout(String options) {
        var words = List.of(options.split(" ", -1));
        return new LayoutRequest(
                        Objects.requireNonNullElse(value(words, "--cluster"), "k8s"),
                        Objects.requireNonNullElse(value(words, "--provider"), "amphora"),
                        value(words, "--cidr"),
                        value(words, "--pods"),
                        value(words, "--ipv6"),
                        value(words, "--pods-ipv6"),
                        words.contains("--shared-subnet"),
                        IntStream.range(1, words.size())
                                .filter(at -> words.get(at - 1).equals("--external"))
                                .mapToObj(words::get)
                                .toList(),
                        words.contains("--layer2"))
                .layout();
    }

    private static @Nullable String value(List<String> words, String option) {
        int at = words.indexOf(option);
        return at < 0 ? null : words.get(at + 1);
    }
}
