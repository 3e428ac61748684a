package io.ballast.octavia.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.octavia.loadbalancer.Identity;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestReply.Answered;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import java.net.HttpURLConnection;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Octavia as if it were new enough. Below API version 2.5 there are no tags: they are written into the description of a load
 * balancer, identity in short and first, and read from there. Below 2.12 listeners have no allowed CIDRs: the wish for none is left out,
 * and the wish for some is refused by Octavia itself. Source: Octavia API reference, new in version 2.5 and 2.12.
 */
public final class OlderApi implements Rest {
    private static final int TAGS_SINCE_MINOR = 5;
    private static final int ALLOWED_CIDRS_SINCE_MINOR = 12;
    private static final int DESCRIPTION_LENGTH_MAX = 255;
    private static final String LOAD_BALANCER = "loadbalancer";
    private static final String TAGS = "tags";
    private static final String TAGS_ANY = "tags-any";
    private static final String NOT_TAGS = "not-tags";
    private static final String DESCRIPTION = "description";
    private static final String ALLOWED_CIDRS = "allowed_cidrs";

    private final Rest rest;
    private volatile int newestMinor = Integer.MAX_VALUE;

    OlderApi(Rest rest) {
        this.rest = rest;
    }

    /** The cloud as its version list says it is. Taken for new where that is not answered: the next request then fails alike. */
    public static Rest over(Rest rest) {
        var api = new OlderApi(rest);
        if (rest.send(RestRequest.get(Api.LOAD_BALANCER, "/")) instanceof Answered answered) {
            int newest = newestMinor(answered.body());
            api.offers(newest < 0 ? Integer.MAX_VALUE : newest);
        }
        return api;
    }

    /** The newest minor of version 2 in a version list; -1 for none. */
    static int newestMinor(JsonNode list) {
        int newest = -1;
        for (var version : list.path("versions")) {
            var id = Json.text(version, "id");
            if (id.matches("v2\\.\\d{1,4}")) {
                newest = Math.max(newest, Integer.parseInt(id.substring("v2.".length())));
            }
        }
        return newest;
    }

    void offers(int minor) {
        newestMinor = minor;
    }

    /** Whether a load balancer with these tags is what the query asks for; an older Octavia answers with all there are. */
    static boolean isAsked(RestRequest request, Collection<String> tags) {
        var all = values(request, TAGS);
        var any = values(request, TAGS_ANY);
        var not = values(request, NOT_TAGS);
        return tags.containsAll(all)
                && (any.isEmpty() || any.stream().anyMatch(tags::contains))
                && (not.isEmpty() || !tags.containsAll(not));
    }

    private static Set<String> values(RestRequest request, String name) {
        return request.query().getOrDefault(name, List.of()).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public RestReply send(RestRequest request) {
        if (request.api() != Api.LOAD_BALANCER || newestMinor >= ALLOWED_CIDRS_SINCE_MINOR) {
            return rest.send(request);
        }
        var body = request.body() == null ? null : request.body().deepCopy();
        var query = new TreeMap<>(request.query());
        if (body instanceof ObjectNode object) {
            object.findParents(ALLOWED_CIDRS).forEach(OlderApi::leaveOutNone);
        }
        if (newestMinor < TAGS_SINCE_MINOR) {
            query.remove(TAGS);
            query.remove(TAGS_ANY);
            query.remove(NOT_TAGS);
            if (body != null && body.path(LOAD_BALANCER) instanceof ObjectNode loadBalancer) {
                var text = describe(loadBalancer);
                if (text.length() > DESCRIPTION_LENGTH_MAX) {
                    return tooLong(text);
                }
            }
        }
        var reply = rest.send(
                new RestRequest(request.api(), request.method(), request.path(), query, body, request.revision()));
        return newestMinor < TAGS_SINCE_MINOR && reply instanceof Answered answered ? tagged(answered) : reply;
    }

    private static void leaveOutNone(JsonNode parent) {
        if (parent instanceof ObjectNode listener
                && (listener.path(ALLOWED_CIDRS).isNull()
                        || listener.path(ALLOWED_CIDRS).isEmpty())) {
            listener.remove(ALLOWED_CIDRS);
        }
    }

    /** Moves the tags of a body into its description; answers that. */
    private static String describe(ObjectNode loadBalancer) {
        if (!loadBalancer.has(TAGS)) {
            return "";
        }
        var tags = new TreeSet<>(Json.texts(loadBalancer, TAGS));
        loadBalancer.remove(TAGS);
        var identity = Identity.read(tags);
        identity.ifPresent(each -> tags.removeAll(each.tags()));
        var text = Stream.concat(identity.map(Identity::description).stream(), tags.stream())
                .collect(Collectors.joining(","));
        loadBalancer.put(DESCRIPTION, text);
        return text;
    }

    private static Answered tooLong(String text) {
        var fault = JsonNodeFactory.instance
                .objectNode()
                .put("faultcode", "Client")
                .put(
                        "faultstring",
                        "Below version 2.5 of Octavia's API the tags of a load balancer stand in its description, which holds %d characters: they need %d; configure fewer tags"
                                .formatted(DESCRIPTION_LENGTH_MAX, text.length()));
        return new Answered(HttpURLConnection.HTTP_BAD_REQUEST, fault, null, null);
    }

    private static Answered tagged(Answered answered) {
        JsonNode body = answered.body().deepCopy();
        tag(body.path(LOAD_BALANCER));
        body.path("loadbalancers").forEach(OlderApi::tag);
        return new Answered(answered.status(), body, answered.requestId(), answered.retryAfter());
    }

    private static void tag(JsonNode found) {
        if (!(found instanceof ObjectNode loadBalancer)) {
            return;
        }
        var text = Json.text(loadBalancer, DESCRIPTION);
        var tags = loadBalancer.putArray(TAGS);
        var identity = Identity.readDescription(text);
        identity.ifPresent(each -> each.tags().forEach(tags::add));
        Arrays.stream(text.split(",", -1))
                .skip(identity.isPresent() ? 1 : 0)
                .filter(tag -> !tag.isEmpty())
                .forEach(tags::add);
    }
}
