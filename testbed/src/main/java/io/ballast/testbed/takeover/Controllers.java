package io.ballast.testbed.takeover;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a cluster shows of the controllers that run in it.
 *
 * @param workloads Deployments and DaemonSets
 * @param pods Pods that run
 * @param leases leases of leaders
 */
public record Controllers(List<Workload> workloads, List<RunningPod> pods, List<Lease> leases) {
    private static final String KURYR = "kuryr-controller";
    private static final String OCCM = "openstack-cloud-controller-manager";
    private static final String OCCM_LEASE = "cloud-controller-manager";

    public Controllers {
        workloads = List.copyOf(workloads);
        pods = List.copyOf(pods);
        leases = List.copyOf(leases);
    }

    /** A Deployment or DaemonSet, and how many of its Pods are ready. */
    public record Workload(String kind, String namespace, String name, int ready) {}

    /** A Pod that has not ended, with the values of its labels and the names and images of its containers. */
    public record RunningPod(String namespace, String name, List<String> words) {
        public RunningPod {
            words = List.copyOf(words);
        }
    }

    /** A Lease, when its holder renewed it last, and how long that holds. */
    public record Lease(String namespace, String name, String holder, Instant renewedAt, Duration lasts) {
        boolean isHeld(Instant now) {
            return !holder.isEmpty() && now.isBefore(renewedAt.plus(lasts.multipliedBy(2)));
        }
    }

    /** Why the peer's controller is taken to run, in words; empty when nothing shows it. */
    public Optional<String> running(Peer peer, Instant now) {
        var name =
                switch (peer) {
                    case KURYR -> KURYR;
                    case OCCM -> OCCM;
                };
        var workload = workloads.stream()
                .filter(each -> each.name().equals(name) && each.ready() > 0)
                .findFirst();
        if (workload.isPresent()) {
            var at = workload.get();
            return Optional.of("%s %s/%s has %d ready pods; stop it first"
                    .formatted(at.kind(), at.namespace(), at.name(), at.ready()));
        }
        var pod = pods.stream()
                .filter(each -> each.words().stream().anyMatch(word -> isNamed(word, name)))
                .findFirst();
        if (pod.isPresent()) {
            return Optional.of("pod %s/%s runs it; stop it first"
                    .formatted(pod.get().namespace(), pod.get().name()));
        }
        return leases.stream()
                .filter(each -> peer == Peer.OCCM && each.name().equals(OCCM_LEASE) && each.isHeld(now))
                .findFirst()
                .map(each ->
                        "lease %s/%s was renewed at %s by %s: a cloud provider runs, perhaps outside of this cluster; stop it first"
                                .formatted(each.namespace(), each.name(), each.renewedAt(), each.holder()));
    }

    /** Whether a label, a container or the last part of an image without its tag is of this name. */
    private static boolean isNamed(String word, String name) {
        var image = word.substring(word.lastIndexOf('/') + 1);
        return image.equals(name) || image.startsWith(name + ":") || image.startsWith(name + "@");
    }
}
