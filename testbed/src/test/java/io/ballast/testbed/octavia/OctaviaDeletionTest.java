package io.ballast.testbed.octavia;

import static io.ballast.testbed.octavia.OneService.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.runtime.shell.Tables;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.testbed.openstack.Faults;
import io.ballast.testbed.openstack.OpenStackService;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R35: a deletion comes to its end from every state, and says so only when nothing is left. */
class OctaviaDeletionTest {
    /** What there is when the deletion is asked for. */
    enum State {
        NOTHING_WAS_EVER_MADE(service -> {
            service.octavia.open();
            service.desire(OneService.present(1));
            service.octavia.run(Duration.ofSeconds(2));
        }),
        GRANTED_AND_NOT_BEGUN(service -> {
            service.octavia.open();
            service.octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, service.granted(List.of()));
        }),
        PENDING_CREATE(service -> begin(service, Faults.none().with("workersStopped", true))),
        CREATE_UNANSWERED(service -> begin(service, Faults.none().with("nextAnswersLost", 1))),
        CREATE_BROKEN(service -> begin(service, Faults.none().with("nextCreatesBreak", 1))),
        CREATE_REFUSED_BY_QUOTA(service -> begin(service, Faults.none().withQuota("member", 0))),
        ERROR_BEFORE_IT_SERVED(service -> begin(service, Faults.none().with("nextCreatesFail", 9))),
        ACTIVE(OneService::create),
        ACTIVE_WITH_A_FLOATING_IP(service -> service.create(List.of(service.floatingIp()))),
        FLOATING_IP_HALF_ASSOCIATED(service -> {
            service.create();
            service.faults(Faults.none().with("nextAnswersLost", 1));
            GrantedExternal floatingIp = service.floatingIp();
            service.octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, service.granted(List.of(floatingIp)));
            service.octavia.run(Duration.ofMillis(300));
        }),
        PENDING_UPDATE(service -> {
            service.create();
            service.faults(Faults.none().with("workersStopped", true));
            service.octavia(
                    "PUT",
                    "loadbalancers/" + service.loadBalancer().id(),
                    "loadbalancer",
                    node -> node.put("description", "x"));
            service.octavia.run(Duration.ofMinutes(11));
        }),
        ERROR_AFTER_IT_SERVED(service -> {
            service.create();
            service.breakIt();
        }),
        DELETED_BY_HAND(service -> {
            service.create();
            service.deleteCascading("loadbalancers/" + service.loadBalancer().id());
            service.octavia.now = service.octavia.now.plusSeconds(30);
        }),
        BEING_DELETED_BY_HAND(service -> {
            service.create();
            service.faults(Faults.none().with("workersStopped", true));
            service.deleteCascading("loadbalancers/" + service.loadBalancer().id());
        }),
        STATUS_LOST(service -> {
            service.create();
            service.octavia.tables = Tables.fixture();
            service.octavia.restart();
        });

        @SuppressWarnings("ImmutableEnumChecker") // lambdas that capture nothing
        private final Consumer<OneService> given;

        State(Consumer<OneService> given) {
            this.given = given;
        }

        private static void begin(OneService service, Faults faults) {
            service.faults(faults);
            service.octavia.open();
            service.octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, service.granted(List.of()));
            service.desire(OneService.present(1));
            service.octavia.run(Duration.ofSeconds(3));
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsWithNothingLeft(State state) {
        for (int kill = 0; kill < 12; kill++) {
            // Given
            var service = new OneService();
            state.given.accept(service);

            // When
            service.desire(OneService.absent());
            for (int step = 0; step < kill; step++) {
                service.octavia.step(service.octavia.now.plusSeconds(60));
            }
            if (kill > 0) {
                service.octavia.restart();
            }
            service.octavia.run(Duration.ofMinutes(1));
            if (service.status().phase() != LoadBalancerPhase.DELETED) {
                service.faults(Faults.none());
                service.octavia.run(Duration.ofMinutes(25));
            }

            // Then
            assertThat(service.status().phase()).as("killed at %d", kill).isEqualTo(LoadBalancerPhase.DELETED);
            assertThat(service.cloud.inventory().loadBalancers())
                    .as("killed at %d", kill)
                    .isEmpty();
            assertThat(service.ports())
                    .as("killed at %d", kill)
                    .noneMatch(port -> port.path("name").asText().startsWith("octavia-lb-"));
            assertThat(service.send(OpenStackService.NEUTRON, "GET", "/v2.0/floatingips", null)
                            .path("floatingips"))
                    .as("ipam deletes it, and nothing leads to it")
                    .allMatch(floatingIp ->
                            floatingIp.path("port_id").asText("null").equals("null"));
        }
    }
}
