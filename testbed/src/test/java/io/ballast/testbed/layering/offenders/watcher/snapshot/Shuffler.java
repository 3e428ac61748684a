package io.ballast.testbed.layering.offenders.watcher.snapshot;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A core whose copies are in another order in every process. */
final class Shuffler {
    private Shuffler() {}

    static String shuffle(Map<String, String> map, Collection<String> all) {
        UnaryOperator<Set<String>> copy = Set::copyOf;
        return Map.copyOf(map) + " " + copy.apply(map.keySet()) + all.stream().collect(Collectors.toUnmodifiableSet());
    }
}
