package io.ballast.watcher;

import io.ballast.runtime.config.ConfigReader;
import io.ballast.schemas.contract.LabelSelector;
import io.ballast.watcher.kafka.WatcherSettings;
import io.ballast.watcher.snapshot.Manage;
import io.ballast.watcher.snapshot.Rules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Configuration of the watcher; {@code watcher-service.yaml} among the resources is an example with every key.
 *
 * @param watcher how the cluster is watched
 * @param kubernetes how it is reached
 */
public record WatcherServiceConfig(WatcherSettings watcher, Kubernetes kubernetes) {
    private static final String CLUSTER_NAME = "[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?";
    private static final Duration COMPARE_EVERY = Duration.ofMinutes(10);
    private static final Duration COMPARE_MIN = Duration.ofSeconds(10);
    private static final String HOSTNAME_SUFFIX = "|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
    private static final Duration SILENCE = Duration.ofMinutes(5);
    private static final Duration SILENCE_MIN = Duration.ofMinutes(2);
    private static final int PAGE_SIZE = 500;
    private static final int PAGE_SIZE_MAX = 10_000;

    /**
     * How Kubernetes is reached.
     *
     * @param kubeconfig a kubeconfig file; empty for the service account of the pod, or what KUBECONFIG names
     * @param context its context; empty for the current one
     * @param pageSize objects per page of a list
     */
    public record Kubernetes(Optional<Path> kubeconfig, Optional<String> context, int pageSize) {}

    /** Reads every key but those of the shell; mistakes are noted in the reader. */
    public static WatcherServiceConfig from(ConfigReader read) {
        var cluster = read.text("cluster");
        if (!cluster.isEmpty() && !cluster.matches(CLUSTER_NAME)) {
            read.fail(
                    "cluster",
                    "is %s, which is no name of a cluster: 1..63 of a-z, 0-9, '-' and '.'".formatted(cluster));
        }
        var every = read.duration("compare-every", COMPARE_EVERY);
        if (every.compareTo(COMPARE_MIN) < 0) {
            read.fail("compare-every", "is less than 10s: each comparison lists the whole cluster");
        }
        var rules = new Rules(
                cluster,
                read.flag("finalizers", true),
                read.choice("manage", Manage.class, Manage.ALL),
                selector(read),
                read.flag("serve-classless", true),
                hostnameSuffix(read));
        return new WatcherServiceConfig(
                new WatcherSettings(rules, read.flag("nodes", true), every, silence(read)),
                kubernetes(read.section("kubernetes")));
    }

    private static LabelSelector selector(ConfigReader read) {
        try {
            return LabelSelector.parse(read.optionalText("namespace-selector").orElse(""));
        } catch (IllegalArgumentException e) {
            read.fail("namespace-selector", "cannot be read: " + e.getMessage());
            return LabelSelector.ALL;
        }
    }

    private static String hostnameSuffix(ConfigReader read) {
        var suffix = read.optionalText("proxy-hostname-suffix").orElse("");
        if (!suffix.matches(HOSTNAME_SUFFIX)) {
            read.fail("proxy-hostname-suffix", "is %s, which is no domain such as nip.io".formatted(suffix));
        }
        return suffix;
    }

    private static Duration silence(ConfigReader read) {
        var silence = read.duration("watch-silence", SILENCE);
        if (silence.compareTo(SILENCE_MIN) < 0) {
            read.fail("watch-silence", "is less than 2m: Kubernetes sends a bookmark about once a minute");
        }
        return silence;
    }

    private static Kubernetes kubernetes(ConfigReader read) {
        var file = read.optionalText("kubeconfig").map(Path::of);
        if (file.filter(path -> !Files.isReadable(path)).isPresent()) {
            read.fail("kubeconfig", "names %s, which cannot be read".formatted(file.get()));
        }
        return new Kubernetes(
                file, read.optionalText("context"), read.integer("page-size", 1, PAGE_SIZE_MAX, PAGE_SIZE));
    }
}
