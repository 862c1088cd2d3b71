package dev.martlet.bench;

import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import dev.martlet.bench.rows.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;

/** Lets the sides run in turn, a fresh VM each time, and fills the table. */
final class Contest {
    private final Table table;
    private final Options options;
    private boolean complete = true;

    Contest(Table table, Options options) {
        this.table = table;
        this.options = options;
    }

    /** Runs what is asked for and writes the table, after each group so that nothing is lost; whether all has run. */
    boolean run(List<Group> groups, Path markdown) throws IOException, InterruptedException {
        Files.createDirectories(Path.of("target"));
        for (var group : groups) {
            var rows = group.rows().stream().filter(options::wants).toList();
            if (!rows.isEmpty()) {
                run(group, rows);
                table.add(group.name(), rows);
                Files.writeString(markdown, head() + table.markdown());
            }
        }
        if (table.isEmpty()) {
            throw new Options.Wrong("none of these rows is there on both sides");
        }
        System.out.println(head() + table.plain());
        System.err.println("also in " + markdown);
        return complete;
    }

    private void run(Group group, List<Row> rows) throws IOException, InterruptedException {
        var theirs = programs(Rows.programs(), rows, Row::versus);
        var ours = programs(group.programs(), rows, Row::name);
        var rounds = options.rounds().orElse(group.rounds());
        for (var round = 1; round <= rounds; round++) {
            for (var peer : table.peers()) {
                turn(peer, group, round, rounds, theirs);
            }
            turn(table.ours(), group, round, rounds, ours);
        }
    }

    private void turn(Side side, Group group, int round, int rounds, List<String> programs)
            throws IOException, InterruptedException {
        System.err.printf("%s, round %d of %d: %s%n", group.name(), round, rounds, side.name());
        var measured = side.measure(group.vm(), options.scale(), programs);
        table.round(side, group.name(), measured);
        if (measured.code() != 0) {
            complete = false;
            System.err.println("martlet bench: " + side.name() + " failed, exit code " + measured.code());
        }
    }

    /** The programs that measure those rows. */
    private static List<String> programs(List<Program> programs, List<Row> rows, Function<Row, String> name) {
        var found = new LinkedHashSet<String>();
        for (var row : rows) {
            programs.stream().filter(p -> p.rows().contains(name.apply(row))).forEach(p -> found.add(p.name()));
        }
        return List.copyOf(found);
    }

    private String head() {
        var text = new StringBuilder();
        for (var side : table.peers()) {
            text.append(side.described()).append("; ");
        }
        return text.append(table.ours().described())
                        .append("; ")
                        .append(Runtime.getRuntime().availableProcessors())
                        .append(" cores.\nA figure is the median of the rounds (lowest–highest single run).")
                        .append(options.scale() == Scale.FULL ? "" : " Quick: a tenth of the work, not for figures.")
                + "\n\n";
    }
}
