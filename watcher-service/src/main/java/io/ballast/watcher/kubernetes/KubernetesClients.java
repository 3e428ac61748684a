package io.ballast.watcher.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Connections to a Kubernetes API. */
public final class KubernetesClients {
    private static final int REQUEST_TIMEOUT_MILLIS = 15_000;

    private KubernetesClients() {}

    /**
     * A builder of clients. Watches are plain HTTP, the one transport that is tested end to end.
     *
     * @param kubeconfig kubeconfig file; null for the service account of the pod, or what KUBECONFIG names
     * @param context its context; null for the current one
     */
    public static KubernetesClientBuilder connect(@Nullable Path kubeconfig, @Nullable String context) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config(kubeconfig, context))
                        .withOnlyHttpWatches(true)
                        .withRequestTimeout(REQUEST_TIMEOUT_MILLIS)
                        .withConnectionTimeout(REQUEST_TIMEOUT_MILLIS)
                        .withRequestRetryBackoffLimit(0)
                        .build());
    }

    private static Config config(@Nullable Path kubeconfig, @Nullable String context) {
        if (kubeconfig == null) {
            return Config.autoConfigure(context);
        }
        if (!Files.isReadable(kubeconfig)) {
            throw new IllegalArgumentException("kubeconfig %s cannot be read".formatted(kubeconfig));
        }
        return Config.fromKubeconfig(context, kubeconfig.toFile());
    }
}
