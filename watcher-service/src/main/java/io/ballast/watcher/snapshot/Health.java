package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedListener;
import io.ballast.schemas.contract.OperatingStatus;

/** What of a load balancer that serves does not, in words: octavia tells it at most once a minute. */
final class Health {
    private Health() {}

    /** One sentence; empty when nothing is in ERROR. Members of a pool that listeners share count for each. */
    static String of(LoadBalancerStatus status) {
        var listeners = status.loadBalancers().stream()
                .flatMap(each -> each.listeners().stream())
                .toList();
        int members = listeners.stream().mapToInt(ObservedListener::members).sum();
        int membersInError =
                listeners.stream().mapToInt(ObservedListener::membersInError).sum();
        long inError = listeners.stream()
                .filter(each -> each.operatingStatus() == OperatingStatus.ERROR)
                .count();
        return membersInError == 0 && inError == 0
                ? ""
                : "In ERROR, as Octavia sees it: %d of %d listeners, %d of %d members."
                        .formatted(inError, listeners.size(), membersInError, members);
    }
}
