package io.ballast.testbed.openstack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Rows of one kind by id, in order of creation, with an index by load balancer and by parent. */
final class Table {
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Map<String, Map<String, Row>> byLoadBalancer = new HashMap<>();
    private final Map<String, Map<String, Row>> byParent = new HashMap<>();

    Row add(Row row) {
        rows.put(row.id(), row);
        byLoadBalancer
                .computeIfAbsent(row.loadBalancerId(), _ -> new LinkedHashMap<>())
                .put(row.id(), row);
        byParent.computeIfAbsent(row.parentId(), _ -> new LinkedHashMap<>()).put(row.id(), row);
        return row;
    }

    Optional<Row> find(String id) {
        return Optional.ofNullable(rows.get(id));
    }

    Row get(String id) {
        return find(id).orElseThrow(() -> new IllegalStateException("no row " + id));
    }

    boolean has(String id) {
        return rows.containsKey(id);
    }

    void remove(String id) {
        var row = rows.remove(id);
        if (row != null) {
            drop(byLoadBalancer, row.loadBalancerId(), id);
            drop(byParent, row.parentId(), id);
        }
    }

    private static void drop(Map<String, Map<String, Row>> index, String key, String id) {
        index.computeIfPresent(key, (_, found) -> {
            found.remove(id);
            return found.isEmpty() ? null : found;
        });
    }

    List<Row> all() {
        return new ArrayList<>(rows.values());
    }

    List<Row> where(Predicate<Row> test) {
        return rows.values().stream().filter(test).toList();
    }

    List<Row> ofLoadBalancer(String id) {
        return new ArrayList<>(byLoadBalancer.getOrDefault(id, Map.of()).values());
    }

    List<Row> ofParent(String id) {
        return new ArrayList<>(byParent.getOrDefault(id, Map.of()).values());
    }

    int size() {
        return rows.size();
    }
}
