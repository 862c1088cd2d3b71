package dev.martlet.bench;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import dev.martlet.bench.rows.Rows;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Erlang's programs still work, where there is an Erlang. Nothing here says how fast. */
final class ErlangTest {
    @BeforeAll
    static void needsErlang() {
        var path = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1);
        assumeTrue(
                Arrays.stream(path).anyMatch(folder -> Files.isExecutable(Path.of(folder, "erlc"))),
                "no erlc on the PATH; install erlang-base");
    }

    @Test
    void measuresWhatRowsAreComparedWith() throws Exception {
        var compared = Rows.groups().stream()
                .flatMap(group -> group.rows().stream())
                .map(Row::versus)
                .collect(toSet());
        var programs = Rows.programs().stream()
                .filter(program -> program.rows().stream().anyMatch(compared::contains))
                .map(Program::name)
                .toList();

        var measured = Erlang.compiled().measure(Group.Vm.WORK, Scale.TINY, programs);

        assertThat(measured.code()).isZero();
        assertThat(measured.values().keySet()).isEqualTo(compared);
    }
}
