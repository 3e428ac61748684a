package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which Services select which pods, without asking all of either. A pod stands under each of its labels, a Service under the
 * first entry of its selector.
 */
final class SelectorIndex {
    private record Label(String namespace, String key, String value) {}

    private static final NavigableSet<ObjectStore.Key> NONE = new TreeSet<>();

    private final Map<Label, NavigableSet<ObjectStore.Key>> pods = new HashMap<>();
    private final Map<Label, NavigableSet<ObjectStore.Key>> services = new HashMap<>();
    private final Map<ObjectStore.Key, LabelSelector> selectors = new HashMap<>();

    /** Takes a change of a pod or a Service in; any other is none of its business. */
    void follow(ObjectStore.Change change) {
        var before = change.before();
        var after = change.after();
        if (change.key().storage().equals(Pods.STORAGE)) {
            if (before != null) {
                labels(change.key(), before).forEach(label -> remove(pods, label, change.key()));
            }
            if (after != null) {
                labels(change.key(), after).forEach(label -> add(pods, label, change.key()));
            }
        } else if (change.key().storage().equals(EndpointSliceController.SERVICES)) {
            var old = selectors.remove(change.key());
            if (old != null) {
                remove(services, first(change.key(), old), change.key());
            }
            var selector = after == null
                    ? LabelSelector.EVERYTHING
                    : LabelSelector.equality(Json.at(after, "spec", "selector"));
            if (!selector.isEverything()) {
                selectors.put(change.key(), selector);
                add(services, first(change.key(), selector), change.key());
            }
        }
    }

    /** Keys of the Services that select this pod, in order. */
    SortedSet<ObjectStore.Key> servicesOf(ObjectStore.Key key, ObjectNode pod) {
        var labels = Meta.labels(pod);
        var found = new TreeSet<ObjectStore.Key>();
        for (var label : labels(key, pod)) {
            for (var service : services.getOrDefault(label, NONE)) {
                if (selectors.getOrDefault(service, LabelSelector.EVERYTHING).matches(labels)) {
                    found.add(service);
                }
            }
        }
        return found;
    }

    /** Keys of the pods that carry at least one label that this Service asks for, the rarest, in order; all that it selects are among them. */
    NavigableSet<ObjectStore.Key> candidates(ObjectStore.Key service) {
        return selectors.getOrDefault(service, LabelSelector.EVERYTHING).requirements().stream()
                .map(requirement -> pods.getOrDefault(label(service, requirement), NONE))
                .min(Comparator.comparingInt(NavigableSet::size))
                .orElse(NONE);
    }

    private static List<Label> labels(ObjectStore.Key key, ObjectNode pod) {
        var labels = new ArrayList<Label>();
        Meta.labels(pod).forEach((name, value) -> labels.add(new Label(key.namespace(), name, value)));
        return labels;
    }

    private static Label first(ObjectStore.Key service, LabelSelector selector) {
        return label(service, selector.requirements().getFirst());
    }

    private static Label label(ObjectStore.Key service, LabelSelector.Requirement requirement) {
        return new Label(
                service.namespace(),
                requirement.key(),
                requirement.values().iterator().next());
    }

    private static void add(Map<Label, NavigableSet<ObjectStore.Key>> index, Label label, ObjectStore.Key key) {
        index.computeIfAbsent(label, _ -> new TreeSet<>()).add(key);
    }

    private static void remove(Map<Label, NavigableSet<ObjectStore.Key>> index, Label label, ObjectStore.Key key) {
        index.computeIfPresent(label, (_, keys) -> keys.remove(key) && keys.isEmpty() ? null : keys);
    }
}
