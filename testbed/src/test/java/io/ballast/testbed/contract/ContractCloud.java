package io.ballast.testbed.contract;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.openstack.CloudSettings;
import io.ballast.openstack.CloudsYaml;
import io.ballast.testbed.openstack.Cloud;
import io.ballast.testbed.openstack.Faults;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackServer;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.SeededLayout;
import io.ballast.testbed.openstack.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The cloud that the contract is stated of: the one that OS_CLOUD names, else the model behind HTTP at a fiftieth of its time. It
 * remembers what is made through it, and {@link #cleanUp} deletes that.
 *
 * <p>Users are clouds of clouds.yaml: {@code k8s} stands for the one that OS_CLOUD names, {@code admin}, {@code nolb} and
 * {@code observer} for themselves (OS_ADMIN_CLOUD names another administrator). A test that needs one which is not there is skipped.
 */
final class ContractCloud implements Cloud {
    private static final double PACE = 0.02;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int FIRST_VIP = ThreadLocalRandom.current().nextInt(20_000);
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final Optional<OpenStackServer> server;
    private final Path cloudsYaml;
    private final Map<String, Session> sessions = new HashMap<>();
    private final Made made = new Made(this);
    private @Nullable SeededLayout layout;

    private static final class TheOne {
        static final ContractCloud CLOUD = open(System.getenv());
    }

    /** The cloud of this run. */
    static ContractCloud get() {
        return TheOne.CLOUD;
    }

    private ContractCloud(Optional<OpenStackServer> server, Path cloudsYaml) {
        this.server = server;
        this.cloudsYaml = cloudsYaml;
    }

    private static ContractCloud open(Map<String, String> environment) {
        try {
            if (!environment.getOrDefault("OS_CLOUD", "").isEmpty()) {
                return new ContractCloud(
                        Optional.empty(), Path.of(environment.getOrDefault("OS_CLIENT_CONFIG_FILE", "clouds.yaml")));
            }
            var settings =
                    OpenStackModel.Settings.of(Timing.measured().scaled(PACE)).withLayout(Layout.DUAL);
            var server = OpenStackServer.start(settings, 0, InstantSource.system());
            var file = Files.createTempFile("clouds", ".yaml");
            file.toFile().deleteOnExit();
            return new ContractCloud(Optional.of(server), Files.writeString(file, server.cloudsYaml()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the model answers. */
    boolean isModel() {
        return server.isPresent();
    }

    /** Sets a switch of the model until the test ends; of a real cloud the test is skipped, and says what to do. */
    void need(String fault, Object value, String otherwise) {
        Assumptions.assumeTrue(isModel(), otherwise);
        set(model().faults().with(fault, value));
    }

    /** Sets a switch of the model; a real cloud is as it is. */
    void prefer(String fault, Object value) {
        if (isModel()) {
            set(model().faults().with(fault, value));
        }
    }

    private OpenStackModel model() {
        return server.orElseThrow().withModel(model -> model);
    }

    private void set(Faults faults) {
        server.orElseThrow().withModel(model -> {
            model.setFaults(faults, InstantSource.system().instant());
            return model;
        });
    }

    /** How the named user authenticates. */
    CloudSettings settings(String user) {
        var environment = System.getenv();
        var name =
                switch (user) {
                    case "k8s" -> isModel() ? "k8s" : environment.getOrDefault("OS_CLOUD", "");
                    case "admin" -> environment.getOrDefault("OS_ADMIN_CLOUD", "admin");
                    default -> user;
                };
        try {
            return CloudsYaml.read(cloudsYaml, null, name);
        } catch (IllegalArgumentException e) {
            return Assumptions.abort("no user to try it with: " + e.getMessage());
        }
    }

    private Session session(String user) {
        var found = sessions.get(user);
        if (found == null || found.isEnding()) {
            found = Session.open(settings(user));
            sessions.put(user, found);
        }
        return found;
    }

    @Override
    public ModelReply send(String user, ModelRequest request) {
        var reply = session(user).send(request);
        made.note(user, request, reply);
        return reply;
    }

    /** Sends a request without any token of our own, to where the user's catalogue points. */
    ModelReply sendBare(ModelRequest request) {
        return session("k8s").sendBare(request);
    }

    /** The default user's token. */
    String token() {
        return session("k8s").token();
    }

    /** Where a service answers. */
    String endpoint(OpenStackService service) {
        return session("k8s").endpoint(service);
    }

    @Override
    public void settle() {
        made.settle();
    }

    /** Deletes what the test made. What is PENDING is deleted by a later call. */
    void cleanUp() {
        if (isModel()) {
            set(Faults.none());
        }
        made.cleanUp();
    }

    /** Deletes everything, and returns when it is gone. */
    void finish() {
        made.finish();
    }

    /** What is made from now on stays until {@link #finish}: for what the tests of a class share. */
    <T> T shared(Supplier<T> making) {
        return made.shared(making);
    }

    /** Ends what stays PENDING for ever: the model forgets it, in a real cloud the database is told. */
    void free(String loadBalancer) {
        if (isModel()) {
            server.orElseThrow().withModel(model -> model.endInError(loadBalancer));
        } else {
            RunningStack.here().orElseThrow().markInError(loadBalancer);
        }
    }

    /** Deletes this too, when the test has ended. */
    void remember(String collection, String id) {
        made.remember("k8s", collection, id);
    }

    @Override
    public SeededLayout layout() {
        if (layout == null) {
            layout = SeededNetworks.read(this);
        }
        return layout;
    }

    /** The project that the default user acts in. */
    String projectId() {
        return session("k8s").projectId();
    }

    /** A word that nothing else in this cloud has as its name, tag or description. */
    static String unique(String word) {
        return word + "-" + Long.toString(System.nanoTime(), 36) + NUMBERS.incrementAndGet();
    }

    /** An address of the service subnet outside its allocation pool that no other test takes. */
    static String freeVip() {
        int number = (FIRST_VIP + NUMBERS.incrementAndGet()) % 30_000;
        return "10.2." + (1 + number / 250) + "." + (2 + number % 250);
    }

    /** The same of the subnet of IPv6. */
    static String freeVipV6() {
        return "fd10:0:0:2::" + Integer.toHexString(0x100 + (FIRST_VIP + NUMBERS.incrementAndGet()) % 30_000);
    }

    /** Returns when the object, as {@code kinds/id}, has the status; {@code gone} when there is none. */
    void awaitStatus(String target, String status) {
        waiting()
                .untilAsserted(
                        () -> Assertions.assertThat(status(target)).as(target).isEqualTo(status));
    }

    /** Waits as long as a cloud may take. */
    ConditionFactory waiting() {
        return await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(isModel() ? Duration.ofMillis(5) : Duration.ofMillis(100));
    }

    /** The items of an array. */
    static List<JsonNode> items(JsonNode array) {
        var found = new ArrayList<JsonNode>();
        array.forEach(found::add);
        return found;
    }

    /** The texts of an array. */
    static List<String> texts(JsonNode array) {
        return items(array).stream().map(JsonNode::asText).toList();
    }
}
