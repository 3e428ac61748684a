package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Listener;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Member;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Monitor;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Pool;
import io.ballast.schemas.contract.DesiredHealthMonitor;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a field that we own differs from what is desired. A default that Octavia wrote is no difference. */
final class Differences {
    private static final int NO_LIMIT = -1;
    private static final String HTTP_METHOD = "GET";
    private static final String URL_PATH = "/";
    private static final String EXPECTED_CODES = "200";
    private static final Pattern ID = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private Differences() {}

    static boolean in(DesiredListener desired, Listener observed, @Nullable String poolId, ListenerDefaults defaults) {
        return admission(desired, observed)
                || !desired.name().equals(observed.name())
                || !Objects.equals(poolId, observed.defaultPoolId())
                || or(desired.connectionLimit(), NO_LIMIT) != observed.connectionLimit()
                || defaults.differ(desired, observed)
                || !desired.insertHeaders().equals(observed.insertHeaders())
                || !Objects.equals(desired.tlsContainerRef(), observed.tlsContainerRef())
                || !desired.sniContainerRefs().equals(observed.sniContainerRefs());
    }

    /** Who may connect: Octavia reads an empty list as everybody, so nobody is a listener that is down. */
    static boolean admission(DesiredListener desired, Listener observed) {
        var cidrs = desired.allowedCidrs();
        return isUp(desired) != observed.adminUp()
                || !(cidrs == null ? List.<String>of() : cidrs.stream().sorted().toList())
                        .equals(observed.allowedCidrs());
    }

    static boolean isUp(DesiredListener desired) {
        var cidrs = desired.allowedCidrs();
        return cidrs == null || !cidrs.isEmpty();
    }

    static boolean in(DesiredPool desired, Pool observed) {
        var persistence = desired.persistence();
        return !desired.name().equals(observed.name())
                || !desired.algorithm().name().equals(observed.algorithm())
                || !Objects.equals(persistence == null ? null : persistence.name(), observed.persistence())
                || (persistence != null
                        && !Objects.equals(desired.persistenceTimeoutSeconds(), observed.persistenceTimeoutSeconds()))
                || !observed.adminUp();
    }

    static boolean in(DesiredHealthMonitor desired, Monitor observed) {
        return !desired.name().equals(observed.name())
                || desired.delaySeconds() != observed.delaySeconds()
                || desired.timeoutSeconds() != observed.timeoutSeconds()
                || desired.maxRetries() != observed.maxRetries()
                || desired.maxRetriesDown() != observed.maxRetriesDown()
                || !observed.adminUp()
                || (Words.asksOverHttp(desired.type())
                        && (isOther(desired.httpMethod(), HTTP_METHOD, observed.httpMethod())
                                || isOther(desired.urlPath(), URL_PATH, observed.urlPath())
                                || isOther(desired.expectedCodes(), EXPECTED_CODES, observed.expectedCodes())));
    }

    /** What is not shown is what Octavia puts there by itself. */
    private static boolean isOther(@Nullable String desired, String standard, @Nullable String observed) {
        return !Objects.requireNonNullElse(desired, standard).equals(Objects.requireNonNullElse(observed, standard));
    }

    static boolean in(DesiredMember desired, Member observed) {
        return desired.weight() != observed.weight()
                || desired.backup() != observed.backup()
                || !desired.name().equals(observed.name())
                || !Objects.equals(canonical(desired.monitorAddress()), canonical(observed.monitorAddress()))
                || !Objects.equals(desired.monitorPort(), observed.monitorPort())
                || !observed.adminUp();
    }

    /** Whether it has to leave and come back: Octavia changes no subnet in place. A subnet desired by name cannot be compared. */
    static boolean ofSubnet(DesiredMember desired, Member observed) {
        var wanted = desired.subnet();
        var there = observed.subnetId();
        return wanted != null
                && there != null
                && ID.matcher(wanted).matches()
                && ID.matcher(there).matches()
                && !wanted.equalsIgnoreCase(there);
    }

    private static @Nullable String canonical(@Nullable String address) {
        return address == null ? null : Words.canonical(address);
    }

    private static int or(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }
}
