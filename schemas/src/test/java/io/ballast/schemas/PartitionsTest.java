package io.ballast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.SliceKey;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class PartitionsTest {
    private static final long SEED = 20_261_101L;

    @Test
    void putsEveryTextWhereKafkaDoes() {
        var random = new Random(SEED);
        for (int i = 0; i < 10_000; i++) {
            var text = random.ints(random.nextInt(60), 1, i % 2 == 0 ? 0x7f : 0xd7ff)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            var bytes = text.getBytes(StandardCharsets.UTF_8);

            assertThat(Partitions.murmur2(bytes))
                    .as("seed %s, text '%s'", SEED, text)
                    .isEqualTo(Utils.murmur2(bytes));
            assertThat(Partitions.of(text, Partitions.DEFAULT_COUNT))
                    .isEqualTo(Utils.toPositive(Utils.murmur2(bytes)) % Partitions.DEFAULT_COUNT);
        }
    }

    @Test
    void putsASliceBesideItsService() {
        var service = new ServiceKey("c1", "shop", "web");

        assertThat(Partitions.of(new SliceKey(service, "web-x7k2p"), 12)).isEqualTo(Partitions.of(service, 12));
    }
}
