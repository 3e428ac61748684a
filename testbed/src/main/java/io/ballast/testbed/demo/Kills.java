package io.ballast.testbed.demo;

import io.ballast.testbed.check.ProjectContents;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.stack.LocalStack;
import io.ballast.testbed.stack.LocalStack.Role;
import io.ballast.testbed.stack.StackOptions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Kills the four real processes at random times while Services and pods change, starts each again at once, and looks whether
 * OpenStack becomes what Kubernetes asks for all the same (R36). Who is killed, when, and what changes come from a seed; how
 * far each process was by then does not.
 */
public final class Kills {
    private static final Duration SETTLE_WITHIN = Duration.ofMinutes(5);
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final Duration GONE_WITHIN = Duration.ofMinutes(5);
    private static final int PAUSE_MAX_MILLIS = 2_500;
    private static final int REPLICAS_MAX = 5;

    /** One kill in so many takes a second process along. */
    private static final int BOTH_IN = 5;

    /** One change in so many takes all Services away, or brings them back. */
    private static final int WIPE_IN = 8;

    /** Kills between two looks at whether all is as it must be. */
    private static final int LOOK_EVERY = 10;

    private final StackOptions options;
    private final int kills;
    private final RandomGenerator random;
    private final Narrator narrator;
    private final Map<Role, Integer> killed = new EnumMap<>(Role.class);
    private final List<String> differences = new ArrayList<>();

    /** @param random from a seed */
    public Kills(StackOptions options, int kills, RandomGenerator random, PrintStream out) {
        this.options = options;
        this.kills = kills;
        this.random = random;
        this.narrator = new Narrator(out);
    }

    /** Kills, and answers what differed from how it must be; empty when nothing did. */
    public List<String> run() {
        try (var stack = LocalStack.start(options, narrator::say);
                var kubernetes = stack.kubernetes()) {

            var settling = new Settling(kubernetes, stack.cloud());
            settled(settling, "at the start");
            var atStart = ProjectContents.of(stack.cloud());
            var manifests = manifests(kubernetes);
            manifests.addMissingNamespaces();
            apply(manifests);
            settled(settling, "after applying");
            killAll(stack, kubernetes, manifests, settling);
            manifests.delete();
            settled(settling, "after deleting");
            differences.addAll(leftAfter(stack, atStart));
        }
        narrator.say("%d kills %s: %d differences"
                .formatted(killed.values().stream().mapToInt(Integer::intValue).sum(), killed, differences.size()));
        return List.copyOf(differences);
    }

    private void killAll(LocalStack stack, KubernetesClient kubernetes, Manifests manifests, Settling settling) {
        boolean isThere = true;
        int done = 0;
        for (int next = LOOK_EVERY; done < kills && differences.isEmpty(); next += LOOK_EVERY) {
            for (; done < Math.min(next, kills); ) {
                isThere = change(kubernetes, manifests, isThere);
                LockSupport.parkNanos(
                        Duration.ofMillis(random.nextInt(PAUSE_MAX_MILLIS)).toNanos());
                done += kill(stack, Math.min(next, kills) - done);
            }
            if (!isThere) {
                apply(manifests);
                isThere = true;
            }
            settled(settling, "after %d kills".formatted(done));
            narrator.say("%d kills, %s".formatted(done, killed));
        }
        for (var role : Role.values()) {
            stack.service(role).awaitReady(READY_WITHIN);
        }
    }

    /** Answers whether the Services are there afterwards. */
    private boolean change(KubernetesClient kubernetes, Manifests manifests, boolean isThere) {
        if (random.nextInt(WIPE_IN) == 0 || !isThere) {
            if (isThere) {
                manifests.delete();
            } else {
                apply(manifests);
            }
            return !isThere;
        }
        for (HasMetadata deployment : manifests.deployments()) {
            kubernetes
                    .apps()
                    .deployments()
                    .inNamespace(deployment.getMetadata().getNamespace())
                    .withName(deployment.getMetadata().getName())
                    .scale(1 + random.nextInt(REPLICAS_MAX));
        }
        return true;
    }

    /** A namespace that is still on its way out refuses what is to be in it. */
    private static void apply(Manifests manifests) {
        var end = Instant.now().plus(GONE_WITHIN);
        while (true) {
            try {
                manifests.apply();
                return;
            } catch (KubernetesClientException e) {
                if (Instant.now().isAfter(end)) {
                    throw e;
                }
                LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            }
        }
    }

    /** Kills one process, or two, and starts them again; answers how many. */
    private int kill(LocalStack stack, int most) {
        var roles = new ArrayList<>(List.of(Role.values()));
        int count = most > 1 && random.nextInt(BOTH_IN) == 0 ? 2 : 1;
        var victims = new ArrayList<Role>();
        for (int i = 0; i < count; i++) {
            victims.add(roles.remove(random.nextInt(roles.size())));
        }
        victims.forEach(role -> {
            stack.service(role).kill();
            killed.merge(role, 1, Integer::sum);
        });
        victims.forEach(role -> stack.service(role).restart());
        return count;
    }

    private void settled(Settling settling, String when) {
        settling.await(SETTLE_WITHIN).forEach(difference -> differences.add(when + ": " + difference));
    }

    private Manifests manifests(KubernetesClient kubernetes) {
        var payments = options.layout() == Layout.SHARED ? "10.0.200.10" : "10.1.200.10";
        return Manifests.shop(kubernetes, Map.of("USER_ADDRESS", "", "PAYMENTS_ADDRESS", payments));
    }

    /** Load balancers, ports and floating IPs beside those of the start. */
    private static List<String> leftAfter(LocalStack stack, List<String> atStart) {
        var end = Instant.now().plus(GONE_WITHIN);
        while (true) {
            var left = new ArrayList<>(ProjectContents.of(stack.cloud()));
            left.removeAll(atStart);
            if (left.isEmpty() || Instant.now().isAfter(end)) {
                return left;
            }
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        }
    }
}
