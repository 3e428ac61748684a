package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What is wrong with one Service, collected while it is translated: the first problem is told, and how many follow. */
final class Findings {
    private static final int SHOWN_MAX = 80;

    /** One reason to refuse. */
    record Problem(DesiredReason reason, String message) {}

    private final List<Problem> problems = new ArrayList<>();
    private final TreeSet<String> unsupported = new TreeSet<>();

    void refuse(DesiredReason reason, String message) {
        var problem = new Problem(reason, message);
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    void unsupported(String feature) {
        unsupported.add(feature);
    }

    List<String> unsupported() {
        return List.copyOf(unsupported);
    }

    /** The first problem, with the number of the others. */
    Optional<Problem> problem() {
        return problems.stream().findFirst().map(first -> switch (problems.size()) {
            case 1 -> first;
            default -> new Problem(first.reason(), "%s (and %d more)".formatted(first.message(), problems.size() - 1));
        });
    }

    /** Foreign text as a message or a name may show it: printable ASCII, not long. */
    static String shown(String text) {
        var cut = text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "..." : text;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
