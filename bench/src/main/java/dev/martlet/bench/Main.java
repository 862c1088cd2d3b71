package dev.martlet.bench;

import dev.martlet.bench.harness.Goal;
import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.rows.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The bench command. */
public final class Main {
    private static final Path TARGET = Path.of("target");

    private Main() {}

    /** Runs it; the exit code is 0 if every program ran, whatever the figures say. */
    public static void main(String... args) throws Exception {
        if (args.length > 0 && List.of("help", "--help", "-h").contains(args[0])) {
            System.out.print(Options.USAGE);
            return;
        }
        try {
            var options = Options.parse(List.of(args), Rows.groups());
            var complete = switch (options.command()) {
                case "beam" -> beam(options);
                case "pekko" -> pekko(options);
                default -> list();
            };
            System.exit(complete ? 0 : 1);
        } catch (Options.Wrong e) {
            System.err.println("martlet bench: " + e.getMessage() + "\n\n" + Options.USAGE);
            System.exit(2);
        }
    }

    private static boolean beam(Options options) throws IOException, InterruptedException {
        List<Side> erlang = options.oursOnly() ? List.of() : List.of(Erlang.compiled());
        var table = new Table(erlang, JavaVm.martlet(options.collector()));
        return new Contest(table, options).run(Rows.groups(), TARGET.resolve("bench-beam.md"));
    }

    private static boolean pekko(Options options) throws IOException, InterruptedException {
        var standard = JavaVm.pekko("Pekko", 0);
        var has = standard.rows();
        var groups = Rows.groups().stream()
                .map(group -> against(group, has))
                .filter(group -> !group.rows().isEmpty())
                .toList();
        var table =
                new Table(List.of(standard, JavaVm.pekko("Pekko, 2 threads", 2)), JavaVm.martlet(options.collector()));
        return new Contest(table, options).run(groups, TARGET.resolve("bench-pekko.md"));
    }

    /** The rows that Pekko has, to be at least as good as its better dispatcher. */
    private static Group against(Group group, Set<String> has) {
        var rows = group.rows().stream()
                .filter(row -> has.contains(row.versus()))
                .map(row -> isToMatch(row) ? row.goal(new Goal.Times(1)) : row)
                .toList();
        return new Group(group.name(), rows, group.programs(), group.vm(), group.rounds());
    }

    /** Not a second shape of a row, nor a maximum, which is one single moment. */
    private static boolean isToMatch(Row row) {
        return row.name().equals(row.versus()) && !row.name().endsWith("_max");
    }

    private static boolean list() {
        for (var group : Rows.groups()) {
            System.out.println(group.name() + ":");
            for (Row row : group.rows()) {
                System.out.println("  " + row.name() + ", " + row.unit() + ", " + Goal.text(row.goal()));
            }
        }
        return true;
    }
}
