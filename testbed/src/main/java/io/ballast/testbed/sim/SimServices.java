package io.ballast.testbed.sim;

import io.ballast.ipam.allocation.AddressRange;
import io.ballast.ipam.allocation.IpamAnswer;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.allocation.Rules;
import io.ballast.ipam.kafka.IpamReconciler;
import io.ballast.ipam.kafka.IpamTopics;
import io.ballast.ipam.openstack.NeutronAddresses;
import io.ballast.octavia.kafka.OctaviaReconciler;
import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.kafka.OctaviaTopics;
import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.octavia.openstack.CloudCalls;
import io.ballast.openstack.Rest;
import io.ballast.runtime.shell.Calls;
import io.ballast.runtime.shell.Reconciler;
import io.ballast.runtime.shell.TopicPlan;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LabelSelector;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.SeededLayout;
import io.ballast.testbed.sim.Operation.Role;
import io.ballast.translator.kafka.NoCalls;
import io.ballast.translator.kafka.TranslatorAnswer;
import io.ballast.translator.kafka.TranslatorCall;
import io.ballast.translator.kafka.TranslatorReconciler;
import io.ballast.translator.kafka.TranslatorTopics;
import io.ballast.translator.translation.ClusterSettings;
import io.ballast.translator.translation.DualStack;
import io.ballast.watcher.kafka.WatcherPlan;
import io.ballast.watcher.kafka.WatcherReconciler;
import io.ballast.watcher.kafka.WatcherSettings;
import io.ballast.watcher.snapshot.Manage;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.WatcherNews;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The processes of the four services in a simulation, each with its group. */
final class SimServices {
    static final String CLUSTER = "sim";
    private static final int PARTITIONS = 2;
    /** Often, so that some run while things happen. */
    private static final Duration COMPARISON = Duration.ofSeconds(30);

    private static final Duration RESTARTED_AFTER = Duration.ofSeconds(1);

    private final Schedule schedule;
    private final SimLog log;
    private final SimCluster cluster;
    private final OpenStackModel openStack;
    private final Supplier<Faults> faults;
    private final Defect defect;
    private final CallPoints points;
    private final SimGroup<WatcherCall, WatcherNews> watchers;
    private final SimGroup<TranslatorCall, TranslatorAnswer> translators;
    private final SimGroup<IpamCall, IpamAnswer> ipams;
    private final SimGroup<OctaviaCall, OctaviaAnswer> octavias;
    private final List<String> errors = new ArrayList<>();
    private int started;

    SimServices(
            Schedule schedule,
            SimLog log,
            SimCluster cluster,
            OpenStackModel openStack,
            Supplier<Faults> faults,
            Defect defect,
            CallPoints points) {
        this.schedule = schedule;
        this.log = log;
        this.cluster = cluster;
        this.openStack = openStack;
        this.faults = faults;
        this.defect = defect;
        this.points = points;
        points.killWith(this::replace);
        this.watchers = new SimGroup<>(1, schedule);
        this.translators = new SimGroup<>(PARTITIONS, schedule);
        this.ipams = new SimGroup<>(1, schedule);
        this.octavias = new SimGroup<>(PARTITIONS, schedule);
    }

    private SimGroup<?, ?> group(Role role) {
        return switch (role) {
            case WATCHER -> watchers;
            case TRANSLATOR -> translators;
            case IPAM -> ipams;
            case OCTAVIA -> octavias;
        };
    }

    void start(Role role) {
        switch (role) {
            case WATCHER -> watchers.join(watcher());
            case TRANSLATOR -> translators.join(translator());
            case IPAM -> ipams.join(ipam());
            case OCTAVIA -> octavias.join(octavia());
        }
    }

    void killOne(Role role) {
        group(role).members().stream().filter(SimProcess::isAlive).findFirst().ifPresent(this::kill);
    }

    void killAll(Role role) {
        group(role).members().forEach(this::kill);
    }

    private void kill(SimProcess<?, ?> process) {
        process.kill();
        errors.addAll(process.errors());
    }

    /** Another process takes the place of one that dies. */
    private void replace(SimProcess<?, ?> process) {
        kill(process);
        for (var role : Role.values()) {
            if (process.name().startsWith(role.name().toLowerCase(Locale.ROOT) + "-")) {
                schedule.after(RESTARTED_AFTER, () -> start(role));
            }
        }
    }

    void pauseOne(Role role, Duration standsFor) {
        group(role).members().stream()
                .filter(SimProcess::isResponsive)
                .findFirst()
                .ifPresent(process -> {
                    process.pause();
                    schedule.after(standsFor, process::resume);
                });
    }

    void resumeAll(Role role) {
        group(role).members().forEach(SimProcess::resume);
    }

    boolean isDown(Role role) {
        return group(role).members().stream().noneMatch(SimProcess::isAlive);
    }

    void stop() {
        for (var role : Role.values()) {
            group(role).stop();
            group(role).members().forEach(process -> errors.addAll(process.errors()));
        }
    }

    /** How far each process is, one line each. */
    String describe() {
        var text = new StringBuilder();
        for (var role : Role.values()) {
            group(role)
                    .members()
                    .forEach(process -> text.append(process.describe()).append(System.lineSeparator()));
        }
        return text.toString();
    }

    /** What the shells reported as errors: a pass that threw is a bug. */
    List<String> errors() {
        return errors.stream().distinct().toList();
    }

    private SimProcess<WatcherCall, WatcherNews> watcher() {
        var rules = new io.ballast.watcher.snapshot.Rules(CLUSTER, true, Manage.ALL, LabelSelector.ALL, true, "");
        var settings = new WatcherSettings(rules, true, COMPARISON, Duration.ofMinutes(5));
        var calls = new SimKubernetes(cluster, schedule, faults, defect == Defect.GONE_WITHOUT_LIVE_GET);
        return process(
                "watcher", WatcherPlan.of(PARTITIONS), new WatcherReconciler(settings), Defects.of(defect, calls));
    }

    private SimProcess<TranslatorCall, TranslatorAnswer> translator() {
        var usual = ClusterSettings.DEFAULT;
        var settings = new ClusterSettings(
                usual.manage(),
                usual.namespaces(),
                usual.members(),
                usual.memberSubnets(),
                usual.provider(),
                usual.algorithm(),
                usual.pools(),
                usual.timeouts(),
                usual.podRanges(),
                usual.nodeRanges(),
                usual.extraMemberRanges(),
                usual.serviceRanges(),
                usual.servesClassless(),
                usual.localTraffic(),
                usual.kubernetesApi(),
                DualStack.PER_FAMILY, // of one load balancer with both families none can be taken away
                usual.membersMax(),
                usual.options());
        var reconciler = new TranslatorReconciler(Map.of(CLUSTER, settings), PARTITIONS);
        return process("translator", TranslatorTopics.plan(PARTITIONS), reconciler, new NoCalls());
    }

    private SimProcess<IpamCall, IpamAnswer> ipam() {
        var seeded = openStack.seeded();
        var layout = seeded.layout();
        var vips = new ArrayList<Rules.VipPool>();
        vips.add(vips(IpFamily.IPV4, seeded.serviceSubnetId(), layout));
        layout.second().ifPresent(second -> vips.add(vips(IpFamily.IPV6, SeededLayout.SERVICE_SUBNET_V6, second)));
        var external = new Rules.ExternalPool(
                "public", seeded.publicNetworkId(), null, List.of(), Duration.ofSeconds(60), Set.of(), Set.of());
        var rules = new Rules(Map.of(CLUSTER, new Rules.Cluster(vips, 1, "amphora")), List.of(external), 1);
        var settings = new IpamReconciler.Settings(
                rules, true, PARTITIONS, Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofSeconds(5));
        var cloud = new SimCloud(openStack, schedule, faults);
        return process(
                "ipam",
                IpamTopics.plan(PARTITIONS),
                new IpamReconciler(settings),
                cloud.timed(new NeutronAddresses(cloud)));
    }

    private static Rules.VipPool vips(IpFamily family, String subnet, Layout layout) {
        return new Rules.VipPool(
                CLUSTER + "/vip/" + family.name().toLowerCase(Locale.ROOT),
                CLUSTER,
                family,
                subnet,
                List.of(AddressRange.parse(layout.vipCidr())));
    }

    private SimProcess<OctaviaCall, OctaviaAnswer> octavia() {
        var cloud = new SimCloud(openStack, schedule, faults);
        var usual = OctaviaSettings.DEFAULT;
        var settings = new OctaviaSettings(
                usual.policy(),
                PARTITIONS,
                usual.createsInFlight(),
                usual.writesInFlight(),
                usual.resync(),
                usual.longestCall(),
                usual.floatingIpInterval(),
                usual.fullRead());
        Rest rest = Defects.of(defect, cloud, cluster.uid());
        Reconciler<OctaviaCall, OctaviaAnswer> reconciler = new OctaviaReconciler(settings);
        return process(
                "octavia",
                OctaviaTopics.plan(PARTITIONS),
                Defects.of(defect, reconciler),
                cloud.timed(new CloudCalls(rest, schedule::now)));
    }

    private <C, R> SimProcess<C, R> process(
            String service, TopicPlan plan, Reconciler<C, R> reconciler, Calls<C, R> calls) {
        var driver = new SimProcess.Defects(defect == Defect.NO_BARRIER, defect == Defect.PRODUCER_REUSED);
        started++;
        return new SimProcess<>(
                service + "-" + started, plan, reconciler, calls, schedule, log, faults, driver, points);
    }
}
