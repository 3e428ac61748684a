package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.StatusReason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reasons and sentences for people: what is the matter, and what to do. */
final class Sentences {
    private static final int DETAIL_MAX = 300;
    private static final int NAMESAKES_TOLD = 3;

    private Sentences() {}

    /**
     * Why, and in words.
     *
     * @param reason why
     * @param message one sentence or two
     */
    record Said(StatusReason reason, String message) {}

    private static final String ROUTER_ADVICE =
            "Connect that subnet to that network by a router: openstack router set --external-gateway NETWORK ROUTER";

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
            case NO_ROUTER_PATH ->
                new Said(
                        StatusReason.OPENSTACK_REFUSED,
                        "The floating IP cannot reach the VIP: %s. %s; it is tried again by itself."
                                .formatted(detail, ROUTER_ADVICE));
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

    static Said noCredentials() {
        return new Said(
                StatusReason.NO_CREDENTIALS,
                "No OpenStack credentials are configured. Give octavia-service a clouds.yaml; it goes on by itself.");
    }

    static Said partly(OctaviaAction action, Failure failure) {
        return new Said(
                StatusReason.PARTLY_REFUSED,
                "Octavia refuses the %s: %s. %s; the rest serves."
                        .formatted(action.subject(), detail(failure.message()), advice(failure)));
    }

    private static String advice(Failure failure) {
        return switch (failure.kind()) {
            case QUOTA -> "Raise the quota or delete something";
            case NO_ROUTER_PATH -> ROUTER_ADVICE;
            default -> "Correct the Service";
        };
    }

    static Said neverServed(String id, int timesAnHour) {
        return new Said(
                StatusReason.LOAD_BALANCER_ERROR,
                timesAnHour == 0
                        ? "Octavia could not make load balancer %s. Annotate the Service with ballast.io/recreate: %s to have it made anew."
                                .formatted(id, id)
                        : "Octavia could not make load balancer %s; it is made anew, at most %d times an hour."
                                .formatted(id, timesAnHour));
    }

    /** @param why what became of a failover, one sentence */
    static Said error(String id, String why) {
        return new Said(
                StatusReason.LOAD_BALANCER_ERROR,
                "Octavia put load balancer %s into ERROR; it may still serve. %s Ask an administrator for a failover of it, or annotate the Service with ballast.io/recreate: %s to have it made anew with its addresses."
                        .formatted(id, why, id));
    }

    static String refusedFailover(Failure failure) {
        return "OpenStack refuses a failover: %s.".formatted(detail(failure.message()));
    }

    /** One made by hand, which takes no tags while it is in ERROR. */
    static Said errorByHand(LoadBalancerHead head) {
        return new Said(
                StatusReason.LOAD_BALANCER_ERROR,
                "Load balancer %s, made by hand as %s, has the VIP of this Service and is in ERROR, so it cannot be taken over. Ask an administrator for a failover of it; it is taken over by itself afterwards."
                        .formatted(head.id(), head.name()));
    }

    static Said leftover(VipHolder holder, Instant deletedAt) {
        return new Said(
                StatusReason.LEFTOVER_PORT,
                "Port %s (%s) holds VIP %s and its load balancer does not exist: a create left it behind. It is deleted after %s unless the load balancer turns up."
                        .formatted(
                                holder.portId(),
                                detail(holder.name()),
                                holder.address(),
                                deletedAt.truncatedTo(ChronoUnit.SECONDS)));
    }

    static Said heldBy(VipHolder holder) {
        return new Said(
                StatusReason.VIP_CONFLICT,
                "VIP %s is held by %s, which is not ours and is left alone. Remove it; the load balancer is made by itself afterwards."
                        .formatted(holder.address(), detail(holder.text())));
    }

    static Said abandoned(String id) {
        return new Said(
                StatusReason.ABANDONED,
                "Load balancer %s was given up on while PENDING; it and its port still hold the VIP. It is deleted by itself when Octavia lets it go."
                        .formatted(id));
    }

    static Said stuck(String id, boolean isLeaving) {
        return new Said(
                StatusReason.STUCK_PENDING,
                "Octavia keeps load balancer %s PENDING for too long. Ask an administrator to look at its worker; nothing is lost.%s"
                        .formatted(
                                id,
                                isLeaving
                                        ? " To let the Service go without it, annotate it with ballast.io/abandon: %s."
                                                .formatted(id)
                                        : ""));
    }

    /** @param pool its pool, and what it was */
    static Said failedMonitor(String pool) {
        return new Said(
                StatusReason.MONITOR_FAILED,
                "Octavia put the health monitor of %s into ERROR. On ovn that stops all traffic, so it was deleted and is not made again: served without."
                        .formatted(detail(pool)));
    }

    /** @param foreign load balancers that are not ours and are left alone */
    static Optional<Said> namesakes(List<ForeignLoadBalancer> foreign) {
        if (foreign.isEmpty()) {
            return Optional.empty();
        }
        var some = foreign.stream()
                .limit(NAMESAKES_TOLD)
                .map(each -> "%s (%s)".formatted(each.id(), detail(each.name())))
                .collect(Collectors.joining(", "));
        return Optional.of(new Said(
                StatusReason.FOREIGN_NAME,
                "Load balancers that are not ours have this name or a longer one, and are left alone: %s."
                        .formatted(foreign.size() > NAMESAKES_TOLD ? some + ", …" : some)));
    }

    private static String detail(String text) {
        var line = text.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
        var bounded = line.length() > DETAIL_MAX ? line.substring(0, DETAIL_MAX) + "…" : line;
        return bounded.endsWith(".") ? bounded.substring(0, bounded.length() - 1) : bounded;
    }
}
