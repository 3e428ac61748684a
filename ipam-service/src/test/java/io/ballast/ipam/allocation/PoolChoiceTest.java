package io.ballast.ipam.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.world.Claims;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoolChoiceTest {
    private static final ServiceKey KEY = new ServiceKey("demo", "shop", "web");

    private final Rules rules = new Rules(
            Map.of(),
            List.of(
                    pool("public", "public", null),
                    pool("dmz", "dmz-net", "dmz-a"),
                    pool("dmz-b", "dmz-net", "dmz-b"),
                    new Rules.ExternalPool(
                            "others", "others-net", null, List.of(), Duration.ZERO, Set.of(), Set.of("office"))),
            1);

    @Test
    void takesThePoolOfTheNetworkAndSubnetThatAreNamed() {
        assertThat(chosen(null, null, null)).isEqualTo("public");
        assertThat(chosen(null, "dmz-net", null)).isEqualTo("dmz");
        assertThat(chosen(null, null, "dmz-b")).isEqualTo("dmz-b");
        assertThat(chosen("dmz", "dmz-net", "dmz-a")).isEqualTo("dmz");
    }

    @Test
    void takesNoOtherInItsPlace() {
        assertThat(chosen("public", "dmz-net", null)).isEqualTo("none");
        assertThat(chosen(null, "dmz-net", "dmz-c")).isEqualTo("none");
        assertThat(chosen(null, "others-net", null)).as("of another namespace").isEqualTo("none");
    }

    private String chosen(@Nullable String name, @Nullable String network, @Nullable String subnet) {
        var claim = new ExternalClaim(IpFamily.IPV4, ExternalMethod.POOL, null, name, false, network, subnet, null);
        return rules.external(KEY, Claims.claim("uid-1", null, claim), claim)
                .map(Rules.ExternalPool::name)
                .orElse("none");
    }

    private static Rules.ExternalPool pool(String name, String network, @Nullable String subnet) {
        return new Rules.ExternalPool(name, network, subnet, List.of(), Duration.ZERO, Set.of(), Set.of());
    }
}
