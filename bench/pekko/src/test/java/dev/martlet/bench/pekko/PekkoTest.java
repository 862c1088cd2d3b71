package dev.martlet.bench.pekko;

import static org.assertj.core.api.Assertions.assertThat;

import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Scale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every program still works. Nothing here says how fast. */
final class PekkoTest {
    static Stream<Program> programs() {
        return Pekko.programs().stream();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void aProgramDoesItsWorkAndMeasuresItsRows(Program program) throws Exception {
        var result = program.once(Scale.TINY);

        assertThat(result.values().keySet()).isEqualTo(Set.copyOf(program.rows()));
        assertThat(result.values().values()).allMatch(Double::isFinite);
    }
}
