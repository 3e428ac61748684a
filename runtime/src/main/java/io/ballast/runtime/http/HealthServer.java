package io.ballast.runtime.http;

import io.ballast.runtime.config.ConfigException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Serves {@code /livez} (200, or 500 when a restart is the only cure), {@code /readyz} (200, or 503 with a line for each
 * reason; remarks follow in either case) and {@code /metrics} (Prometheus text).
 */
public final class HealthServer implements AutoCloseable {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Health health;
    private final Supplier<String> metrics;
    private final HttpServer server;

    /**
     * Who is asked.
     *
     * @param troubles why the service is not ready; empty when it is
     * @param remarks what a person should know although it is ready
     * @param alive whether it can ever become ready without a restart
     */
    public record Health(Supplier<List<String>> troubles, Supplier<List<String>> remarks, BooleanSupplier alive) {}

    /**
     * Listens; returns once the port is bound. Throws {@link ConfigException} when it cannot be.
     *
     * @param metrics what Prometheus reads
     */
    public static HealthServer start(Vertx vertx, HttpSettings http, Health health, Supplier<String> metrics) {
        return new HealthServer(vertx, http, health, metrics);
    }

    private HealthServer(Vertx vertx, HttpSettings http, Health health, Supplier<String> metrics) {
        this.health = health;
        this.metrics = metrics;
        this.server = vertx.createHttpServer().requestHandler(this::answer);
        try {
            server.listen(http.port(), http.host())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            throw new ConfigException("http: %s port %d cannot be listened on: %s"
                    .formatted(http.host(), http.port(), String.valueOf(e.getCause())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while binding the port", e);
        }
    }

    public int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        var _ = server.close();
    }

    private void answer(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            end(request, 405, TEXT, "only GET\n");
            return;
        }
        switch (request.path()) {
            case "/livez" -> live(request, health.alive().getAsBoolean());
            case "/readyz" ->
                ready(request, health.troubles().get(), health.remarks().get());
            case "/metrics" -> end(request, 200, PROMETHEUS, metrics.get());
            default -> end(request, 404, TEXT, "there are /livez, /readyz and /metrics\n");
        }
    }

    private static void live(HttpServerRequest request, boolean alive) {
        end(request, alive ? 200 : 500, TEXT, alive ? "ok\n" : "ended\n");
    }

    private static void ready(HttpServerRequest request, List<String> troubles, List<String> remarks) {
        var lines = new ArrayList<>(troubles.isEmpty() ? List.of("ok") : troubles);
        remarks.forEach(remark -> lines.add("note: " + remark));
        end(request, troubles.isEmpty() ? 200 : 503, TEXT, String.join("\n", lines) + "\n");
    }

    private static void end(HttpServerRequest request, int status, String type, String body) {
        var _ = request.response()
                .setStatusCode(status)
                .putHeader("content-type", type)
                .end(body);
    }
}
