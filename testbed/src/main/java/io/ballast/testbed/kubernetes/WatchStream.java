package io.ballast.testbed.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One watch over HTTP: a chunked stream of events, one JSON object a line, until its timeout, the end of its history, or the client leaves. */
final class WatchStream {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(45);
    private static final Duration BOOKMARK_INTERVAL = Duration.ofSeconds(10);

    private final KubernetesServer server;
    private final WatchSelector selector;
    private final ModelRequest request;
    private final Instant deadline;
    private final boolean bookmarks;
    private long revision;
    private Instant nextBookmark;

    WatchStream(KubernetesServer server, WatchSelector selector, ModelRequest request) {
        this.server = server;
        this.selector = selector;
        this.request = request;
        var seconds = request.parameter("timeoutSeconds");
        this.deadline = server.now()
                .plus(seconds.matches("[1-9]\\d{0,6}") ? Duration.ofSeconds(Long.parseLong(seconds)) : DEFAULT_TIMEOUT);
        this.bookmarks = request.flag("allowWatchBookmarks");
        this.nextBookmark = server.now().plus(BOOKMARK_INTERVAL);
    }

    void serve(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json;stream=watch");
        exchange.sendResponseHeaders(200, 0);
        try (var out = exchange.getResponseBody()) {
            out.flush();
            for (var events = start(); ; events = next()) {
                write(out, events);
                if (isOver(events)) {
                    return;
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOver(List<WatchEvent> events) {
        var isExpired = !events.isEmpty() && events.getLast().type() == WatchEvent.Type.ERROR;
        return isExpired || server.isClosed() || !server.now().isBefore(deadline);
    }

    private List<WatchEvent> start() {
        server.lock().lock();
        try {
            var from = request.parameter("resourceVersion");
            var wantsInitial = request.flag("sendInitialEvents");
            if (!wantsInitial && !from.isEmpty() && !from.equals("0")) {
                try {
                    revision = ApiReads.revision(from);
                } catch (ApiError malformed) {
                    return List.of(new WatchEvent(WatchEvent.Type.ERROR, malformed.status(), 0));
                }
                return List.of();
            }
            var batch = server.model().initialEvents(selector);
            revision = batch.revision();
            var events = new ArrayList<>(batch.events());
            if (wantsInitial && bookmarks) {
                events.add(server.model().bookmark(selector, revision, true));
            }
            return events;
        } finally {
            server.lock().unlock();
        }
    }

    /** Waits for events, a bookmark that is due, or the end. */
    private List<WatchEvent> next() throws InterruptedException {
        server.lock().lock();
        try {
            while (true) {
                var batch = server.model().watch(selector, revision);
                revision = batch.revision();
                var now = server.now();
                if (!batch.events().isEmpty()) {
                    return batch.events();
                }
                var isLast = !now.isBefore(deadline);
                if (bookmarks && (isLast || !now.isBefore(nextBookmark))) {
                    nextBookmark = now.plus(BOOKMARK_INTERVAL);
                    return List.of(server.model().bookmark(selector, revision, false));
                }
                if (isLast || server.isClosed()) {
                    return List.of();
                }
                var wake = bookmarks && nextBookmark.isBefore(deadline) ? nextBookmark : deadline;
                server.awaitChange(Duration.between(now, wake));
            }
        } finally {
            server.lock().unlock();
        }
    }

    private void write(OutputStream out, List<WatchEvent> events) throws IOException {
        if (events.isEmpty()) {
            return;
        }
        for (var event : events) {
            var line = Json.object().put("type", event.type().name());
            line.set("object", server.model().onTheWire(selector, event, server.now()));
            out.write(Json.MAPPER.writeValueAsBytes(line));
            out.write('\n');
        }
        out.flush();
    }
}
