package io.ballast.testbed.command;

import io.ballast.testbed.stack.LocalStack;
import io.ballast.testbed.stack.LocalStack.Role;
import io.ballast.testbed.stack.StackFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ballast up}: runs the stack until interrupted, each part here unless it is given. */
@Command(
        name = "up",
        description = "Runs the stack until interrupted; each part is run here unless it is given.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class UpCommand implements Callable<Integer> {
    @Option(names = "--kubernetes", paramLabel = "KUBECONFIG", description = "A cluster that runs already")
    private @Nullable Path kubeconfig;

    @Mixin
    private StackChoice choice;

    @Option(names = "--kafka", paramLabel = "BOOTSTRAP", description = "A Kafka that runs already, host:port")
    private @Nullable String bootstrap;

    @Option(
            names = "--timing-scale",
            description = "How slow the modelled OpenStack is; default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    private double timingScale = 1;

    @Option(
            names = "--services",
            split = ",",
            paramLabel = "SERVICE",
            description =
                    "Those to run, or none; the configuration of the others is written all the same; default: all")
    private List<String> services = List.of();

    @Option(names = "--folder", description = "For logs and configuration; default: target/ballast-up")
    private @Nullable Path folder;

    @Override
    public Integer call() throws InterruptedException {
        var where = folder == null ? StackFile.folder("up") : folder;
        var file = StackFile.in(where);
        var options = choice.options(timingScale, where)
                .withKubeconfig(Optional.ofNullable(kubeconfig))
                .withBootstrap(Optional.ofNullable(bootstrap))
                .withServices(chosen());
        var interrupted = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            interrupted.countDown();
            try {
                stopped.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try (var stack = LocalStack.start(options, UpCommand::say)) {
            try {
                file.write(stack.bootstrap());
                tell(stack);
                var watch = new Watch(stack.durable(), UpCommand::say);
                while (!interrupted.await(1, TimeUnit.SECONDS)) {
                    watch.look(Instant.now());
                }
                System.out.println("stopping");
            } finally {
                file.delete();
            }
            if (kubeconfig == null && options.cloud().isPresent()) {
                say(
                        "what cluster %1$s has in the cloud is still there; this takes it away: ./ballast purge --openstack %2$s --cluster %1$s"
                                .formatted(options.cluster(), stack.cloudName()));
            }
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    private Set<Role> chosen() {
        if (services.isEmpty()) {
            return EnumSet.allOf(Role.class);
        }
        var chosen = EnumSet.noneOf(Role.class);
        for (var name : services) {
            if (!name.equals("none")) {
                chosen.add(List.of(Role.values()).stream()
                        .filter(role -> role.text().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "--services: '%s' is not watcher, translator, ipam, octavia or none".formatted(name))));
            }
        }
        return chosen;
    }

    private static void say(String line) {
        System.out.println(line);
    }

    private static void tell(LocalStack stack) {
        System.out.println();
        System.out.println("export KUBECONFIG=" + stack.kubeconfig());
        stack.cloudsYaml().ifPresent(file -> System.out.println("export OS_CLIENT_CONFIG_FILE=" + file));
        System.out.println("export OS_CLOUD=" + stack.cloudName());
        System.out.println("export BALLAST_KAFKA_BOOTSTRAP_SERVERS=" + stack.bootstrap());
        System.out.println();
        Stream.concat(stack.services().stream(), stack.worlds().stream())
                .forEach(part ->
                        System.out.println("%-10s pid %d, log %s".formatted(part.name(), part.pid(), part.log())));
        for (var role : Role.values()) {
            if (stack.services().stream().noneMatch(service -> service.name().equals(role.text()))) {
                System.out.println("%-10s not run, configuration %s".formatted(role.text(), stack.configuration(role)));
            }
        }
        System.out.println("running; interrupt to stop");
    }
}
