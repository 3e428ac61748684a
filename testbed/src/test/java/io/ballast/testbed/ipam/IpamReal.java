package io.ballast.testbed.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.testbed.pipeline.Pipeline;
import io.ballast.testbed.real.OnRealCloud;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses by pool and by user, and those that others hold: the stories of ipam-service on a real Neutron. */
@OnRealCloud
class IpamReal {
    private static final ExternalClaim FROM_POOL =
            new ExternalClaim(IpFamily.IPV4, ExternalMethod.POOL, null, null, false);

    @ParameterizedTest
    @ValueSource(strings = {"amphora", "ovn"})
    void grantsWhatIsFreeNamesWhoHoldsTheRestAndGivesBackItsOwn(String provider, @TempDir Path folder) {
        try (var ipam = new RealIpam(provider, folder.resolve("stack"), "10.2.9.3")) {
            // Given
            var users = ipam.makeFloatingIp();

            // When
            ipam.claim(provider, 1, 1, "10.2.9.1", FROM_POOL);
            ipam.claim(provider, 2, 1, "10.2.9.2", byUser(users));
            ipam.claim(provider, 3, 1, "10.2.9.3");
            ipam.claim(provider, 4, 1, "10.2.255.254");
            ipam.kill(); // in the middle of making a floating IP
            ipam.restart();

            // Then
            var pooled = ipam.until(1, IpamReal::grantedWithExternal);
            assertThat(ipam.madeFor(1))
                    .singleElement()
                    .satisfies(
                            each -> assertThat(each.path("floating_ip_address").asText())
                                    .isEqualTo(external(pooled).address()));
            assertThat(external(ipam.until(2, IpamReal::grantedWithExternal)))
                    .satisfies(each -> assertThat(each.address())
                            .isEqualTo(users.path("floating_ip_address").asText()))
                    .satisfies(each -> assertThat(each.ours()).isFalse());
            ipam.until(3, each -> refused(each, AllocationReason.VIP_HELD_BY_FOREIGN_PORT));
            assertThat(ipam.until(3, each -> {}).message()).contains("e2e-squatter");
            ipam.until(4, each -> refused(each, AllocationReason.VIP_IS_GATEWAY));
            ipam.claim(provider, 5, 1, "10.2.9.5", byUser(users));
            ipam.until(
                    5,
                    each -> assertThat(external(each).reason()).isEqualTo(AllocationReason.EXTERNAL_HELD_BY_ANOTHER));

            // When the holders go
            ipam.deleteSquatter();
            ipam.withdraw(provider, 2);

            // Then
            ipam.until(3, each -> assertThat(each.state()).isEqualTo(AllocationState.GRANTED));
            ipam.until(2, each -> assertThat(each.state()).isEqualTo(AllocationState.RELEASED));
            ipam.until(5, IpamReal::grantedWithExternal);

            // When all is given back
            for (int service : new int[] {1, 3, 4, 5}) {
                ipam.withdraw(provider, service);
            }

            // Then
            for (int service : new int[] {1, 3, 4, 5}) {
                ipam.until(service, each -> assertThat(each.state()).isEqualTo(AllocationState.RELEASED));
            }
            await().atMost(Pipeline.WITHIN).until(() -> ipam.madeFor(1).isEmpty());
            assertThat(ipam.isThere(users)).isTrue();
            ipam.delete("floatingips", users);
        }
    }

    private static ExternalClaim byUser(JsonNode floatingIp) {
        return new ExternalClaim(
                IpFamily.IPV4,
                ExternalMethod.USER,
                floatingIp.path("floating_ip_address").asText(),
                null,
                false);
    }

    private static GrantedExternal external(AddressAllocation allocation) {
        return allocation.externals().getFirst();
    }

    private static void grantedWithExternal(AddressAllocation allocation) {
        assertThat(allocation.state()).as(allocation.message()).isEqualTo(AllocationState.GRANTED);
        assertThat(allocation.externals())
                .singleElement()
                .satisfies(each -> assertThat(each.state()).as(each.message()).isEqualTo(AllocationState.GRANTED));
    }

    private static void refused(AddressAllocation allocation, AllocationReason reason) {
        assertThat(allocation.state()).isNotEqualTo(AllocationState.GRANTED);
        assertThat(allocation.reason()).as(allocation.message()).isEqualTo(reason);
    }
}
