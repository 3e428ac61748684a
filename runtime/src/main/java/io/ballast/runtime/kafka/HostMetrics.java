package io.ballast.runtime.kafka;

import io.ballast.runtime.shell.ShellCounters.What;
import io.ballast.runtime.shell.UnitProgress;
import io.ballast.runtime.shell.UnitProgress.Stage;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Locale;

/** The measurements of one host. Labels come from enums and client ids, never from keys or addresses. */
final class HostMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ClientMetrics clients = new ClientMetrics(registry);

    HostMetrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** Where Kafka clients are registered while they are open. */
    ClientMetrics clients() {
        return clients;
    }

    void watch(ShellLoop<?, ?> loop) {
        for (var what : What.values()) {
            var name = "ballast.shell." + what.name().toLowerCase(Locale.ROOT).replace('_', '.');
            if (what == What.DIRTY_KEYS) {
                Gauge.builder(name, loop, of -> of.counters().get(what)).register(registry);
            } else {
                FunctionCounter.builder(name, loop, of -> of.counters().get(what))
                        .register(registry);
            }
        }
        for (var stage : Stage.values()) {
            Gauge.builder("ballast.shell.partitions", loop, of -> count(of, stage))
                    .tag("stage", stage.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder("ballast.shell.waiting.events", loop, ShellLoop::waiting).register(registry);
    }

    void watch(ServiceReport report) {
        report.addTo(registry);
    }

    /** In the text format of Prometheus. */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        clients.close();
        registry.close();
    }

    private static long count(ShellLoop<?, ?> loop, Stage stage) {
        return loop.progress().stream()
                .map(UnitProgress::stage)
                .filter(stage::equals)
                .count();
    }
}
