package io.ballast.runtime.http;

import io.ballast.runtime.config.ConfigException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Serves {@code /livez} (200, or 500 when a restart is the only cure), {@code /readyz} (200, or 503 with a line for each
 * reason) and {@code /metrics} (Prometheus text).
 */
public final class HealthServer implements AutoCloseable {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Supplier<List<String>> troubles;
    private final BooleanSupplier alive;
    private final Supplier<String> metrics;
    private final HttpServer server;

    /**
     * Listens; returns once the port is bound. Throws {@link ConfigException} when it cannot be.
     *
     * @param troubles why the service is not ready; empty when it is
     * @param alive whether it can ever become ready without a restart
     * @param metrics what Prometheus reads
     */
    public static HealthServer start(
            Vertx vertx,
            HttpSettings http,
            Supplier<List<String>> troubles,
            BooleanSupplier alive,
            Supplier<String> metrics) {
        return new HealthServer(vertx, http, troubles, alive, metrics);
    }

    private HealthServer(
            Vertx vertx,
            HttpSettings http,
            Supplier<List<String>> troubles,
            BooleanSupplier alive,
            Supplier<String> metrics) {
        this.troubles = troubles;
        this.alive = alive;
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
            case "/livez" ->
                end(request, alive.getAsBoolean() ? 200 : 500, TEXT, alive.getAsBoolean() ? "ok\n" : "ended\n");
            case "/readyz" -> ready(request, troubles.get());
            case "/metrics" -> end(request, 200, PROMETHEUS, metrics.get());
            default -> end(request, 404, TEXT, "there are /livez, /readyz and /metrics\n");
        }
    }

    private static void ready(HttpServerRequest request, List<String> troubles) {
        if (troubles.isEmpty()) {
            end(request, 200, TEXT, "ok\n");
        } else {
            end(request, 503, TEXT, String.join("\n", troubles) + "\n");
        }
    }

    private static void end(HttpServerRequest request, int status, String type, String body) {
        var _ = request.response()
                .setStatusCode(status)
                .putHeader("content-type", type)
                .end(body);
    }
}
