package io.ballast.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IpAddressProperties {
    private static final int ADDRESSES = 2_000;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 10);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void readsBackWhatItWrites(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < ADDRESSES; i++) {
            var address = anyAddress(random);
            assertThat(IpAddress.of(address.toString())).isEqualTo(address);
            assertThat(IpAddress.ofKubernetes(address.toString())).contains(address);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithThePlatformOnWhatItReads(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < ADDRESSES; i++) {
            var address = anyAddress(random);
            var bytes = InetAddress.ofLiteral(address.toString()).getAddress();
            assertThat(new BigInteger(1, bytes)).isEqualTo(address.number());
            assertThat(bytes).hasSize(address.bits() / 8);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void ordersAndCountsAsNumbers(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < ADDRESSES; i++) {
            var one = anyAddress(random);
            var other = new IpAddress(one.family(), one.bits() == 32 ? 0 : random.nextLong(), anyLow(random, one));
            assertThat(Integer.signum(one.compareTo(other)))
                    .isEqualTo(one.number().compareTo(other.number()));
            assertThat(one.plus(other.number().subtract(one.number()))).contains(other);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void rangesContainExactlyWhatLiesBetweenTheirEnds(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < ADDRESSES; i++) {
            var address = anyAddress(random);
            var range = CidrRange.around(address, random.nextInt(address.bits() + 1));
            assertThat(range.contains(address)).isTrue();
            assertThat(CidrRange.of(range.toString())).isEqualTo(range);
            assertThat(range.last().next().filter(range::contains)).isEmpty();
            assertThat(range.network().plus(BigInteger.ONE.negate()).filter(range::contains))
                    .isEmpty();
        }
    }

    /** Random text near to addresses is either refused or read the same again. */
    @ParameterizedTest
    @MethodSource("seeds")
    void neverThrowsAndNeverReadsTwoThings(long seed) {
        var random = new Random(seed);
        var alphabet = "0123456789abcdefF.::%/ x-";
        for (int i = 0; i < ADDRESSES; i++) {
            var text = new StringBuilder();
            for (int length = random.nextInt(20); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            IpAddress.parse(text.toString()).ifPresent(read -> {
                assertThat(IpAddress.of(read.toString())).isEqualTo(read);
                assertThat(IpAddress.ofKubernetes(text.toString())).contains(read);
            });
            CidrRange.parse(text.toString())
                    .ifPresent(read -> assertThat(CidrRange.of(read.toString())).isEqualTo(read));
        }
    }

    private static IpAddress anyAddress(Random random) {
        if (random.nextBoolean()) {
            return IpAddress.ipv4(random.nextLong() & 0xffff_ffffL);
        }
        long high = random.nextLong() & sparse(random);
        long low = random.nextLong() & sparse(random);
        boolean mapped = high == 0 && low >>> 32 == 0xffff;
        return IpAddress.ipv6(mapped ? 1 : high, low);
    }

    private static long anyLow(Random random, IpAddress like) {
        return like.bits() == 32 ? random.nextLong() & 0xffff_ffffL : random.nextLong();
    }

    /** Clears whole groups often, so that runs of zeros appear. */
    private static long sparse(Random random) {
        long mask = 0;
        for (int group = 0; group < 4; group++) {
            mask = (mask << 16) | (random.nextBoolean() ? 0xffff : 0);
        }
        return mask;
    }
}
