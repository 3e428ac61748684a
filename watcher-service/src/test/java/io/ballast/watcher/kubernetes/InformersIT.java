package io.ballast.watcher.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.ObjectName;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.WatcherNews;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Informers over HTTP, on a server with five Services whose watches a test writes by hand. */
class InformersIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int SERVICES = 5;

    private final HttpServer server;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<WatcherNews> news = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable OutputStream> watch = new AtomicReference<>();
    private final KubernetesCalls calls;

    InformersIT() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        var config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .withOnlyHttpWatches(true)
                .build();
        calls = new KubernetesCalls(new KubernetesClientBuilder().withConfig(config), false, 2);
        calls.listen(news::add);
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        calls.close();
        server.stop(0);
    }

    @Test
    void listsInPagesOfTheNewestStateAndAsksForBookmarks() {
        startWatching(Map.of());

        assertThat(asked)
                .startsWith(
                        "/api/v1/services?limit=2",
                        "/api/v1/services?continue=2&limit=2",
                        "/api/v1/services?continue=4&limit=2");
        assertThat(asked.getLast()).contains("watch=true", "resourceVersion=100", "allowWatchBookmarks=true");
        assertThat(news).filteredOn(WatcherNews.Seen.class::isInstance).hasSize(SERVICES);
    }

    @Test
    void tellsNoDeletionThatOnlyAListShows() {
        startWatching(Map.of(new ObjectName("shop", "gone"), "u-gone"));

        assertThat(news).noneMatch(WatcherNews.Deleted.class::isInstance);
        assertThat(news)
                .filteredOn(WatcherNews.Listed.class::isInstance)
                .singleElement()
                .satisfies(
                        told -> assertThat(((WatcherNews.Listed) told).names()).hasSize(SERVICES));
    }

    @Test
    void countsABookmarkThatMovesNothingAsASignOfLife() throws IOException {
        startWatching(Map.of());
        long before = signs();

        write("{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Service\",\"apiVersion\":\"v1\","
                + "\"metadata\":{\"resourceVersion\":\"100\"}}}");

        await().atMost(SOON).until(() -> signs() > before);
        assertThat(news).hasSize(SERVICES + 1);
    }

    @Test
    void deliversWhatTheWatchSays() throws IOException {
        startWatching(Map.of());

        write("{\"type\":\"DELETED\",\"object\":" + service(3, 101) + "}");

        await().atMost(SOON)
                .until(() ->
                        news.contains(new WatcherNews.Deleted(Kind.SERVICES, new ObjectName("shop", "web3"), "u3")));
    }

    @Test
    void listsAgainWhenTheHistoryIsGone() throws IOException {
        startWatching(Map.of());
        asked.clear();

        write("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":410,"
                + "\"reason\":\"Expired\"}}");

        await().atMost(SOON).until(() -> asked.contains("/api/v1/services?limit=2"));
        await().atMost(SOON)
                .until(() -> news.stream()
                                .filter(WatcherNews.Listed.class::isInstance)
                                .count()
                        == 2);
    }

    @Test
    void startsASingleWatchAnew() {
        startWatching(Map.of());
        asked.clear();
        news.clear();

        startWatching(Map.of(new ObjectName("shop", "web0"), "u0"));

        assertThat(asked).first().isEqualTo("/api/v1/services?limit=2");
        assertThat(asked.getLast()).contains("watch=true");
    }

    private void startWatching(Map<ObjectName, String> known) {
        watch.set(null);
        calls.call(new WatcherCall.StartWatching(Map.of(Kind.SERVICES, known)));
        await().atMost(SOON)
                .until(() -> watch.get() != null && news.stream().anyMatch(WatcherNews.Listed.class::isInstance));
    }

    private long signs() {
        return ((WatcherNews.WatchesRead) calls.call(new WatcherCall.ReadWatches()))
                .signs()
                .getOrDefault(Kind.SERVICES, 0L);
    }

    private void write(String event) throws IOException {
        var out = watch.get();
        if (out == null) {
            throw new AssertionError("there is no watch");
        }
        out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void serve(HttpExchange exchange) throws IOException {
        var uri = exchange.getRequestURI().toString();
        asked.add(uri);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        if (uri.contains("watch=true")) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            watch.set(exchange.getResponseBody()); // stays open
            return;
        }
        var body = page(uri).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String page(String uri) {
        int from = uri.contains("continue=") ? Integer.parseInt(uri.replaceAll(".*continue=(\\d+).*", "$1")) : 0;
        int to = Math.min(from + 2, SERVICES);
        var items = IntStream.range(from, to).mapToObj(i -> service(i, 10 + i)).toList();
        var next = to < SERVICES ? ",\"continue\":\"" + to + "\"" : "";
        return "{\"kind\":\"ServiceList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"100\"%s},\"items\":[%s]}"
                .formatted(next, String.join(",", items));
    }

    private static String service(int number, int version) {
        return ("{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":{\"namespace\":\"shop\",\"name\":\"web%d\","
                        + "\"uid\":\"u%d\",\"resourceVersion\":\"%d\"},\"spec\":{\"clusterIP\":\"10.2.0.1\"}}")
                .formatted(number, number, version);
    }
}
