package io.ballast.ipam.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.ballast.ipam.allocation.IpamAnswer;
import io.ballast.ipam.allocation.IpamAnswer.Failed.Kind;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.world.Claims;
import io.ballast.ipam.world.FakeNeutron;
import io.ballast.openstack.RestReply;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeutronAddressesTest {
    private final FakeNeutron neutron = new FakeNeutron();
    private final NeutronAddresses addresses = new NeutronAddresses(neutron);

    @ParameterizedTest
    @CsvSource({
        "409, OverQuota, QUOTA",
        "409, IpAddressGenerationFailure, EXHAUSTED",
        "403, PolicyNotAuthorized, FORBIDDEN",
        "400, BadRequest, REFUSED",
        "500, HTTPInternalServerError, UNCERTAIN",
        "504, '', UNCERTAIN",
        "503, '', UNAVAILABLE",
        "429, '', UNAVAILABLE"
    })
    void everyRefusalOfAWriteHasOneMeaning(int status, String type, Kind kind) {
        // When
        var failed = NeutronClient.classify(FakeNeutron.error(status, type, "words"), true);
        // Then
        assertThat(failed.kind()).isEqualTo(kind);
        assertThat(failed.message()).contains(Integer.toString(status)).contains("words");
    }

    @Test
    void aLostAnswerIsUncertainOnlyForAWrite() {
        var lost = new RestReply.Unanswered("read timed out", true);
        assertThat(NeutronClient.classify(lost, true).kind()).isEqualTo(Kind.UNCERTAIN);
        assertThat(NeutronClient.classify(lost, false).kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(NeutronClient.classify(new RestReply.Answered(502, MissingNode.getInstance(), null, null), false)
                        .kind())
                .isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void readsEveryPageAndOnlyWhatIsAskedFor() {
        // Given
        for (int i = 0; i < 1_203; i++) {
            neutron.port("port-%05d".formatted(i), FakeNeutron.SUBNET, "10.2.%d.%d".formatted(130 + i / 250, i % 250));
        }
        // When
        var answer = addresses.call(
                new IpamCall.ReadNeutron(Set.of("k8s-service-subnet", "absent"), List.of(Claims.floating())));
        // Then
        assertThat(answer).isInstanceOfSatisfying(IpamAnswer.Read.class, read -> {
            assertThat(read.facts().subnets()).containsOnlyKeys("k8s-service-subnet");
            assertThat(read.facts().subnets().get("k8s-service-subnet"))
                    .satisfies(subnet -> assertThat(subnet.ports()).hasSize(1_204));
            assertThat(read.facts().missing()).containsOnlyKeys("absent");
            assertThat(read.facts().externals().get("public"))
                    .satisfies(network -> assertThat(network.networkId()).isEqualTo(FakeNeutron.PUBLIC));
        });
    }

    @Test
    void deletingWhatIsGoneIsSuccess() {
        assertThat(addresses.call(new IpamCall.DeleteFloatingIp("fip-x"))).isInstanceOf(IpamAnswer.Deleted.class);
    }

    @Test
    void onlyNeutronItselfSaysThatAFloatingIpIsNotThere() {
        // Given
        var proxy = new NeutronAddresses(_ -> new RestReply.Answered(404, MissingNode.getInstance(), null, null));
        neutron.floatingIp("fip-1", FakeNeutron.PUBLIC, "172.24.4.10", "");
        // When
        var there = addresses.call(new IpamCall.ReadFloatingIp("fip-1"));
        var absent = addresses.call(new IpamCall.ReadFloatingIp("fip-2"));
        var unclear = proxy.call(new IpamCall.ReadFloatingIp("fip-1"));
        // Then
        assertThat(there)
                .isInstanceOfSatisfying(
                        IpamAnswer.Found.class,
                        found -> assertThat(found.floatingIps()).hasSize(1));
        assertThat(absent).isEqualTo(new IpamAnswer.Found(List.of()));
        assertThat(unclear).isInstanceOf(IpamAnswer.Failed.class);
    }

    @Test
    void aNetworkThatIsDownIsAnAnswer() {
        neutron.down(true);
        assertThat(addresses.call(new IpamCall.ListFloatingIps("d")))
                .isInstanceOfSatisfying(
                        IpamAnswer.Failed.class,
                        failed -> assertThat(failed.kind()).isEqualTo(Kind.UNAVAILABLE));
    }
}
