package io.ballast.openstack;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;

/** The measurements of a cloud. Labels come from enums and known HTTP codes, so the number of series is bounded. */
public final class RestMetrics {
    private final MeterRegistry meters;
    private final String prefix;

    /** @param prefix stands before every name, such as {@code octavia.service} */
    public RestMetrics(MeterRegistry meters, String prefix) {
        this.meters = meters;
        this.prefix = prefix;
    }

    /** Shows what has not happened yet as zero; called once the registry is complete. */
    public void register() {
        for (var api : RestRequest.Api.values()) {
            throttled(api);
        }
    }

    /** The same cloud, each request counted and timed. */
    public Rest metered(Rest rest) {
        return request -> {
            var sample = Timer.start(meters);
            var reply = rest.send(request);
            sample.stop(Timer.builder(prefix + ".call.duration")
                    .tag("api", word(request.api()))
                    .tag("resource", word(RestResource.of(request)))
                    .tag("method", word(request.method()))
                    .tag("outcome", word(RestOutcome.of(reply)))
                    .tag("code", RestOutcome.codeOf(reply))
                    .register(meters));
            return reply;
        };
    }

    /** How long requests to a service waited for their turn. */
    Timer throttled(RestRequest.Api api) {
        return Timer.builder(prefix + ".throttled").tag("api", word(api)).register(meters);
    }

    private static String word(Enum<?> label) {
        return label.name().toLowerCase(Locale.ROOT);
    }
}
