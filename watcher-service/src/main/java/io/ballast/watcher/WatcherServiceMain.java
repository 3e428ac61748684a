package io.ballast.watcher;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.runtime.kafka.ServiceHost;
import io.ballast.runtime.kafka.ServiceParts;
import io.ballast.watcher.kafka.WatcherPlan;
import io.ballast.watcher.kafka.WatcherReconciler;
import io.ballast.watcher.kubernetes.KubernetesCalls;
import io.ballast.watcher.kubernetes.KubernetesClients;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.WatcherNews;

/** The process watcher-service. */
public final class WatcherServiceMain {
    private WatcherServiceMain() {}

    public static void main(String[] args) {
        ServiceHost.main(args, (read, _) -> WatcherServiceConfig.from(read), WatcherServiceMain::parts);
    }

    private static ServiceParts<WatcherCall, WatcherNews> parts(WatcherServiceConfig config, KafkaSettings kafka) {
        var reconciler = new WatcherReconciler(config.watcher());
        var metrics = new WatcherServiceMetrics(reconciler::standing);
        var calls = new KubernetesCalls(
                KubernetesClients.connect(
                        config.kubernetes().kubeconfig().orElse(null),
                        config.kubernetes().context().orElse(null)),
                config.watcher().nodes(),
                config.kubernetes().pageSize());
        return new ServiceParts<>(
                WatcherPlan.of(kafka.keyedPartitions()),
                config.watcher().rules().cluster(),
                reconciler,
                metrics.metered(calls),
                metrics);
    }
}
