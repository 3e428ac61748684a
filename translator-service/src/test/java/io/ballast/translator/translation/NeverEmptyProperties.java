package io.ballast.translator.translation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.AddressType;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServicePort;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.SessionAffinity;
import io.ballast.schemas.contract.SliceEndpoint;
import io.ballast.schemas.contract.SlicePort;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A Service whose ports are renamed, renumbered, reordered and retargeted, and whose endpoints move between slices, while the
 * controller that writes the slices lags: by seed. Nothing of that leaves a listener without members.
 */
class NeverEmptyProperties {
    private static final int STEPS = 60;
    private static final int PODS = 4;

    private final List<ServicePort> ports = new ArrayList<>();
    private List<EndpointSliceSnapshot> slices = new ArrayList<>();
    private @Nullable DesiredLoadBalancer last;
    private int names;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noListenerIsEverWithoutMembers(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 3; i++) {
            ports.add(port("start-" + i, 80 + i, Integer.toString(8080 + i)));
        }
        rewriteSlices(random);
        translated();

        for (int step = 0; step < STEPS; step++) {
            change(random);
            assertServing(seed, step, "before the slices know");
            if (random.nextBoolean()) {
                rewriteOneSlice(random);
                assertServing(seed, step, "when one slice knows");
            }
            if (random.nextInt(3) != 0) {
                rewriteSlices(random);
                assertServing(seed, step, "when all slices know");
                assertThat(members(translated()))
                        .as("seed %d, step %d", seed, step)
                        .isEqualTo(PODS);
            }
        }
    }

    private void change(Random random) {
        int at = random.nextInt(ports.size());
        var port = ports.get(at);
        switch (random.nextInt(5)) {
            case 0 -> ports.set(at, port("name-" + ++names, port.port(), port.targetPort()));
            case 1 -> {
                if (isKnown(port)) { // its name is in every slice: a new number and a new name at once are two ports
                    ports.set(at, port(port.name(), 1_000 + ++names, port.targetPort()));
                }
            }
            case 2 -> Collections.shuffle(ports, random);
            case 3 -> ports.set(at, port(port.name(), port.port(), Integer.toString(8_000 + ++names)));
            default -> moveEndpoint(random);
        }
    }

    private boolean isKnown(ServicePort port) {
        return slices.stream()
                .allMatch(slice -> slice.ports().stream()
                        .anyMatch(each -> String.valueOf(port.name()).equals(each.name())));
    }

    private void moveEndpoint(Random random) {
        if (slices.size() < 2) {
            return;
        }
        var from = slices.get(random.nextInt(slices.size()));
        if (from.endpoints().isEmpty()) {
            return;
        }
        var moved = from.endpoints().getFirst();
        var next = new ArrayList<EndpointSliceSnapshot>();
        for (var slice : slices) {
            var endpoints = new ArrayList<>(slice.endpoints());
            endpoints.remove(moved);
            if (!slice.uid().equals(from.uid())) {
                endpoints.add(moved);
            }
            next.add(slice(slice.uid(), slice.ports(), endpoints));
        }
        slices = next;
    }

    private void rewriteOneSlice(Random random) {
        int at = random.nextInt(slices.size());
        slices.set(at, slice(slices.get(at).uid(), resolved(), slices.get(at).endpoints()));
    }

    private void rewriteSlices(Random random) {
        var endpoints = new ArrayList<SliceEndpoint>();
        for (int pod = 1; pod <= PODS; pod++) {
            endpoints.add(new SliceEndpoint(List.of("10.1.0." + pod), true, true, false, null, null, null));
        }
        Collections.shuffle(endpoints, random);
        int cut = random.nextInt(PODS + 1);
        slices = new ArrayList<>(List.of(
                slice("a", resolved(), endpoints.subList(0, cut)),
                slice("b", resolved(), endpoints.subList(cut, PODS))));
    }

    private List<SlicePort> resolved() {
        return ports.stream()
                .map(port -> new SlicePort(port.name(), port.protocol(), Integer.valueOf(port.targetPort())))
                .toList();
    }

    private static EndpointSliceSnapshot slice(String uid, List<SlicePort> ports, List<SliceEndpoint> endpoints) {
        return new EndpointSliceSnapshot(
                "cluster-uid", uid, "1", AddressType.IPV4, RandomInput.CONTROLLER, ports, endpoints);
    }

    private void assertServing(long seed, int step, String when) {
        for (var body : translated()) {
            var serving = new TreeSet<String>();
            body.pools().stream()
                    .filter(pool -> pool.members().stream().anyMatch(member -> member.weight() > 0))
                    .map(DesiredPool::name)
                    .forEach(serving::add);
            assertThat(body.listeners())
                    .as("seed %d, step %d, %s: %s of %s", seed, step, when, slices, ports)
                    .allSatisfy(listener -> assertThat(serving).contains(listener.pool()));
        }
    }

    private static int members(List<DesiredLoadBalancerBody> bodies) {
        return (int) bodies.stream()
                .flatMap(body -> body.pools().stream())
                .flatMap(pool -> pool.members().stream())
                .map(DesiredMember::address)
                .distinct()
                .count();
    }

    private List<DesiredLoadBalancerBody> translated() {
        var input = new RandomInput(
                new ServiceKey("demo", "shop", "web"),
                RandomInput.present(service()),
                slices,
                Map.of(),
                ClusterSettings.DEFAULT);
        var translated = Translation.translate(input.key(), input.snapshot(), slices, Map.of(), input.settings(), last);
        last = Steps.said(input, translated);
        return ((Translated.Served) translated).wanted().bodies();
    }

    private static ServicePort port(@Nullable String name, int number, String target) {
        return new ServicePort(name, PortProtocol.TCP, number, target, null, null);
    }

    private ServiceBody service() {
        return new ServiceBody(
                ServiceType.CLUSTER_IP,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                true,
                List.of("10.2.0.10"),
                List.of(IpFamily.IPV4),
                null,
                ports,
                null,
                null,
                List.of(),
                SessionAffinity.NONE,
                null,
                null,
                null,
                null,
                true,
                false);
    }
}
