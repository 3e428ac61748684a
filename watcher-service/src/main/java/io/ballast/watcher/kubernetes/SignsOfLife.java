package io.ballast.watcher.kubernetes;

import io.ballast.watcher.snapshot.Kind;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what each watch receives, bookmarks among it: an informer tells its resourceVersion only, which does not move
 * while nothing changes. Safe for use by several threads.
 */
final class SignsOfLife implements Interceptor {
    /** Name under which it is added to a client. */
    static final String NAME = "ballast-signs-of-life";

    private final Map<Kind, AtomicLong> counts = new EnumMap<>(Kind.class);

    SignsOfLife() {
        for (var kind : Kind.values()) {
            counts.put(kind, new AtomicLong());
        }
    }

    /** Another sign of a watch. */
    void count(Kind kind) {
        of(kind).incrementAndGet();
    }

    /** Signs of a watch so far. */
    long read(Kind kind) {
        return of(kind).get();
    }

    @Override
    public AsyncBody.Consumer<List<ByteBuffer>> consumer(
            AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
        return watched(request)
                .<AsyncBody.Consumer<List<ByteBuffer>>>map(kind -> (buffers, body) -> {
                    count(kind);
                    consumer.consume(buffers, body);
                })
                .orElse(consumer);
    }

    /** The kind that the request watches; empty for another request. */
    static Optional<Kind> watched(HttpRequest request) {
        var uri = request.uri();
        if (uri.getQuery() == null || !List.of(uri.getQuery().split("&")).contains("watch=true")) {
            return Optional.empty();
        }
        return switch (uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1)) {
            case "services" -> Optional.of(Kind.SERVICES);
            case "endpointslices" -> Optional.of(Kind.SLICES);
            case "nodes" -> Optional.of(Kind.NODES);
            case "namespaces" -> Optional.of(Kind.NAMESPACES);
            default -> Optional.empty();
        };
    }

    private AtomicLong of(Kind kind) {
        return counts.computeIfAbsent(kind, ignored -> new AtomicLong());
    }
}
