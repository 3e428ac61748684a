package io.ballast.testbed.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.ballast.ipam.IpamServiceMetrics;
import io.ballast.ipam.allocation.Rules;
import io.ballast.ipam.kafka.IpamReconciler;
import io.ballast.octavia.OctaviaServiceMetrics;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.runtime.config.ConfigReader;
import io.ballast.runtime.http.HttpSettings;
import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.runtime.kafka.ServiceHost;
import io.ballast.runtime.kafka.ServiceParts;
import io.ballast.runtime.kafka.ServiceReport;
import io.ballast.runtime.shell.Calls;
import io.ballast.schemas.contract.LabelSelector;
import io.ballast.translator.TranslatorServiceMetrics;
import io.ballast.translator.kafka.NoCalls;
import io.ballast.translator.kafka.TranslatorReconciler;
import io.ballast.translator.kafka.TranslatorTopics;
import io.ballast.watcher.WatcherServiceMetrics;
import io.ballast.watcher.kafka.WatcherReconciler;
import io.ballast.watcher.kafka.WatcherSettings;
import io.ballast.watcher.snapshot.Manage;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.WatcherNews;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/reference/metrics.md names each measurement of ours, and no other. */
class MetricsTest {
    private static final Path PAGE =
            Path.of(System.getProperty("ballast.root", "..")).resolve("docs/reference/metrics.md");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `([a-z_]+)` \\|");
    private static final Pattern SERVED =
            Pattern.compile("(?m)^# TYPE ((?:ballast_shell|[a-z]+_service)_[a-z_]+) (\\w+)");

    @Test
    void namesEveryMeasurementAndNoOther() throws IOException, InterruptedException {
        // Given
        var served = new TreeSet<String>();
        served.addAll(watcher());
        served.addAll(ipam());
        served.addAll(octavia());
        served.addAll(namesOf(scrapeOfTranslator()));

        // When
        var documented = new TreeSet<String>();
        var page = DOCUMENTED.matcher(Files.readString(PAGE));
        while (page.find()) {
            documented.add(page.group(1));
        }

        // Then
        assertThat(documented).isEqualTo(served);
    }

    private static SortedSet<String> watcher() {
        var rules = new io.ballast.watcher.snapshot.Rules("demo", true, Manage.ALL, LabelSelector.ALL, true, "");
        var reconciler =
                new WatcherReconciler(new WatcherSettings(rules, true, Duration.ofMinutes(10), Duration.ofMinutes(5)));
        var metrics = new WatcherServiceMetrics(reconciler::standing);
        var calls = metrics.metered(new AbsentCalls());
        return names(metrics, () -> calls.call(new WatcherCall.ReadCluster()));
    }

    private static SortedSet<String> ipam() {
        var metrics = new IpamServiceMetrics(new IpamReconciler(new IpamReconciler.Settings(
                new Rules(Map.of(), List.of(), 1),
                false,
                3,
                Duration.ofMinutes(1),
                Duration.ofMinutes(10),
                Duration.ofSeconds(2))));
        var cloud = metrics.ofCloud().metered(cloud());
        return names(metrics, () -> cloud.send(RestRequest.get(RestRequest.Api.NETWORK, "/v2.0/floatingips")));
    }

    private static SortedSet<String> octavia() {
        var metrics = new OctaviaServiceMetrics(1);
        var cloud = metrics.ofCloud().metered(cloud());
        return names(
                metrics, () -> cloud.send(RestRequest.get(RestRequest.Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers")));
    }

    private static Rest cloud() {
        return _ -> new RestReply.Answered(200, MissingNode.getInstance(), null, null);
    }

    /** The translator in a host of its own, for the shell's names. */
    private static String scrapeOfTranslator() throws IOException, InterruptedException {
        var reconciler = new TranslatorReconciler(Map.of(), 3);
        var parts = new ServiceParts<>(TranslatorTopics.plan(3), reconciler, new NoCalls())
                .reporting(new TranslatorServiceMetrics(reconciler));
        var kafka = ConfigReader.of("{}", Map.of("BALLAST_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"))
                .whole(KafkaSettings::from);
        try (var host = ServiceHost.start(parts, kafka, HttpSettings.local());
                var client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + host.port() + "/metrics");
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    private static SortedSet<String> names(ServiceReport report, Runnable work) {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        report.addTo(registry);
        work.run();
        return namesOf(registry.scrape());
    }

    private static SortedSet<String> namesOf(String scrape) {
        var names = new TreeSet<String>();
        var types = SERVED.matcher(scrape);
        while (types.find()) {
            if (!(types.group(1).endsWith("_seconds_max") && types.group(2).equals("gauge"))) {
                names.add(types.group(1));
            }
        }
        return names;
    }

    private static final class AbsentCalls implements Calls<WatcherCall, WatcherNews> {
        @Override
        public WatcherNews call(WatcherCall call) {
            return new WatcherNews.Absent();
        }

        @Override
        public WatcherNews failed(WatcherCall call, RuntimeException cause) {
            return new WatcherNews.Absent();
        }
    }
}
