package io.ballast.octavia.kafka;

import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.Situation;
import io.ballast.runtime.shell.RowCounts;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How octavia-service stands, for readiness and metrics. Told by the thread of the shell, asked by any. */
public final class OctaviaStanding {
    /** Names that Octavia has for the provider of amphorae. */
    private static final Set<String> AMPHORA = Set.of("amphora", "octavia");

    private final RowCounts<LoadBalancerPhase> phases = new RowCounts<>();
    private static final Logger LOG = LoggerFactory.getLogger(OctaviaStanding.class);

    private final Map<Integer, List<String>> findings = new ConcurrentSkipListMap<>();
    private volatile String trouble = "";
    private boolean isLost;
    private volatile String remark = "";
    private volatile @Nullable Instant silentSince;
    private volatile @Nullable Instant oldestPending;
    private volatile int creates;
    private volatile int writes;
    private volatile int limit;
    private volatile int waiting;
    private volatile long ofAmphora;
    private volatile Consumer<Duration> applied = ignored -> {};

    /** Says where it goes how long each change took: from when the watcher saw it until OpenStack had it. */
    public void onApplied(Consumer<Duration> listener) {
        applied = listener;
    }

    /** Why nothing can begin, in words: OpenStack was never read. Empty when it was, or was not asked yet. */
    public String trouble() {
        return trouble;
    }

    /** Why OpenStack cannot be asked now although it could be before, in words; empty when it can. */
    public String remark() {
        return remark;
    }

    /** Since when OpenStack does not answer; empty while it does. */
    public Optional<Instant> silentSince() {
        return Optional.ofNullable(silentSince);
    }

    /** Services of the owned partitions in this phase. */
    public long inPhase(LoadBalancerPhase phase) {
        return phases.count(phase);
    }

    /** Since when the load balancer is PENDING that is so for longest; empty when none is. */
    public Optional<Instant> oldestPending() {
        return Optional.ofNullable(oldestPending);
    }

    /** Creates under way. */
    public int creates() {
        return creates;
    }

    /** Writes under way, creates among them. */
    public int writes() {
        return writes;
    }

    /** Writes at a time, as OpenStack takes them now. */
    public int limit() {
        return limit;
    }

    /** Services that wait for their turn to call. */
    public int waiting() {
        return waiting;
    }

    /** Load balancers of ours whose provider runs amphorae. */
    public long ofAmphora() {
        return ofAmphora;
    }

    void opened(int partition, Map<String, LoadBalancerStatus> rows) {
        phases.opened(partition, rows, LoadBalancerStatus::phase);
    }

    /** What is wrong with security groups, one sentence each. */
    public List<String> findings() {
        return findings.values().stream().flatMap(List::stream).distinct().toList();
    }

    void found(int partition, List<String> sentences) {
        findings.put(partition, List.copyOf(sentences));
    }

    void closed(int partition) {
        findings.remove(partition);
        phases.closed(partition);
    }

    void said(int partition, String key, @Nullable LoadBalancerStatus status) {
        phases.put(partition, key, status == null ? null : status.phase());
    }

    /** Tells how long a change took once OpenStack has it. */
    void passed(ServiceMemory memory, Situation situation, @Nullable LoadBalancerStatus said) {
        var desired = situation.desired();
        if (desired == null) {
            return;
        }
        var before = situation.status();
        var since = memory.observedAt;
        if (since != null && said != null && said.appliedGeneration() >= desired.generation()) {
            memory.observedAt = null;
            if (said.appliedGeneration() > (before == null ? 0 : before.appliedGeneration())) {
                applied.accept(Duration.between(since, situation.now()));
            }
        }
    }

    void withoutCredentials() {
        trouble = "no OpenStack credentials are configured, so nothing is made";
    }

    /** @param isRead whether all that is owned was listed once: the barrier on the side of OpenStack */
    void troubled(@Nullable Failure failure, @Nullable Instant silence, boolean isRead) {
        var words = failure == null ? "" : "OpenStack cannot be read: " + failure.message();
        tell(words);
        var unread = failure == null ? "OpenStack has not answered yet" : words;
        trouble = isRead ? "" : unread;
        remark = isRead ? words : "";
        silentSince = silence;
    }

    /** Once when OpenStack is lost and once when it is back, however often it is asked between. */
    private void tell(String words) {
        if (!isLost && !words.isEmpty()) {
            LOG.atWarn().addKeyValue("reason", words).log("OpenStack cannot be read, and is asked until it can");
        } else if (isLost && words.isEmpty()) {
            LOG.atInfo().log("OpenStack is read again");
        }
        isLost = !words.isEmpty();
    }

    void counted(Collection<OctaviaPartition> partitions) {
        ofAmphora = partitions.stream()
                .flatMap(partition -> partition.memories.values().stream())
                .flatMap(memory -> memory.heads().stream())
                .filter(head -> AMPHORA.contains(head.provider()))
                .count();
        oldestPending = partitions.stream()
                .flatMap(partition -> partition.memories.values().stream())
                .flatMap(memory -> memory.oldestPending().stream())
                .min(Instant::compareTo)
                .orElse(null);
    }

    void inFlight(WriteSlots slots) {
        creates = slots.creates();
        writes = slots.writes();
        limit = slots.limit();
        waiting = slots.waiting().size();
    }
}
