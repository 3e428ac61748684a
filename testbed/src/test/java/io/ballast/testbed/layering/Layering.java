package io.ballast.testbed.layering;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which class may know which. Module directions, cores, the shell, vendor types and clocks, as the design has them.
 *
 * @param root package of which the modules are sub-packages: {@code io.ballast}, or that of a test's own classes
 */
record Layering(String root) {
    /** The one library in a core, and the one class of it: text becomes an address there (ADR 0070). */
    private static final String READER = "inet.ipaddr.";

    private static final String READS = "schemas.contract.IpText";

    /** What each module may know beside itself. */
    private static final Map<String, Set<String>> MODULES = Map.of(
            "schemas", Set.of(),
            "runtime", Set.of("schemas"),
            "openstack", Set.of(),
            "watcher", Set.of("schemas", "runtime"),
            "translator", Set.of("schemas", "runtime"),
            "ipam", Set.of("schemas", "runtime", "openstack"),
            "octavia", Set.of("schemas", "runtime", "openstack"),
            "testbed", Set.of("schemas", "runtime", "openstack", "watcher", "translator", "ipam", "octavia"));

    private static final List<String> CORES = List.of(
            "watcher.snapshot",
            "translator.translation",
            "ipam.allocation",
            "octavia.loadbalancer",
            "schemas.contract");

    /** Parts of Java that wait, talk or look around: not for a core. */
    private static final List<String> IMPURE = List.of(
            "java.net.",
            "java.io.",
            "java.nio.file.",
            "java.nio.channels.",
            "java.util.concurrent.",
            "java.lang.Thread",
            "java.lang.Process",
            "java.sql.");

    /** Where the types of a vendor may be seen, by package relative to the root. */
    private static final Map<String, List<String>> VENDORS = Map.of(
            "io.fabric8.",
            List.of("watcher.kubernetes", "testbed"),
            "org.openstack4j.",
            List.of("openstack"),
            "org.apache.kafka.",
            List.of("runtime.kafka", "runtime.http", "testbed"),
            "kafka.",
            List.of("testbed"),
            "io.vertx.",
            List.of("runtime.kafka", "runtime.http", "testbed"),
            "org.apache.avro.",
            List.of("schemas"),
            READER,
            List.of(READS));

    /** Vendors that the passive shell must not know, beside those above. */
    private static final List<String> NOT_FOR_THE_SHELL =
            List.of("org.slf4j.", "io.micrometer.", "java.util.concurrent.", "java.lang.Thread");

    /** Counters that another thread may read wait for nobody. */
    private static final String ATOMICS = "java.util.concurrent.atomic.";

    private static final Set<String> CLOCKS_AND_DICE = Set.of(
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalDateTime.now",
            "java.time.LocalTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.time.Clock.system",
            "java.time.InstantSource.system",
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.Math.random",
            "java.util.UUID.randomUUID",
            "java.util.concurrent.ThreadLocalRandom.current",
            "java.util.Random.<init>",
            "java.security.SecureRandom.<init>");

    /** What a seed decides: here the same must happen in every process. */
    private static final List<String> SEEDED = List.of(
            "watcher.snapshot",
            "watcher.kafka",
            "translator.translation",
            "translator.kafka",
            "ipam.allocation",
            "ipam.kafka",
            "ipam.openstack",
            "octavia.loadbalancer",
            "octavia.kafka",
            "octavia.openstack",
            "schemas.contract",
            "runtime.shell",
            "testbed.check",
            "testbed.kubernetes",
            "testbed.openstack",
            "testbed.sim");

    /** Copies that are in another order in every process. Of what Set.of and Map.of make, only the same can be said where it is iterated. */
    private static final Set<String> SHUFFLED = Set.of(
            "java.util.Map.copyOf",
            "java.util.Set.copyOf",
            "java.util.stream.Collectors.toUnmodifiableMap",
            "java.util.stream.Collectors.toUnmodifiableSet");

    /** Those that put a clock into a part which only knows {@code InstantSource}. */
    private static final Set<String> HANDS_OUT_CLOCKS = Set.of("ServiceHost", "RestFactory", "OctaviaServiceMain");

    /** Every breach, one sentence each, sorted. */
    List<String> breaches(JavaClasses classes) {
        return classes.stream()
                .filter(type -> type.getPackageName().startsWith(root + "."))
                .flatMap(type -> Stream.concat(
                        type.getDirectDependenciesFromSelf().stream().flatMap(dependency -> breach(type, dependency)),
                        type.getAccessesFromSelf().stream()
                                .flatMap(
                                        access -> Stream.concat(clockBreach(type, access), orderBreach(type, access)))))
                .distinct()
                .sorted()
                .toList();
    }

    private Stream<String> breach(JavaClass type, Dependency dependency) {
        var target = dependency.getTargetClass().getBaseComponentType();
        if (target.isPrimitive()) {
            return Stream.empty();
        }
        var name = target.getName();
        return Stream.of(
                        moduleBreach(type, name),
                        coreBreach(type, name),
                        vendorBreach(type, name),
                        shellBreach(type, name))
                .flatMap(reason -> reason)
                .map(reason -> "%s must not know %s: %s".formatted(type.getName(), name, reason));
    }

    private Stream<String> moduleBreach(JavaClass type, String target) {
        if (!target.startsWith(root + ".")) {
            return Stream.empty();
        }
        var from = module(type.getName());
        var to = module(target);
        return from.equals(to) || MODULES.getOrDefault(from, Set.of()).contains(to)
                ? Stream.empty()
                : Stream.of("imports point from %s to %s nowhere".formatted(from, to));
    }

    private Stream<String> coreBreach(JavaClass type, String target) {
        var core =
                CORES.stream().filter(each -> isIn(type.getPackageName(), each)).findFirst();
        if (core.isEmpty() || isIn(target, core.get()) || isIn(target, "schemas.contract")) {
            return Stream.empty();
        }
        var pure = (target.startsWith("java.") && IMPURE.stream().noneMatch(target::startsWith))
                || (target.startsWith(READER) && isIn(type.getName(), READS));
        return pure || target.startsWith("org.jspecify.annotations.") || target.equals("java.io.Serializable")
                ? Stream.empty()
                : Stream.of("a core decides and does nothing else");
    }

    private Stream<String> vendorBreach(JavaClass type, String target) {
        return VENDORS.entrySet().stream()
                .filter(vendor -> target.startsWith(vendor.getKey()))
                .filter(vendor -> vendor.getValue().stream().noneMatch(home -> isIn(type.getName(), home)))
                .map(vendor -> "its types stay in " + vendor.getValue());
    }

    private Stream<String> shellBreach(JavaClass type, String target) {
        var active = NOT_FOR_THE_SHELL.stream().anyMatch(target::startsWith) && !target.startsWith(ATOMICS);
        return active && isIn(type.getPackageName(), "runtime.shell")
                ? Stream.of("the shell is passive")
                : Stream.empty();
    }

    private Stream<String> clockBreach(JavaClass type, JavaAccess<?> access) {
        var target =
                access.getTargetOwner().getName() + "." + access.getTarget().getName();
        var allowed = isIn(type.getPackageName(), "testbed")
                || isIn(type.getPackageName(), "runtime.clock")
                || HANDS_OUT_CLOCKS.contains(outermost(type).getSimpleName());
        return !allowed && CLOCKS_AND_DICE.contains(target)
                ? Stream.of("%s must not call %s: time and chance are handed in".formatted(type.getName(), target))
                : Stream.empty();
    }

    private Stream<String> orderBreach(JavaClass type, JavaAccess<?> access) {
        var target =
                access.getTargetOwner().getName() + "." + access.getTarget().getName();
        return SHUFFLED.contains(target) && SEEDED.stream().anyMatch(each -> isIn(type.getPackageName(), each))
                ? Stream.of("%s must not call %s: its order differs in every process, InOrder.copyOf keeps it"
                        .formatted(type.getName(), target))
                : Stream.empty();
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(Layering::outermost).orElse(type);
    }

    /** Whether a package or class lies in or below a package that is relative to the root. */
    private boolean isIn(String name, String relative) {
        var full = root + "." + relative;
        return name.equals(full) || name.startsWith(full + ".");
    }

    private String module(String name) {
        var rest = name.substring(root.length() + 1);
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }
}
