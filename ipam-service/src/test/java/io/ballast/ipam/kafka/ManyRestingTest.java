package io.ballast.ipam.kafka;

import static io.ballast.ipam.world.Claims.claim;
import static io.ballast.ipam.world.Claims.fromPool;
import static io.ballast.ipam.world.Claims.key;
import static io.ballast.ipam.world.Claims.plain;
import static io.ballast.ipam.world.Claims.rules;
import static io.ballast.ipam.world.Claims.withdrawn;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.world.FakeNeutron;
import io.ballast.ipam.world.IpamWorld;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressPoolStatus;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.PoolKind;
import io.ballast.schemas.contract.QuarantinedAddress;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More addresses rest than one record says. */
class ManyRestingTest {
    private static final int MANY = 20_000;

    private final FakeNeutron neutron = new FakeNeutron();
    private final IpamWorld world = new IpamWorld(rules(plain("100.64.0.0-100.64.127.255")), neutron);

    @Test
    void areKnownAfterARestartWhateverRecordTheyAreIn() {
        // Given
        put(IntStream.range(0, MANY).mapToObj(this::resting).toList());
        // When
        world.started();
        world.advance(Duration.ofSeconds(3));
        // Then
        assertThat(rows()).hasSize(1 + 2 + RestingRecords.SHARDS); // the pool's own, those of VIPs, and those beside
        assertThat(own().quarantined()).isEmpty();
        assertThat(restingAll()).isEqualTo(MANY);
        assertThat(rows().values())
                .allSatisfy(record -> assertThat(Encoding.encode(Topics.ADDRESS_POOLS, record))
                        .hasSizeLessThan(Topics.VALUE_BYTES_MAX / 10));
        assertThat(rows().values().stream()
                        .filter(record -> record.kind() == PoolKind.EXTERNAL)
                        .mapToLong(AddressPoolStatus::capacity)
                        .sum())
                .isEqualTo(32_768);
        // When
        world.restart();
        world.advance(Duration.ofSeconds(3));
        world.claim(key("next"), claim("uid-n", "10.2.0.9", fromPool(null)));
        // Then
        assertThat(restingAll()).isEqualTo(MANY);
        assertThat(world.row(key("next")).orElseThrow().externals().getFirst().address())
                .isEqualTo(address(MANY));
    }

    @Test
    void aReleaseWritesOnePartOfThemAndNothingIsLost() {
        // Given
        put(IntStream.range(0, MANY).mapToObj(this::resting).toList());
        world.started();
        world.advance(Duration.ofSeconds(3));
        var first = claim("uid-1", "10.2.0.1", fromPool(null));
        world.claim(key("a"), first);
        world.octaviaServes(key("a"));
        world.advance(Duration.ofSeconds(3));
        int writes = world.writes();
        // When
        world.claim(key("a"), withdrawn(first));
        world.octaviaDeletes(key("a"), first);
        // Then
        assertThat(world.writes() - writes).as("the allocation and one record").isEqualTo(2);
        assertThat(restingAll()).isEqualTo(MANY + 1);
        // When
        world.restart();
        world.claim(key("b"), claim("uid-2", "10.2.0.2", fromPool(null)));
        // Then
        assertThat(world.row(key("b")).orElseThrow().externals().getFirst().address())
                .isEqualTo(address(MANY + 1));
    }

    @Test
    void comeBackIntoThePoolsRecordWhenTheyAreFew() {
        // Given
        put(IntStream.range(0, RestingRecords.LISTED_MAX + 1)
                .mapToObj(index -> new QuarantinedAddress(
                        address(index),
                        "demo/shop/old",
                        world.now().plusSeconds(index < 600 ? 60 : 600).toEpochMilli(),
                        false,
                        null,
                        null))
                .toList());
        world.started();
        world.advance(Duration.ofSeconds(3));
        assertThat(rows()).containsKey("plain/resting/00");
        // When
        world.advance(Duration.ofMinutes(2));
        // Then
        assertThat(rows()).hasSize(3);
        assertThat(own().quarantined()).hasSize(RestingRecords.LISTED_MAX + 1 - 600);
        // When
        world.advance(Duration.ofMinutes(10));
        // Then
        assertThat(restingAll()).isZero();
    }

    @Test
    void theFirstOneTooManyMovesThemAll() {
        // Given
        put(IntStream.range(0, RestingRecords.LISTED_MAX)
                .mapToObj(this::resting)
                .toList());
        world.started();
        assertThat(rows()).hasSize(3);
        var first = claim("uid-1", "10.2.0.1", fromPool(null));
        world.claim(key("a"), first);
        world.octaviaServes(key("a"));
        // When
        world.claim(key("a"), withdrawn(first));
        world.octaviaDeletes(key("a"), first);
        // Then
        assertThat(own().quarantined()).isEmpty();
        assertThat(restingAll()).isEqualTo(RestingRecords.LISTED_MAX + 1);
        assertThat(world.row(key("a")).orElseThrow().reason()).isNotEqualTo(AllocationReason.UNKNOWN);
    }

    private void put(List<QuarantinedAddress> resting) {
        world.put(
                Topics.ADDRESS_POOLS,
                "plain",
                new AddressPoolStatus(
                        PoolKind.EXTERNAL,
                        null,
                        IpFamily.IPV4,
                        List.of("100.64.0.0-100.64.127.255"),
                        0,
                        0,
                        0,
                        0,
                        resting,
                        List.of(),
                        List.of()));
    }

    private QuarantinedAddress resting(int index) {
        return new QuarantinedAddress(
                address(index),
                "demo/shop/service-%d".formatted(index),
                world.now().plusSeconds(3_600).toEpochMilli(),
                false,
                null,
                null);
    }

    private static String address(int index) {
        return IpAddress.of("100.64.0.0")
                .plus(BigInteger.valueOf(index))
                .orElseThrow()
                .toString();
    }

    private Map<String, AddressPoolStatus> rows() {
        return world.tables.of(Topics.ADDRESS_POOLS).rows();
    }

    private AddressPoolStatus own() {
        return world.tables.of(Topics.ADDRESS_POOLS).get("plain").orElseThrow();
    }

    private long restingAll() {
        return rows().values().stream()
                .mapToLong(record -> record.quarantined().size())
                .sum();
    }
}
