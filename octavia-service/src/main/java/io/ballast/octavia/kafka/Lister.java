package io.ballast.octavia.kafka;

import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.Identity;
import io.ballast.octavia.loadbalancer.LoadBalancerHead;
import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.runtime.shell.Marks;
import io.ballast.runtime.shell.Pass;
import io.ballast.schemas.Partitions;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists everything of ours: for partitions just opened, a while after a take-over, and from time to time. */
final class Lister {
    private static final Logger LOG = LoggerFactory.getLogger(Lister.class);

    private final OctaviaSettings settings;
    private final Map<Integer, OctaviaPartition> partitions;
    private final FloatingIps floatingIps;
    private Set<OctaviaPartition> asked = Set.of();
    private Instant began = Instant.MIN;
    private Instant next = Instant.MIN;
    private boolean isWantedSoon;
    private int failures;
    private @Nullable Failure failure;
    private @Nullable Instant silentSince;
    private String firstSilence = "";
    private Namesakes namesakes = Namesakes.NONE;

    Lister(OctaviaSettings settings, Map<Integer, OctaviaPartition> partitions, FloatingIps floatingIps) {
        this.settings = settings;
        this.partitions = partitions;
        this.floatingIps = floatingIps;
    }

    /** Why nothing can be listed; null when it could. */
    @Nullable
    Failure failure() {
        return failure;
    }

    /** Why nobody is asked but by the list, which finds out when that ends; null while OpenStack answers. */
    @Nullable
    Failure outage() {
        return failure != null && failure.isSilence() ? failure : null;
    }

    /** When OpenStack was first asked and did not answer; null while it does. */
    @Nullable
    Instant silentSince() {
        return silentSince;
    }

    /** What is not ours and has names of ours, as last listed. */
    Namesakes namesakes() {
        return namesakes;
    }

    void soon(Marks marks) {
        isWantedSoon = true;
        marks.mark(OctaviaReconciler.LIST);
    }

    Pass<OctaviaCall> pass(Instant now) {
        if (partitions.isEmpty() || !settings.policy().credentials()) {
            return Pass.nothing();
        }
        var due = due(now);
        if (due.isAfter(now)) {
            return Pass.later(due);
        }
        began = now;
        isWantedSoon = false;
        asked = new HashSet<>(partitions.values());
        return Pass.call(new OctaviaCall.ListOurs());
    }

    private Instant due(Instant now) {
        if (failure != null) {
            return next; // the pause after a failure holds for everybody
        }
        if (isWantedSoon || partitions.values().stream().anyMatch(each -> !each.isListed())) {
            return now;
        }
        var due = next;
        for (var partition : partitions.values()) {
            var recheck = partition.recheckAt;
            if (recheck != null && recheck.isBefore(due)) {
                due = recheck;
            }
        }
        return due;
    }

    void answered(OctaviaAnswer answer, Marks marks, Instant now) {
        switch (answer) {
            case OctaviaAnswer.Listed(var heads, var foreign, var seen) -> {
                failures = 0;
                failure = null;
                silentSince = null;
                next = now.plus(settings.resync());
                var ports = floatingIps.listed(seen, began);
                var byKey = byKey(heads);
                var before = namesakes;
                namesakes = new Namesakes(foreign, desired());
                partitions.values().stream()
                        .filter(asked::contains)
                        .forEach(each -> listed(each, byKey, ports, before, marks, now));
            }
            case OctaviaAnswer.Failed(var why) -> {
                failures++;
                failure = inStableWords(why);
                next = now.plus(Pauses.after(why, failures));
                partitions.values().stream()
                        .filter(each -> !each.isListed())
                        .forEach(each -> each.keys().forEach(key -> marks.mark(each.key(key))));
            }
            default -> throw new IllegalStateException("a list was answered with " + answer);
        }
        marks.markAt(OctaviaReconciler.LIST, due(now).isAfter(now) ? due(now) : now);
    }

    private List<DesiredLoadBalancer> desired() {
        return partitions.values().stream()
                .flatMap(partition -> partition.keys().stream().map(partition::desired))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Whether other load balancers than before have the name of this one; each is told in the log once. */
    private boolean isNews(Namesakes before, OctaviaPartition partition, String key) {
        var desired = partition.desired(key);
        var known = before.of(desired);
        var found = namesakes.of(desired);
        found.stream()
                .filter(each -> !known.contains(each))
                .forEach(each -> LOG.atInfo()
                        .addKeyValue("service", key)
                        .addKeyValue("loadBalancerId", each.id())
                        .addKeyValue("reason", "its tags do not say that it is ours")
                        .log("a load balancer of the same or a longer name is left alone"));
        return !known.equals(found);
    }

    /** The same words for as long as an outage lasts, so that each status says it once. */
    private Failure inStableWords(Failure why) {
        if (!why.isSilence()) {
            silentSince = null;
            return why;
        }
        if (silentSince == null) {
            silentSince = began;
            firstSilence = why.message();
        }
        return why.withMessage(
                "nothing since %s, %s".formatted(silentSince.truncatedTo(ChronoUnit.SECONDS), firstSilence));
    }

    /** By the key that the tags name; what carries no complete set of our tags is not ours. */
    private static Map<String, List<LoadBalancerHead>> byKey(List<LoadBalancerHead> heads) {
        var byKey = new TreeMap<String, List<LoadBalancerHead>>();
        for (var head : heads) {
            head.identity()
                    .map(Identity::key)
                    .filter(Lister::isKey)
                    .ifPresent(key ->
                            byKey.computeIfAbsent(key, _ -> new ArrayList<>()).add(head));
        }
        return byKey;
    }

    private static boolean isKey(String text) {
        try {
            return ServiceKey.parse(text).toString().equals(text);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private void listed(
            OctaviaPartition partition,
            Map<String, List<LoadBalancerHead>> byKey,
            Set<String> ports,
            Namesakes before,
            Marks marks,
            Instant now) {
        var isFirst = !partition.isListed();
        var keys = new TreeSet<>(partition.keys());
        byKey.keySet().stream()
                .filter(key -> Partitions.of(key, settings.keyedPartitions()) == partition.number)
                .forEach(keys::add);
        partition.listedAt = now;
        var recheck = partition.recheckAt;
        boolean isRecheck = recheck != null && !now.isBefore(recheck);
        if (isRecheck) {
            partition.recheckAt = null;
        }
        for (var key : keys) {
            var memory = partition.memory(key);
            var news = memory.listed(byKey.getOrDefault(key, List.of()), began, now);
            news |= FloatingIpLister.leadsTo(memory, ports);
            news |= isNews(before, partition, key);
            if (isRecheck) {
                news |= memory.suspectWritten();
            }
            if (isFirst && partition.isBehind(key)) {
                partition.urgent.add(key);
                marks.mark(partition.key(key));
            } else if (isFirst || news) {
                marks.markInBackground(partition.key(key));
            }
        }
        if (isFirst) {
            marks.mark(partition.key(Inventories.NAME));
            marks.markInBackground(partition.key(PodAccesses.NAME));
        }
    }
}
