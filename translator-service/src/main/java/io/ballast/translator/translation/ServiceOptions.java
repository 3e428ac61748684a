package io.ballast.translator.translation;

import io.ballast.schemas.contract.LbAlgorithm;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a Service asks for in annotations: ours, those of the OpenStack cloud provider and those of kuryr, in this order
 * of precedence. A value that does not parse is a finding and counts as absent, or as the safer of two.
 *
 * @param manage all, load-balancers or none; null for the cluster's
 * @param members pods or nodes; null for the cluster's
 * @param paused leave everything as it is
 * @param recreate whether load balancers may be deleted and made anew for what cannot change in place
 * @param internal no external address
 * @param keepExternal keep the external address when the Service goes
 * @param placement where and how load balancers are made
 * @param tags tags of load balancers beside ours, sorted
 * @param timeouts timeouts of listeners
 * @param connectionLimit connections at a time, -1 for no limit; null for the default
 * @param algorithm load balancing algorithm; null for the cluster's
 * @param front what TCP listeners do beyond passing bytes on
 * @param frontKnown whether {@code front} is what the Service means; false when an annotation cannot be understood, and
 *     listeners must stay as they are
 * @param monitor health monitors
 */
record ServiceOptions(
        @Nullable Manage manage,
        @Nullable MemberKind members,
        boolean paused,
        boolean recreate,
        boolean internal,
        boolean keepExternal,
        Placement placement,
        List<String> tags,
        ListenerTimeouts timeouts,
        @Nullable Integer connectionLimit,
        @Nullable LbAlgorithm algorithm,
        Front front,
        boolean frontKnown,
        MonitorOptions monitor) {
    private static final int TAGS_MAX = 32;
    private static final int SNI_MAX = 32;
    private static final int DNS_NAME_MAX = 253;
    private static final String OUR_TAGS = "ballast";
    private static final Pattern DNS_NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*");
    private static final List<LbAlgorithm> ALGORITHMS = Arrays.stream(LbAlgorithm.values())
            .filter(algorithm -> algorithm != LbAlgorithm.UNKNOWN)
            .toList();

    ServiceOptions {
        tags = List.copyOf(tags);
    }

    static ServiceOptions read(ServiceKey key, ServiceBody service, ClusterSettings settings, Findings findings) {
        boolean known = KnownAnnotations.check(service, findings);
        var read = new AnnotationReader(service.annotations(), findings);
        var ofNamespace = new AnnotationReader(service.namespaceAnnotations(), findings);
        var options = settings.options();
        var front = front(key, service, settings.options(), read);
        checkHostname(read);
        Wishes.abandoned(read);
        return new ServiceOptions(
                read.word(Annotation.MANAGE, List.of(Manage.values())).orElse(null),
                members(read).orElse(null),
                read.truth(Annotation.PAUSED, false) || ofNamespace.truth(Annotation.PAUSED, false),
                Wishes.mayRecreate(read),
                options.internalOnly() || read.truth(Annotation.INTERNAL, true),
                read.truth(Annotation.KEEP_EXTERNAL, true),
                Placement.of(key, service, settings, read),
                tags(read),
                timeouts(read),
                read.integer(Annotation.CONNECTION_LIMIT, -1, Integer.MAX_VALUE, "").stream()
                        .boxed()
                        .findFirst()
                        .orElse(null),
                read.symbol(Annotation.ALGORITHM, ALGORITHMS).orElse(null),
                front.orElse(Front.PLAIN),
                known && front.isPresent(),
                MonitorOptions.read(read, options.monitors()));
    }

    /** What the members of a Service are; empty for the cluster's. */
    static Optional<MemberKind> members(Map<String, String> annotations) {
        return members(new AnnotationReader(annotations, new Findings()));
    }

    private static Optional<MemberKind> members(AnnotationReader read) {
        return read.word(Annotation.MEMBERS, List.of(MemberKind.values()));
    }

    /** Empty when an annotation about it cannot be understood. */
    private static Optional<Front> front(
            ServiceKey key, ServiceBody service, OptionSettings options, AnnotationReader read) {
        var proxy = read.read(Annotation.PROXY_PROTOCOL, "one of v1, v2, true, false", text -> switch (text) {
            case "true", "v1" -> Optional.of(Front.Proxy.V1);
            case "v2" -> Optional.of(Front.Proxy.V2);
            case "false" -> Optional.of(Front.Proxy.NONE);
            default -> Optional.empty();
        });
        var forwarded = read.truth(Annotation.X_FORWARDED_FOR);
        boolean allowed = Placement.isAllowed(RawId.TLS_CONTAINER, key, service, options, read);
        var tls = read.idOrName(Annotation.TLS_CONTAINER);
        var sni = read.idsOrNames(Annotation.SNI_CONTAINERS, SNI_MAX);
        boolean understood = allowed
                && read.has(Annotation.PROXY_PROTOCOL) == proxy.isPresent()
                && read.has(Annotation.X_FORWARDED_FOR) == forwarded.isPresent()
                && read.has(Annotation.TLS_CONTAINER) == tls.isPresent()
                && read.has(Annotation.SNI_CONTAINERS) == sni.isPresent();
        if (!understood) {
            return Optional.empty();
        }
        var front = new Front(
                proxy.orElse(Front.Proxy.NONE), forwarded.orElse(false), tls.orElse(null), sni.orElse(List.of()));
        return Optional.of(front).filter(each -> agrees(each, read));
    }

    private static boolean agrees(Front front, AnnotationReader read) {
        if (front.proxy() != Front.Proxy.NONE && front.forwardedFor()) {
            read.refuse("Annotations %s and %s exclude each other: members expect one or the other."
                    .formatted(read.nameOf(Annotation.PROXY_PROTOCOL), read.nameOf(Annotation.X_FORWARDED_FOR)));
            return false;
        }
        if (!front.sniContainers().isEmpty() && front.tlsContainer() == null) {
            read.refuse("Annotation %s needs %s, the certificate for clients that name no host."
                    .formatted(Annotation.SNI_CONTAINERS.ourName(), Annotation.TLS_CONTAINER.ourName()));
            return false;
        }
        return true;
    }

    /** The watcher shows it in the status, where Kubernetes takes nothing but a DNS name. */
    private static void checkHostname(AnnotationReader read) {
        read.read(
                Annotation.HOSTNAME,
                "a DNS name in small letters",
                text -> Optional.of(text)
                        .filter(name -> name.length() <= DNS_NAME_MAX
                                && DNS_NAME.matcher(name).matches()));
    }

    private static List<String> tags(AnnotationReader read) {
        var tags = read.idsOrNames(Annotation.TAGS, TAGS_MAX).orElse(List.of());
        if (tags.stream().anyMatch(tag -> tag.startsWith(OUR_TAGS))) {
            read.refuse("Annotation %s holds a tag that begins with '%s': by those we know our load balancers."
                    .formatted(read.nameOf(Annotation.TAGS), OUR_TAGS));
            return List.of();
        }
        return tags;
    }

    private static ListenerTimeouts timeouts(AnnotationReader read) {
        return new ListenerTimeouts(
                timeout(read, Annotation.TIMEOUT_CLIENT_DATA),
                timeout(read, Annotation.TIMEOUT_MEMBER_CONNECT),
                timeout(read, Annotation.TIMEOUT_MEMBER_DATA),
                timeout(read, Annotation.TIMEOUT_TCP_INSPECT));
    }

    /** 0 in kuryr's annotation means Octavia's default. Source: kuryr, listener timeouts. */
    private static @Nullable Integer timeout(AnnotationReader read, Annotation annotation) {
        boolean kuryrs = read.nameOf(annotation).startsWith("openstack.org/");
        return read.integer(annotation, 0, ListenerTimeouts.MILLIS_MAX, "milliseconds").stream()
                .filter(millis -> millis > 0 || !kuryrs)
                .boxed()
                .findFirst()
                .orElse(null);
    }
}
