package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.NodeSnapshot;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.TrafficPolicy;
import io.ballast.schemas.contract.VipClaim;
import io.ballast.translator.translation.Translated.NotManaged;
import io.ballast.translator.translation.Translated.Refused;
import io.ballast.translator.translation.Translated.Served;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** From what Kubernetes says to what Octavia should have. */
public final class Translation {
    private Translation() {}

    /**
     * The load balancer a Service should have. A function of its arguments: the order of slices and nodes does not matter,
     * and the same arguments give the same bytes.
     *
     * @param snapshot the Service, PRESENT
     * @param slices its EndpointSlices, in any order
     * @param nodes nodes of its cluster by name
     */
    public static Translated translate(
            ServiceKey key,
            ServiceSnapshot snapshot,
            Collection<EndpointSliceSnapshot> slices,
            Map<String, NodeSnapshot> nodes,
            ClusterSettings settings) {
        return fresh(key, snapshot, slices, nodes, settings, Optional.empty(), null);
    }

    /**
     * What a Service should have.
     *
     * @param carrier the provider that carries its load balancers whatever is asked for; empty for the one it asks for
     * @param desired our own last word; null when there is none
     */
    private static Translated fresh(
            ServiceKey key,
            ServiceSnapshot snapshot,
            Collection<EndpointSliceSnapshot> slices,
            Map<String, NodeSnapshot> nodes,
            ClusterSettings cluster,
            Optional<String> carrier,
            @Nullable DesiredLoadBalancer desired) {
        var service = Objects.requireNonNull(snapshot.service(), "a PRESENT snapshot has a service");
        var findings = new Findings();
        var options = ServiceOptions.read(key, service, cluster, findings);
        var manage = options.manage() != null ? options.manage() : cluster.manage();
        var notOurs = Eligibility.check(key, service, manage, cluster);
        if (notOurs.isPresent()) {
            return notOurs.get();
        }
        var addresses = AddressPlan.of(service, options, manage, findings);
        if (addresses.vips().isEmpty()) {
            return answer(options, findings, null);
        }
        if (service.ports().isEmpty()) {
            findings.refuse(DesiredReason.NO_PORTS, "The Service has no port.");
            return answer(options, findings, null);
        }
        var last = LastMembers.of(snapshot.uid(), service, desired);
        var kind = kind(key, service, cluster);
        var settings = options.placement().applied(cluster, carrier, addresses.families());
        var backends = backends(key, service, slices, nodes, settings, kind, addresses, last, findings);
        var provider = ProviderCapabilities.of(settings.provider());
        var exposure = new Exposure(key, service, options, settings, kind, provider, findings);
        var bodies = new Bodies(key, service, backends, exposure, manage, provider, findings)
                .of(addresses.families(), last.families()).stream()
                        .map(exposure::placed)
                        .toList();
        if (manage == Manage.ALL && service.internalTrafficPolicy() == TrafficPolicy.LOCAL) {
            findings.unsupported("InternalTrafficPolicy"); // a load balancer is on no node, so none is local to it
        }
        new Shortfalls(service, options, settings.provider(), provider, findings).tell(bodies);
        var wanted = new Wanted(
                bodies,
                settings.provider(),
                addresses.vips(),
                memberSubnets(settings, KubernetesApi.is(key) ? MemberKind.NODES : kind, addresses.families()),
                addresses.externals(),
                findings.unsupported(),
                !options.frontKnown(),
                options.recreate());
        return answer(options, findings, wanted);
    }

    /**
     * As {@link #translate}, for a Service whose load balancers may be there. Their provider is fixed when they are made:
     * where another one is asked for and they may not be made anew, they go on as they are, with members that follow, and
     * the Service is told.
     * A port that slices do not speak of, because it is being renamed, keeps its members; so do API servers that restart. The
     * API server's load balancer is not deleted because a line of configuration leaves it to the operator.
     *
     * @param desired our own last word; null when there is none
     */
    public static Translated translate(
            ServiceKey key,
            ServiceSnapshot snapshot,
            Collection<EndpointSliceSnapshot> slices,
            Map<String, NodeSnapshot> nodes,
            ClusterSettings settings,
            @Nullable DesiredLoadBalancer desired) {
        var translated = fresh(key, snapshot, slices, nodes, settings, Optional.empty(), desired);
        var carrier = Rebuild.provider(snapshot.uid(), desired);
        if (translated instanceof NotManaged(var reason, var message)
                && reason == DesiredReason.KUBERNETES_API
                && carrier.isPresent()) {
            return new Refused(reason, message + " Its load balancer stays as it is.", null);
        }
        if (carrier.isEmpty() || wanted(translated).isEmpty() || Rebuild.mayHave(translated, carrier.get())) {
            return translated;
        }
        var asBefore = fresh(key, snapshot, slices, nodes, settings, carrier, desired);
        return switch (translated) {
            case Served(var wanted) ->
                Rebuild.providerChanged(
                        carrier.get(), wanted.provider(), wanted(asBefore).orElse(null));
            case Refused(var reason, var message, var _) ->
                new Refused(reason, message, wanted(asBefore).orElse(null));
            case NotManaged notManaged -> notManaged;
        };
    }

    /** What is wanted, or the best of it. */
    private static Optional<Wanted> wanted(Translated translated) {
        return switch (translated) {
            case Served(var wanted) -> Optional.of(wanted);
            case Refused refused -> Optional.ofNullable(refused.best());
            case NotManaged _ -> Optional.empty();
        };
    }

    /** Whether the nodes of the cluster matter to a Service. */
    public static boolean needsNodes(ServiceKey key, ServiceBody service, ClusterSettings settings) {
        return KubernetesApi.is(key) || kind(key, service, settings) == MemberKind.NODES;
    }

    private static MemberKind kind(ServiceKey key, ServiceBody service, ClusterSettings settings) {
        if (KubernetesApi.is(key)) {
            return MemberKind.PODS; // API servers are reached where they are, whatever others are reached through
        }
        return ServiceOptions.members(service.annotations()).orElse(settings.members());
    }

    private static Backends backends(
            ServiceKey key,
            ServiceBody service,
            Collection<EndpointSliceSnapshot> slices,
            Map<String, NodeSnapshot> nodes,
            ClusterSettings settings,
            MemberKind kind,
            AddressPlan addresses,
            LastMembers last,
            Findings findings) {
        var vips = addresses.vips().stream()
                .map(VipClaim::address)
                .filter(Objects::nonNull)
                .map(IpAddress::of)
                .toList();
        Predicate<IpAddress> admitted = KubernetesApi.is(key)
                ? address -> !MemberRanges.isNowhere(address) && !vips.contains(address)
                : address -> MemberRanges.admits(settings, vips, address);
        var selector = kind == MemberKind.NODES ? NodeSelector.read(service.annotations(), findings) : NodeSelector.ALL;
        return new Backends(
                key,
                new Endpoints(service, slices, last, admitted, findings),
                new NodeMembers(service, nodes, selector, admitted, findings),
                settings,
                kind);
    }

    private static Translated answer(ServiceOptions options, Findings findings, @Nullable Wanted wanted) {
        if (options.paused()) {
            return new Refused(
                    DesiredReason.PAUSED,
                    "Annotation %s is set: the load balancer is left as it is.".formatted(Annotation.PAUSED.ourName()),
                    wanted);
        }
        var problem = findings.problem();
        if (problem.isPresent()) {
            return new Refused(problem.get().reason(), problem.get().message(), wanted);
        }
        return new Served(Objects.requireNonNull(wanted, "no problem, so something to serve"));
    }

    /** Those that a member may ever lie in, so that endpoints which come and go change no claim. */
    private static List<String> memberSubnets(ClusterSettings settings, MemberKind kind, List<IpFamily> families) {
        return switch (settings.memberSubnets()) {
            case MemberSubnets.Layer3 _ -> List.of();
            case MemberSubnets.Layer2(var pods, var nodes) -> {
                var subnets = new TreeSet<String>();
                var used = kind == MemberKind.NODES && !nodes.isEmpty() ? List.of(nodes) : List.of(pods, nodes);
                used.forEach(byFamily -> families.stream()
                        .filter(byFamily::containsKey)
                        .forEach(family -> subnets.add(byFamily.get(family))));
                yield List.copyOf(subnets);
            }
        };
    }
}
