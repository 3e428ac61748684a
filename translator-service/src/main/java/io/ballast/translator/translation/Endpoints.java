package io.ballast.translator.translation;

import io.ballast.schemas.contract.AddressType;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.EndpointTarget;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServicePort;
import io.ballast.schemas.contract.SliceEndpoint;
import io.ballast.schemas.contract.SlicePort;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a Service, read from its slices. Hints and zones of endpoints are left aside on purpose: they tell the
 * kube-proxy of a node which endpoints are near it, and a load balancer is near to none. appProtocol is too: load balancers
 * pass on what they get.
 *
 * @param last what the Service had when it was last translated
 * @param admitted which addresses may be members
 */
record Endpoints(
        ServiceBody service,
        Collection<EndpointSliceSnapshot> slices,
        LastMembers last,
        Predicate<IpAddress> admitted,
        Findings findings) {
    private static final String CONTROLLER = "endpointslice-controller.k8s.io";

    /**
     * One endpoint behind one port.
     *
     * @param ready takes new connections; otherwise it is terminating and still serves those it has
     * @param target the object behind it; null when unknown
     * @param node node it runs on; null when unknown
     */
    record Endpoint(
            IpAddress address,
            int port,
            boolean ready,
            @Nullable EndpointTarget target,
            @Nullable String node) {}

    /** Whether the Service has endpoints of the family. */
    boolean knows(IpFamily family) {
        return slices.stream()
                .anyMatch(slice -> slice.addressType().name().equals(family.name())
                        && !slice.endpoints().isEmpty());
    }

    /** Those that serve a port, of all families, in no order; an endpoint that several slices carry comes several times. */
    Stream<Endpoint> of(ServicePort port) {
        return slices.stream().flatMap(slice -> {
            if (slice.addressType() == AddressType.FQDN) {
                findings.refuse(
                        DesiredReason.INVALID_ADDRESS,
                        "An EndpointSlice of addressType FQDN names hosts, members need addresses: use IPv4 or IPv6.");
                return Stream.empty();
            }
            var number = resolve(port, slice);
            boolean behind = number.isEmpty() && isBehind(slice);
            return number.isEmpty() && !behind
                    ? Stream.empty()
                    : slice.endpoints().stream()
                            .flatMap(endpoint -> read(endpoint, slice.addressType()).stream()
                                    .flatMap(address -> (behind ? last.port(port, address) : number)
                                            .stream()
                                                    .filter(this::isValid)
                                                    .mapToObj(resolved -> new Endpoint(
                                                            address,
                                                            resolved,
                                                            isReady(endpoint),
                                                            endpoint.target(),
                                                            endpoint.nodeName()))));
        });
    }

    private boolean isValid(int port) {
        if (!Ports.valid(port)) {
            findings.refuse(DesiredReason.FEATURE_UNSUPPORTED, Ports.sentence(port));
        }
        return Ports.valid(port);
    }

    private boolean isReady(SliceEndpoint endpoint) {
        return endpoint.ready() || service.publishNotReadyAddresses();
    }

    /**
     * Whether the slice and the Service do not speak of the same ports for a moment: one is renamed, and Kubernetes' own
     * controller has not rewritten its slice, or we have not seen the Service. Slices that a person wrote are taken at their word.
     */
    private boolean isBehind(EndpointSliceSnapshot slice) {
        return service.hasSelector()
                && slice.managedBy().equals(CONTROLLER)
                && slice.ports().stream()
                        .anyMatch(candidate -> service.ports().stream().noneMatch(port -> isSame(port, candidate)));
    }

    /** The port number of a slice's endpoints: joined by name, never by position or across slices. */
    private static OptionalInt resolve(ServicePort port, EndpointSliceSnapshot slice) {
        return slice.ports().stream()
                .filter(candidate -> isSame(port, candidate))
                .mapToInt(candidate -> number(candidate, port))
                .findFirst();
    }

    private static boolean isSame(ServicePort port, SlicePort candidate) {
        return name(candidate.name()).equals(name(port.name())) && candidate.protocol() == port.protocol();
    }

    /** A slice port without number stands for every port. */
    private static int number(SlicePort slicePort, ServicePort port) {
        var number = slicePort.port();
        if (number != null) {
            return number;
        }
        return port.targetPort().matches("[1-9][0-9]{0,4}") ? Integer.parseInt(port.targetPort()) : port.port();
    }

    private static String name(@Nullable String name) {
        return Objects.requireNonNullElse(name, "");
    }

    /** The address of an endpoint that serves; of several the first. Source: Kubernetes discovery/v1 Endpoint. */
    private Optional<IpAddress> read(SliceEndpoint endpoint, AddressType type) {
        boolean serves = isReady(endpoint) || (endpoint.serving() && endpoint.terminating());
        if (!serves || endpoint.addresses().isEmpty()) {
            return Optional.empty();
        }
        var text = endpoint.addresses().getFirst();
        var address = IpAddress.ofKubernetes(text);
        if (address.isEmpty() || !address.get().family().name().equals(type.name())) {
            findings.refuse(
                    DesiredReason.INVALID_ADDRESS,
                    "Endpoint address '%s' is not an %s address.".formatted(Findings.shown(text), type));
            return Optional.empty();
        }
        if (!admitted.test(address.get())) {
            findings.refuse(
                    DesiredReason.MEMBER_OUTSIDE_RANGES,
                    "Endpoint address %s may be no member: it lies outside the pod, node and extra member ranges, or among the addresses of load balancers, loopback, link-local or multicast."
                            .formatted(address.get()));
            return Optional.empty();
        }
        return address;
    }
}
