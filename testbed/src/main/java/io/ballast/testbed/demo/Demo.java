package io.ballast.testbed.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.testbed.check.ProjectContents;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.purge.Purge;
import io.ballast.testbed.stack.LocalStack;
import io.ballast.testbed.stack.LocalStack.Role;
import io.ballast.testbed.stack.StackOptions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/** Tells the whole story on a stack of its own, and says whether it ended well. */
public final class Demo {
    private static final Duration SETTLE_WITHIN = Duration.ofMinutes(2);
    private static final Duration GONE_WITHIN = Duration.ofSeconds(30);
    private static final Duration PENDING_WITHIN = Duration.ofSeconds(10);

    private final StackOptions options;
    private final List<Path> files;
    private final Narrator narrator;

    /** A demo of the files, or of our own shop when there are none. */
    public Demo(StackOptions options, List<Path> files, PrintStream out) {
        this.options = options;
        this.files = List.copyOf(files);
        this.narrator = new Narrator(out);
    }

    /** Runs the story; what differed from how it must be, empty when all went well. */
    public List<String> run() throws InterruptedException {
        narrator.say("starting Kafka, Kubernetes, OpenStack and the four services, layout "
                + options.layout().name().toLowerCase(java.util.Locale.ROOT) + ", logs in " + options.folder());
        var before =
                options.cloud().map(cloud -> ProjectContents.of(cloud.open())).orElse(List.of());
        try (var stack = LocalStack.start(options, narrator::say);
                var kubernetes = stack.kubernetes();
                var follower = new StatusFollower(stack.kafka(), narrator)) {
            var story = new Story(stack, kubernetes, follower);
            story.tell();
            story.takeAway(before);
            return story.differences;
        }
    }

    private final class Story {
        private final LocalStack stack;
        private final KubernetesClient kubernetes;
        private final StatusFollower follower;
        private final Rest cloud;
        private final Settling settling;
        private final List<String> differences = new ArrayList<>();
        private List<String> atStart = List.of();
        private int replicas = 3;

        private Story(LocalStack stack, KubernetesClient kubernetes, StatusFollower follower) {
            this.stack = stack;
            this.kubernetes = kubernetes;
            this.follower = follower;
            this.cloud = stack.cloud();
            this.settling = new Settling(kubernetes, cloud);
        }

        private void tell() {
            if (!settled("at the start")) {
                return;
            }
            narrator.say("pods reach the API server through the load balancer of default/kubernetes, which stays");
            atStart = ProjectContents.of(cloud);
            var userAddress = files.isEmpty() && options.layout() != Layout.IPV6 ? reserveAddress() : "";
            var manifests = manifests(userAddress);
            manifests.addMissingNamespaces();
            narrator.say("applying %d objects".formatted(manifests.size()));
            var applied = Instant.now();
            manifests.apply();
            if (!settled("after applying")) {
                return;
            }
            narrator.say("OpenStack is as Kubernetes asks, to the last member");
            var deployments = scalable(manifests);
            if (!deployments.isEmpty()) {
                scaleAndKill(deployments);
            }
            var served = follower.served();
            var writes = new ToldWrites(stack.kafka()).byService();
            narrator.say("deleting everything");
            manifests.delete();
            if (settled("after deleting")) {
                checkEmpty(userAddress);
            }
            narrator.plain(ServiceTable.of(served, applied, follower.firstActive(), writes));
        }

        /** Stops the services, so that the cluster is gone, and purges what it had. */
        private void takeAway(List<String> before) throws InterruptedException {
            stack.stopServices();
            var purge = new Purge(cloud, line -> {});
            if (!purge.carryOut(options.cluster(), settling.clusterUid(), SETTLE_WITHIN)
                    .isNothing()) {
                differences.add("the purge did not end");
            }
            var left = new ArrayList<>(ProjectContents.of(cloud));
            before.forEach(left::remove);
            left.forEach(each -> differences.add("after the purge: " + each + " is left"));
            if (left.isEmpty()) {
                narrator.say("the cluster is gone, and purged: OpenStack holds nothing of ours");
            }
        }

        private void scaleAndKill(List<HasMetadata> deployments) {
            var first = deployments.getFirst().getMetadata();
            narrator.say("scaling %s/%s to 5".formatted(namespace(deployments.getFirst()), first.getName()));
            scaleAll(deployments.subList(0, 1), 5);
            if (!settled("after scaling")) {
                return;
            }
            for (var role : Role.values()) {
                replicas = replicas == 3 ? 4 : 3;
                scaleAll(deployments, replicas);
                awaitPending();
                narrator.say("kill -9 %s while a load balancer is PENDING, and start it again".formatted(role.text()));
                stack.service(role).kill();
                stack.service(role).restart();
                if (!settled("after killing " + role.text())) {
                    return;
                }
                narrator.say("as it must be again");
            }
            for (var role : Role.values()) {
                stack.service(role).awaitReady(SETTLE_WITHIN);
            }
        }

        private boolean settled(String when) {
            var found = settling.await(SETTLE_WITHIN);
            found.forEach(difference -> differences.add(when + ": " + difference));
            return found.isEmpty();
        }

        private void scaleAll(List<HasMetadata> deployments, int count) {
            deployments.forEach(deployment -> kubernetes
                    .apps()
                    .deployments()
                    .inNamespace(namespace(deployment))
                    .withName(deployment.getMetadata().getName())
                    .scale(count));
        }

        /** Deployments that a Service stands before: only their scale can be seen in OpenStack. */
        private List<HasMetadata> scalable(Manifests manifests) {
            var services = kubernetes.services().inAnyNamespace().list().getItems();
            return manifests.deployments().stream()
                    .filter(deployment -> services.stream()
                            .anyMatch(service -> service.getMetadata()
                                    .getName()
                                    .equals(deployment.getMetadata().getName())))
                    .toList();
        }

        private void awaitPending() {
            var end = Instant.now().plus(PENDING_WITHIN);
            while (!isAnyPending() && Instant.now().isBefore(end)) {
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }

        private boolean isAnyPending() {
            var reply = cloud.send(RestRequest.get(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers")
                    .with("fields", "provisioning_status"));
            return reply instanceof RestReply.Answered answered
                    && answered.body().toString().contains("PENDING");
        }

        private Manifests manifests(String userAddress) {
            if (!files.isEmpty()) {
                return Manifests.files(kubernetes, files);
            }
            var payments =
                    switch (options.layout()) {
                        case DEFAULT, DUAL -> "10.1.200.10";
                        case SHARED -> "10.0.200.10";
                        case IPV6 -> "fd10:0:0:1::c80a";
                    };
            return Manifests.shop(kubernetes, Map.of("USER_ADDRESS", userAddress, "PAYMENTS_ADDRESS", payments));
        }

        private String reserveAddress() {
            var networks = json(RestRequest.get(Api.NETWORK, "/v2.0/networks").with("router:external", "true"));
            var body = JsonNodeFactory.instance.objectNode();
            body.putObject("floatingip")
                    .put(
                            "floating_network_id",
                            networks.path("networks").path(0).path("id").asText())
                    .put("description", "reserved by hand for the demo");
            var made = json(RestRequest.post(Api.NETWORK, "/v2.0/floatingips", body))
                    .path("floatingip");
            var address = made.path("floating_ip_address").asText();
            narrator.say("a user reserved floating IP " + address);
            return address;
        }

        private void checkEmpty(String userAddress) {
            if (!userAddress.isEmpty()) {
                var found = json(RestRequest.get(Api.NETWORK, "/v2.0/floatingips")
                                .with("floating_ip_address", userAddress))
                        .path("floatingips");
                if (found.size() != 1) {
                    differences.add("the floating IP %s of the user is gone".formatted(userAddress));
                } else {
                    cloud.send(RestRequest.delete(
                            Api.NETWORK,
                            "/v2.0/floatingips/" + found.path(0).path("id").asText()));
                    narrator.say("the user's floating IP %s was left alone".formatted(userAddress));
                }
            }
            var left = awaitNothingLeft();
            differences.addAll(left);
            if (left.isEmpty()) {
                narrator.say("OpenStack is empty again, but for default/kubernetes");
            }
        }

        /** The last steps come after the load balancers are gone: floating IPs, then finalizers. */
        private List<String> awaitNothingLeft() {
            var end = Instant.now().plus(GONE_WITHIN);
            while (true) {
                var left = new ArrayList<String>();
                for (var each : ProjectContents.of(cloud)) {
                    left.add(each + " is left");
                }
                atStart.stream()
                        .map(each -> each + " is left")
                        .filter(each -> !left.remove(each))
                        .forEach(each -> left.add("no longer true: " + each));
                kubernetes.services().inAnyNamespace().list().getItems().stream()
                        .filter(service -> service.getMetadata().getDeletionTimestamp() != null)
                        .map(service -> "Service %s/%s keeps its finalizer"
                                .formatted(
                                        service.getMetadata().getNamespace(),
                                        service.getMetadata().getName()))
                        .forEach(left::add);
                if (left.isEmpty() || Instant.now().isAfter(end)) {
                    return left;
                }
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
        }

        private static String namespace(HasMetadata object) {
            return Objects.requireNonNullElse(object.getMetadata().getNamespace(), "default");
        }

        private com.fasterxml.jackson.databind.JsonNode json(RestRequest request) {
            if (cloud.send(request) instanceof RestReply.Answered answered && answered.isSuccess()) {
                return answered.body();
            }
            throw new IllegalStateException("OpenStack refused " + request.method() + " " + request.path());
        }
    }
}
