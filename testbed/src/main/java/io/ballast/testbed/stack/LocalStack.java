package io.ballast.testbed.stack;

import io.ballast.ipam.allocation.layout.LayoutResources;
import io.ballast.ipam.allocation.layout.NetworkLayout;
import io.ballast.openstack.CloudsYaml;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestFactory;
import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.runtime.kafka.TopicAdmin;
import io.ballast.schemas.Topics;
import io.ballast.testbed.openstack.Layout;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A running stack. Closing it stops everything it started, and nothing else. */
public final class LocalStack implements AutoCloseable {
    /** The services in the order of the road a Service takes. */
    public enum Role {
        WATCHER,
        TRANSLATOR,
        IPAM,
        OCTAVIA;

        /** Its name in lower case. */
        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private static final Duration READY_WITHIN = Duration.ofSeconds(90);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);
    private static final String MODEL_CLOUD = "k8s";

    private final StackOptions options;
    private final Consumer<String> say;
    private final Path root = Path.of(System.getProperty("ballast.root", "."));
    private final List<ChildProcess> others = new ArrayList<>();
    private final Map<Role, ChildProcess> services = new EnumMap<>(Role.class);
    private final Path folder;
    private final FolderLock lock;
    private String bootstrap = "";
    private Path kubeconfig = Path.of("");
    private Optional<Path> cloudsYaml = Optional.empty();
    private Optional<URI> openStackAdmin = Optional.empty();

    private LocalStack(StackOptions options, Consumer<String> say) {
        this.options = options;
        this.say = say;
        this.folder = options.folder().toAbsolutePath();
        this.lock = FolderLock.take(folder);
    }

    /**
     * Starts everything and waits until it is ready; on failure stops what was started.
     *
     * @throws IllegalStateException when another stack runs in the folder: that one is left alone
     */
    public static LocalStack start(StackOptions options, Consumer<String> say) {
        var stack = new LocalStack(options, say);
        try {
            stack.startAll();
            return stack;
        } catch (RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    public String bootstrap() {
        return bootstrap;
    }

    public Path kubeconfig() {
        return kubeconfig;
    }

    /** The clouds.yaml of the modelled OpenStack, or the one that was given; empty for the one of the environment. */
    public Optional<Path> cloudsYaml() {
        return cloudsYaml;
    }

    public String cloudName() {
        return options.cloud().map(GivenCloud::name).orElse(MODEL_CLOUD);
    }

    /** Where the modelled OpenStack answers what it was asked; empty for a cloud that was given. */
    public Optional<URI> openStackAdmin() {
        return openStackAdmin;
    }

    public KafkaSettings kafka() {
        return KafkaSettings.plain(bootstrap);
    }

    public ChildProcess service(Role role) {
        return Objects.requireNonNull(services.get(role), () -> role + " does not run");
    }

    /** The services that are run here, in the order of the road. */
    public List<ChildProcess> services() {
        return List.copyOf(services.values());
    }

    /** The configuration file of a service, written also for those that are not run here. */
    public Path configuration(Role role) {
        return folder.resolve(role.text() + ".yaml");
    }

    /** Kafka, Kubernetes and OpenStack, as far as they are run here. */
    public List<ChildProcess> worlds() {
        return List.copyOf(others);
    }

    /** The broker, when it is run here. */
    public Optional<ChildProcess> broker() {
        return others.stream().filter(each -> each.name().equals("kafka")).findFirst();
    }

    /** What is run here and remembers everything when it is started again: the services, and the broker. */
    public List<ChildProcess> durable() {
        var all = new ArrayList<>(services.values());
        broker().ifPresent(all::addFirst);
        return List.copyOf(all);
    }

    /** A client of the cloud, as a user of the project. */
    public Rest cloud() {
        return options.cloud()
                .map(GivenCloud::open)
                .orElseGet(() -> RestFactory.open(CloudsYaml.read(cloudsYaml.orElseThrow(), null, MODEL_CLOUD)));
    }

    /** A client of the cluster; the caller closes it. */
    public KubernetesClient kubernetes() {
        var config = new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))
                .withOnlyHttpWatches(true)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** Stops the services, and leaves the worlds. */
    public void stopServices() {
        services.values().forEach(ChildProcess::askToStop);
        services.values().forEach(service -> service.stop(STOP_WITHIN));
    }

    @Override
    public void close() {
        stopServices();
        others.reversed().forEach(ChildProcess::askToStop);
        others.reversed().forEach(other -> other.stop(STOP_WITHIN));
        services.clear();
        others.clear();
        lock.close();
    }

    private void startAll() {
        emptyFolder();
        int port = FreePorts.run(10);
        startKafka(port);
        startKubernetes(port + 1);
        startOpenStack(port + 2);
        others.forEach(other -> other.awaitReady(READY_WITHIN));
        try (var admin = new TopicAdmin(kafka())) {
            admin.apply(Topics.ALL);
        }
        say.accept("Kafka, Kubernetes and OpenStack are ready");
        startServices(port + 5);
        services.values().forEach(service -> service.awaitReady(READY_WITHIN));
        if (!services.isEmpty()) {
            say.accept(services.keySet().stream().map(Role::text).collect(Collectors.joining(", ")) + " ready");
        }
    }

    private void startKafka(int port) {
        bootstrap = options.bootstrap().orElse("127.0.0.1:" + port);
        if (options.bootstrap().isEmpty()) {
            var program = program(
                    "io.ballast.testbed.kafka.EmbeddedBrokerMain",
                    "--port",
                    Integer.toString(port),
                    "--dir",
                    folder.resolve("kafka").toString());
            others.add(ChildProcess.start("kafka", 320, program, folder, URI.create("tcp://127.0.0.1:" + port)));
        }
    }

    private void startKubernetes(int port) {
        kubeconfig = options.kubeconfig().orElse(folder.resolve("kubeconfig")).toAbsolutePath();
        if (options.kubeconfig().isEmpty()) {
            var program = program(
                    "io.ballast.testbed.kubernetes.KubernetesServerMain",
                    "--port",
                    Integer.toString(port),
                    "--service-cidr",
                    families(Layout::vipCidr),
                    "--pod-cidr",
                    families(Layout::podRange),
                    "--kubeconfig",
                    kubeconfig.toString());
            others.add(ChildProcess.start(
                    "kubernetes", 192, program, folder, URI.create("http://127.0.0.1:" + port + "/version")));
        }
    }

    private void startOpenStack(int port) {
        if (options.cloud().isPresent()) {
            cloudsYaml = options.cloud().flatMap(GivenCloud::file);
            return;
        }
        var file = folder.resolve("clouds.yaml");
        cloudsYaml = Optional.of(file);
        openStackAdmin = Optional.of(URI.create("http://127.0.0.1:" + port + "/ballast"));
        var program = program(
                "io.ballast.testbed.openstack.OpenStackServer",
                "--port-base",
                Integer.toString(port),
                "--layout",
                options.layout().name().toLowerCase(java.util.Locale.ROOT),
                "--timing-scale",
                Double.toString(options.timingScale()),
                "--clouds-yaml",
                file.toString(),
                "--ids",
                folder.resolve("openstack-ids.json").toString());
        others.add(ChildProcess.start(
                "openstack", 192, program, folder, URI.create("http://127.0.0.1:" + port + "/ballast/layout")));
    }

    private void startServices(int port) {
        var configs = new ServiceConfigs(options, bootstrap, kubeconfig, cloudsYaml, cloudName(), network());
        int next = port;
        for (var role : Role.values()) {
            int here = next++;
            var file = configuration(role);
            write(file, configs.of(role, here));
            if (!options.services().contains(role)) {
                continue;
            }
            var jar = root.resolve(role.text() + "-service/target/" + role.text() + "-service.jar");
            var program = List.of("-jar", jar.toAbsolutePath().toString(), "--config", file.toString());
            services.put(
                    role,
                    ChildProcess.start(
                            role.text(), 160, program, folder, URI.create("http://127.0.0.1:" + here + "/readyz")));
        }
    }

    /** Both clouds are laid out by {@code ballast plan}, so that names are enough. */
    private Network network() {
        var own = options.layout();
        var named = options.cloud().map(cloud -> own.network(cloud.networks())).orElseGet(own::network);
        var families = new ArrayList<Network.Family>();
        families.add(family(own, named));
        own.second().ifPresent(second -> families.add(family(second, named)));
        return new Network(
                families,
                options.cloud().map(GivenCloud::externalNetwork).orElse(Layout.PUBLIC),
                LayoutResources.podGroup(named));
    }

    private static Network.Family family(Layout layout, NetworkLayout named) {
        return new Network.Family(
                LayoutResources.serviceSubnet(named, layout.family()),
                layout.vipCidr(),
                layout.podCidr(),
                LayoutResources.podSubnet(named, layout.family()));
    }

    private String families(Function<Layout, String> range) {
        var first = range.apply(options.layout());
        return options.layout()
                .second()
                .map(second -> first + "," + range.apply(second))
                .orElse(first);
    }

    private List<String> program(String mainClass, String... arguments) {
        var program = new ArrayList<String>();
        program.add("-cp");
        program.add(System.getProperty("java.class.path"));
        program.add(mainClass);
        program.addAll(List.of(arguments));
        return program;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private void emptyFolder() {
        var kept = List.of(folder, folder.resolve(FolderLock.FILE));
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .filter(file -> !kept.contains(file))
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot empty " + folder, e);
        }
    }
}
