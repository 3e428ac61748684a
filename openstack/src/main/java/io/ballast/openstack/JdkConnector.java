package io.ballast.openstack;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openstack4j.api.exceptions.ConnectionException;
import org.openstack4j.core.transport.Config;
import org.openstack4j.core.transport.ExecutionOptions;
import org.openstack4j.core.transport.HttpEntityHandler;
import org.openstack4j.core.transport.HttpExecutorService;
import org.openstack4j.core.transport.HttpRequest;
import org.openstack4j.core.transport.HttpResponse;
import org.openstack4j.core.transport.ObjectMapperSingleton;

/**
 * openstack4j's transport over the HTTP client of the JDK, found by {@link java.util.ServiceLoader}. One client for each
 * configuration, with connections kept alive; HTTP/1.1, no redirects.
 */
public final class JdkConnector implements HttpExecutorService {
    /** Until nobody holds the configuration any more: credentials that are rotated come with a new one. */
    private static final Map<Config, HttpClient> CLIENTS = Collections.synchronizedMap(new WeakHashMap<>());

    /** The client that requests of this configuration go through. */
    static HttpClient clientFor(Config config) {
        return CLIENTS.computeIfAbsent(config, JdkConnector::newClient);
    }

    private static HttpClient newClient(Config config) {
        var builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER);
        if (config.getConnectTimeout() > 0) {
            builder.connectTimeout(Duration.ofMillis(config.getConnectTimeout()));
        }
        if (config.getSslContext() != null) {
            builder.sslContext(config.getSslContext());
        }
        return builder.build();
    }

    @Override
    public <R> HttpResponse execute(HttpRequest<R> request) {
        try {
            var answer = clientFor(request.getConfig()).send(translate(request), BodyHandlers.ofByteArray());
            return new Response(answer);
        } catch (IOException e) {
            throw new ConnectionException(ConnectionWords.of(e), 0, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectionException("interrupted", 0, e);
        }
    }

    @Override
    public String getExecutorDisplayName() {
        return "JDK HttpClient";
    }

    private static java.net.http.HttpRequest translate(HttpRequest<?> request) throws JsonProcessingException {
        var json = json(request);
        var builder = java.net.http.HttpRequest.newBuilder(URI.create(request.getUrl()))
                .method(
                        request.getMethod().name(),
                        json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
                .header("Accept", "application/json");
        if (request.getConfig().getReadTimeout() > 0) {
            builder.timeout(Duration.ofMillis(request.getConfig().getReadTimeout()));
        }
        if (json != null) {
            builder.header("Content-Type", "application/json");
        }
        request.getHeaders().forEach((name, value) -> builder.header(name, String.valueOf(value)));
        return builder.build();
    }

    private static @Nullable String json(HttpRequest<?> request) throws JsonProcessingException {
        if (request.hasJson()) {
            return request.getJson();
        }
        var entity = request.getEntity();
        return entity == null
                ? null
                : ObjectMapperSingleton.getContext(entity.getClass()).writeValueAsString(entity);
    }

    private record Response(java.net.http.HttpResponse<byte[]> answer) implements HttpResponse {
        @Override
        public <T> T getEntity(Class<T> type) {
            return HttpEntityHandler.handle(this, type, null, true);
        }

        @Override
        public <T> T getEntity(Class<T> type, ExecutionOptions<T> options) {
            return HttpEntityHandler.handle(this, type, options, true);
        }

        @Override
        public <T> T readEntity(Class<T> type) {
            try {
                return ObjectMapperSingleton.getContext(type).readValue(answer.body(), type);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public int getStatus() {
            return answer.statusCode();
        }

        @Override
        public String getContentType() {
            return header("Content-Type");
        }

        @Override
        public String getStatusMessage() {
            return "HTTP " + answer.statusCode();
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(answer.body());
        }

        @Override
        @SuppressWarnings("NullAway") // openstack4j wants null for a header that is absent
        public String header(String name) {
            return answer.headers().firstValue(name).orElse(null);
        }

        @Override
        public Map<String, String> headers() {
            return answer.headers().map().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().getFirst()));
        }

        @Override
        public void close() {}
    }
}
