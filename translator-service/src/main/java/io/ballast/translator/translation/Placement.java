package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceKey;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where and how the load balancers of a Service are made. A class decides before annotations, these before the cluster's
 * settings: the precedence of the OpenStack cloud provider.
 *
 * @param provider Octavia provider; "" for the cloud's default
 * @param flavor Octavia flavor, id or name; null for none
 * @param availabilityZone Octavia availability zone; null for none
 * @param vipSubnet subnet of the VIP as ipam's configuration names it; null for its first
 * @param memberSubnet subnet of members, id or name; null for the cluster's
 * @param pool pool of external addresses; null for the default
 * @param floatingNetwork network of the pool, as ipam's configuration names it; null for any
 * @param floatingSubnet subnet of the pool, as ipam's configuration names it; null for any
 * @param project OpenStack project the load balancers belong to; null for that of our credentials
 */
record Placement(
        String provider,
        @Nullable String flavor,
        @Nullable String availabilityZone,
        @Nullable String vipSubnet,
        @Nullable String memberSubnet,
        @Nullable String pool,
        @Nullable String floatingNetwork,
        @Nullable String floatingSubnet,
        @Nullable String project) {
    private static final Pattern POOL_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final Pattern SUBNET_PATTERN = Pattern.compile(".*[*?!~\\[\\]{}].*");

    /**
     * What the Service, its namespace and the operator say together.
     *
     * @param read annotations of the Service
     */
    static Placement of(ServiceKey key, ServiceBody service, ClusterSettings settings, AnnotationReader read) {
        var options = settings.options();
        var chosen = chosenClass(key, service, options, read);
        var usual = options.usual();
        var reading = new Reading(key, service, options, read);
        return new Placement(
                Objects.requireNonNullElse(
                        first(chosen.provider(), reading.provider(settings.provider())), settings.provider()),
                first(chosen.flavor(), reading.raw(RawId.FLAVOR), usual.flavor()),
                first(chosen.availabilityZone(), reading.raw(RawId.AVAILABILITY_ZONE), usual.availabilityZone()),
                first(chosen.vipSubnet(), reading.raw(RawId.VIP_SUBNET), usual.vipSubnet()),
                first(chosen.memberSubnet(), reading.raw(RawId.MEMBER_SUBNET), usual.memberSubnet()),
                first(chosen.pool(), reading.pool(), usual.pool()),
                chosen.pool() != null ? null : reading.raw(RawId.FLOATING_NETWORK),
                chosen.pool() != null ? null : reading.floatingSubnet(),
                reading.project());
    }

    /**
     * The cluster's settings as they hold for this Service.
     *
     * @param carrier the provider that its load balancers have; empty while there are none
     * @param families families of its VIPs, primary first; a subnet is of one, the primary
     */
    ClusterSettings applied(ClusterSettings settings, Optional<String> carrier, List<IpFamily> families) {
        return settings.with(carrier.orElse(provider), memberSubnets(settings.memberSubnets(), families.getFirst()));
    }

    private MemberSubnets memberSubnets(MemberSubnets usual, IpFamily family) {
        if (memberSubnet == null) {
            return usual;
        }
        var only = Map.of(family, memberSubnet);
        return switch (usual) {
            case MemberSubnets.Layer3 _ -> new MemberSubnets.Layer2(only, only);
            case MemberSubnets.Layer2(var pods, var nodes) ->
                new MemberSubnets.Layer2(with(pods, family), with(nodes, family));
        };
    }

    private Map<IpFamily, String> with(Map<IpFamily, String> subnets, IpFamily family) {
        var all = new TreeMap<>(subnets);
        all.put(family, Objects.requireNonNull(memberSubnet));
        return all;
    }

    private static LoadBalancerClass chosenClass(
            ServiceKey key, ServiceBody service, OptionSettings options, AnnotationReader read) {
        var name = read.idOrName(Annotation.CLASS);
        if (name.isEmpty()) {
            return LoadBalancerClass.NONE;
        }
        var usable = options.classes().entrySet().stream()
                .filter(each -> each.getValue().namespaces().selects(key.namespace(), service.namespaceLabels()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        var found = usable.get(name.get());
        if (found == null) {
            read.refuse("Annotation %s names class '%s'; classes that namespace %s may use: %s."
                    .formatted(
                            read.nameOf(Annotation.CLASS),
                            Findings.shown(name.get()),
                            key.namespace(),
                            usable.isEmpty() ? "none" : String.join(", ", new TreeSet<>(usable.keySet()))));
            return LoadBalancerClass.NONE;
        }
        return found;
    }

    private static @Nullable String first(@Nullable String... values) {
        for (var value : values) {
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private record Reading(ServiceKey key, ServiceBody service, OptionSettings options, AnnotationReader read) {
        @Nullable
        String provider(String own) {
            return read.idOrName(Annotation.PROVIDER)
                    .filter(name -> {
                        boolean may = name.equals(own) || options.providers().contains(name);
                        if (!may) {
                            refuse(
                                    "Annotation %s asks for provider '%s'; ask the operator of cluster %s to add it to 'providers' in the translator's configuration."
                                            .formatted(
                                                    Annotation.PROVIDER.ourName(),
                                                    Findings.shown(name),
                                                    key.cluster()));
                        }
                        return may;
                    })
                    .orElse(null);
        }

        /** What the annotation names, where the namespace may name such a thing. */
        @Nullable
        String raw(RawId kind) {
            return kind.annotation() == Annotation.TLS_CONTAINER || !isAllowed(kind)
                    ? null
                    : read.idOrName(kind.annotation()).orElse(null);
        }

        private boolean isAllowed(RawId kind) {
            return Placement.isAllowed(kind, key, service, options, read);
        }

        @Nullable
        String floatingSubnet() {
            var name = raw(RawId.FLOATING_SUBNET);
            if (name != null && SUBNET_PATTERN.matcher(name).matches()) {
                refuse(
                        "Annotation %s is the pattern '%s': ask the operator for a pool of those subnets and name it by %s."
                                .formatted(
                                        read.nameOf(Annotation.FLOATING_SUBNET),
                                        Findings.shown(name),
                                        Annotation.POOL.ourName()));
                return null;
            }
            return name;
        }

        @Nullable
        String pool() {
            return read.read(
                            Annotation.POOL,
                            "a pool name of 1..63 letters, digits, '.', '_' and '-'",
                            text -> Optional.of(text)
                                    .filter(name -> POOL_NAME.matcher(name).matches()))
                    .orElse(null);
        }

        /** The project that the namespace names: kuryr's driver "annotation". */
        @Nullable
        String project() {
            var given = Annotation.PROJECT.in(service.namespaceAnnotations());
            if (given.isEmpty()) {
                return null;
            }
            var project = given.get().getValue();
            if (!options.projects().contains(project)) {
                refuse(
                        "Namespace %s asks for OpenStack project '%s' by annotation %s; ask the operator of cluster %s to add it to 'namespace-projects' in the translator's configuration."
                                .formatted(
                                        key.namespace(),
                                        Findings.shown(project),
                                        given.get().getKey(),
                                        key.cluster()));
                return null;
            }
            return project;
        }

        private void refuse(String message) {
            read.findings().refuse(DesiredReason.INVALID_ANNOTATION, message);
        }
    }

    /** Whether the annotation of this kind may be there; one that may not is a finding. */
    static boolean isAllowed(
            RawId kind, ServiceKey key, ServiceBody service, OptionSettings options, AnnotationReader read) {
        if (!read.has(kind.annotation())) {
            return true;
        }
        boolean allowed = options.allows(kind, key.namespace(), service.namespaceLabels());
        if (!allowed) {
            read.refuse(
                    "Annotation %s names a resource of OpenStack, which Services of namespace %s may not: ask the operator of cluster %s for a class (%s), or to allow '%s' below 'raw-ids' in the translator's configuration."
                            .formatted(
                                    read.nameOf(kind.annotation()),
                                    key.namespace(),
                                    key.cluster(),
                                    Annotation.CLASS.ourName(),
                                    word(kind)));
        }
        return allowed;
    }

    static String word(RawId kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
