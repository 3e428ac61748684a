package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServicePort;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The members a Service had when it was last translated: what stays while the slices do not speak of its ports.
 *
 * @param bodies load balancers of our own last word about this very Service; empty when there is none
 */
record LastMembers(ServiceBody service, List<DesiredLoadBalancerBody> bodies) {
    LastMembers {
        bodies = List.copyOf(bodies);
    }

    static LastMembers of(String uid, ServiceBody service, @Nullable DesiredLoadBalancer desired) {
        var bodies = Optional.ofNullable(desired)
                .filter(last -> last.serviceUid().equals(uid))
                .filter(last -> last.state() == DesiredState.PRESENT || last.state() == DesiredState.REFUSED)
                .map(DesiredLoadBalancer::loadBalancers);
        return new LastMembers(service, bodies.orElse(List.of()));
    }

    /** Families of each load balancer, as it was made. */
    List<List<IpFamily>> families() {
        return bodies.stream().map(DesiredLoadBalancerBody::families).toList();
    }

    /** All members, of whatever port. */
    Stream<DesiredMember> members() {
        return bodies.stream().flatMap(body -> body.pools().stream()).flatMap(pool -> pool.members().stream());
    }

    /**
     * The port at which an address served a port of the Service. A port that has a new number was the one of its protocol
     * that is gone, when there is only one.
     */
    OptionalInt port(ServicePort port, IpAddress address) {
        return bodies.stream()
                .flatMap(body -> listeners(body, port)
                        .flatMap(listener ->
                                body.pools().stream().filter(pool -> pool.name().equals(listener.pool()))))
                .flatMap(pool -> pool.members().stream())
                .filter(member -> member.address().equals(address.toString()))
                .mapToInt(DesiredMember::port)
                .min();
    }

    private Stream<DesiredListener> listeners(DesiredLoadBalancerBody body, ServicePort port) {
        var same = body.listeners().stream()
                .filter(listener -> isSame(listener, port))
                .toList();
        if (!same.isEmpty()) {
            return same.stream();
        }
        var gone = body.listeners().stream()
                .filter(listener ->
                        listener.protocol().name().equals(port.protocol().name()))
                .filter(listener -> service.ports().stream().noneMatch(each -> isSame(listener, each)))
                .toList();
        return gone.size() == 1 ? gone.stream() : Stream.empty();
    }

    private static boolean isSame(DesiredListener listener, ServicePort port) {
        return listener.port() == port.port()
                && listener.protocol().name().equals(port.protocol().name());
    }
}
