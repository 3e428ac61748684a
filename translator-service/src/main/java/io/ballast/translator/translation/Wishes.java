package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.ServiceSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a person says of single load balancers of a Service, by their Octavia ids. It holds whatever else is refused. */
final class Wishes {
    private static final int MAX = 8;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final String IDS = "1..%d ids of load balancers joined by commas".formatted(MAX);

    private Wishes() {}

    /** Whether all of them may be made anew for what cannot change in place: true, and no id. */
    static boolean mayRecreate(AnnotationReader read) {
        return read.read(Annotation.RECREATE, "true, false, or " + IDS, text -> switch (text) {
                    case "true" -> Optional.of(true);
                    case "false" -> Optional.of(false);
                    default -> ids(text).map(_ -> false);
                })
                .orElse(false);
    }

    /** Those given up on; none when the value does not parse. */
    static List<String> abandoned(AnnotationReader read) {
        return read.read(Annotation.ABANDON, IDS, Wishes::ids).orElse(List.of());
    }

    /** The desired state with what the Service says now. */
    static DesiredLoadBalancer on(DesiredLoadBalancer desired, ServiceSnapshot snapshot) {
        var service = snapshot.service();
        if (service == null) {
            return desired.asked(List.of(), snapshot.abandoned());
        }
        var read = new AnnotationReader(service.annotations(), new Findings());
        var recreate = Annotation.RECREATE.in(service.annotations()).flatMap(given -> ids(given.getValue()));
        return desired.asked(recreate.orElse(List.of()), abandoned(read));
    }

    private static Optional<List<String>> ids(String text) {
        var ids = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .sorted()
                .distinct()
                .toList();
        return Optional.of(ids)
                .filter(all -> all.size() <= MAX
                        && all.stream().allMatch(id -> ID.matcher(id).matches()));
    }
}
