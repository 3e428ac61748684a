package io.ballast.watcher.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceVersionsTest {
    @ParameterizedTest
    @CsvSource({
        "'',1,UNKNOWN",
        "1,'',UNKNOWN",
        "'','',SAME",
        "abc,abc,SAME",
        "abc,abd,UNKNOWN",
        "01,1,UNKNOWN",
        "1,01,UNKNOWN",
        "-1,1,UNKNOWN",
        "1.5,2,UNKNOWN",
        "٣,4,UNKNOWN",
        "0,1,OLDER",
        "9,10,OLDER",
        "10,9,NEWER",
        "99,100,OLDER",
        "9223372036854775807,9223372036854775808,OLDER",
        "340282366920938463463374607431768211455,340282366920938463463374607431768211454,NEWER",
    })
    void comparesDecimalTextOfAnyLength(String version, String other, ResourceVersions.Age age) {
        assertThat(ResourceVersions.compare(version, other)).isEqualTo(age);
    }

    @RepeatedTest(20)
    void agreesWithNumbersOf128Bits(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 500; i++) {
            var one = new BigInteger(random.nextInt(129), random);
            var other = random.nextInt(4) == 0 ? one.add(BigInteger.ONE) : new BigInteger(random.nextInt(129), random);

            var expected = Integer.signum(one.compareTo(other));

            assertThat(ResourceVersions.compare(one.toString(), other.toString()))
                    .as("%s and %s", one, other)
                    .isEqualTo(
                            expected < 0
                                    ? ResourceVersions.Age.OLDER
                                    : expected > 0 ? ResourceVersions.Age.NEWER : ResourceVersions.Age.SAME);
        }
    }
}
