package io.ballast.schemas.contract;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Copies that nobody can change, iterated in the order of the original. That of {@link Map#copyOf} and {@link Set#copyOf}
 * differs from process to process: a decision that iterates them would not be reproduced by its seed.
 */
public final class InOrder {
    private InOrder() {}

    public static <K, V> Map<K, V> copyOf(Map<? extends K, ? extends V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    public static <E> Set<E> copyOf(Collection<? extends E> elements) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(elements));
    }
}
