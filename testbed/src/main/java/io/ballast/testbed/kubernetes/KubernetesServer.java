package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** Serves one {@link KubernetesModel} over HTTP on 127.0.0.1: one request at a time, watches streamed, controllers run as soon as they are due. */
public final class KubernetesServer implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(KubernetesServer.class.getName());
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Duration IDLE_TICK = Duration.ofSeconds(1);

    private final KubernetesModel model;
    private final InstantSource clock;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;

    private KubernetesServer(KubernetesModel model, InstantSource clock, int port) throws IOException {
        this.model = model;
        this.clock = clock;
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
    }

    /** Starts serving; port 0 picks a free one. */
    public static KubernetesServer start(KubernetesSettings settings, InstantSource clock, int port)
            throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // else each small event waits for a delayed ACK
        var server = new KubernetesServer(new KubernetesModel(settings, clock.instant()), clock, port);
        server.http.setExecutor(server.threads);
        server.http.createContext("/", server::serve);
        server.http.start();
        server.threads.execute(server::runControllers);
        return server;
    }

    public int port() {
        return http.getAddress().getPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** A kubeconfig for this server: one cluster, one context, no credentials. */
    public String kubeconfig() {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: testbed
                  cluster:
                    server: %s
                contexts:
                - name: testbed
                  context:
                    cluster: testbed
                    namespace: default
                    user: testbed
                current-context: testbed
                users:
                - name: testbed
                  user: {}
                """.formatted(url());
    }

    /** Works on the model while nobody else does, then lets its controllers run: for faults, and for tests that look inside. */
    public <T> T with(Function<KubernetesModel, T> work) {
        lock.lock();
        try {
            var result = work.apply(model);
            model.advance(clock.instant());
            changed.signalAll();
            return result;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        http.stop(0);
        threads.shutdownNow();
    }

    private void runControllers() {
        lock.lock();
        try {
            while (!closed) {
                var now = clock.instant();
                var before = model.revision();
                model.advance(now);
                if (model.revision() != before) {
                    changed.signalAll();
                }
                var pause = model.nextChange()
                        .map(next -> Duration.between(now, next))
                        .orElse(IDLE_TICK);
                awaitChange(pause.compareTo(IDLE_TICK) > 0 ? IDLE_TICK : pause);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException bug) {
            LOGGER.log(System.Logger.Level.ERROR, "the controllers have stopped", bug);
        } finally {
            lock.unlock();
        }
    }

    /** Waits, holding the lock, until something changed or the time is over; callers look again in a loop. */
    @SuppressWarnings("WaitNotInLoop")
    void awaitChange(Duration atMost) throws InterruptedException {
        changed.awaitNanos(Math.max(1, atMost.toNanos()));
    }

    ReentrantLock lock() {
        return lock;
    }

    boolean isClosed() {
        return closed;
    }

    KubernetesModel model() {
        return model;
    }

    Instant now() {
        return clock.instant();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try {
            if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
                exchange.sendResponseHeaders(200, -1); // makes fabric8 fall back to an HTTP watch
                return;
            }
            answer(exchange);
        } catch (ApiError unreadable) {
            write(exchange, unreadable.reply());
        } catch (RuntimeException bug) {
            LOGGER.log(System.Logger.Level.ERROR, "cannot answer " + exchange.getRequestURI(), bug);
            write(
                    exchange,
                    ApiError.of(500, "InternalError", "Internal error occurred: " + bug)
                            .reply());
        } finally {
            exchange.close();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        var request = request(exchange);
        var watch = with(locked -> locked.watchOf(request));
        if (watch.isPresent()) {
            new WatchStream(this, watch.get(), request).serve(exchange);
        } else {
            write(exchange, with(locked -> locked.handle(request, clock.instant())));
        }
    }

    private static ModelRequest request(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        var contentType = header(headers.getFirst("Content-Type"));
        var bytes = exchange.getRequestBody().readAllBytes();
        return new ModelRequest(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                query(exchange.getRequestURI().getRawQuery()),
                contentType,
                header(headers.getFirst("Accept")),
                body(contentType, bytes));
    }

    @SuppressWarnings("NullAway") // a header that is not there is null
    private static String header(String value) {
        return value == null ? "" : value;
    }

    private static JsonNode body(String contentType, byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return MissingNode.getInstance();
        }
        if (contentType.contains(Protobuf.MEDIA_TYPE)) {
            return Protobuf.read(bytes);
        }
        try {
            return contentType.contains("yaml") ? YAML.readTree(bytes) : Json.MAPPER.readTree(bytes);
        } catch (JsonProcessingException malformed) {
            throw ApiError.badRequest("couldn't parse the body: " + malformed.getOriginalMessage());
        }
    }

    @SuppressWarnings("NullAway") // an URI without a query has null for it
    private static Map<String, String> query(String raw) {
        var values = new LinkedHashMap<String, String>();
        if (raw != null && !raw.isEmpty()) {
            for (var pair : raw.split("&", -1)) {
                var sides = pair.split("=", 2);
                values.putIfAbsent(decode(sides[0]), sides.length < 2 ? "" : decode(sides[1]));
            }
        }
        return values;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw ApiError.badRequest("couldn't decode the query: " + text);
        }
    }

    private static void write(HttpExchange exchange, ModelReply reply) throws IOException {
        var isText = reply.body().isTextual();
        var bytes = isText
                ? reply.body().asText().getBytes(StandardCharsets.UTF_8)
                : Json.MAPPER.writeValueAsBytes(reply.body());
        exchange.getResponseHeaders().set("Content-Type", isText ? "text/plain" : "application/json");
        exchange.sendResponseHeaders(reply.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
