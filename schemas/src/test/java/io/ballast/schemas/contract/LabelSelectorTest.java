package io.ballast.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSelectorTest {
    private static final Map<String, String> LABELS =
            Map.of("team", "a", "env", "prod", "in", "1", "kubernetes.io/metadata.name", "shop", "empty", "");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "team=a|true",
                "team==a|true",
                "team = b|false",
                "team!=b|true",
                "other!=b|true",
                "env in (prod, stage)|true",
                "env in (stage)|false",
                "env notin (stage,test)|true",
                "other notin (stage)|true",
                "env notin (prod)|false",
                "team|true",
                "other|false",
                "!other|true",
                "! team|false",
                "in in (1)|true",
                "empty=|true",
                "kubernetes.io/metadata.name=shop|true",
                "team=a, env in (prod,stage), !legacy|true",
                "team=a,env in (prod),legacy|false"
            })
    void selectsAsKubectlDoes(String text, boolean selects) {
        assertThat(LabelSelector.parse(text).selects(LABELS)).isEqualTo(selects);
        assertThat(LabelSelector.parse(LabelSelector.parse(text).toString()))
                .as("its own text")
                .isEqualTo(LabelSelector.parse(text));
    }

    @Test
    void selectsEverythingWhenItSaysNothing() {
        assertThat(LabelSelector.parse(" ").selects(Map.of())).isTrue();
    }

    @Test
    void selectsWhatAllOfThemSelect() {
        var both = LabelSelector.allOf(List.of(LabelSelector.parse("team=a"), LabelSelector.parse("!legacy")));

        assertThat(both).isEqualTo(LabelSelector.parse("team=a, !legacy"));
        assertThat(both.selects(Map.of("team", "a"))).isTrue();
        assertThat(both.selects(Map.of("team", "a", "legacy", ""))).isFalse();
        assertThat(LabelSelector.allOf(List.of())).isEqualTo(LabelSelector.ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=b=c", "team=a,", ",", "env in prod", "env in (a b)", "-x", "a in (", "!a=b", "ä"})
    void refusesWhatItCannotRead(String text) {
        assertThatThrownBy(() -> LabelSelector.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text.contains("(a b)") ? "(a b)" : text);
    }
}
