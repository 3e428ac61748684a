package io.ballast.schemas.contract;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Copies of maps that are iterated in the order of their keys, so that equal maps give equal bytes. */
final class SortedEntries {
    private SortedEntries() {}

    static Map<String, String> copyOf(Map<String, String> map) {
        return Collections.unmodifiableMap(new TreeMap<>(map));
    }
}
