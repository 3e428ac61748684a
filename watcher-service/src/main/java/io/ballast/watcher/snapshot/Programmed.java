package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.AssociatedExternal;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedVip;
import io.ballast.schemas.contract.StatusReason;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the condition {@code ballast.io/Programmed} says.
 *
 * @param isTrue whether OpenStack serves what the Service asks for
 * @param reason one of {@link Reasons}
 * @param message one sentence, and what to do next where something has to be done
 * @param kind what an Event is to make of it
 */
public record Programmed(boolean isTrue, String reason, String message, Kind kind) {
    static final String ACTIVE = "Active";
    static final String CREATING = "Creating";
    static final String UPDATING = "Updating";
    static final String WAITING = "Waiting";
    static final String DEGRADED = "Degraded";
    static final String DELETING = "Deleting";
    static final String PAUSED = "Paused";

    /** What sort of news it is. */
    public enum Kind {
        /** On its way by itself. */
        WORKING,
        /** As wanted. */
        SERVING,
        /** An address cannot be had. */
        ADDRESS_FAILED,
        /** Something else is wrong. */
        FAILED,
        /** On its way out. */
        LEAVING
    }

    /** Of a Service that stays; empty when nothing is to be said, so that what the condition says may stand. */
    static Optional<Programmed> of(String uid, Chain chain, boolean paused) {
        var status = chain.statusOf(uid);
        var allocation = chain.allocationOf(uid);
        if (paused && (status == null || status.phase() == LoadBalancerPhase.REFUSED)) {
            return Optional.of(paused());
        }
        if (status == null) {
            return allocation == null ? Optional.empty() : ofAddresses(allocation);
        }
        return switch (status.phase()) {
            case ACTIVE, DEGRADED ->
                Optional.of(externalsMissing(status, allocation).orElseGet(() -> serving(status)));
            case WAITING -> Optional.of(waiting(status, allocation));
            case CREATING -> Optional.of(working(CREATING, status, "The load balancer is being made."));
            case UPDATING -> Optional.of(working(UPDATING, status, "The load balancer is being changed."));
            case DELETING, DELETED -> Optional.of(leaving(status));
            case ERROR -> Optional.of(failed(status, StatusReason.LOAD_BALANCER_ERROR));
            case REFUSED -> Optional.of(failed(status, StatusReason.SERVICE_REFUSED));
            case NOT_MANAGED, OBSERVED, UNKNOWN -> Optional.empty();
        };
    }

    /** Of a Service that goes. */
    static Programmed leaving(@Nullable LoadBalancerStatus status) {
        if (status == null || status.phase() != LoadBalancerPhase.DELETING || status.reason() == null) {
            return new Programmed(false, DELETING, "The load balancer is being deleted.", Kind.LEAVING);
        }
        return failed(status, StatusReason.OPENSTACK_UNAVAILABLE);
    }

    /** ADDRESS_WAITING as AddressWaiting. */
    static String camel(Enum<?> name) {
        var camel = new StringBuilder();
        for (var word : name.name().split("_", -1)) {
            camel.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return camel.toString();
    }

    private static Optional<Programmed> ofAddresses(AddressAllocation allocation) {
        return switch (allocation.state()) {
            case WAITING, REFUSED ->
                Optional.of(address(allocation.reason(), allocation.state(), allocation.message()));
            case GRANTED, RELEASED, UNKNOWN -> Optional.empty();
        };
    }

    private static Optional<Programmed> externalsMissing(
            LoadBalancerStatus status, @Nullable AddressAllocation allocation) {
        if (allocation == null) {
            return Optional.empty();
        }
        return allocation.externals().stream()
                .filter(external -> !isAssociated(external, status))
                .findFirst()
                .map(external -> external(external, status));
    }

    private static boolean isAssociated(GrantedExternal external, LoadBalancerStatus status) {
        return external.state() == AllocationState.GRANTED
                && status.externals().stream()
                        .map(AssociatedExternal::address)
                        .anyMatch(address -> address.equals(external.address()));
    }

    private static Programmed external(GrantedExternal external, LoadBalancerStatus status) {
        if (external.state() == AllocationState.GRANTED && status.reason() == StatusReason.FOREIGN_FLOATING_IP) {
            return failed(status, StatusReason.FOREIGN_FLOATING_IP);
        }
        return external.state() == AllocationState.GRANTED
                ? new Programmed(
                        false,
                        camel(StatusReason.EXTERNAL_WAITING),
                        "The address %s is granted and not associated yet.".formatted(external.address()),
                        Kind.WORKING)
                : address(external.reason(), external.state(), external.message());
    }

    private static Programmed address(@Nullable AllocationReason reason, AllocationState state, String message) {
        var waits = state == AllocationState.WAITING ? StatusReason.ADDRESS_WAITING : StatusReason.ADDRESS_REFUSED;
        if (reason == null) {
            return new Programmed(false, camel(waits), message, Kind.WORKING);
        }
        var kind = reason == AllocationReason.INVENTORY_INCOMPLETE ? Kind.WORKING : Kind.ADDRESS_FAILED;
        return new Programmed(false, camel(reason), Advice.after(message, Advice.on(reason)), kind);
    }

    private static Programmed waiting(LoadBalancerStatus status, @Nullable AddressAllocation allocation) {
        var reason = status.reason();
        boolean isAddress = reason == StatusReason.ADDRESS_WAITING || reason == StatusReason.ADDRESS_REFUSED;
        if (isAddress && allocation != null && allocation.reason() != null) {
            return address(allocation.reason(), allocation.state(), allocation.message());
        }
        return reason == null || isAddress
                ? working(WAITING, status, "The load balancer waits to be made.")
                : failed(status, reason);
    }

    private static Programmed paused() {
        return new Programmed(
                false,
                PAUSED,
                "The load balancer is left as it is while ballast.io/paused is set on the Service or its namespace.",
                Kind.WORKING);
    }

    /** What is not ours is shown and left alone; nothing is wrong while it stands in nobody's way. */
    private static Programmed serving(LoadBalancerStatus status) {
        var reason = status.reason();
        if (status.phase() == LoadBalancerPhase.ACTIVE && (reason == null || isForeign(reason))) {
            var serves = "The load balancer serves at %s.".formatted(vips(status));
            return new Programmed(
                    true,
                    ACTIVE,
                    Stream.of(serves, Health.of(status), reason == StatusReason.FOREIGN_NAME ? status.message() : "")
                            .filter(sentence -> !sentence.isEmpty())
                            .collect(Collectors.joining(" ")),
                    Kind.SERVING);
        }
        var named = reason == null ? DEGRADED : camel(reason);
        return new Programmed(true, named, Advice.after(status.message(), Advice.on(reason)), Kind.FAILED);
    }

    private static boolean isForeign(StatusReason reason) {
        return reason == StatusReason.FOREIGN_FLOATING_IP || reason == StatusReason.FOREIGN_NAME;
    }

    private static String vips(LoadBalancerStatus status) {
        return status.loadBalancers().stream()
                .flatMap(balancer -> balancer.vips().stream())
                .map(ObservedVip::address)
                .collect(Collectors.joining(", "));
    }

    private static Programmed working(String phase, LoadBalancerStatus status, String otherwise) {
        var reason = status.reason();
        return new Programmed(
                false,
                reason == null ? phase : camel(reason),
                status.message().isEmpty() ? otherwise : Advice.after(status.message(), Advice.on(reason)),
                reason == null || reason == StatusReason.ADDRESS_WAITING ? Kind.WORKING : Kind.FAILED);
    }

    private static Programmed failed(LoadBalancerStatus status, StatusReason otherwise) {
        var reason = status.reason() == null ? otherwise : status.reason();
        return new Programmed(false, camel(reason), Advice.after(status.message(), Advice.on(reason)), Kind.FAILED);
    }
}
