package io.ballast.runtime.kafka;

import io.ballast.runtime.config.ConfigReader;
import io.ballast.runtime.http.HttpSettings;
import java.util.function.BiFunction;

/**
 * One process that runs one service: it feeds the {@link io.ballast.runtime.shell.Shell} with what Kafka, the outside
 * world and the clock say, and does what the shell asks for.
 */
public final class ServiceHost implements AutoCloseable {
    private ServiceHost() {}

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
        System.exit(ServiceMain.run(args, System.getenv(), configuration, parts));
    }

    /** Starts a service in this process. Returns at once; {@link #isReady} tells when the barrier is passed. */
    public static <C, R> ServiceHost start(ServiceParts<C, R> parts, KafkaSettings kafka, HttpSettings http) {
        return new ServiceHost();
    }

    /** The port of health and metrics. */
    public int port() {
        return 0;
    }

    /** Whether every partition assigned to this process is past its barrier. */
    public boolean isReady() {
        return false;
    }

    /** Waits until the host has ended; the exit code of a process that did nothing else. */
    public int awaitEnd() {
        return 0;
    }

    /** Ends in order: calls that run get 25 s. */
    @Override
    public void close() {}
}
