package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.ServiceKey;
import java.util.HashMap;
import java.util.Map;

/** How many addresses of each pool are held: by all, by each cluster and by each namespace. */
final class Usage {
    private record Holder(String pool, String cluster, String namespace) {}

    private final Map<Holder, Long> counts = new HashMap<>();

    void add(String pool, ServiceKey key, int count) {
        add(new Holder(pool, "", ""), count);
        add(new Holder(pool, key.cluster(), ""), count);
        add(new Holder(pool, key.cluster(), key.namespace()), count);
    }

    /** Of addresses that are being made: they count against limits, and are not held yet. */
    void addIntent(String pool, ServiceKey key, int count) {
        add(new Holder(pool, key.cluster(), ""), count);
        add(new Holder(pool, key.cluster(), key.namespace()), count);
    }

    private void add(Holder holder, int count) {
        if (counts.merge(holder, (long) count, Long::sum) == 0) {
            counts.remove(holder);
        }
    }

    long of(String pool) {
        return counts.getOrDefault(new Holder(pool, "", ""), 0L);
    }

    long ofCluster(String pool, String cluster) {
        return counts.getOrDefault(new Holder(pool, cluster, ""), 0L);
    }

    long ofNamespace(String pool, String cluster, String namespace) {
        return counts.getOrDefault(new Holder(pool, cluster, namespace), 0L);
    }

    void clear() {
        counts.clear();
    }
}
