package io.ballast.octavia.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.Failure.Kind;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestReply.Answered;
import io.ballast.openstack.RestReply.Unanswered;
import java.util.Locale;

/** What a reply that is no success means. The texts are those of Octavia 11 and Neutron 21. */
final class Failures {
    private Failures() {}

    static Failure of(RestReply reply) {
        return switch (reply) {
            case Unanswered(var reason, var wasSent, var _) ->
                new Failure(wasSent ? Kind.UNKNOWN : Kind.UNREACHABLE, 0, reason, null, null);
            case Answered answered ->
                new Failure(
                        kind(answered),
                        answered.status(),
                        message(answered.body()),
                        answered.requestId(),
                        answered.retryAfter());
        };
    }

    private static Kind kind(Answered answered) {
        return switch (answered.body().at("/NeutronError/type").asText()) {
            case "FloatingIPNotFound" -> Kind.FLOATING_IP_GONE;
            case "ExternalGatewayForFloatingIPNotFound" -> Kind.NO_ROUTER_PATH;
            default -> kind(answered.status(), message(answered.body()));
        };
    }

    private static Kind kind(int status, String message) {
        var text = message.toLowerCase(Locale.ROOT);
        return switch (status) {
            case 400 -> Kind.REFUSED;
            case 401 -> Kind.FORBIDDEN;
            case 403 -> text.contains("quota") ? Kind.QUOTA : Kind.FORBIDDEN;
            case 404 -> Kind.GONE;
            case 409 -> conflict(text);
            case 412 -> Kind.CONFLICT; // changed since it was read
            case 413, 429, 503 -> Kind.BUSY;
            case 500 -> broken(text);
            case 501 ->
                text.contains("was not found") ? Kind.BUSY : Kind.REFUSED; // the provider, while its agent is down
            default -> status >= 500 ? Kind.UNKNOWN : Kind.REFUSED;
        };
    }

    /** Octavia answers 409 for immutable, duplicate and in-use alike, and for contention; Neutron for used-up quotas too. */
    private static Kind conflict(String text) {
        if (text.contains("immutable") || text.contains("invalid state")) {
            return Kind.IMMUTABLE;
        }
        if (text.contains("busy") || text.contains("try again") || text.contains("deadlock")) {
            return Kind.BUSY;
        }
        if (text.contains("already allocated")) {
            return Kind.ADDRESS_TAKEN; // LBaaS v2
        }
        return text.contains("quota exceeded") ? Kind.QUOTA : Kind.CONFLICT;
    }

    /** A taken or impossible VIP address comes as a 500; any other 500 may have been done. */
    private static Kind broken(String text) {
        if (text.contains("already allocated") || text.contains("already in use")) {
            return Kind.ADDRESS_TAKEN;
        }
        return text.contains("not a valid ip") || text.contains("reports error") ? Kind.REFUSED : Kind.UNKNOWN;
    }

    /** Octavia: faultstring, or description where it has no such path, method or pool; Neutron: NeutronError.message; Keystone: error.message; else the text itself. */
    private static String message(JsonNode body) {
        for (var path :
                new String[] {"/faultstring", "/description", "/NeutronError/message", "/error/message", "/message"}) {
            var found = body.at(path);
            if (found.isTextual()) {
                return found.asText();
            }
        }
        return body.isMissingNode() ? "no reason given" : body.isTextual() ? body.asText() : body.toString();
    }
}
