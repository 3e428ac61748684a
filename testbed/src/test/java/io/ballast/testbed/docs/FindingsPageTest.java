package io.ballast.testbed.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.allocation.FindingKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/reference/findings.md names every kind of finding with its severity, and no other. */
class FindingsPageTest {
    private static final Path PAGE =
            Path.of(System.getProperty("ballast.root", "..")).resolve("docs/reference/findings.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| ([a-z]+) \\|");

    @Test
    void namesEveryKindAndNoOther() throws IOException {
        var rows = ROW.matcher(Files.readString(PAGE))
                .results()
                .map(row -> row.group(1) + " " + row.group(2))
                .toList();

        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(FindingKind.values())
                        .map(kind -> kind.code() + " " + kind.severity().name().toLowerCase(Locale.ROOT))
                        .toList());
    }
}
