package io.ballast.ipam.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ballast.schemas.contract.IpAddress;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AddressSetTest {
    @Test
    void behavesAsASetOfSingleAddresses() {
        var random = new Random(7);
        var all = AddressRange.parse("10.0.0.0/26");
        var set = AddressSet.of(List.of(all));
        var model = new TreeSet<IpAddress>();
        for (var next = all.first(); all.contains(next); next = next.next().orElseThrow()) {
            model.add(next);
        }
        for (int i = 0; i < 5_000; i++) {
            var address = all.first()
                    .plus(java.math.BigInteger.valueOf(random.nextInt(64)))
                    .orElseThrow();
            if (random.nextBoolean()) {
                set.add(address);
                model.add(address);
            } else {
                set.remove(address);
                model.remove(address);
            }
            assertThat(set.size()).isEqualTo(model.size());
            assertThat(set.contains(address)).isEqualTo(model.contains(address));
            assertThat(set.first(_ -> false)).isEqualTo(model.stream().findFirst());
        }
    }

    @Test
    void takesRangesOutAndPutsThemBack() {
        var set = AddressSet.of(List.of(AddressRange.parse("10.0.0.0-10.0.0.9")));
        set.remove(AddressRange.parse("10.0.0.3-10.0.0.5"));
        assertThat(set.size()).isEqualTo(7);
        set.add(AddressRange.parse("10.0.0.2-10.0.0.20"));
        assertThat(set.size()).isEqualTo(21);
        set.remove(AddressRange.parse("10.1.0.0/16"));
        assertThat(set.size()).isEqualTo(21);
        assertThat(AddressSet.of(List.of(AddressRange.parse("::/0"))).size()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void namesARangeThatIsNone() {
        assertThatThrownBy(() -> AddressRange.parse("10.0.0.9-10.0.0.1")).hasMessageContaining("10.0.0.9-10.0.0.1");
        assertThatThrownBy(() -> AddressRange.parse("10.0.0.1/24")).hasMessageContaining("10.0.0.1/24");
        assertThatThrownBy(() -> AddressRange.parse("010.0.0.1")).hasMessageContaining("010.0.0.1");
    }
}
