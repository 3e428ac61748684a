package io.ballast.runtime.kafka;

import io.ballast.runtime.config.ConfigException;
import io.ballast.runtime.config.ConfigReader;
import io.ballast.runtime.http.HealthServer;
import io.ballast.runtime.http.HttpSettings;
import io.ballast.runtime.process.Parent;
import io.ballast.runtime.shell.UnitProgress;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process that runs one service: it feeds the {@link io.ballast.runtime.shell.Shell} with what Kafka, the outside
 * world and the clock say, and does what the shell asks for.
 */
public final class ServiceHost implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ServiceHost.class);
    private static final Duration LET_GO_WITHIN = Duration.ofSeconds(26);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(3);

    private final ServiceParts<?, ?> parts;
    private final KafkaSettings kafka;
    private final Vertx vertx;
    private final HostMetrics metrics = new HostMetrics();
    private final ShellLoop<?, ?> loop;
    private final OwnershipLock<?, ?> lock;
    private final HealthServer health;
    private final Thread starter;
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private volatile @Nullable String startTrouble;
    private volatile boolean closing;
    private boolean isTold;

    /**
     * The main method of a service. Reads the file that {@code --config FILE} or the variable BALLAST_CONFIG names,
     * overlaid with the environment; without either, the environment alone. Runs until SIGTERM and ends the process: 0
     * after an orderly end, 2 when configuration or topics cannot be used, 1 for a defect.
     *
     * @param configuration reads every key of the service; {@code kafka} and {@code http} are read already, and keys that
     *     nobody read are rejected afterwards
     * @param parts makes the service; called once, with a configuration without mistakes
     */
    public static <S, C, R> void main(
            String[] args,
            BiFunction<ConfigReader, KafkaSettings, S> configuration,
            BiFunction<S, KafkaSettings, ServiceParts<C, R>> parts) {
        Parent.endWithIt();
        System.exit(ServiceMain.run(args, System.getenv(), configuration, parts));
    }

    /**
     * Starts a service in this process. Returns at once; {@link #isReady} tells when the barrier is passed. Throws {@link
     * ConfigException} when the port cannot be had.
     */
    public static <C, R> ServiceHost start(ServiceParts<C, R> parts, KafkaSettings kafka, HttpSettings http) {
        return new ServiceHost(parts, kafka, http);
    }

    private <C, R> ServiceHost(ServiceParts<C, R> parts, KafkaSettings kafka, HttpSettings http) {
        this.parts = parts;
        this.kafka = kafka;
        this.startTrouble = "Kafka at %s has not answered yet".formatted(kafka.bootstrapServers());
        this.vertx = Vertx.vertx(
                new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2).setInternalBlockingPoolSize(2));
        var names = new KafkaNames(kafka.topicPrefix());
        var shell = new ShellLoop<>(parts, kafka, vertx, metrics.clients(), InstantSource.system());
        this.loop = shell;
        metrics.watch(shell);
        metrics.watch(parts.report());
        this.lock = new OwnershipLock<>(
                ClientProperties.lock(kafka, names.group(parts.name())),
                names.of(parts.plan().lead()),
                shell,
                shell,
                metrics.clients());
        try {
            this.health = HealthServer.start(
                    vertx,
                    http,
                    new HealthServer.Health(this::troubles, parts.report()::remarks, this::isAlive),
                    metrics::scrape);
        } catch (ConfigException e) {
            var _ = vertx.close();
            throw e;
        }
        this.starter = Thread.ofPlatform().name("starter").daemon().start(this::begin);
        var _ = shell.end().whenComplete((code, failure) -> end.complete(code));
    }

    /** The port of health and metrics. */
    public int port() {
        return health.port();
    }

    /** Whether every partition assigned to this process is past its barrier, and the service has no trouble of its own. */
    public boolean isReady() {
        return troubles().isEmpty();
    }

    /** Why the service is not ready, one sentence each; empty when it is. */
    public List<String> troubles() {
        if (end.isDone() || closing) {
            return List.of("the service ends");
        }
        var trouble = startTrouble;
        if (trouble != null) {
            return List.of(trouble);
        }
        var troubles = new ArrayList<String>();
        lock.trouble().ifPresent(troubles::add);
        progress().stream().filter(unit -> !unit.isReady()).map(this::words).forEach(troubles::add);
        troubles.addAll(parts.report().troubles());
        return troubles;
    }

    /** How far each owned partition is. */
    public List<UnitProgress> progress() {
        return loop.progress();
    }

    /** Waits until the host has ended; the exit code of a process that did nothing else. */
    public int awaitEnd() {
        return end.join();
    }

    /** Ends in order: calls that run get 25 s, then the group is left. */
    @Override
    public synchronized void close() {
        if (closing) {
            return;
        }
        closing = true;
        starter.interrupt();
        joinStarter();
        if (!loop.stop(LET_GO_WITHIN)) {
            LOGGER.warn("partitions are still held at the end: their next owner fences us");
        }
        lock.close();
        parts.calls().close();
        health.close();
        metrics.close();
        var _ = vertx.close();
        end.complete(ServiceMain.ENDED);
        LOGGER.atInfo().addKeyValue("code", end.join()).log("service ended");
    }

    private void begin() {
        try {
            while (!closing) {
                if (isUsable()) {
                    startTrouble = null;
                    loop.start();
                    lock.start();
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(ASK_AGAIN.toMillis());
            }
        } catch (InterruptedException | InterruptException _) {
            LOGGER.debug("ended before it began");
        } catch (ConfigException e) {
            e.problems().forEach(problem -> LOGGER.error("service cannot run: {}", problem));
            startTrouble = e.getMessage();
            end.complete(ServiceMain.UNUSABLE);
        } catch (RuntimeException e) {
            LOGGER.error("service failed to start", e);
            startTrouble = Failures.words(e);
            end.complete(ServiceMain.DEFECT);
        }
    }

    /** Whether Kafka is there; throws {@link ConfigException} when it is there and not as it must be. */
    private boolean isUsable() {
        try (var admin = new TopicAdmin(kafka)) {
            var problems = admin.fatal(topics());
            if (!problems.isEmpty()) {
                throw new ConfigException(problems);
            }
            int published = new SchemaPublisher(kafka).publish();
            LOGGER.atInfo().addKeyValue("schemasPublished", published).log("topics are as they must be");
            return true;
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            if (isMisconfigured(e)) {
                throw new ConfigException("kafka: " + Failures.words(e));
            }
            var words = "Kafka at %s cannot be used yet: %s".formatted(kafka.bootstrapServers(), Failures.words(e));
            if (!isTold) { // once, however often it is asked
                isTold = true;
                LOGGER.atWarn()
                        .addKeyValue("bootstrapServers", kafka.bootstrapServers())
                        .addKeyValue("reason", Failures.words(e))
                        .log("Kafka cannot be used yet, and is asked until it can");
            }
            startTrouble = words;
            return false;
        }
    }

    /** Every topic the service touches. */
    private Set<Topic<?>> topics() {
        var plan = parts.plan();
        var topics = new LinkedHashSet<Topic<?>>();
        topics.add(plan.lead());
        topics.addAll(plan.inputs());
        topics.addAll(plan.outputs());
        plan.outputs().forEach(topic -> Topics.mirrorOf(topic).ifPresent(topics::add));
        topics.add(Topics.SCHEMAS);
        topics.add(Topics.DEAD_LETTERS);
        return topics;
    }

    /** A name that cannot be resolved may be known soon; any other mistake in the properties stays one. */
    private static boolean isMisconfigured(@Nullable Throwable e) {
        if (e == null) {
            return false;
        }
        if (e instanceof org.apache.kafka.common.config.ConfigException) {
            return !String.valueOf(e.getMessage()).contains("resolvable");
        }
        return isMisconfigured(e.getCause());
    }

    private boolean isAlive() {
        return !end.isDone() || closing;
    }

    private void joinStarter() {
        try {
            starter.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private String words(UnitProgress unit) {
        var stage =
                switch (unit.stage()) {
                    case RESTING ->
                        "rests after a failure: " + loop.lastFailure(unit.unit().partition());
                    case FENCING -> "fences earlier owners";
                    case BOUNDING -> "asks for the ends of its topics";
                    case READING -> "has read %d of %d offsets".formatted(unit.read(), unit.total());
                    case RUNNING, CLOSING -> throw new IllegalStateException("is ready: " + unit);
                };
        return "partition %d %s".formatted(unit.unit().partition(), stage);
    }
}
