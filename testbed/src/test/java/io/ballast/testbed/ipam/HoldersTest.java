package io.ballast.testbed.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import java.util.List;
import org.junit.jupiter.api.Test;

class HoldersTest {
    private final Holders holders = new Holders();

    @Test
    void letsAnAddressGoFromOneToTheNext() {
        // When
        holders.read("demo/a", granted("10.2.0.1", "100.64.0.1"));
        holders.read("demo/a", released());
        holders.read("demo/b", granted("10.2.0.1", "100.64.0.1"));
        holders.read("demo/b", null);
        holders.read("demo/c", granted("10.2.0.1", "100.64.0.2"));

        // Then
        assertThat(holders.violations()).isEmpty();
        assertThat(holders.services()).containsExactly("demo/c");
        assertThat(holders.everServed()).containsExactlyInAnyOrder("demo/a", "demo/b", "demo/c");
        assertThat(holders.reused()).isEqualTo(2);
    }

    @Test
    void seesAnAddressThatTwoHold() {
        // When
        holders.read("demo/a", granted("10.2.0.1", "100.64.0.1"));
        holders.read("demo/b", granted("10.2.0.2", "100.64.0.1"));

        // Then
        assertThat(holders.violations()).containsExactly("100.64.0.1 is granted to demo/b while demo/a holds it");
    }

    @Test
    void seesAHolderWhoseAddressChanges() {
        // When
        holders.read("demo/a", granted("10.2.0.1", "100.64.0.1"));
        holders.read("demo/a", granted("10.2.0.2", "100.64.0.1"));

        // Then
        assertThat(holders.violations()).singleElement().asString().startsWith("demo/a held ");
    }

    private static AddressAllocation granted(String vip, String external) {
        return row(
                AllocationState.GRANTED,
                List.of(new GrantedVip(IpFamily.IPV4, vip, "subnet", "network")),
                List.of(new GrantedExternal(
                        IpFamily.IPV4,
                        ExternalMethod.POOL,
                        AllocationState.GRANTED,
                        external,
                        null,
                        null,
                        "plain",
                        false,
                        null,
                        "")));
    }

    private static AddressAllocation released() {
        return row(AllocationState.RELEASED, List.of(), List.of());
    }

    private static AddressAllocation row(
            AllocationState state, List<GrantedVip> vips, List<GrantedExternal> externals) {
        return new AddressAllocation(
                state, "cluster-1", "uid", 1, 1, "ovn", vips, 0, externals, List.of(), null, "", null);
    }
}
