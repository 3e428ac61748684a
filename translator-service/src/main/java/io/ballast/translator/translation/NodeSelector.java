package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.InOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which nodes are members, by their labels: all of them must match. Text: {@code key=value} or {@code key}, separated by
 * commas; a key alone asks only that the label is there. The words of the OpenStack cloud provider's node-selector.
 *
 * @param labels value by key; "" for any value
 */
record NodeSelector(Map<String, String> labels) {
    /** Annotations that carry one, ours first. */
    private static final List<String> ANNOTATIONS =
            List.of("ballast.io/node-selector", "loadbalancer.openstack.org/node-selector");

    /** What the text must look like, for messages. */
    private static final String EXPECTED = "labels such as pool=edge,zone: 'key=value' or 'key', separated by commas";

    static final NodeSelector ALL = new NodeSelector(Map.of());

    private static final Pattern KEY =
            Pattern.compile("([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

    NodeSelector {
        labels = InOrder.copyOf(labels);
    }

    /** Empty when the text is none: an empty one would be all nodes, and is hardly meant. */
    static Optional<NodeSelector> parse(String text) {
        var labels = new TreeMap<String, String>();
        for (var part : text.split(",", -1)) {
            var pair = part.strip().split("=", 2);
            var value = pair.length == 2 ? pair[1].strip() : "";
            var key = pair[0].strip();
            if (!KEY.matcher(key).matches() || !VALUE.matcher(value).matches() || labels.containsKey(key)) {
                return Optional.empty();
            }
            labels.put(key, value);
        }
        return Optional.of(new NodeSelector(labels));
    }

    /** What the annotations of a Service say; all nodes when they say nothing, or nothing that can be read. */
    static NodeSelector read(Map<String, String> annotations, Findings findings) {
        for (var name : ANNOTATIONS) {
            var text = annotations.get(name);
            if (text != null) {
                var selector = parse(text);
                if (selector.isEmpty()) {
                    findings.refuse(
                            DesiredReason.INVALID_ANNOTATION,
                            "Annotation %s is '%s', expected %s".formatted(name, Findings.shown(text), EXPECTED));
                }
                return selector.orElse(ALL);
            }
        }
        return ALL;
    }

    boolean matches(Map<String, String> nodeLabels) {
        return labels.entrySet().stream().allMatch(wanted -> {
            var value = nodeLabels.get(wanted.getKey());
            return value != null
                    && (wanted.getValue().isEmpty() || wanted.getValue().equals(value));
        });
    }
}
