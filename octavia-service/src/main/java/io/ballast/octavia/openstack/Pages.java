package io.ballast.octavia.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply.Answered;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Collections, page by page, and single objects. */
final class Pages {
    private static final int PAGE = 500;
    private static final int PAGES_MAX = 2_000;

    private final Rest rest;
    private final Map<String, String> idsByName = new ConcurrentHashMap<>();

    Pages(Rest rest) {
        this.rest = rest;
    }

    /** Everything that the query finds. A page that is not full, or that links to no next one, is the last. */
    List<JsonNode> all(RestRequest request, String collection) throws FailedException {
        var all = new ArrayList<JsonNode>();
        var next = request.with("limit", Integer.toString(PAGE));
        for (int page = 0; page < PAGES_MAX; page++) {
            var reply = rest.send(next);
            if (!(reply instanceof Answered answered) || !answered.isSuccess()) {
                throw new FailedException(Failures.of(reply));
            }
            var items = answered.body().path(collection);
            items.forEach(all::add);
            if (items.isEmpty() || !hasNext(answered.body().path(collection + "_links"))) {
                return all;
            }
            next = request.with("limit", Integer.toString(PAGE))
                    .with("marker", Json.text(items.get(items.size() - 1), "id"));
        }
        throw new IllegalStateException("%s has more than %d pages".formatted(collection, PAGES_MAX));
    }

    private static boolean hasNext(JsonNode links) {
        for (var link : links) {
            if (Json.text(link, "rel").equals("next")) {
                return true;
            }
        }
        return false;
    }

    /** One object; null when it is not there. */
    @Nullable
    JsonNode find(String path) throws FailedException {
        return find(Api.LOAD_BALANCER, path);
    }

    /** The same of another service. */
    @Nullable
    JsonNode find(Api api, String path) throws FailedException {
        var reply = rest.send(RestRequest.get(api, path));
        if (reply instanceof Answered answered && answered.isSuccess()) {
            return answered.body();
        }
        if (reply instanceof Answered answered && answered.status() == 404) {
            return null;
        }
        throw new FailedException(Failures.of(reply));
    }

    /** The id of something named; what looks like an id, or is not found, stays as it is. Remembered. */
    String idOf(Api api, String path, String collection, String nameOrId) throws FailedException {
        if (nameOrId.matches("[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")) {
            return nameOrId;
        }
        var known = idsByName.get(collection + " " + nameOrId);
        if (known != null) {
            return known;
        }
        var found = all(RestRequest.get(api, path).with("name", nameOrId), collection);
        if (found.size() != 1) {
            return nameOrId;
        }
        var id = Json.text(found.getFirst(), "id");
        idsByName.put(collection + " " + nameOrId, id);
        return id;
    }
}
