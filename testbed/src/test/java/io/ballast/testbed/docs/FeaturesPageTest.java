package io.ballast.testbed.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reference/features.md: every feature of our peers has a row, and what shows ours is there. */
class FeaturesPageTest {
    private static final Path ROOT = Path.of(System.getProperty("ballast.root", ".."));
    private static final Path PAGE = ROOT.resolve("docs/reference/features.md");
    private static final Path CASES = ROOT.resolve("translator-service/src/test/resources/cases");
    private static final Pattern NAMED = Pattern.compile("`([^`]+)`");
    private static final Pattern TEST_METHOD =
            Pattern.compile("^ {4}(?:public )?void ([A-Za-z0-9]+)\\(", Pattern.MULTILINE);

    /** How many of each a peer has; see the opening of the page. */
    private static final Map<String, Integer> FEATURES = Map.of("K", 72, "C", 20, "E", 20, "W", 30, "SP", 51, "O", 58);

    /** One line of a table. */
    private record Row(List<String> from, String feature, String ours, List<String> shownBy) {}

    @Test
    void everyFeatureOfAPeerHasARow() throws IOException {
        var from = rows().stream().flatMap(row -> row.from().stream()).collect(Collectors.toSet());

        FEATURES.forEach((peer, count) -> assertThat(from)
                .containsAll(IntStream.rangeClosed(1, count)
                        .mapToObj(number -> peer + number)
                        .toList()));
    }

    @Test
    void whatShowsOursExists() throws IOException {
        var cases = cases();
        var tests = tests();

        assertThat(rows().stream()
                        .flatMap(row -> row.shownBy().stream())
                        .filter(name -> name.indexOf('#') < 0 ? !cases.contains(name) : !tests.contains(name)))
                .as("neither a golden case nor a test")
                .isEmpty();
    }

    @Test
    void everyGoldenCaseIsNamed() throws IOException {
        var named = rows().stream().flatMap(row -> row.shownBy().stream()).collect(Collectors.toSet());

        assertThat(cases()).as("golden cases that no row names").isSubsetOf(named);
    }

    @Test
    void noRequestIsPassedOverInSilence() throws IOException {
        assertThat(rows())
                .allSatisfy(row ->
                        assertThat(row.ours()).as(row.feature()).isNotBlank().doesNotContainIgnoringCase("ignored"));
    }

    private static List<Row> rows() throws IOException {
        var rows = new ArrayList<Row>();
        for (var line : Files.readAllLines(PAGE)) {
            var cells = line.split("\\|", -1);
            if (line.startsWith("| ") && !line.startsWith("| from ") && !line.startsWith("| --- ")) {
                assertThat(cells).as(line).hasSize(8);
                rows.add(new Row(
                        from(cells[1].strip()),
                        cells[2].strip(),
                        cells[5].strip(),
                        NAMED.matcher(cells[6])
                                .results()
                                .map(found -> found.group(1))
                                .toList()));
            }
        }
        assertThat(rows).hasSizeGreaterThan(100);
        return rows;
    }

    /** "K1 O37-O58" names one feature of one peer and 22 of another. */
    private static List<String> from(String cell) {
        return Arrays.stream(cell.split(" ", -1))
                .flatMap(FeaturesPageTest::range)
                .toList();
    }

    private static Stream<String> range(String text) {
        var range = Pattern.compile("([A-Z]+)(\\d+)-\\1(\\d+)").matcher(text);
        return range.matches()
                ? IntStream.rangeClosed(Integer.parseInt(range.group(2)), Integer.parseInt(range.group(3)))
                        .mapToObj(number -> range.group(1) + number)
                : Stream.of(text);
    }

    private static Set<String> cases() throws IOException {
        try (var directories = Files.list(CASES)) {
            return directories
                    .map(path -> path.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Every test, as Class#method and as module#method. */
    private static Set<String> tests() throws IOException {
        var tests = new TreeSet<String>();
        for (var module : modules().entrySet()) {
            try (var files = Files.walk(module.getValue())) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(file -> {
                    var name = file.getFileName().toString().replace(".java", "");
                    methods(file).forEach(method -> {
                        tests.add(name + "#" + method);
                        tests.add(module.getKey() + "#" + method);
                    });
                });
            }
        }
        return tests;
    }

    private static Map<String, Path> modules() throws IOException {
        var modules = new HashMap<String, Path>();
        try (var directories = Files.list(ROOT)) {
            directories.forEach(directory -> {
                var sources = directory.resolve("src/test/java");
                if (Files.isDirectory(sources)) {
                    modules.put(directory.getFileName().toString(), sources);
                }
            });
        }
        return modules;
    }

    private static List<String> methods(Path file) {
        try {
            return TEST_METHOD
                    .matcher(Files.readString(file))
                    .results()
                    .map(found -> found.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
