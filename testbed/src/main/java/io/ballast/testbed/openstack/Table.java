package io.ballast.testbed.openstack;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Rows of one kind by id, in order of creation. */
final class Table {
    private final Map<String, Row> rows = new LinkedHashMap<>();

    Row add(Row row) {
        rows.put(row.id(), row);
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
        rows.remove(id);
    }

    List<Row> all() {
        return new ArrayList<>(rows.values());
    }

    List<Row> where(Predicate<Row> test) {
        return rows.values().stream().filter(test).toList();
    }

    List<Row> ofLoadBalancer(String id) {
        return where(row -> row.loadBalancerId().equals(id));
    }

    List<Row> ofParent(String id) {
        return where(row -> row.parentId().equals(id));
    }

    int size() {
        return rows.size();
    }
}
