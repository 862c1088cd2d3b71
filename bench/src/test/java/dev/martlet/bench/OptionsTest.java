package dev.martlet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.bench.harness.Scale;
import dev.martlet.bench.rows.Rows;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class OptionsTest {
    private static Options parse(String... args) {
        return Options.parse(List.of(args), Rows.groups());
    }

    @Test
    void rowsAreNamedByThemselvesByTheirGroupOrByTheirBeginning() {
        assertThat(parse("beam", "call_1").rows()).containsExactly("call_1");
        assertThat(parse("beam", "ring").rows()).containsExactlyInAnyOrder("ring_1000", "threadring_503");
        assertThat(parse("beam", "call_*").rows())
                .containsExactlyInAnyOrder("call_1", "call_100", "call_1000", "call_1000_own");
    }

    @Test
    void quickIsOneRoundUnlessMoreAreWanted() {
        assertThat(parse("beam", "--quick").rounds()).isEqualTo(OptionalInt.of(1));
        assertThat(parse("beam", "--quick").scale()).isEqualTo(Scale.QUICK);
        assertThat(parse("beam", "--rounds", "5", "--quick").rounds()).isEqualTo(OptionalInt.of(5));
        assertThat(parse("beam", "--quick", "--rounds", "5").rounds()).isEqualTo(OptionalInt.of(5));
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> parse("haskell")).hasMessage("allowed are beam, pekko and list; got: haskell");
        assertThatThrownBy(() -> parse("beam", "call_2")).hasMessageContaining("no row or group call_2");
        assertThatThrownBy(() -> parse("beam", "--fast")).hasMessageContaining("got: --fast");
        assertThatThrownBy(() -> parse("beam", "--gc", "cms")).hasMessageContaining("got: cms");
        assertThatThrownBy(() -> parse("beam", "--rounds")).hasMessage("--rounds needs a value");
    }
}
