package io.ballast.ipam.kafka;

import static io.ballast.ipam.world.Claims.claim;
import static io.ballast.ipam.world.Claims.floating;
import static io.ballast.ipam.world.Claims.key;
import static io.ballast.ipam.world.Claims.named;
import static io.ballast.ipam.world.Claims.rules;
import static io.ballast.ipam.world.Claims.withExternals;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.allocation.Rules;
import io.ballast.ipam.world.FakeNeutron;
import io.ballast.ipam.world.IpamWorld;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.IpFamily;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Floating IPs of a namespace that has a project of its own. */
class NamespaceProjectTest {
    private static final String PROJECT = "b5e0a1ae99a34aa0b6a6dad59c95dea7";

    private final FakeNeutron neutron = new FakeNeutron();
    private final IpamWorld world = new IpamWorld(rules(floating()), neutron).started();

    @Test
    void areMadeInThatProject() {
        // When
        world.claim(key("web"), claim("uid-1", "10.2.0.5", inProject(ExternalMethod.POOL, null)));
        world.claim(key("other"), claim("uid-2", "10.2.0.6", inOurs()));

        // Then
        assertThat(external("web").state()).isEqualTo(AllocationState.GRANTED);
        assertThat(project("web")).isEqualTo(PROJECT);
        assertThat(project("other")).isEqualTo("project");
    }

    @Test
    void stayWhatTheyAreWhenTheNamespaceChoosesAProject() {
        // Given
        var claimed = claim("uid-1", "10.2.0.5", inOurs());
        world.claim(key("web"), claimed);
        var granted = external("web");

        // When
        world.claim(key("web"), withExternals(claimed, inProject(ExternalMethod.POOL, null)));

        // Then
        assertThat(external("web")).isEqualTo(granted);
        assertThat(neutron.floatingIps()).hasSize(1);
    }

    @Test
    void ofAUserAreThoseOfThatProject() {
        // Given
        neutron.floatingIp("fip-a", FakeNeutron.PUBLIC, "172.24.4.10", "");
        neutron.floatingIp("fip-b", FakeNeutron.PUBLIC, "172.24.4.11", "").put("project_id", PROJECT);

        // When
        world.claim(key("web"), claim("uid-1", "10.2.0.5", inProject(ExternalMethod.USER, "172.24.4.10")));
        world.claim(key("other"), claim("uid-2", "10.2.0.6", inProject(ExternalMethod.USER, "172.24.4.11")));

        // Then
        assertThat(external("web").reason()).isEqualTo(AllocationReason.EXTERNAL_NOT_FOUND);
        assertThat(external("web").message()).contains("172.24.4.10", PROJECT);
        assertThat(external("other").address()).isEqualTo("172.24.4.11");

        // When it comes into the project
        neutron.object("floatingips", "fip-a").put("project_id", PROJECT);
        world.advance(Duration.ofSeconds(30));

        // Then
        assertThat(external("web").address()).isEqualTo("172.24.4.10");
    }

    @Test
    void ofAUserAreNotThoseOfOtherProjectsThatAnAdministratorSees() {
        // Given
        var cloud = new FakeNeutron().ofProject("project");
        cloud.floatingIp("fip-a", FakeNeutron.PUBLIC, "172.24.4.10", "").put("project_id", PROJECT);
        cloud.floatingIp("fip-b", FakeNeutron.PUBLIC, "172.24.4.11", "");
        var ours = new IpamWorld(rules(floating()), cloud).started();
        var strict = rules(floating());
        var anybodys = new IpamWorld(new Rules(strict.clusters(), strict.externals(), strict.failovers(), true), cloud)
                .started();

        // When
        ours.claim(key("web"), claim("uid-1", "10.2.0.5", named("172.24.4.10")));
        ours.claim(key("other"), claim("uid-2", "10.2.0.6", named("172.24.4.11")));
        anybodys.claim(key("web"), claim("uid-1", "10.2.0.5", named("172.24.4.10")));

        // Then
        var refused = ours.row(key("web")).orElseThrow().externals().getFirst();
        assertThat(refused.reason()).isEqualTo(AllocationReason.EXTERNAL_NOT_FOUND);
        assertThat(refused.message()).contains("172.24.4.10 is not there in project project");
        assertThat(ours.row(key("other")).orElseThrow().externals().getFirst().floatingIpId())
                .isEqualTo("fip-b");
        assertThat(anybodys.row(key("web")).orElseThrow().externals().getFirst().floatingIpId())
                .isEqualTo("fip-a");
    }

    private GrantedExternal external(String name) {
        return world.row(key(name)).orElseThrow().externals().getFirst();
    }

    private String project(String name) {
        return neutron.object("floatingips", String.valueOf(external(name).floatingIpId()))
                .path("project_id")
                .asText();
    }

    private static ExternalClaim inOurs() {
        return new ExternalClaim(IpFamily.IPV4, ExternalMethod.POOL, null, null, false);
    }

    private static ExternalClaim inProject(ExternalMethod method, @Nullable String address) {
        return new ExternalClaim(IpFamily.IPV4, method, address, null, false, null, null, PROJECT);
    }
}
