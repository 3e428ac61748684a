package io.ballast.translator.translation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/reference/annotations.md names every annotation that is understood, and no other. */
class AnnotationsPageTest {
    private static final Path PAGE = Path.of(System.getProperty("ballast.root", ".."), "docs/reference/annotations.md");
    private static final Pattern KEY = Pattern.compile(
            "`((?:ballast\\.io|loadbalancer\\.openstack\\.org|openstack\\.org|service\\.beta\\.kubernetes\\.io)/[a-z-]+)`");

    @Test
    void thePageNamesEveryAnnotationAndNoOther() throws IOException {
        var named = KEY.matcher(Files.readString(PAGE))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).isEqualTo(Annotation.allNames().collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void everyKindOfRawIdIsOnThePage() throws IOException {
        var page = Files.readString(PAGE);

        for (var kind : RawId.values()) {
            assertThat(page).contains("raw `%s`".formatted(Placement.word(kind)));
        }
    }
}
