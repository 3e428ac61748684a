package io.ballast.watcher.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrakeTest {
    @ParameterizedTest
    @CsvSource({
        "0,3,false",
        "0,4,true",
        "10,3,false",
        "10,4,true",
        "20,4,false",
        "20,5,true",
        "100,20,false",
        "100,21,true"
    })
    void holdsMoreThanThreeAndMoreThanAFifth(int present, int missing, boolean on) {
        assertThat(new Brake(present, uids(missing), Set.of(), Set.of()).isOn()).isEqualTo(on);
    }

    @Test
    void countsWhatWentLately() {
        var brake = new Brake(10, Set.of("next"), uids(3), Set.of());

        assertThat(brake.admits("next")).isFalse();
    }

    @Test
    void letsGoWhatAPersonConfirmedAndNothingElse() {
        var brake = new Brake(10, uids(8), Set.of(), Set.of("uid-1", "uid-2"));

        assertThat(brake.admits("uid-1")).isTrue();
        assertThat(brake.admits("uid-3")).isFalse();
    }

    @Test
    void doesNotCountWhatAPersonConfirmed() {
        var brake = new Brake(10, uids(5), Set.of(), Set.of("uid-0", "uid-1"));

        assertThat(brake.isOn()).isFalse();
    }

    private static Set<String> uids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "uid-" + i).collect(Collectors.toSet());
    }
}
