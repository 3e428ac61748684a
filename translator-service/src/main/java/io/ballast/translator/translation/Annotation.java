package io.ballast.translator.translation;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every annotation that is understood, with its names: ours first, then that of the OpenStack cloud provider, then kuryr's;
 * the first that is there counts. Sources: cloud-provider-openstack, {@code pkg/openstack/loadbalancer.go}; kuryr-kubernetes,
 * {@code constants.py}.
 */
enum Annotation {
    MANAGE(Use.SERVICE, ours("manage")),
    MEMBERS(Use.SERVICE, ours("members")),
    NODE_SELECTOR(Use.SERVICE, ours("node-selector"), occm("node-selector")),
    PAUSED(Use.BOTH, ours("paused")),
    RECREATE(Use.SERVICE, ours("recreate")),
    ABANDON(Use.SERVICE, ours("abandon")),

    INTERNAL(Use.SERVICE, ours("internal"), "service.beta.kubernetes.io/openstack-internal-load-balancer"),
    POOL(Use.SERVICE, ours("pool")),
    KEEP_EXTERNAL(Use.SERVICE, ours("keep-external"), occm("keep-floatingip")),
    FLOATING_NETWORK(Use.SERVICE, ours("floating-network"), occm("floating-network-id")),
    FLOATING_SUBNET(Use.SERVICE, ours("floating-subnet"), occm("floating-subnet-id"), occm("floating-subnet")),
    HOSTNAME(Use.SERVICE, ours("hostname"), occm("hostname")),
    SOURCE_RANGES(Use.SERVICE, "service.beta.kubernetes.io/load-balancer-source-ranges"),

    CLASS(Use.SERVICE, ours("class"), occm("class")),
    PROVIDER(Use.SERVICE, ours("provider")),
    FLAVOR(Use.SERVICE, ours("flavor"), occm("flavor-id")),
    AVAILABILITY_ZONE(Use.SERVICE, ours("availability-zone"), occm("availability-zone")),
    VIP_SUBNET(Use.SERVICE, ours("vip-subnet"), occm("subnet-id")),
    MEMBER_SUBNET(Use.SERVICE, ours("member-subnet"), occm("member-subnet-id")),
    TAGS(Use.SERVICE, ours("tags"), occm("load-balancer-tags")),
    PROJECT(Use.NAMESPACE, ours("project"), kuryr("project")),

    ALGORITHM(Use.SERVICE, ours("algorithm"), occm("lb-method")),
    CONNECTION_LIMIT(Use.SERVICE, ours("connection-limit"), occm("connection-limit")),
    TIMEOUT_CLIENT_DATA(
            Use.SERVICE, ours("timeout-client-data"), occm("timeout-client-data"), kuryr("timeout-client-data")),
    TIMEOUT_MEMBER_CONNECT(Use.SERVICE, ours("timeout-member-connect"), occm("timeout-member-connect")),
    TIMEOUT_MEMBER_DATA(
            Use.SERVICE, ours("timeout-member-data"), occm("timeout-member-data"), kuryr("timeout-member-data")),
    TIMEOUT_TCP_INSPECT(Use.SERVICE, ours("timeout-tcp-inspect"), occm("timeout-tcp-inspect")),
    PROXY_PROTOCOL(Use.SERVICE, ours("proxy-protocol"), occm("proxy-protocol")),
    X_FORWARDED_FOR(Use.SERVICE, ours("x-forwarded-for"), occm("x-forwarded-for")),
    TLS_CONTAINER(Use.SERVICE, ours("tls-container-ref"), occm("default-tls-container-ref")),
    SNI_CONTAINERS(Use.SERVICE, ours("sni-container-refs")),
    HEALTH_MONITOR(Use.SERVICE, ours("health-monitor"), occm("enable-health-monitor")),
    HEALTH_MONITOR_DELAY(Use.SERVICE, ours("health-monitor-delay"), occm("health-monitor-delay")),
    HEALTH_MONITOR_TIMEOUT(Use.SERVICE, ours("health-monitor-timeout"), occm("health-monitor-timeout")),
    HEALTH_MONITOR_MAX_RETRIES(Use.SERVICE, ours("health-monitor-max-retries"), occm("health-monitor-max-retries")),
    HEALTH_MONITOR_MAX_RETRIES_DOWN(
            Use.SERVICE, ours("health-monitor-max-retries-down"), occm("health-monitor-max-retries-down")),

    LOAD_BALANCER_ID(Use.REFUSED, occm("load-balancer-id")),
    NETWORK(Use.REFUSED, occm("network-id")),
    PORT(Use.REFUSED, occm("port-id")),
    FLOATING_SUBNET_TAGS(Use.REFUSED, occm("floating-subnet-tags"), occm("floating-subnet-tag")),
    LISTENER_TAGS(Use.REFUSED, occm("listener-tags")),
    POOL_TAGS(Use.REFUSED, occm("pool-tags")),

    /** Written by the OpenStack cloud provider for others to read. */
    LOAD_BALANCER_ADDRESS(Use.NOTE, occm("load-balancer-address")),
    /** Written by kuryr before it had its own resources. */
    KURYR_NOTES(Use.NOTE, kuryr("lbaas-spec"), kuryr("lbaas-state"));

    /** Where it is read, and to what end. */
    enum Use {
        SERVICE,
        NAMESPACE,
        BOTH,
        /** Never granted: the message names what there is instead. */
        REFUSED,
        /** What a peer wrote about its own work; asks for nothing. */
        NOTE
    }

    /** Below these prefixes every key must be known. */
    static final List<String> STRICT = List.of("ballast.io/", "loadbalancer.openstack.org/");

    private static final Map<String, Annotation> BY_NAME = Arrays.stream(values())
            .flatMap(annotation -> annotation.names.stream().map(name -> Map.entry(name, annotation)))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Annotation::oneOfBoth, TreeMap::new));

    private static Annotation oneOfBoth(Annotation one, Annotation other) {
        throw new IllegalStateException("%s and %s are read from the same key".formatted(one, other));
    }

    private final Use use;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> names;

    Annotation(Use use, String... names) {
        this.use = use;
        this.names = List.of(names);
    }

    Use use() {
        return use;
    }

    /** In order of precedence. */
    List<String> names() {
        return names;
    }

    /** The name to recommend. */
    String ourName() {
        return names.getFirst();
    }

    /** The name under which it is given, with its value; empty when it is not. */
    Optional<Map.Entry<String, String>> in(Map<String, String> annotations) {
        return names.stream()
                .filter(annotations::containsKey)
                .findFirst()
                .map(name -> Map.entry(name, annotations.get(name)));
    }

    static Optional<Annotation> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Names read from the annotations of a namespace, or of a Service, sorted. */
    static Set<String> names(boolean ofNamespace) {
        return Arrays.stream(values())
                .filter(each -> each.use == Use.BOTH || (each.use == Use.NAMESPACE) == ofNamespace)
                .map(Annotation::names)
                .flatMap(List::stream)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Every name there is. */
    static Stream<String> allNames() {
        return Arrays.stream(values()).map(Annotation::names).flatMap(List::stream);
    }

    private static String ours(String name) {
        return "ballast.io/" + name;
    }

    private static String occm(String name) {
        return "loadbalancer.openstack.org/" + name;
    }

    private static String kuryr(String name) {
        return "openstack.org/kuryr-" + name;
    }
}
