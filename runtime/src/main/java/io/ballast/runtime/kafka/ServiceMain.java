package io.ballast.runtime.kafka;

import io.ballast.runtime.config.ConfigException;
import io.ballast.runtime.config.ConfigReader;
import io.ballast.runtime.http.HttpSettings;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The main method that all services share. */
final class ServiceMain {
    static final int ENDED = 0;
    static final int DEFECT = 1;
    static final int UNUSABLE = 2;

    private static final Logger LOGGER = LoggerFactory.getLogger(ServiceMain.class);

    /** What one file holds for one process. */
    private record Whole<S>(KafkaSettings kafka, HttpSettings http, S own) {}

    private ServiceMain() {}

    /** Runs until the host ends; the exit code of the process. */
    static <S, C, R> int run(
            String[] args,
            Map<String, String> environment,
            BiFunction<ConfigReader, KafkaSettings, S> configuration,
            BiFunction<S, KafkaSettings, ServiceParts<C, R>> parts) {
        try {
            var read = reader(args, environment);
            var whole = read.whole(root -> {
                var kafka = KafkaSettings.from(root);
                var http = HttpSettings.from(root);
                return new Whole<>(kafka, http, configuration.apply(root, kafka));
            });
            read.effective()
                    .forEach((key, value) -> LOGGER.atInfo()
                            .addKeyValue("key", key)
                            .addKeyValue("value", value)
                            .log("configuration"));
            return serve(made(parts, whole), whole.kafka(), whole.http());
        } catch (ConfigException e) {
            e.problems().forEach(problem -> LOGGER.error("configuration cannot be used: {}", problem));
            return UNUSABLE;
        } catch (RuntimeException e) {
            LOGGER.error("service failed to start", e);
            return DEFECT;
        }
    }

    /** What a service finds wrong while it is made, such as a file that is not there, is a mistake in configuration too. */
    private static <S, C, R> ServiceParts<C, R> made(
            BiFunction<S, KafkaSettings, ServiceParts<C, R>> parts, Whole<S> whole) {
        try {
            return parts.apply(whole.own(), whole.kafka());
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new ConfigException(Failures.words(e));
        }
    }

    private static <C, R> int serve(ServiceParts<C, R> parts, KafkaSettings kafka, HttpSettings http) {
        var host = ServiceHost.start(parts, kafka, http);
        LOGGER.atInfo().addKeyValue("port", host.port()).log("health and metrics are served");
        var hook = new Thread(() -> endBySignal(host), "sigterm");
        Runtime.getRuntime().addShutdownHook(hook);
        int code = host.awaitEnd();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            return code; // the signal came first and its thread ends the process
        }
        host.close();
        return code;
    }

    /** Without the halt, the process would end with 128 and the number of the signal although all went well. */
    private static void endBySignal(ServiceHost host) {
        host.close();
        Runtime.getRuntime().halt(host.awaitEnd());
    }

    private static ConfigReader reader(String[] args, Map<String, String> environment) {
        if (args.length == 2 && args[0].equals("--config")) {
            return ConfigReader.of(Path.of(args[1]), environment);
        }
        if (args.length != 0) {
            throw new ConfigException(
                    "arguments %s are not understood: give --config FILE or none".formatted(String.join(" ", args)));
        }
        var file = environment.getOrDefault("BALLAST_CONFIG", "");
        return file.isEmpty() ? ConfigReader.of("", environment) : ConfigReader.of(Path.of(file), environment);
    }
}
