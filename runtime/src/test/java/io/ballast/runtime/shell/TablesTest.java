package io.ballast.runtime.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.Topics;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablesTest {
    private final Tables tables = Tables.fixture();

    @Test
    void aKeyIsUnreadableWithAnyInputThatBelongsToIt() {
        // Given
        tables.putUnreadable(Topics.ENDPOINT_SLICES, "c/ns/web/web-abc");

        // Then
        assertThat(tables.isUnreadable("c/ns/web", List.of(Topics.SERVICES, Topics.ENDPOINT_SLICES)))
                .isTrue();
        assertThat(tables.isUnreadable("c/ns/we", List.of(Topics.ENDPOINT_SLICES)))
                .isFalse();
        assertThat(tables.isUnreadable("c/ns/web", List.of(Topics.SERVICES))).isFalse();
    }

    @Test
    void aNewerRowMakesItsKeyReadable() {
        // Given
        tables.putUnreadable(Topics.ENDPOINT_SLICES, "c/ns/web/web-abc");

        // When
        tables.put(Topics.ENDPOINT_SLICES, "c/ns/web/web-abc", null);

        // Then
        assertThat(tables.isUnreadable("c/ns/web", List.of(Topics.ENDPOINT_SLICES)))
                .isFalse();
    }
}
