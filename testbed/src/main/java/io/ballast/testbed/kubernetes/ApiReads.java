package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Get and list: selectors, paging at one revision, reads of the past, and a replica that lags. */
final class ApiReads {
    private final ObjectStore store;
    private OptionalLong lag = OptionalLong.empty();

    ApiReads(ObjectStore store) {
        this.store = store;
    }

    void lagAt(OptionalLong revision) {
        lag = revision;
    }

    OptionalLong lag() {
        return lag;
    }

    ModelReply get(ApiPath target, ModelRequest request, Instant now) {
        var object = find(target, request.parameter("resourceVersion"));
        var shown = Representation.show(target.type(), object);
        if (Representation.isTableWanted(request.accept())) {
            var meta = Json.object().put("resourceVersion", Long.toString(Meta.revision(object)));
            return ModelReply.ok(
                    Tables.table(target.type(), List.of(shown), meta, request.parameter("includeObject"), now));
        }
        return ModelReply.ok(shown);
    }

    private ObjectNode find(ApiPath target, String resourceVersion) {
        var key = target.key();
        var found = resourceVersion.equals("0") && lag.isPresent()
                ? store.listAt(key.storage(), key.namespace(), visible(lag.getAsLong())).stream()
                        .filter(object -> Meta.name(object).equals(key.name()))
                        .findFirst()
                : store.get(key);
        return found.orElseThrow(() -> ApiError.notFound(target.type(), target.name()));
    }

    private long visible(long revision) {
        return Math.max(revision, store.compacted());
    }

    /** Where a page starts: the revision of the first page, and the last name already sent. */
    private record Page(long revision, String namespace, String name) {
        String token() {
            var json = Json.object().put("rv", revision).put("ns", namespace).put("name", name);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
        }

        static Page parse(String token) {
            try {
                var json = Json.MAPPER.readTree(Base64.getUrlDecoder().decode(token));
                return new Page(json.path("rv").asLong(), Json.text(json, "ns"), Json.text(json, "name"));
            } catch (IOException | IllegalArgumentException broken) {
                throw ApiError.badRequest("continue key is not valid: " + token);
            }
        }

        boolean isBefore(JsonNode object) {
            var bySpace = namespace.compareTo(Meta.namespace(object));
            return bySpace < 0 || (bySpace == 0 && name.compareTo(Meta.name(object)) < 0);
        }
    }

    ModelReply list(WatchSelector selector, ModelRequest request, Instant now) {
        var page = request.parameter("continue").isEmpty()
                ? Optional.<Page>empty()
                : Optional.of(Page.parse(request.parameter("continue")));
        var revision = page.map(Page::revision).orElseGet(() -> listRevision(request));
        if (revision < store.compacted()) {
            throw ApiError.expired(
                    page.isPresent()
                            ? "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results."
                            : "The resourceVersion for the provided list is too old.");
        }
        var matching = store.listAt(selector.type().storage(), selector.namespace(), revision).stream()
                .filter(selector::matches)
                .filter(object -> page.isEmpty() || page.get().isBefore(object))
                .toList();
        var limit = limit(request.parameter("limit"));
        var shown = matching.subList(0, Math.min(limit, matching.size()));
        var meta = Json.object().put("resourceVersion", Long.toString(revision));
        if (shown.size() < matching.size()) {
            var last = shown.getLast();
            meta.put("continue", new Page(revision, Meta.namespace(last), Meta.name(last)).token());
            if (selector.labels().isEverything() && selector.fields().isEverything()) {
                meta.put("remainingItemCount", matching.size() - shown.size());
            }
        }
        return ModelReply.ok(render(selector, shown, meta, request, now));
    }

    private static int limit(String text) {
        if (text.isEmpty() || text.equals("0")) {
            return Integer.MAX_VALUE;
        }
        if (!text.matches("\\d{1,9}")) {
            throw ApiError.badRequest("strconv.ParseInt: parsing \"%s\": invalid syntax".formatted(text));
        }
        return Integer.parseInt(text);
    }

    private long listRevision(ModelRequest request) {
        var text = request.parameter("resourceVersion");
        var match = request.parameter("resourceVersionMatch");
        if (text.isEmpty()) {
            return store.revision();
        }
        if (text.equals("0")) {
            return lag.isPresent() ? visible(lag.getAsLong()) : store.revision();
        }
        var wanted = revision(text);
        if (wanted > store.revision()) {
            throw ApiError.of(
                    504, "Timeout", "Too large resource version: %s, current: %d".formatted(text, store.revision()));
        }
        if (match.equals("Exact")) {
            return wanted;
        }
        return lag.isPresent() ? Math.max(wanted, visible(lag.getAsLong())) : store.revision();
    }

    static long revision(String text) {
        if (!text.matches("\\d{1,18}")) {
            throw ApiError.badRequest(
                    "Invalid value: \"%s\": strconv.ParseUint: parsing \"%s\": invalid syntax".formatted(text, text));
        }
        return Long.parseLong(text);
    }

    private static JsonNode render(
            WatchSelector selector, List<ObjectNode> objects, ObjectNode meta, ModelRequest request, Instant now) {
        var type = selector.type();
        var shown = objects.stream()
                .map(object -> Representation.show(type, object))
                .toList();
        if (Representation.isTableWanted(request.accept())) {
            return Tables.table(type, shown, meta, request.parameter("includeObject"), now);
        }
        var list = Json.object().put("kind", type.kind() + "List").put("apiVersion", type.apiVersion());
        list.set("metadata", meta);
        var items = list.putArray("items");
        for (var object : shown) {
            if (!type.custom()) {
                object.remove(List.of("kind", "apiVersion")); // items of built-in lists carry neither
            }
            items.add(object);
        }
        return list;
    }
}
