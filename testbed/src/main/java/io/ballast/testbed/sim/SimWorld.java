package io.ballast.testbed.sim;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.runtime.shell.LogRecord;
import io.ballast.runtime.shell.LogWrite;
import io.ballast.runtime.shell.TopicPartition;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.KnownSchemas;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ConfirmationKind;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.HeldDeletion;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.OperatorConfirmation;
import io.ballast.testbed.check.KubernetesView;
import io.ballast.testbed.check.WorldCheck;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One schedule: the four services over the models, what happens to them, and whether all is well in the end. */
final class SimWorld {
    /** A pattern of {@code topic key}; every such record that is committed is printed: for a person who looks for a cause. */
    private static final @Nullable String TRACED = System.getProperty("ballast.sim.records");

    /** Longer than any rest between two tries, and than the pause between two full looks at OpenStack. */
    private static final Duration QUIET = Duration.ofMinutes(11);
    /** A load balancer that was made in vain is made anew twice an hour at most. */
    private static final Duration HEAL_MAX = Duration.ofMinutes(80);

    /** Within which a Service goes whose load balancers were all given up on. */
    private static final Duration GIVEN_UP_MAX = Duration.ofMinutes(5);

    private static final List<Topic<?>> PER_SERVICE = List.of(
            Topics.SERVICES,
            Topics.ADDRESS_CLAIMS,
            Topics.ADDRESS_ALLOCATIONS,
            Topics.DESIRED_LOAD_BALANCERS,
            Topics.LOAD_BALANCER_STATUS);

    private static final KnownSchemas SCHEMAS = new KnownSchemas();

    private final long seed;
    private final Schedule schedule;
    private final SimLog log = new SimLog();
    private final SimCluster cluster;
    private final OpenStackModel openStack;
    private final SimCloud observer;
    private final Vandal vandal;
    private final Watchdog watchdog;
    private final People people;
    private final SimServices services;
    private final List<String> violations = new ArrayList<>();
    private final List<String> userAddresses = new ArrayList<>();
    private final HistoryCheck history;
    private Faults faults;

    SimWorld(long seed, Defect defect) {
        this(seed, defect, Faults.SOME, CallPoints.none());
    }

    SimWorld(long seed, Defect defect, Faults faults, CallPoints points) {
        this.faults = faults;
        this.seed = seed;
        this.schedule = new Schedule(seed);
        var layout = Operation.hasBothFamilies(seed) ? Layout.DUAL : Layout.DEFAULT;
        this.cluster = new SimCluster(schedule, seed, layout);
        this.openStack = new OpenStackModel(
                OpenStackModel.Settings.of(Timing.measured()).withSeed(seed).withLayout(layout), schedule.now());
        this.observer = new SimCloud(openStack, schedule, () -> Faults.NONE);
        this.vandal = new Vandal(observer);
        this.history = new HistoryCheck(cluster::isAlive);
        this.watchdog = new Watchdog(openStack, cluster::isAlive);
        this.people = new People(cluster, openStack, schedule, watchdog, () -> loadBalancers("ballast"));
        this.services = new SimServices(schedule, log, cluster, openStack, () -> this.faults, defect, points);
        cluster.tell(history.order());
        log.onCommitted(history::committed);
        log.onCommitted(this::watch);
        plantForeignLoadBalancer("shop/s0", "10.2.127.250");
        plantForeignLoadBalancer("shop/s2", "10.2.127.251");
    }

    /** Floating IPs that a user made beforehand, to ask for them by address. */
    void makeUserAddresses(int count) {
        for (int i = 0; i < count; i++) {
            var body = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
            body.putObject("floatingip")
                    .put("floating_network_id", openStack.seeded().publicNetworkId())
                    .put("description", "made by a user");
            if (observer.send(RestRequest.post(Api.NETWORK, "/v2.0/floatingips", body))
                            instanceof RestReply.Answered answered
                    && answered.isSuccess()) {
                userAddresses.add(answered.body()
                        .path("floatingip")
                        .path("floating_ip_address")
                        .asText());
            }
        }
    }

    /**
     * Plays operations without faults but for the planned deaths, lets everything come to rest, and compares; deletes all, lets
     * it come to rest again, and compares with what was there before.
     */
    List<String> playOnce(List<Operation> operations) {
        schedule.runFor(Duration.ofMinutes(1)); // until what others have is made
        var ports = rows("/v2.0/ports", "ports");
        var floatingIps = rows("/v2.0/floatingips", "floatingips");
        for (var role : Operation.Role.values()) {
            services.start(role);
        }
        schedule.runFor(Duration.ofSeconds(5));
        operations.forEach(this::perform);
        settle();
        checkWorld();
        checkEmptying();
        for (var role : Operation.Role.values()) {
            services.killAll(role);
        }
        services.stop();
        deleteWhatNobodyDeletes();
        compare(ports, rows("/v2.0/ports", "ports"));
        compare(floatingIps, rows("/v2.0/floatingips", "floatingips"));
        violations.addAll(history.violations());
        violations.addAll(watchdog.violations());
        violations.addAll(services.errors());
        return List.copyOf(violations);
    }

    /** The API server's own Service is there for ever, and so is its load balancer. */
    private void deleteWhatNobodyDeletes() {
        for (var loadBalancer : loadBalancers("ballast:key:sim/default/kubernetes")) {
            observer.send(RestRequest.delete(
                            Api.LOAD_BALANCER,
                            "/v2.0/lbaas/loadbalancers/"
                                    + loadBalancer.path("id").asText())
                    .with("cascade", "true"));
        }
        schedule.runFor(Duration.ofMinutes(1));
    }

    /** What OpenStack has of a kind, by id. */
    private Map<String, String> rows(String path, String name) {
        var rows = new TreeMap<String, String>();
        if (observer.send(RestRequest.get(Api.NETWORK, path)) instanceof RestReply.Answered answered) {
            answered.body().path(name).forEach(row -> rows.put(row.path("id").asText(), row.toString()));
        }
        return rows;
    }

    private void compare(Map<String, String> before, Map<String, String> after) {
        after.forEach((id, row) -> {
            if (!before.containsKey(id)) {
                violations.add("left: " + row);
            }
        });
        before.forEach((id, row) -> {
            if (!after.containsKey(id)) {
                violations.add("missing: " + row);
            }
        });
    }

    /** Plays the operations, heals everything, and says what is wrong; empty when nothing is. */
    List<String> play(List<Operation> operations) {
        for (var role : Operation.Role.values()) {
            services.start(role);
        }
        schedule.runFor(Duration.ofSeconds(5));
        for (var operation : operations) {
            perform(operation);
            inspect();
        }
        heal();
        checkWorld();
        if (violations.isEmpty()) {
            checkReplay();
        }
        if (violations.isEmpty() && seed % 5 == 0) {
            checkTotalLoss();
        }
        if (violations.isEmpty() && seed % 3 == 0) {
            checkEmptying();
        }
        services.stop();
        violations.addAll(history.violations());
        violations.addAll(watchdog.violations());
        violations.addAll(services.errors());
        return List.copyOf(violations);
    }

    /** The same for two runs in which the same happened. */
    long fingerprint() {
        return history.fingerprint();
    }

    private void watch(LogRecord record) {
        var bytes = record.value();
        if (TRACED != null && (record.at().topic() + " " + record.key()).matches(TRACED)) {
            System.out.println(schedule.now() + " " + record.at().topic() + " " + record.key() + " "
                    + (bytes == null ? "tombstone" : Encoding.toJson(bytes, SCHEMAS)));
        }
        if (bytes == null) {
            return;
        }
        if (record.at().topic().equals(Topics.LOAD_BALANCER_STATUS.name())) {
            var status = Encoding.decode(Topics.LOAD_BALANCER_STATUS, bytes, SCHEMAS);
            if (status.phase() == LoadBalancerPhase.DELETED) {
                watchdog.deleted(status.serviceUid(), schedule.now());
            }
        } else if (record.at().topic().equals(Topics.ADDRESS_ALLOCATIONS.name())) {
            var row = Encoding.decode(Topics.ADDRESS_ALLOCATIONS, bytes, SCHEMAS);
            if (row.state() == AllocationState.GRANTED) {
                var vips = row.vips().stream().map(GrantedVip::address).collect(Collectors.toSet());
                watchdog.granted(row.serviceUid(), vips, loadBalancers("ballast"), schedule.now());
            } else if (row.state() == AllocationState.RELEASED) {
                watchdog.released(
                        row.serviceUid(), loadBalancers("ballast:service:" + row.serviceUid()), schedule.now());
            }
        }
    }

    /** What the topics say about the Services, for a person who looks for the cause of a violation. */
    String describe() {
        var text = new StringBuilder(schedule.now() + System.lineSeparator() + services.describe());
        for (var topic : PER_SERVICE) {
            log.table(topic)
                    .forEach((key, bytes) -> text.append(topic.name())
                            .append(' ')
                            .append(key)
                            .append(' ')
                            .append(Encoding.toJson(bytes, SCHEMAS))
                            .append(System.lineSeparator()));
        }
        return text.toString();
    }

    private void perform(Operation operation) {
        switch (operation) {
            case Operation.Create(var service, var kind, var replicas) -> cluster.create(service, kind, replicas);
            case Operation.Delete(var service) -> cluster.delete(service);
            case Operation.Recreate(var service, var kind) -> cluster.recreate(service, kind);
            case Operation.Scale(var service, var replicas) -> cluster.scale(service, replicas);
            case Operation.Renumber(var service, var port) -> cluster.renumber(service, port);
            case Operation.Retarget(var service, var targetPort) -> cluster.retarget(service, targetPort);
            case Operation.ChangeType(var service) -> cluster.changeType(service);
            case Operation.ChangeFamilies(var service) -> {
                cluster.changeFamilies(service);
                watchdog.changed(cluster.clusterIps(), loadBalancers("ballast"));
            }
            case Operation.AskForAddress(var service, var which) ->
                cluster.askForAddress(service, userAddresses.get(which));
            case Operation.Kill(var role, var downFor) -> {
                services.killOne(role);
                schedule.after(downFor, () -> services.start(role));
            }
            case Operation.Pause(var role, var standsFor) -> services.pauseOne(role, standsFor);
            case Operation.Supplant(var role, var standsFor) -> {
                services.pauseOne(role, standsFor);
                services.start(role);
            }
            case Operation.Join(var role) -> services.start(role);
            case Operation.SlowLists(var lasts) -> cluster.slowLists(lasts);
            case Operation.RestoreEtcd(var age, var takes) -> {
                var back = cluster.restore(age, takes);
                history.restored(back);
                watchdog.restored(back, loadBalancers("ballast"));
                watchdog.changed(cluster.clusterIps(), loadBalancers("ballast"));
            }
            case Operation.Compact(var retention) -> log.compact(schedule.now(), retention);
            case Operation.BreakCreates(var count) -> people.breakNext("nextCreatesFail", count);
            case Operation.LeavePorts(var count) -> people.breakNext("nextCreatesBreak", count);
            case Operation.StickChanges(var count) -> people.breakNext("nextChangesStuck", count);
            case Operation.Abandon(var service) -> people.abandon(service);
            case Operation.MakeAnew(var service) -> people.makeAnew(service);
            case Operation.DeleteFloatingIp(var service) -> vandal.deleteFloatingIpOf("sim/shop/s" + service);
            case Operation.Wait(var time) -> schedule.runFor(time);
        }
    }

    private void heal() {
        faults = Faults.NONE;
        cluster.fastLists();
        openStack.setFaults(io.ballast.testbed.openstack.Faults.none(), schedule.now());
        for (var role : Operation.Role.values()) {
            services.resumeAll(role);
            if (services.isDown(role)) {
                services.start(role);
            }
        }
        if (people.gaveUp()) {
            run(GIVEN_UP_MAX);
            violations.addAll(people.heldByAbandoned());
        }
        people.freeStuck();
        settle();
    }

    /** Runs until nothing was written anywhere for long, and on while something is still to be healed. */
    private void settle() {
        var end = schedule.now().plus(HEAL_MAX);
        var quietSince = schedule.now();
        var before = marker();
        while (schedule.now().isBefore(end)) {
            run(Duration.ofMinutes(1));
            confirmDeletions();
            if (!marker().equals(before)) {
                before = marker();
                quietSince = schedule.now();
            } else if (!schedule.now().isBefore(quietSince.plus(QUIET))) {
                if (differences().isEmpty()) {
                    return;
                }
                people.makeBrokenAnew();
                quietSince = schedule.now();
            }
        }
    }

    /** What a person does whom the watcher asks: confirms the held deletions of Services that are gone indeed. */
    private void confirmDeletions() {
        var row = log.table(Topics.CLUSTERS).get(SimServices.CLUSTER);
        var held = row == null
                ? List.<String>of()
                : Encoding.decode(Topics.CLUSTERS, row, SCHEMAS).heldDeletions().stream()
                        .map(HeldDeletion::uid)
                        .filter(uid -> !cluster.isAlive(uid))
                        .sorted()
                        .toList();
        if (!held.isEmpty()) {
            var confirmation = new OperatorConfirmation(
                    ConfirmationKind.DELETIONS,
                    SimServices.CLUSTER,
                    held,
                    "person",
                    schedule.now().toEpochMilli());
            var write = new LogWrite(
                    new TopicPartition(Topics.OPERATOR.name(), 0),
                    SimServices.CLUSTER + "/deletions",
                    Encoding.encode(Topics.OPERATOR, confirmation),
                    Map.of());
            int epoch = log.initProducer("operator", schedule.now());
            log.commit(log.append("operator", epoch, List.of(write), schedule.now()), epoch, schedule.now());
        }
    }

    private List<Long> marker() {
        return List.of(
                history.writes(), openStack.calls().writes(), cluster.model().revision());
    }

    /** Runs on, looking at what happens every few seconds. */
    private void run(Duration time) {
        var end = schedule.now().plus(time);
        while (schedule.now().isBefore(end)) {
            schedule.runFor(Duration.ofSeconds(20));
            inspect();
        }
    }

    private void inspect() {
        var byUid = new TreeMap<String, Integer>();
        for (var loadBalancer : loadBalancers("ballast")) {
            loadBalancer.path("tags").forEach(tag -> {
                if (tag.asText().startsWith("ballast:service:")) {
                    var uid = tag.asText().substring("ballast:service:".length());
                    watchdog.learn(
                            loadBalancer.path("id").asText(),
                            uid,
                            loadBalancer.path("provisioning_status").asText());
                    families(loadBalancer).forEach(family -> byUid.merge(uid + " " + family, 1, Integer::sum));
                }
            });
        }
        watchdog.look();
        byUid.forEach((uid, count) -> {
            if (count > 1) {
                violations.add(schedule.now() + ": Service " + uid + " has " + count + " load balancers");
            }
        });
    }

    private static List<String> families(JsonNode loadBalancer) {
        return Watchdog.vips(loadBalancer).stream()
                .map(vip -> vip.contains(":") ? "IPv6" : "IPv4")
                .toList();
    }

    private void checkWorld() {
        violations.addAll(differences());
    }

    /** What is not as it must be once all is healed. */
    private List<String> differences() {
        var expected = KubernetesView.expected(cluster.services(), cluster.slices());
        var differences = new ArrayList<>(WorldCheck.differences(expected, observer));
        var live = expected.stream().map(each -> "sim/" + each.name()).toList();
        for (var topic : PER_SERVICE) {
            log.table(topic).keySet().stream()
                    .filter(key -> key.startsWith("sim/shop/") && !live.contains(key))
                    .forEach(key -> differences.add("topic " + topic.name() + " still has a row for " + key));
        }
        log.table(Topics.ADDRESS_ALLOCATIONS)
                .forEach((key, bytes) -> differences.addAll(
                        vandal.stillGranted(key, Encoding.decode(Topics.ADDRESS_ALLOCATIONS, bytes, SCHEMAS))));
        differences.addAll(leftoverPorts());
        cluster.services().stream()
                .filter(service -> service.path("metadata").has("deletionTimestamp"))
                .forEach(service -> differences.add("Service %s keeps its finalizer"
                        .formatted(service.path("metadata").path("name").asText())));
        return differences;
    }

    /** VIP ports of load balancers that do not exist. */
    private List<String> leftoverPorts() {
        var ids = new ArrayList<String>();
        if (observer.send(RestRequest.get(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers"))
                instanceof RestReply.Answered answered) {
            answered.body()
                    .path("loadbalancers")
                    .forEach(each -> ids.add("octavia-lb-" + each.path("id").asText()));
        }
        var left = new ArrayList<String>();
        rows("/v2.0/ports", "ports").forEach((id, row) -> {
            var name = row.replaceAll("(?s).*\"name\":\"([^\"]*)\".*", "$1");
            if (name.matches("octavia-lb-[0-9a-f-]{36}") && !ids.contains(name)) {
                left.add("port %s (%s) is left of a load balancer that does not exist".formatted(id, name));
            }
        });
        return left;
    }

    /** R9: reading all topics again gives the same bytes and no write. */
    private void checkReplay() {
        var desired = log.table(Topics.DESIRED_LOAD_BALANCERS);
        long writes = openStack.calls().writes();
        for (var role : Operation.Role.values()) {
            services.killAll(role);
        }
        for (var role : Operation.Role.values()) {
            services.start(role);
        }
        settle();
        if (openStack.calls().writes() != writes) {
            violations.add("a replay made %d OpenStack writes"
                    .formatted(openStack.calls().writes() - writes));
        }
        var again = log.table(Topics.DESIRED_LOAD_BALANCERS);
        if (!again.keySet().equals(desired.keySet())
                || desired.entrySet().stream()
                        .anyMatch(row -> !Arrays.equals(row.getValue(), again.get(row.getKey())))) {
            violations.add("a replay changed the bytes of desired load balancers");
        }
    }

    /** R12: with every topic gone nothing is created, deleted or moved. */
    private void checkTotalLoss() {
        long writes = openStack.calls().writes();
        for (var role : Operation.Role.values()) {
            services.killAll(role);
        }
        schedule.runFor(Duration.ofSeconds(30));
        log.deleteAll();
        history.lost();
        for (var role : Operation.Role.values()) {
            services.start(role);
        }
        settle();
        if (openStack.calls().writes() != writes) {
            violations.add("losing all topics made %d OpenStack writes"
                    .formatted(openStack.calls().writes() - writes));
        }
        checkWorld();
    }

    private void checkEmptying() {
        for (int service = 0; service < 4; service++) {
            cluster.delete(service);
        }
        settle();
        checkWorld();
    }

    private List<JsonNode> loadBalancers(String tag) {
        var reply = observer.send(
                RestRequest.get(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers").with("tags", tag));
        var found = new ArrayList<JsonNode>();
        if (reply instanceof RestReply.Answered answered) {
            answered.body().path("loadbalancers").forEach(found::add);
        }
        return found;
    }

    /** A load balancer that somebody else made, with the name that one of ours would have. */
    private void plantForeignLoadBalancer(String name, String vip) {
        var body = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        body.putObject("loadbalancer")
                .put("name", name)
                .put("vip_subnet_id", openStack.seeded().serviceSubnetId())
                .put("vip_address", vip);
        var reply = observer.send(RestRequest.post(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers", body));
        if (reply instanceof RestReply.Answered answered && answered.isSuccess()) {
            watchdog.protect(answered.body().path("loadbalancer").path("id").asText());
        } else {
            throw new IllegalStateException("the foreign load balancer was refused: " + reply);
        }
    }
}
