package io.ballast.ipam.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.ServiceKey;
import java.util.Comparator;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A line against one that adds up everybody who came before. */
class WaitingLineProperties {
    private record Waiting(long firstClaimed, ServiceKey key) {}

    private final WaitingLine line = new WaitingLine();
    private final TreeMap<Waiting, Integer> naive =
            new TreeMap<>(Comparator.comparingLong(Waiting::firstClaimed).thenComparing(Waiting::key));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void reachesWhomTheRoomReaches(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            var who = new Waiting(random.nextInt(20), new ServiceKey("demo", "shop", "s" + random.nextInt(10)));
            int need = 1 + random.nextInt(3);
            switch (random.nextInt(4)) {
                case 0 -> {
                    line.join(who.key(), who.firstClaimed(), need);
                    naive.put(who, need);
                }
                case 1 -> {
                    line.leave(who.key(), who.firstClaimed());
                    naive.remove(who);
                }
                default -> {
                    long room = random.nextInt(120) - 5L;
                    long before = naive.headMap(who).values().stream()
                            .mapToLong(Integer::longValue)
                            .sum();
                    long all = naive.values().stream()
                            .mapToLong(Integer::longValue)
                            .sum();
                    assertThat(line.reaches(who.key(), who.firstClaimed(), need, room))
                            .as("seed %d, step %d: %s needs %d of %d", seed, i, who, need, room)
                            .isEqualTo(room >= need && (all + need <= room || before + need <= room));
                }
            }
            assertThat(line.size()).isEqualTo(naive.size());
        }
    }
}
