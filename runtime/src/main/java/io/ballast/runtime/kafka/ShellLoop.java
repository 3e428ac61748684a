package io.ballast.runtime.kafka;

import io.ballast.runtime.shell.Effect;
import io.ballast.runtime.shell.Event;
import io.ballast.runtime.shell.LogWrite;
import io.ballast.runtime.shell.Shell;
import io.ballast.runtime.shell.ShellCounters;
import io.ballast.runtime.shell.UnitId;
import io.ballast.runtime.shell.UnitProgress;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that steps the shell, and does what it asks for without ever waiting. */
final class ShellLoop<C, R> implements Mailbox<C, R>, OwnershipLock.LettingGo {
    private static final Logger LOGGER = LoggerFactory.getLogger(ShellLoop.class);
    private static final Duration REST_MAX = Duration.ofMinutes(1);
    private static final int EVENTS_PER_TURN = 256;

    private record Letter<C, R>(Event<C, R> event, Runnable taken) {}

    private static final class Ports<C, R> {
        private @Nullable UnitWriter<C, R> writer;
        private @Nullable UnitReader<C, R> reader;
    }

    private final ServiceParts<C, R> parts;
    private final KafkaSettings kafka;
    private final KafkaNames names;
    private final Vertx vertx;
    private final ClientMetrics metrics;
    private final InstantSource clock;
    private final Shell<C, R> shell;
    private final Map<UnitId, Ports<C, R>> ports = new HashMap<>();
    private final LinkedBlockingQueue<Letter<C, R>> letters = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private final Object turn = new Object();
    private final Thread thread;
    private volatile Set<Integer> held = Set.of();
    private volatile List<UnitProgress> progress = List.of();
    private final Map<Integer, String> failures = new ConcurrentHashMap<>();
    private boolean stopping;

    ShellLoop(ServiceParts<C, R> parts, KafkaSettings kafka, Vertx vertx, ClientMetrics metrics, InstantSource clock) {
        this.parts = parts;
        this.kafka = kafka;
        this.names = new KafkaNames(kafka.topicPrefix());
        this.vertx = vertx;
        this.metrics = metrics;
        this.clock = clock;
        this.shell = new Shell<>(parts.plan(), parts.reconciler());
        this.thread = Thread.ofPlatform().name("shell").daemon().unstarted(this::run);
    }

    void start() {
        parts.calls().listen(news -> post(new Event.Told<>(news)));
        thread.start();
    }

    @Override
    public void post(Event<C, R> event, Runnable taken) {
        if (event instanceof Event.UnitFailed<C, R>(var unit, var reason)) {
            failures.put(unit.partition(), reason);
        }
        letters.add(new Letter<>(event, taken));
    }

    /** Completed with the exit code once nothing is held any more. */
    CompletableFuture<Integer> end() {
        return end;
    }

    List<UnitProgress> progress() {
        return progress;
    }

    /** Why the ownership of this partition failed the last time; empty when it never did. */
    String lastFailure(int partition) {
        return failures.getOrDefault(partition, "");
    }

    ShellCounters counters() {
        return shell.counters();
    }

    /** Letters that wait to be taken in. */
    int waiting() {
        return letters.size();
    }

    @Override
    public boolean letGo(Set<Integer> partitions, Duration within) throws InterruptedException {
        var taken = new CountDownLatch(1);
        post(new Event.Revoked<>(partitions), taken::countDown);
        var deadline = clock.instant().plus(within);
        if (!awaitUnlessEnded(taken, within)) {
            return end.isDone();
        }
        synchronized (turn) {
            while (!end.isDone() && !Collections.disjoint(held, partitions)) {
                long millis = Duration.between(clock.instant(), deadline).toMillis();
                if (millis <= 0) {
                    return false;
                }
                turn.wait(millis);
            }
        }
        return true;
    }

    /** Lets everything go and ends; false when that took too long. */
    boolean stop(Duration within) {
        if (!thread.isAlive()) {
            return true;
        }
        post(new Event.Stop<>());
        try {
            end.get(within.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean awaitUnlessEnded(CountDownLatch taken, Duration within) throws InterruptedException {
        for (long left = within.toMillis(); left > 0 && !end.isDone(); left -= 100) {
            if (taken.await(100, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    private void run() {
        int code = ServiceMain.DEFECT;
        try {
            code = turns();
        } catch (InterruptedException _) {
            LOGGER.error("shell interrupted");
        } catch (RuntimeException | Error e) {
            LOGGER.atError().setCause(e).log("shell failed: the process ends, its successor reads everything again");
        } finally {
            List.copyOf(ports.keySet()).forEach(this::close);
            end.complete(code);
            synchronized (turn) {
                turn.notifyAll();
            }
        }
    }

    /** Turns until the end; the exit code. */
    private int turns() throws InterruptedException {
        while (!stopping || !shell.held().isEmpty()) {
            turn();
            var unusable = parts.report().unusable();
            if (unusable.isPresent()) {
                LOGGER.error("service cannot run: {}", unusable.get());
                return ServiceMain.UNUSABLE;
            }
        }
        return ServiceMain.ENDED;
    }

    private void turn() throws InterruptedException {
        var batch = new ArrayList<Letter<C, R>>();
        var first = letters.poll(restMillis(), TimeUnit.MILLISECONDS);
        if (first == null) {
            step(new Event.Tick<>());
        } else {
            batch.add(first);
            letters.drainTo(batch, EVENTS_PER_TURN);
        }
        batch.forEach(letter -> step(letter.event()));
        publish();
        batch.forEach(letter -> letter.taken().run());
    }

    private long restMillis() {
        return shell.nextWake()
                .map(wake -> Duration.between(clock.instant(), wake).toMillis() + 1)
                .map(millis -> Math.clamp(millis, 0, REST_MAX.toMillis()))
                .orElse(REST_MAX.toMillis());
    }

    private void publish() {
        progress = shell.progress();
        synchronized (turn) {
            held = shell.held();
            turn.notifyAll();
        }
    }

    private void step(Event<C, R> event) {
        stopping |= event instanceof Event.Stop<C, R>;
        for (var effect : shell.step(event, now())) {
            execute(effect);
        }
    }

    private Instant now() {
        return clock.instant();
    }

    private void execute(Effect<C> effect) {
        switch (effect) {
            case Effect.OpenProducer<C>(var unit) -> open(unit);
            case Effect.FindEnds<C>(var unit, var partitions) -> reader(unit).findEnds(partitions);
            case Effect.Read<C>(var unit, var partitions) -> reader(unit).read(partitions);
            case Effect.StopReading<C>(var unit, var partitions) -> reader(unit).stop(partitions);
            case Effect.Commit<C>(var unit, var batch, var writes) -> commit(unit, batch, writes);
            case Effect.StartCall<C>(var id, var call) -> call(id, call);
            case Effect.Close<C>(var unit) -> close(unit);
            case Effect.Report<C> report -> Reports.log(report);
        }
    }

    private void open(UnitId unit) {
        var id = names.transactionalId(parts.name(), unit.partition());
        var writer = new UnitWriter<C, R>(unit, ClientProperties.transactional(kafka, id), names, this, metrics);
        ports(unit).writer = writer;
        writer.open();
    }

    private void commit(UnitId unit, long batch, List<LogWrite> writes) {
        var writer = ports(unit).writer;
        if (writer == null) {
            throw new IllegalStateException("commit without a producer: " + unit);
        }
        writer.commit(batch, writes);
    }

    private UnitReader<C, R> reader(UnitId unit) {
        var of = ports(unit);
        var reader = of.reader;
        if (reader == null) {
            var clientId = names.transactionalId(parts.name(), unit.partition()) + "-reader";
            reader = new UnitReader<>(unit, vertx, ClientProperties.reader(kafka, clientId), names, this, metrics);
            of.reader = reader;
        }
        return reader;
    }

    private Ports<C, R> ports(UnitId unit) {
        return ports.computeIfAbsent(unit, ignored -> new Ports<>());
    }

    private void close(UnitId unit) {
        var closing = ports.remove(unit);
        if (closing != null) {
            if (closing.writer != null) {
                closing.writer.close();
            }
            if (closing.reader != null) {
                closing.reader.close();
            }
        }
    }

    private void call(long id, C call) {
        Thread.ofVirtual().name("call-" + id).start(() -> post(new Event.Answered<>(id, answer(call))));
    }

    private R answer(C call) {
        try {
            return parts.calls().call(call);
        } catch (RuntimeException e) {
            return parts.calls().failed(call, e);
        } catch (Error e) {
            LOGGER.atError().setCause(e).log("a call failed badly");
            return parts.calls().failed(call, new IllegalStateException(e));
        }
    }
}
