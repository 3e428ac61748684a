package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.SnapshotState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides what is to be written to a Service, so that people see on it what became of it. */
public final class WriteBack {
    private static final Pattern STAMP = Pattern.compile(" \\(resourceVersion [^)]*\\)$");
    private static final Pattern REQUEST_ID = Pattern.compile("req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern NUMBER_OR_ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]+");

    private WriteBack() {}

    /**
     * The writes that are missing, in order; empty when the Service says what is true. Events stand before the write that
     * makes their transition visible, because that write is what keeps them from being told twice.
     *
     * @param facts the Service as it stands
     * @param row what is published of it; null for nothing
     * @param namespace its namespace; null when it was not seen
     * @param now becomes lastTransitionTime where the condition changes its status
     */
    public static List<Write> decide(
            ServiceFacts facts,
            @Nullable ServiceSnapshot row,
            @Nullable NamespaceFacts namespace,
            Chain chain,
            Rules rules,
            Instant now) {
        if (row == null || !row.uid().equals(facts.uid())) {
            return List.of();
        }
        if (row.state() == SnapshotState.GONE) {
            return facts.deleting() ? leaving(facts, row, chain, now) : List.of();
        }
        if (isNotManaged(facts, chain)) {
            return notManaged(facts, namespace, chain, rules);
        }
        return facts.isHeld() && !rules.finalizers()
                ? List.of(letGo(facts))
                : status(facts, row, namespace, chain, rules, now);
    }

    private static List<Write> leaving(ServiceFacts facts, ServiceSnapshot row, Chain chain, Instant now) {
        boolean isAbandoned = chain.isAbandoned(facts.uid());
        if (isAbandoned || (chain.isDeleted(facts.uid()) && chain.isReleased(facts.uid()))) {
            var told = isAbandoned ? Announcement.abandoned(chain.statusOf(facts.uid())) : Announcement.deleted();
            return !facts.isHeld()
                    ? List.of()
                    : facts.programmed().isEmpty()
                            ? List.of(letGo(facts))
                            : List.of(new Write.Tell(told), letGo(facts));
        }
        return facts.programmed()
                .map(condition -> condition(facts, row, Programmed.leaving(chain.statusOf(facts.uid())), now))
                .orElse(List.of());
    }

    private static List<Write> notManaged(
            ServiceFacts facts, @Nullable NamespaceFacts namespace, Chain chain, Rules rules) {
        var writes = new ArrayList<Write>();
        if (facts.programmed().isPresent()) {
            boolean hasIngress = facts.spec().type() == ServiceType.LOAD_BALANCER
                    && !facts.ingress().isEmpty();
            writes.add(new Write.SetStatus(hasIngress ? List.of() : null, others(facts)));
        }
        boolean mayServe = rules.finalizers() && (namespace == null || rules.mayServe(facts, namespace));
        boolean holdsNothing = chain.allocationOf(facts.uid()) == null || chain.isReleased(facts.uid());
        if (facts.isHeld() && !mayServe && holdsNothing) {
            writes.add(letGo(facts));
        }
        return writes;
    }

    private static List<Write> status(
            ServiceFacts facts,
            ServiceSnapshot row,
            @Nullable NamespaceFacts namespace,
            Chain chain,
            Rules rules,
            Instant now) {
        var wanted = Programmed.of(facts.uid(), chain, Rules.isPaused(facts, namespace))
                .filter(programmed -> !isMereUpdate(facts, programmed));
        var ingress = facts.spec().type() == ServiceType.LOAD_BALANCER
                ? Ingress.wanted(facts, chain, rules).filter(entries -> !entries.equals(facts.ingress()))
                : Optional.<List<IngressFacts>>empty();
        var writes = new ArrayList<Write>();
        ingress.flatMap(entries -> gained(facts, entries)).ifPresent(told -> writes.add(new Write.Tell(told)));
        var changed =
                wanted.map(programmed -> condition(facts, row, programmed, now)).orElse(List.of());
        changed.stream().filter(Write.Tell.class::isInstance).forEach(writes::add);
        var conditions = changed.stream()
                .filter(Write.SetStatus.class::isInstance)
                .map(write -> ((Write.SetStatus) write).conditions())
                .findFirst()
                .orElse(null);
        if (ingress.isPresent() || conditions != null) {
            writes.add(new Write.SetStatus(ingress.orElse(null), conditions));
        }
        return writes;
    }

    /** A change on its way takes nothing from a load balancer that serves. */
    private static boolean isMereUpdate(ServiceFacts facts, Programmed programmed) {
        return programmed.reason().equals(Programmed.UPDATING)
                && facts.programmed().filter(ConditionFacts::isTrue).isPresent();
    }

    private static boolean isNotManaged(ServiceFacts facts, Chain chain) {
        var status = chain.statusOf(facts.uid());
        return status != null && status.phase() == LoadBalancerPhase.NOT_MANAGED;
    }

    private static Optional<Announcement> gained(ServiceFacts facts, List<IngressFacts> entries) {
        var gained = entries.stream()
                .filter(entry -> !facts.ingress().contains(entry))
                .map(entry -> entry.ip() == null ? String.valueOf(entry.hostname()) : entry.ip())
                .toList();
        return gained.isEmpty() ? Optional.empty() : Optional.of(Announcement.allocated(String.join(", ", gained)));
    }

    private static List<Write> condition(ServiceFacts facts, ServiceSnapshot row, Programmed wanted, Instant now) {
        var status = wanted.isTrue() ? "True" : "False";
        var before = facts.programmed();
        var sameStatus = before.filter(condition -> condition.status().equals(status));
        var sameReason = sameStatus.filter(condition -> condition.reason().equals(wanted.reason()));
        if (sameReason
                .filter(condition -> isSameText(unstamped(condition), wanted.message()))
                .isPresent()) {
            return List.of();
        }
        var writes = new ArrayList<Write>();
        announce(before.isEmpty(), wanted, sameReason).forEach(told -> writes.add(new Write.Tell(told)));
        var time = sameStatus
                .map(ConditionFacts::lastTransitionTime)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        var conditions = new ArrayList<>(others(facts));
        conditions.add(new ConditionFacts(
                Names.CONDITION,
                status,
                wanted.reason(),
                "%s (resourceVersion %s)".formatted(wanted.message(), row.resourceVersion()),
                time,
                null));
        writes.add(new Write.SetStatus(null, conditions));
        return writes;
    }

    private static String unstamped(ConditionFacts condition) {
        return STAMP.matcher(condition.message()).replaceFirst("");
    }

    /** The id of a request makes no other message: each retry has its own. */
    private static boolean isSameText(String one, String other) {
        return REQUEST_ID
                .matcher(one)
                .replaceAll("req")
                .equals(REQUEST_ID.matcher(other).replaceAll("req"));
    }

    /** Numbers and ids make no other news. */
    private static boolean isSameNews(String one, String other) {
        return NUMBER_OR_ID
                .matcher(one)
                .replaceAll("#")
                .equals(NUMBER_OR_ID.matcher(other).replaceAll("#"));
    }

    private static List<Announcement> announce(boolean isFirst, Programmed wanted, Optional<ConditionFacts> before) {
        boolean sameReason = before.isPresent();
        boolean sameNews = before.filter(condition -> isSameNews(unstamped(condition), wanted.message()))
                .isPresent();
        var told = new ArrayList<Announcement>();
        switch (wanted.kind()) {
            case WORKING -> {
                if (isFirst || (wanted.reason().equals(Programmed.CREATING) && !sameReason)) {
                    told.add(Announcement.ensuring(wanted.message()));
                }
            }
            case SERVING -> {
                if (isFirst) {
                    told.add(Announcement.ensuring("The load balancer is being made."));
                }
                if (!sameReason) {
                    told.add(Announcement.ensured(wanted.message()));
                }
            }
            case ADDRESS_FAILED -> {
                if (!sameNews) {
                    told.add(Announcement.allocationFailed(wanted.message()));
                }
            }
            case FAILED -> {
                if (!sameNews) {
                    told.add(Announcement.failed(wanted.message()));
                }
            }
            case LEAVING -> {
                if (!sameReason) {
                    told.add(Announcement.deleting(wanted.message()));
                }
            }
        }
        return told;
    }

    private static List<ConditionFacts> others(ServiceFacts facts) {
        return facts.conditions().stream()
                .filter(condition -> !condition.type().equals(Names.CONDITION))
                .toList();
    }

    private static Write letGo(ServiceFacts facts) {
        return new Write.SetFinalizers(facts.finalizers().stream()
                .filter(name -> !name.equals(Names.FINALIZER))
                .toList());
    }
}
