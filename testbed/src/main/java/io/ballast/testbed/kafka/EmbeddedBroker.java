package io.ballast.testbed.kafka;

import io.ballast.runtime.kafka.KafkaSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * One Kafka broker and controller in this process, on 127.0.0.1, with everything it knows in one folder. Stopped and
 * started again it has the same port and the same records. Meant for tests and trials: it keeps one copy of everything.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final String NODE = "1";

    private final Path folder;
    private final int port;
    private final int transactionVersion;
    private @Nullable KafkaRaftServer server;

    private EmbeddedBroker(Path folder, int port, int transactionVersion) {
        this.folder = folder;
        this.port = port;
        this.transactionVersion = transactionVersion;
    }

    /** Starts on a free port. Throws {@link IllegalStateException} when the broker does not come up. */
    public static EmbeddedBroker start(Path folder) {
        return start(folder, freePort());
    }

    /** Starts on this port, with what is in the folder already. */
    public static EmbeddedBroker start(Path folder, int port) {
        return new EmbeddedBroker(folder, port, 2).restart();
    }

    /** Starts with an older {@code transaction.version} than services accept. */
    public static EmbeddedBroker startWithTransactionVersion(Path folder, int version) {
        return new EmbeddedBroker(folder, freePort(), version).restart();
    }

    /** A port of this machine that nobody listens on at the moment. */
    public static int freePort() {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(HOST), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    public int port() {
        return port;
    }

    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    /** Settings that reach it. */
    public KafkaSettings settings() {
        return KafkaSettings.plain(bootstrapServers());
    }

    /** Starts again what was stopped. */
    public EmbeddedBroker restart() {
        if (server == null) {
            format();
            var started = new KafkaRaftServer(KafkaConfig.fromProps(properties()), Time.SYSTEM);
            started.startup();
            server = started;
        }
        return this;
    }

    /** Stops in order; records stay. */
    public void stop() {
        if (server != null) {
            server.shutdown();
            server = null;
        }
    }

    @Override
    public void close() {
        stop();
    }

    private void format() {
        var told = new ByteArrayOutputStream();
        try {
            Files.createDirectories(folder);
            var formatter = new Formatter()
                    .setPrintStream(new PrintStream(told, true, StandardCharsets.UTF_8))
                    .setClusterId(clusterId())
                    .setNodeId(Integer.parseInt(NODE))
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(folder.toString())
                    .addDirectory(folder.toString())
                    .setIgnoreFormatted(true);
            if (transactionVersion != 2) {
                formatter.setFeatureLevel("transaction.version", (short) transactionVersion);
            }
            formatter.run();
        } catch (Exception e) {
            throw new IllegalStateException(
                    "folder %s cannot be formatted: %s".formatted(folder, told.toString(StandardCharsets.UTF_8)), e);
        }
    }

    /** A broker refuses a folder of another cluster, so the name is kept beside what it writes. */
    private String clusterId() throws IOException {
        var file = folder.resolveSibling(folder.getFileName() + ".cluster-id");
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        var id = Uuid.randomUuid().toString();
        Files.writeString(file, id);
        return id;
    }

    private Properties properties() {
        int controllerPort = freePort();
        var all = new Properties();
        all.setProperty("process.roles", "broker,controller");
        all.setProperty("node.id", NODE);
        all.setProperty("controller.quorum.voters", "%s@%s:%d".formatted(NODE, HOST, controllerPort));
        all.setProperty("listeners", "BROKER://%s:%d,CONTROLLER://%s:%d".formatted(HOST, port, HOST, controllerPort));
        all.setProperty("advertised.listeners", "BROKER://%s:%d".formatted(HOST, port));
        all.setProperty("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        all.setProperty("controller.listener.names", "CONTROLLER");
        all.setProperty("inter.broker.listener.name", "BROKER");
        all.setProperty("log.dirs", folder.toString());
        all.setProperty("metadata.log.dir", folder.toString());
        all.setProperty("auto.create.topics.enable", "false");
        oneCopyOfEverything(all);
        quickAndSmall(all);
        return all;
    }

    private static void oneCopyOfEverything(Properties all) {
        all.setProperty("default.replication.factor", "1");
        all.setProperty("min.insync.replicas", "1");
        all.setProperty("offsets.topic.num.partitions", "1");
        all.setProperty("offsets.topic.replication.factor", "1");
        all.setProperty("transaction.state.log.num.partitions", "1");
        all.setProperty("transaction.state.log.replication.factor", "1");
        all.setProperty("transaction.state.log.min.isr", "1");
        all.setProperty("share.coordinator.state.topic.num.partitions", "1");
        all.setProperty("share.coordinator.state.topic.replication.factor", "1");
        all.setProperty("share.coordinator.state.topic.min.isr", "1");
    }

    private static void quickAndSmall(Properties all) {
        all.setProperty("broker.session.timeout.ms", "2000");
        all.setProperty("broker.heartbeat.interval.ms", "200");
        all.setProperty("controller.quorum.election.timeout.ms", "500");
        all.setProperty("controller.quorum.fetch.timeout.ms", "1000");
        all.setProperty("group.initial.rebalance.delay.ms", "0");
        all.setProperty("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
        all.setProperty("log.cleaner.dedupe.buffer.size", "2097152");
        all.setProperty("num.io.threads", "2");
        all.setProperty("num.network.threads", "2");
        all.setProperty("background.threads", "2");
    }
}
