package io.ballast.ipam.allocation.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.allocation.AddressRange;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import java.math.BigInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every prefix length that is big enough, at both ends of each family and in its middle. */
class SubnetLayoutProperties {
    @ParameterizedTest
    @MethodSource("separate")
    void servicesLoseNothing(CidrRange cidr) {
        var left = cidr.family() == IpFamily.IPV4 ? 2 : 1; // the first above the middle in IPv4, the last
        check(SubnetLayout.services(cidr), left, cidr.prefix() + 1);
    }

    @ParameterizedTest
    @MethodSource("shared")
    void sharedSubnetsLoseNothing(CidrRange cidr) {
        check(SubnetLayout.shared(cidr), 1, cidr.prefix() + 2);
    }

    @ParameterizedTest
    @MethodSource("pods")
    void podsLoseNothing(CidrRange cidr) {
        var subnet = SubnetLayout.pods(cidr);
        var first = cidr.network();
        assertThat(AddressRange.of(cidr).contains(subnet.pool())).isTrue();
        assertThat(subnet.pool().contains(subnet.gateway())).isFalse();
        assertThat(subnet.pool().contains(first)).isFalse();
        assertThat(cidr.contains(subnet.gateway())).isTrue();
        assertThat(subnet.gateway()).isNotEqualTo(first);
        // the gateway and the first address; in IPv4 the broadcast address
        assertThat(count(subnet.pool()))
                .isEqualTo(count(AddressRange.of(cidr))
                        .subtract(BigInteger.valueOf(cidr.family() == IpFamily.IPV4 ? 3 : 2)));
    }

    private static void check(SubnetLayout subnet, int unused, int vipPrefix) {
        var all = AddressRange.of(subnet.cidr());
        var vips = AddressRange.of(subnet.vipRange().orElseThrow());
        assertThat(subnet.vipRange().orElseThrow().prefix()).isEqualTo(vipPrefix);
        assertThat(all.contains(vips)).isTrue();
        assertThat(all.contains(subnet.pool())).isTrue();
        assertThat(vips.overlaps(subnet.pool())).isFalse();
        assertThat(all.contains(subnet.gateway())).isTrue();
        assertThat(vips.contains(subnet.gateway())).isFalse();
        assertThat(subnet.pool().contains(subnet.gateway())).isFalse();
        assertThat(subnet.gateway()).isNotEqualTo(subnet.cidr().last());
        assertThat(vips.contains(subnet.clusterIps().orElseThrow())).isTrue();
        assertThat(count(vips).add(count(subnet.pool())).add(BigInteger.ONE))
                .isEqualTo(count(all).subtract(BigInteger.valueOf(unused)));
    }

    static Stream<Arguments> separate() {
        return of(4);
    }

    static Stream<Arguments> shared() {
        return of(5);
    }

    static Stream<Arguments> pods() {
        return of(3);
    }

    private static Stream<Arguments> of(int hostBits) {
        return Stream.of(
                        "0.0.0.0",
                        "10.99.255.255",
                        "255.255.255.255",
                        "::",
                        "fd10:0:0:2::1234",
                        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
                .map(IpAddress::of)
                .flatMap(around(hostBits));
    }

    private static Function<IpAddress, Stream<Arguments>> around(int hostBits) {
        return address -> IntStream.rangeClosed(0, address.bits() - hostBits)
                .mapToObj(prefix -> Arguments.of(CidrRange.around(address, prefix)));
    }

    private static BigInteger count(AddressRange range) {
        return range.last().number().subtract(range.first().number()).add(BigInteger.ONE);
    }
}
