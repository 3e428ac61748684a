package io.ballast.translator.translation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.SliceEndpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for whatever Kubernetes says, by seed. */
class TranslationProperties {
    private static final int MUTATED = 2_000;
    private static final int MUTATED_FULL = 100_000;
    private static final int MUTATIONS_MAX = 3;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 500);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsDesiredIsWhatOctaviaTakes(long seed) {
        var input = RandomInput.of(new Random(seed));

        var translated = input.translate();

        assertThat(broken(translated)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void orderAndSpellingOfTheInputDoNotMatter(long seed) {
        var random = new Random(seed);
        var input = RandomInput.of(random);

        var respelt = input.with(respelt(random, input.service()), respelt(random, input.slices()));

        assertThat(respelt.translate()).isEqualTo(input.translate());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void translatingOnceMoreChangesNothing(long seed) {
        var input = RandomInput.of(new Random(seed));
        var first = input.translate();

        var again = Translation.translate(
                input.key(),
                input.snapshot(),
                input.slices(),
                input.nodes(),
                input.settings(),
                Steps.said(input, first));

        assertThat(again).isEqualTo(first);
    }

    @Test
    void aMutatedInputEndsInAValueOrARefusal() {
        mutated(MUTATED);
    }

    @Test
    @Tag("full")
    void aHundredThousandMutatedInputsEndInAValueOrARefusal() {
        mutated(MUTATED_FULL);
    }

    private static void mutated(int count) {
        for (long seed = 1; seed <= count; seed++) {
            var random = new Random(seed);
            var input = RandomInput.of(random);
            for (int i = random.nextInt(MUTATIONS_MAX); i >= 0; i--) {
                input = Mutation.of(random, input);
            }
            try {
                hold(input, seed);
            } catch (RuntimeException e) {
                throw new AssertionError("seed %d: %s".formatted(seed, input.service()), e);
            }
        }
    }

    private static void hold(RandomInput input, long seed) {
        var translated = input.translate();
        assertThat(broken(translated)).as("seed %d", seed).isEmpty();
        assertThat(message(translated))
                .as("seed %d", seed)
                .matches("[\\x20-\\x7e]*")
                .hasSizeLessThan(1_000);
    }

    /** What Octavia would refuse, of a Service that is refused itself too: its load balancers may be there. */
    private static List<String> broken(Translated translated) {
        var wanted = wanted(translated);
        return wanted == null
                ? List.of()
                : wanted.bodies().stream()
                        .flatMap((DesiredLoadBalancerBody body) -> OctaviaRules.broken(body).stream())
                        .toList();
    }

    private static @Nullable Wanted wanted(Translated translated) {
        return switch (translated) {
            case Translated.Served(var wanted) -> wanted;
            case Translated.Refused refused -> refused.best();
            case Translated.NotManaged _ -> null;
        };
    }

    private static String message(Translated translated) {
        return switch (translated) {
            case Translated.Served _ -> "";
            case Translated.Refused refused -> refused.message();
            case Translated.NotManaged(var _, var message) -> message;
        };
    }

    // --- the same in other words

    private static ServiceBody respelt(Random random, ServiceBody body) {
        var ports = new ArrayList<>(body.ports());
        Collections.shuffle(ports, random);
        return new ServiceBody(
                body.type(),
                body.labels(),
                body.annotations(),
                body.namespaceLabels(),
                body.namespaceAnnotations(),
                body.hasSelector(),
                body.clusterIps().stream().map(text -> respelt(random, text)).toList(),
                body.ipFamilies(),
                body.ipFamilyPolicy(),
                ports,
                body.loadBalancerIp(),
                body.loadBalancerClass(),
                body.sourceRanges().reversed(),
                body.sessionAffinity(),
                body.sessionAffinityTimeoutSeconds(),
                body.externalTrafficPolicy(),
                body.internalTrafficPolicy(),
                body.healthCheckNodePort(),
                body.allocateNodePorts(),
                body.publishNotReadyAddresses());
    }

    private static List<EndpointSliceSnapshot> respelt(Random random, List<EndpointSliceSnapshot> slices) {
        var next = slices.stream()
                .map(slice -> {
                    var ports = new ArrayList<>(slice.ports());
                    Collections.shuffle(ports, random);
                    var endpoints = new ArrayList<SliceEndpoint>();
                    slice.endpoints().forEach(endpoint -> endpoints.add(respelt(random, endpoint)));
                    Collections.shuffle(endpoints, random);
                    return new EndpointSliceSnapshot(
                            slice.clusterUid(),
                            slice.uid(),
                            slice.resourceVersion(),
                            slice.addressType(),
                            slice.managedBy(),
                            ports,
                            endpoints);
                })
                .collect(Collectors.toCollection(ArrayList::new));
        if (!next.isEmpty() && random.nextBoolean()) {
            next.add(next.getFirst());
        }
        Collections.shuffle(next, random);
        return next;
    }

    private static SliceEndpoint respelt(Random random, SliceEndpoint endpoint) {
        return new SliceEndpoint(
                endpoint.addresses().stream().map(text -> respelt(random, text)).toList(),
                endpoint.ready(),
                endpoint.serving(),
                endpoint.terminating(),
                endpoint.hostname(),
                endpoint.nodeName(),
                endpoint.target());
    }

    /** Leading zeros as old API servers took them, capitals, zeros written out. */
    private static String respelt(Random random, String text) {
        if (text.indexOf(':') < 0) {
            return random.nextBoolean() ? text : text.replace(".0.", ".00.").replace(".2.", ".002.");
        }
        var address = IpAddress.of(text);
        var groups = new ArrayList<String>();
        for (long word : new long[] {address.high(), address.low()}) {
            for (int shift = 48; shift >= 0; shift -= 16) {
                groups.add(Long.toHexString((word >>> shift) & 0xffff));
            }
        }
        var whole = String.join(":", groups);
        return random.nextBoolean() ? whole.toUpperCase(Locale.ROOT) : whole;
    }
}
