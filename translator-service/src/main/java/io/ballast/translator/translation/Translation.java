package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.NodeSnapshot;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.translator.translation.Translated.NotManaged;
import io.ballast.translator.translation.Translated.Refused;
import io.ballast.translator.translation.Translated.Served;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
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
        return translate(key, snapshot, slices, nodes, settings, Optional.<String>empty());
    }

    /** The same, with the provider that carries the load balancers whatever is asked for. */
    private static Translated translate(
            ServiceKey key,
            ServiceSnapshot snapshot,
            Collection<EndpointSliceSnapshot> slices,
            Map<String, NodeSnapshot> nodes,
            ClusterSettings cluster,
            Optional<String> carrier) {
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
        var kind = options.members() != null ? options.members() : cluster.members();
        var settings = options.placement().applied(cluster, carrier, addresses.families());
        var backends = new Backends(key, service, slices, nodes, settings, kind, findings);
        var provider = ProviderCapabilities.of(settings.provider());
        var exposure = new Exposure(key, service, options, settings, kind, provider, findings);
        var bodies = new Bodies(key, backends, exposure, manage, provider, findings)
                .of(addresses.families()).stream().map(exposure::placed).toList();
        new Shortfalls(service, options, settings.provider(), provider, findings).tell(bodies);
        var wanted = new Wanted(
                bodies,
                settings.provider(),
                addresses.vips(),
                memberSubnets(settings, kind, addresses.families()),
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
        var translated = translate(key, snapshot, slices, nodes, settings);
        var carrier = Rebuild.provider(snapshot.uid(), desired);
        var now = wanted(translated);
        if (carrier.isEmpty() || now.isEmpty() || Rebuild.mayHave(translated, carrier.get())) {
            return translated;
        }
        var asBefore = translate(key, snapshot, slices, nodes, settings, carrier);
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
    public static boolean needsNodes(ServiceBody service, ClusterSettings settings) {
        return ServiceOptions.members(service.annotations()).orElse(settings.members()) == MemberKind.NODES;
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
