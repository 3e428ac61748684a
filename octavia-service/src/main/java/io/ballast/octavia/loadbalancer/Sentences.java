package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.StatusReason;

/** Reasons and sentences for people: what is the matter, and what to do. */
final class Sentences {
    private static final int DETAIL_MAX = 300;

    private Sentences() {}

    /**
     * Why, and in words.
     *
     * @param reason why
     * @param message one sentence or two
     */
    record Said(StatusReason reason, String message) {}

    static Said of(Failure failure) {
        var detail = detail(failure.message());
        return switch (failure.kind()) {
            case IMMUTABLE, BUSY, CONFLICT ->
                new Said(StatusReason.OPENSTACK_BUSY, "Octavia is busy and is asked again soon: %s".formatted(detail));
            case ADDRESS_TAKEN ->
                new Said(
                        StatusReason.VIP_CONFLICT,
                        "The VIP address is held by something that is not ours: %s. Remove the port that holds it; it is tried again by itself."
                                .formatted(detail));
            case FLOATING_IP_GONE ->
                new Said(
                        StatusReason.FLOATING_IP_GONE,
                        "The floating IP that was granted is not there: %s. ipam-service looks for it and answers."
                                .formatted(detail));
            case GONE, REFUSED ->
                new Said(
                        StatusReason.OPENSTACK_REFUSED,
                        "OpenStack refused: %s. Change the Service or the configuration of octavia-service."
                                .formatted(detail));
            case FORBIDDEN ->
                new Said(
                        StatusReason.FORBIDDEN,
                        "The OpenStack credentials are refused or lack a role: %s. Give their user the role load-balancer_member and member of the project."
                                .formatted(detail));
            case QUOTA ->
                new Said(
                        StatusReason.QUOTA_EXCEEDED,
                        "An OpenStack quota is used up: %s. Raise the quota or delete something; it is tried again by itself."
                                .formatted(detail));
            case UNREACHABLE, UNKNOWN ->
                new Said(
                        StatusReason.OPENSTACK_UNAVAILABLE,
                        "OpenStack does not answer and is asked again: %s".formatted(detail));
        };
    }

    static Said partly(OctaviaAction action, Failure failure) {
        return new Said(
                StatusReason.PARTLY_REFUSED,
                "Octavia refuses the %s: %s. %s; the rest serves."
                        .formatted(
                                action.subject(),
                                detail(failure.message()),
                                failure.kind() == Failure.Kind.QUOTA
                                        ? "Raise the quota or delete something"
                                        : "Correct the Service"));
    }

    static Said error(String id, boolean everServed) {
        return new Said(
                StatusReason.LOAD_BALANCER_ERROR,
                everServed
                        ? "Octavia put load balancer %s into ERROR; it may still serve. Ask an administrator for a failover of it."
                                .formatted(id)
                        : "Octavia could not make load balancer %s; it is made anew, at most twice an hour."
                                .formatted(id));
    }

    static Said stuck(String id) {
        return new Said(
                StatusReason.STUCK_PENDING,
                "Octavia keeps load balancer %s PENDING for too long. Ask an administrator to look at its worker; nothing is lost."
                        .formatted(id));
    }

    private static String detail(String text) {
        var line = text.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
        var bounded = line.length() > DETAIL_MAX ? line.substring(0, DETAIL_MAX) + "…" : line;
        return bounded.endsWith(".") ? bounded.substring(0, bounded.length() - 1) : bounded;
    }
}
