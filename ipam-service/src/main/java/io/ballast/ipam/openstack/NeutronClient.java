package io.ballast.ipam.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.ipam.allocation.IpamAnswer.Failed;
import io.ballast.ipam.allocation.IpamAnswer.Failed.Kind;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestReply.Answered;
import io.ballast.openstack.RestReply.Unanswered;
import io.ballast.openstack.RestRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Neutron's collections: whole lists, page by page, and failures with their meaning. Source: Networking API v2.0. */
final class NeutronClient {
    /** A reply that is not what was asked for. */
    static final class FailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Failed failed;

        FailedException(Failed failed) {
            super(failed.message());
            this.failed = failed;
        }

        Failed failed() {
            return failed;
        }
    }

    private static final int PAGE = 500;
    private static final int PAGES_MAX = 2_000; // a million objects: beyond that the list does not end

    private final Rest rest;

    NeutronClient(Rest rest) {
        this.rest = rest;
    }

    static RestRequest get(String collection) {
        return RestRequest.get(RestRequest.Api.NETWORK, "/v2.0/" + collection);
    }

    /** Every object of a list. Throws {@link FailedException}. */
    List<JsonNode> list(String collection, RestRequest request) {
        var all = new ArrayList<JsonNode>();
        var marker = "";
        for (int page = 0; page < PAGES_MAX; page++) {
            var paged = request.with("limit", Integer.toString(PAGE));
            var items = send(marker.isEmpty() ? paged : paged.with("marker", marker))
                    .body()
                    .path(collection);
            items.forEach(all::add);
            if (items.size() < PAGE) {
                return all;
            }
            marker = items.path(items.size() - 1).path("id").asText();
        }
        throw new FailedException(new Failed(
                Kind.UNAVAILABLE,
                "the list of %s does not end after %d pages of %d".formatted(collection, PAGES_MAX, PAGE),
                null,
                null,
                null));
    }

    /** A success. Throws {@link FailedException} for everything else. */
    Answered send(RestRequest request) {
        return switch (rest.send(request)) {
            case Answered answered when answered.isSuccess() -> answered;
            case RestReply reply ->
                throw new FailedException(classify(reply, request.method().isMutating()));
        };
    }

    /** The body; empty when Neutron itself says with an error of this type that there is none. Throws {@link FailedException}. */
    Optional<JsonNode> find(RestRequest request, String absence) {
        return switch (rest.send(request)) {
            case Answered answered when answered.isSuccess() -> Optional.of(answered.body());
            case Answered answered
            when answered.status() == 404
                    && answered.body()
                            .path("NeutronError")
                            .path("type")
                            .asText()
                            .equals(absence) -> Optional.empty();
            case RestReply reply -> throw new FailedException(classify(reply, false));
        };
    }

    /** What a reply that is no success means. Source: Neutron's exceptions and NOTES on its answers. */
    static Failed classify(RestReply reply, boolean isMutating) {
        return switch (reply) {
            case Unanswered(var reason, var wasSent, var _) ->
                new Failed(isMutating && wasSent ? Kind.UNCERTAIN : Kind.UNAVAILABLE, reason, null, null, null);
            case Answered answered ->
                new Failed(
                        kind(answered, isMutating),
                        message(answered),
                        answered.status(),
                        answered.requestId(),
                        answered.retryAfter());
        };
    }

    private static Kind kind(Answered answered, boolean isMutating) {
        var type = answered.body().path("NeutronError").path("type").asText();
        if (type.equals("OverQuota")) {
            return Kind.QUOTA;
        }
        if (type.startsWith("IpAddressGenerationFailure") || type.equals("ExternalIpAddressExhausted")) {
            return Kind.EXHAUSTED;
        }
        return switch (answered.status()) {
            case 403 -> Kind.FORBIDDEN;
            case 401, 408, 429, 503 -> Kind.UNAVAILABLE;
            case 500, 502, 504 -> isMutating ? Kind.UNCERTAIN : Kind.UNAVAILABLE; // a proxy gives up, Neutron may not
            default -> Kind.REFUSED;
        };
    }

    private static String message(Answered answered) {
        var error = answered.body().path("NeutronError");
        var text = error.isTextual() ? error.asText() : error.path("message").asText();
        return "Neutron answered %d%s".formatted(answered.status(), text.isEmpty() ? "" : ": " + text);
    }
}
