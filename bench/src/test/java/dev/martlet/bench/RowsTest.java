package dev.martlet.bench;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import dev.martlet.bench.rows.Rows;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every program still works, and every row is measured. Nothing here says how fast. */
final class RowsTest {
    static Stream<Program> programs() {
        return Rows.programs().stream();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void aProgramDoesItsWorkAndMeasuresItsRows(Program program) throws Exception {
        var result = program.once(Scale.TINY);

        assertThat(result.values().keySet()).isEqualTo(Set.copyOf(program.rows()));
        assertThat(result.values().values()).allMatch(Double::isFinite);
    }

    @Test
    void aRowIsMeasuredByOneProgramOfItsGroup() {
        for (var group : Rows.groups()) {
            var measured =
                    group.programs().stream().flatMap(p -> p.rows().stream()).toList();

            assertThat(measured)
                    .as(group.name())
                    .doesNotHaveDuplicates()
                    .containsAll(group.rows().stream().map(Row::name).toList());
        }
    }

    @Test
    void noTwoRowsOrProgramsHaveOneName() {
        assertThat(Rows.groups().stream().flatMap(g -> g.rows().stream().map(Row::name)))
                .doesNotHaveDuplicates();
        assertThat(Rows.programs().stream().map(Program::name)).doesNotHaveDuplicates();
        assertThat(Rows.groups().stream().map(Group::name)).doesNotHaveDuplicates();
    }

    @Test
    void whatARowIsComparedWithIsMeasured() {
        var measured = Rows.programs().stream().flatMap(p -> p.rows().stream()).collect(toSet());

        assertThat(Rows.groups().stream().flatMap(g -> g.rows().stream()).map(Row::versus))
                .isSubsetOf(measured);
    }
}
