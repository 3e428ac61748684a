package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An Octavia before its attributes got as many as they are now: it refuses those it does not know, shows none of them, and passes
 * over filters for them. Of what versions added, only tags (2.5) and allowed CIDRs (2.12) are modelled. Source: Octavia API reference.
 */
final class OlderOctavia {
    private static final Map<String, Integer> SINCE_MINOR = Map.of("tags", 5, "allowed_cidrs", 12);
    private static final List<String> TAG_FILTERS = List.of("tags", "tags-any", "not-tags", "not-tags-any");

    private final List<String> unknown;

    OlderOctavia(int minor) {
        unknown = SINCE_MINOR.entrySet().stream()
                .filter(each -> each.getValue() > minor)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** The request as it is understood; an attribute that is not known is an error, even when it is null. */
    ModelRequest understood(ModelRequest request) {
        var body = request.body();
        for (var name : unknown) {
            if (body != null && body.findValue(name) != null) {
                throw ApiError.invalid("Unknown attribute for argument %s: %s"
                        .formatted(body.fieldNames().next(), name));
            }
        }
        var query = new LinkedHashMap<>(request.query());
        if (unknown.contains("tags")) {
            TAG_FILTERS.forEach(query::remove);
        }
        return new ModelRequest(request.service(), request.method(), request.path(), query, request.headers(), body);
    }

    ModelReply shown(ModelReply reply) {
        var body = reply.body();
        if (body == null) {
            return reply;
        }
        JsonNode copy = body.deepCopy();
        for (var name : unknown) {
            for (var holder : new ArrayList<>(copy.findParents(name))) {
                if (holder instanceof ObjectNode object) {
                    object.remove(name);
                }
            }
        }
        return new ModelReply(reply.status(), copy, reply.headers(), reply.took(), reply.lost());
    }
}
