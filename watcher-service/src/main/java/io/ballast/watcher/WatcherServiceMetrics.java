package io.ballast.watcher;

import io.ballast.runtime.kafka.ServiceReport;
import io.ballast.runtime.shell.Calls;
import io.ballast.watcher.kafka.Standing;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.WatcherNews;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Every measurement of the watcher, and what it says in words. Names and labels: docs/reference/metrics.md. */
public final class WatcherServiceMetrics implements ServiceReport {
    private enum Call {
        READ,
        WATCH,
        LIST,
        PATCH_FINALIZERS,
        PATCH_STATUS,
        POST_EVENT
    }

    private enum Outcome {
        DONE,
        ABSENT,
        CONFLICT,
        REFUSED,
        UNAVAILABLE
    }

    private final CompositeMeterRegistry meters = new CompositeMeterRegistry();
    private final Supplier<Standing> standing;

    /** @param standing how the watcher stands; asked by any thread */
    public WatcherServiceMetrics(Supplier<Standing> standing) {
        this.standing = standing;
    }

    /** A watcher that is not in charge is ready: ready to take over. */
    @Override
    public List<String> troubles() {
        var now = standing.get();
        return now.isStandby() || now.waitsFor().isEmpty() ? List.of() : List.of(now.waitsFor());
    }

    @Override
    public Optional<String> unusable() {
        return standing.get().refusal();
    }

    @Override
    public List<String> remarks() {
        var now = standing.get();
        var held = "%d deletions are held until a person confirms them: ballast deletions show"
                .formatted(now.heldDeletions());
        return Stream.of(now.remark(), now.heldDeletions() == 0 ? "" : held)
                .filter(remark -> !remark.isEmpty())
                .toList();
    }

    @Override
    public void addTo(MeterRegistry registry) {
        meters.add(registry); // first, or what is registered before would not be seen there in full
        for (var kind : Kind.values()) {
            Gauge.builder("watcher.service.watch.silence", () -> silenceSeconds(kind))
                    .baseUnit("seconds")
                    .tag("kind", word(kind))
                    .register(meters);
        }
        Gauge.builder("watcher.service.objects", () -> standing.get().services())
                .tag("kind", word(Kind.SERVICES))
                .register(meters);
        Gauge.builder("watcher.service.objects", () -> standing.get().slices())
                .tag("kind", word(Kind.SLICES))
                .register(meters);
        Gauge.builder("watcher.service.held.deletions", () -> standing.get().heldDeletions())
                .register(meters);
    }

    /** The same calls, counted and timed. */
    public Calls<WatcherCall, WatcherNews> metered(Calls<WatcherCall, WatcherNews> calls) {
        return new Metered(calls);
    }

    private double silenceSeconds(Kind kind) {
        var heard = standing.get().heardAt().get(kind);
        return heard == null ? Double.NaN : (meters.config().clock().wallTime() - heard.toEpochMilli()) / 1_000.0;
    }

    private static Call kindOf(WatcherCall call) {
        return switch (call) {
            case WatcherCall.ReadCluster _, WatcherCall.Look _ -> Call.READ;
            case WatcherCall.StartWatching _, WatcherCall.ReadWatches _ -> Call.WATCH;
            case WatcherCall.ListAll _ -> Call.LIST;
            case WatcherCall.PatchFinalizers _ -> Call.PATCH_FINALIZERS;
            case WatcherCall.PatchStatus _ -> Call.PATCH_STATUS;
            case WatcherCall.PostEvent _ -> Call.POST_EVENT;
        };
    }

    private static Outcome outcomeOf(WatcherNews answer) {
        return switch (answer) {
            case WatcherNews.Absent _ -> Outcome.ABSENT;
            case WatcherNews.Conflict _ -> Outcome.CONFLICT;
            case WatcherNews.Refused _ -> Outcome.REFUSED;
            case WatcherNews.Unavailable _ -> Outcome.UNAVAILABLE;
            case WatcherNews.ClusterRead _,
                    WatcherNews.Watching _,
                    WatcherNews.WatchesRead _,
                    WatcherNews.Seen _,
                    WatcherNews.Deleted _,
                    WatcherNews.Listed _,
                    WatcherNews.Compared _,
                    WatcherNews.Found _,
                    WatcherNews.EventPosted _ -> Outcome.DONE;
        };
    }

    private static String word(Enum<?> label) {
        return label.name().toLowerCase(Locale.ROOT);
    }

    private final class Metered implements Calls<WatcherCall, WatcherNews> {
        private final Calls<WatcherCall, WatcherNews> calls;

        Metered(Calls<WatcherCall, WatcherNews> calls) {
            this.calls = calls;
        }

        @Override
        public WatcherNews call(WatcherCall call) {
            var sample = Timer.start(meters);
            var answer = calls.call(call);
            sample.stop(meters.timer(
                    "watcher.service.call.duration", "call", word(kindOf(call)), "outcome", word(outcomeOf(answer))));
            return answer;
        }

        @Override
        public WatcherNews failed(WatcherCall call, RuntimeException cause) {
            return calls.failed(call, cause);
        }

        @Override
        public void listen(Consumer<WatcherNews> news) {
            calls.listen(news);
        }

        @Override
        public void close() {
            calls.close();
        }
    }
}
