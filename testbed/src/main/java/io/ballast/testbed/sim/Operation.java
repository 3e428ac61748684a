package io.ballast.testbed.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One thing that happens in a schedule. A schedule is a list of them, so that a failing one can be shrunk. */
public sealed interface Operation {
    /** What a user makes. */
    enum Kind {
        CLUSTER_IP,
        LOAD_BALANCER,
        TWO_PORTS,
        UDP
    }

    /** A Service and the Deployment behind it are made, unless they are there. */
    record Create(int service, Kind kind, int replicas) implements Operation {}

    /** The Service is deleted, and its Deployment. */
    record Delete(int service) implements Operation {}

    /** The Service is deleted and made again at once, with a new uid. */
    record Recreate(int service, Kind kind) implements Operation {}

    /** The Deployment is scaled. */
    record Scale(int service, int replicas) implements Operation {}

    /** The Service listens on another port. */
    record Renumber(int service, int port) implements Operation {}

    /** The Service leads to another port of its pods: every member is another one. */
    record Retarget(int service, int targetPort) implements Operation {}

    /** The type changes between ClusterIP and LoadBalancer. */
    record ChangeType(int service) implements Operation {}

    /** The Service gets its second address family, or loses it. */
    record ChangeFamilies(int service) implements Operation {}

    /** The Service asks for an external address that a user made beforehand. */
    record AskForAddress(int service, int which) implements Operation {}

    /** A process is killed; another one is started after the given time. */
    record Kill(Role role, Duration downFor) implements Operation {}

    /** A process stands still for a time, as under SIGSTOP. */
    record Pause(Role role, Duration standsFor) implements Operation {}

    /** A process stands still, another one takes its place, and the first wakes up again. */
    record Supplant(Role role, Duration standsFor) implements Operation {}

    /** A second process of the service joins. */
    record Join(Role role) implements Operation {}

    /** For a time every list of Kubernetes takes long. */
    record SlowLists(Duration lasts) implements Operation {}

    /** etcd is restored from a backup; Kubernetes does not answer while that takes its time. */
    record RestoreEtcd(Duration age, Duration takes) implements Operation {}

    /** Topics are compacted, and tombstones purged that are older than the given time. */
    record Compact(Duration tombstoneRetention) implements Operation {}

    /** The next load balancers that are made go to ERROR. */
    record BreakCreates(int count) implements Operation {}

    /** The next load balancers that are made are refused after Octavia made their VIP port, which stays. */
    record LeavePorts(int count) implements Operation {}

    /** The next changes of load balancers never end, until an administrator ends them. */
    record StickChanges(int count) implements Operation {}

    /** A person gives up on whatever load balancer the Service has and deletes the Service. */
    record Abandon(int service) implements Operation {}

    /** A person asks for the load balancer of the Service to be made anew. */
    record MakeAnew(int service) implements Operation {}

    /** Somebody else deletes the floating IP that was made for the Service. */
    record DeleteFloatingIp(int service) implements Operation {}

    /** Time passes. */
    record Wait(Duration time) implements Operation {}

    /** Every so many seeds somebody deletes floating IPs of ours. */
    int VANDAL_EVERY = 4;

    /** Every so many seeds the cluster has both address families. */
    int FAMILIES_EVERY = 4;

    /** Every so many seeds load balancers are stuck, leave ports behind, and people act on that. */
    int HARDSHIP_EVERY = 5;

    /** Whether the cluster has both address families under a seed; never together with a vandal. */
    static boolean hasBothFamilies(long seed) {
        return Math.floorMod(seed, FAMILIES_EVERY) == 2;
    }

    /** The four services. */
    enum Role {
        WATCHER,
        TRANSLATOR,
        IPAM,
        OCTAVIA
    }

    /** A list of operations from a seed. */
    static List<Operation> generate(long seed, int count) {
        var random = new Random(seed * 31 + 7);
        var operations = new ArrayList<Operation>();
        for (int i = 0; i < count; i++) {
            operations.add(pick(random));
            operations.add(new Wait(Duration.ofMillis(random.nextInt(random.nextInt(5) == 0 ? 60_000 : 4_000))));
        }
        if (Math.floorMod(seed, VANDAL_EVERY) == 0) {
            vandalise(operations, new Random(seed * 17 + 3));
        }
        if (hasBothFamilies(seed)) {
            changeFamilies(operations, new Random(seed * 13 + 5));
        }
        if (Math.floorMod(seed, HARDSHIP_EVERY) == 3) {
            bringHardship(operations, new Random(seed * 19 + 11), !hasBothFamilies(seed));
        }
        return List.copyOf(operations);
    }

    /** @param leavesPorts not where families go: a port that is left of one which goes within ten minutes stays */
    private static void bringHardship(List<Operation> operations, Random random, boolean leavesPorts) {
        for (int i = 0; i < 8; i++) {
            int service = random.nextInt(4);
            var operation =
                    switch (random.nextInt(4)) {
                        case 0 -> leavesPorts ? new LeavePorts(1 + random.nextInt(2)) : new StickChanges(1);
                        case 1 -> new StickChanges(1);
                        case 2 -> new Abandon(service);
                        default -> new MakeAnew(service);
                    };
            operations.add(1 + random.nextInt(operations.size()), operation);
        }
    }

    private static void changeFamilies(List<Operation> operations, Random random) {
        for (int i = 0; i < 10; i++) {
            operations.add(1 + random.nextInt(operations.size()), new ChangeFamilies(random.nextInt(4)));
        }
    }

    /** From a source of its own, so that the other operations of a seed stay what they were. */
    private static void vandalise(List<Operation> operations, Random random) {
        for (int i = 0; i < 4; i++) {
            operations.add(1 + random.nextInt(operations.size()), new DeleteFloatingIp(random.nextInt(4)));
        }
    }

    private static Operation pick(Random random) {
        int service = random.nextInt(4);
        var role = Role.values()[random.nextInt(Role.values().length)];
        var kind = Kind.values()[random.nextInt(Kind.values().length)];
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> new Create(service, kind, random.nextInt(5));
            case 5, 6 -> new Delete(service);
            case 7 -> new Recreate(service, kind);
            case 8, 9, 10 -> new Scale(service, random.nextInt(6));
            case 11 -> new Renumber(service, 1000 + random.nextInt(5));
            case 12 -> new ChangeType(service);
            case 13, 14, 15 -> new Kill(role, Duration.ofMillis(random.nextInt(random.nextBoolean() ? 2_000 : 60_000)));
            case 16 ->
                random.nextBoolean()
                        ? new Pause(role, Duration.ofMillis(random.nextInt(20_000)))
                        : new Supplant(role, Duration.ofMillis(random.nextInt(40_000)));
            case 17 -> new Join(role);
            case 18 ->
                switch (random.nextInt(3)) {
                    case 0 -> new SlowLists(Duration.ofSeconds(random.nextInt(20)));
                    case 1 ->
                        new RestoreEtcd(
                                Duration.ofSeconds(random.nextInt(90)), Duration.ofSeconds(1 + random.nextInt(20)));
                    default -> new BreakCreates(1);
                };
            default -> new Compact(Duration.ofSeconds(random.nextInt(120)));
        };
    }
}
