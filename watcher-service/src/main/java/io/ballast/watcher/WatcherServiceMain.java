package io.ballast.watcher;

import io.ballast.runtime.kafka.ServiceHost;
import io.ballast.runtime.kafka.ServiceParts;
import io.ballast.watcher.kafka.WatcherPlan;
import io.ballast.watcher.kafka.WatcherReconciler;
import io.ballast.watcher.kubernetes.KubernetesCalls;
import io.ballast.watcher.kubernetes.KubernetesClients;

/** The process watcher-service. */
public final class WatcherServiceMain {
    private WatcherServiceMain() {}

    public static void main(String[] args) {
        ServiceHost.main(
                args,
                (read, _) -> WatcherServiceConfig.from(read),
                (config, kafka) -> new ServiceParts<>(
                        WatcherPlan.of(kafka.keyedPartitions()),
                        config.watcher().rules().cluster(),
                        new WatcherReconciler(config.watcher()),
                        new KubernetesCalls(
                                KubernetesClients.connect(
                                        config.kubernetes().kubeconfig().orElse(null),
                                        config.kubernetes().context().orElse(null)),
                                config.watcher().nodes(),
                                config.kubernetes().pageSize())));
    }
}
