package io.ballast.octavia.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.octavia.loadbalancer.ListenerDefaults;
import io.ballast.octavia.loadbalancer.LoadBalancerHead;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Pool;
import io.ballast.octavia.loadbalancer.OctaviaAction.BatchMembers;
import io.ballast.octavia.loadbalancer.Product;
import io.ballast.schemas.contract.OperatingStatus;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ServiceMemoryTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** Found by the simulator: a poll was lost, the list showed the end of the write, and the next pool was never filled. */
    @Test
    void knowsFromAListThatAWriteHasEnded() {
        // Given
        var memory = new ServiceMemory();
        memory.read(new ObservedLoadBalancer(head(ProvisioningStatus.ACTIVE), List.of(), List.of(pool())), NOW);
        memory.accepted(new BatchMembers("pool", List.of()), new Product.Nothing(), NOW);
        assertThat(seen(memory).head().isPending()).isTrue();

        // When
        memory.listed(List.of(head(ProvisioningStatus.ACTIVE)), NOW.plusMillis(1), NOW.plusMillis(2));

        // Then
        assertThat(seen(memory).head().isActive()).isTrue();
        assertThat(seen(memory).pools()).extracting(Pool::provisioning).containsOnly(ProvisioningStatus.ACTIVE);
    }

    @Test
    void readsOneWhoseOperatingStatusAListShowsChanged() {
        // Given
        var memory = new ServiceMemory();
        memory.read(new ObservedLoadBalancer(head(ProvisioningStatus.ACTIVE), List.of(), List.of(pool())), NOW);

        // When
        boolean isNews = memory.listed(
                List.of(head(ProvisioningStatus.ACTIVE, OperatingStatus.DEGRADED)),
                NOW.plusMillis(1),
                NOW.plusMillis(2));

        // Then
        assertThat(isNews).isTrue();
        assertThat(memory.view(true, List.of(), List.of(), ListenerDefaults.DOCUMENTED, null)
                        .suspects())
                .containsExactly("lb");
    }

    private static ObservedLoadBalancer seen(ServiceMemory memory) {
        return Objects.requireNonNull(memory.view(true, List.of(), List.of(), ListenerDefaults.DOCUMENTED, null)
                .full()
                .get("lb"));
    }

    private static LoadBalancerHead head(ProvisioningStatus provisioning) {
        return head(provisioning, OperatingStatus.ONLINE);
    }

    private static LoadBalancerHead head(ProvisioningStatus provisioning, OperatingStatus operating) {
        return new LoadBalancerHead(
                "lb",
                "shop/web",
                "amphora",
                provisioning,
                operating,
                List.of(),
                new TreeSet<>(),
                "",
                "",
                new TreeSet<>(),
                new TreeSet<>(Set.of("pool")));
    }

    private static Pool pool() {
        return new Pool(
                "pool",
                "shop/web:TCP:80",
                "TCP",
                "ROUND_ROBIN",
                null,
                null,
                null,
                List.of(),
                ProvisioningStatus.ACTIVE);
    }
}
