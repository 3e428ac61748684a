package io.ballast.watcher.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.watcher.kafka.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The list of reasons is closed, and docs/reference/conditions.md is that list. */
class ReasonsTest {
    private static final Path PAGE = Path.of("../docs/reference/conditions.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Za-z]+)` \\| ([^|]*) \\| ([^|]*) \\|$");

    @Test
    void thePageHasARowForEachReasonWithItsAdvice() throws IOException {
        var rows = new TreeMap<String, String>();
        var matcher = ROW.matcher(section("## Reasons", "## Events"));
        while (matcher.find()) {
            rows.put(matcher.group(1), matcher.group(3).strip());
        }

        assertThat(rows).containsExactlyEntriesOf(Reasons.all());
    }

    @Test
    void thePageHasARowForEachEvent() throws IOException {
        var rows = new TreeSet<String>();
        var matcher = Pattern.compile("(?m)^\\| `([A-Za-z]+)` \\| (Normal|Warning) \\|")
                .matcher(section("## Events", ""));
        while (matcher.find()) {
            rows.add(matcher.group(1) + " " + matcher.group(2));
        }

        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(Stream.of(
                                Announcement.ensuring(""),
                                Announcement.ensured(""),
                                Announcement.updated(),
                                Announcement.deleting(""),
                                Announcement.deleted(),
                                Announcement.allocated(""),
                                Announcement.allocationFailed(""),
                                Announcement.failed(""))
                        .map(event -> event.reason() + " " + (event.warning() ? "Warning" : "Normal"))
                        .toList());
    }

    @Test
    void everyConditionHasAReasonOfTheList() {
        var reasons = new TreeSet<String>();
        for (var phase : LoadBalancerPhase.values()) {
            for (var reason : withNull(StatusReason.values())) {
                for (var state : AllocationState.values()) {
                    for (var why : withNull(AllocationReason.values())) {
                        var chain = new Chain(
                                Given.status(phase, "u1", reason),
                                Given.allocation(state, "u1", why, List.of("203.0.113.7"), List.of()),
                                null,
                                null);
                        Programmed.of("u1", chain, false)
                                .map(Programmed::reason)
                                .ifPresent(reasons::add);
                        Programmed.of("u1", chain, true).map(Programmed::reason).ifPresent(reasons::add);
                    }
                }
            }
        }

        assertThat(Reasons.all().keySet()).containsAll(reasons);
        assertThat(reasons).hasSizeGreaterThan(30);
    }

    private static <E> List<@Nullable E> withNull(E[] values) {
        var all = new ArrayList<@Nullable E>(Arrays.asList(values));
        all.add(null);
        return all;
    }

    private static String section(String from, String to) throws IOException {
        var page = Files.readString(PAGE);
        int end = to.isEmpty() ? page.length() : page.indexOf(to);
        return page.substring(page.indexOf(from), end);
    }
}
