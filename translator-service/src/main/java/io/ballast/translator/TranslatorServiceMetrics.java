package io.ballast.translator;

import io.ballast.runtime.kafka.ServiceReport;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.translator.kafka.TranslatorReconciler;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Every measurement of the translator. Names and labels: docs/reference/metrics.md. */
public final class TranslatorServiceMetrics implements ServiceReport {
    private final CompositeMeterRegistry meters = new CompositeMeterRegistry();
    private final TranslatorReconciler reconciler;

    public TranslatorServiceMetrics(TranslatorReconciler reconciler) {
        this.reconciler = reconciler;
    }

    @Override
    public void addTo(MeterRegistry registry) {
        meters.add(registry); // first, or what is registered before would not be seen there in full
        for (var state : DesiredState.values()) {
            register(state, null);
            for (var reason : DesiredReason.values()) {
                if (state == DesiredState.REFUSED || state == DesiredState.NOT_MANAGED) {
                    register(state, reason);
                }
            }
        }
    }

    private void register(DesiredState state, @Nullable DesiredReason reason) {
        Gauge.builder("translator.service.desired.states", () -> reconciler.desiredStates(state, reason))
                .tag("state", word(state))
                .tag("reason", reason == null ? "none" : word(reason))
                .register(meters);
    }

    private static String word(Enum<?> label) {
        return label.name().toLowerCase(Locale.ROOT);
    }
}
