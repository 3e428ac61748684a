package io.ballast.testbed.kafka;

import io.ballast.runtime.process.Parent;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A broker as a process of its own; says {@code ready <host:port>} on standard output, and ends in order on SIGTERM. */
@Command(name = "broker", mixinStandardHelpOptions = true, description = "Runs one Kafka broker on 127.0.0.1.")
public final class EmbeddedBrokerMain implements Callable<Integer> {
    @Option(names = "--port", description = "TCP port; a free one when not given")
    private int port;

    @Option(names = "--dir", required = true, description = "folder for its records")
    private @Nullable Path folder;

    private EmbeddedBrokerMain() {}

    public static void main(String[] args) {
        Parent.endWithIt();
        System.exit(new CommandLine(new EmbeddedBrokerMain()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (folder == null) {
            throw new IllegalStateException("--dir is required");
        }
        var broker = EmbeddedBroker.start(folder, port == 0 ? EmbeddedBroker.freePort() : port);
        var end = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            broker.stop();
            end.countDown();
        }));
        System.out.println("ready " + broker.bootstrapServers());
        end.await();
        return 0;
    }
}
