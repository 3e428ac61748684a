package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.LbAlgorithm;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a Service asks for in annotations: ours, those of the OpenStack cloud provider and those of kuryr, in this order
 * of precedence. A value that does not parse is a finding and counts as absent.
 *
 * @param manage ballast.io/manage: all, load-balancers or none; null for the cluster's
 * @param members ballast.io/members: pods or nodes; null for the cluster's
 * @param paused ballast.io/paused: leave everything as it is
 * @param internal no external address
 * @param keepExternal keep the external address when the Service goes
 * @param pool ballast.io/pool: pool of the external address; null for the default
 * @param timeouts timeouts of listeners
 * @param connectionLimit connections at a time, -1 for no limit; null for the default
 * @param algorithm load balancing algorithm; null for the cluster's
 */
record ServiceOptions(
        @Nullable Manage manage,
        @Nullable MemberKind members,
        boolean paused,
        boolean internal,
        boolean keepExternal,
        @Nullable String pool,
        ListenerTimeouts timeouts,
        @Nullable Integer connectionLimit,
        @Nullable LbAlgorithm algorithm) {
    static final String SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";

    private static final String OURS = "ballast.io/";
    private static final String OCCM = "loadbalancer.openstack.org/";
    private static final String KURYR = "openstack.org/kuryr-";
    private static final String INTERNAL = "service.beta.kubernetes.io/openstack-internal-load-balancer";
    private static final Pattern POOL_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final List<LbAlgorithm> ALGORITHMS = Arrays.stream(LbAlgorithm.values())
            .filter(algorithm -> algorithm != LbAlgorithm.UNKNOWN)
            .toList();

    static ServiceOptions read(Map<String, String> annotations, Findings findings) {
        var read = new Reader(annotations, findings);
        return new ServiceOptions(
                read.oneOf(List.of(Manage.values()), OURS + "manage").orElse(null),
                read.oneOf(List.of(MemberKind.values()), OURS + "members").orElse(null),
                read.truth(OURS + "paused"),
                read.truth(OURS + "internal", INTERNAL),
                read.truth(OURS + "keep-external", OCCM + "keep-floatingip"),
                read.poolName(OURS + "pool").orElse(null),
                new ListenerTimeouts(
                        read.timeout("timeout-client-data"),
                        read.timeout("timeout-member-connect"),
                        read.timeout("timeout-member-data"),
                        read.timeout("timeout-tcp-inspect")),
                read.integer(-1, Integer.MAX_VALUE, OURS + "connection-limit", OCCM + "connection-limit")
                        .orElse(null),
                read.algorithm(OURS + "algorithm", OCCM + "lb-method").orElse(null));
    }

    private record Reader(Map<String, String> annotations, Findings findings) {
        private <T> Optional<T> read(Function<String, Optional<T>> parse, String expected, String... names) {
            for (var name : names) {
                var text = annotations.get(name);
                if (text != null) {
                    var value = parse.apply(text);
                    if (value.isEmpty()) {
                        findings.refuse(
                                DesiredReason.INVALID_ANNOTATION,
                                "Annotation %s is '%s', expected %s".formatted(name, Findings.shown(text), expected));
                    }
                    return value;
                }
            }
            return Optional.empty();
        }

        boolean truth(String... names) {
            Function<String, Optional<Boolean>> parse = text -> switch (text) {
                case "true" -> Optional.of(true);
                case "false" -> Optional.of(false);
                default -> Optional.empty();
            };
            return read(parse, "true or false", names).orElse(false);
        }

        <E extends Enum<E>> Optional<E> oneOf(List<E> values, String... names) {
            var expected = values.stream().map(Reader::word).collect(Collectors.joining(", "));
            return read(
                    text -> values.stream()
                            .filter(value -> word(value).equals(text))
                            .findFirst(),
                    "one of " + expected,
                    names);
        }

        Optional<LbAlgorithm> algorithm(String... names) {
            return read(
                    text -> ALGORITHMS.stream()
                            .filter(value -> value.name().equals(text))
                            .findFirst(),
                    "one of " + ALGORITHMS,
                    names);
        }

        Optional<String> poolName(String... names) {
            return read(
                    text -> Optional.of(text)
                            .filter(name -> POOL_NAME.matcher(name).matches()),
                    "a pool name of 1..63 letters, digits, '.', '_' and '-'",
                    names);
        }

        Optional<Integer> integer(int min, int max, String... names) {
            return read(text -> decimal(text, min, max), "an integer in %d..%d".formatted(min, max), names);
        }

        /** Milliseconds. 0 in kuryr's annotation means Octavia's default. Source: kuryr, listener timeouts. */
        @Nullable
        Integer timeout(String name) {
            int max = ListenerTimeouts.MILLIS_MAX;
            var expected = "milliseconds, an integer in 0..%d".formatted(max);
            var ours = read(text -> decimal(text, 0, max), expected, OURS + name, OCCM + name);
            boolean decided = annotations.containsKey(OURS + name) || annotations.containsKey(OCCM + name);
            return decided
                    ? ours.orElse(null)
                    : read(text -> decimal(text, 0, max), expected, KURYR + name)
                            .filter(millis -> millis > 0)
                            .orElse(null);
        }

        private static Optional<Integer> decimal(String text, int min, int max) {
            if (!text.matches("-?[0-9]{1,10}")) {
                return Optional.empty();
            }
            long number = Long.parseLong(text);
            return number < min || number > max ? Optional.empty() : Optional.of((int) number);
        }

        private static String word(Enum<?> value) {
            return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
