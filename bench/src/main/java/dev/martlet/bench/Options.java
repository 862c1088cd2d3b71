package dev.martlet.bench;

import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/** What the command line asks for. */
record Options(
        String command, Set<String> rows, OptionalInt rounds, Scale scale, Collector collector, boolean oursOnly) {
    static final String USAGE = """
            Usage: martlet bench beam|pekko|list [ROW...] [--rounds N] [--quick] [--ours]
                     [--gc zgc|g1|parallel]

              beam    Erlang and Martlet in turn; the table also goes to target/bench-beam.md
              pekko   Pekko (default dispatcher, and 2 threads) and Martlet; to target/bench-pekko.md
              list    which rows there are

            ROW is a row, a group of rows, or the beginning of a name and a *; without one all are run.
            --quick does a tenth of the work in one round: to see where one stands, not for figures.
            --ours runs Martlet alone, without ratios: while working on it.
            --gc is Martlet's collector, and its heap as the launcher sets it: zgc; Pekko keeps g1.
            """;

    enum Collector {
        ZGC("-XX:+UseZGC"),
        G1("-XX:+UseG1GC"),
        PARALLEL("-XX:+UseParallelGC");

        final String flag;

        Collector(String flag) {
            this.flag = flag;
        }
    }

    /** A command line that cannot be understood. */
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1;

        Wrong(String what) {
            super(what);
        }
    }

    static Options parse(List<String> args, List<Group> groups) {
        if (args.isEmpty()) {
            throw new Wrong("a command is missing: beam, pekko or list");
        }
        if (!List.of("beam", "pekko", "list").contains(args.getFirst())) {
            throw new Wrong("allowed are beam, pekko and list; got: " + args.getFirst());
        }
        var rows = new HashSet<String>();
        var rounds = OptionalInt.empty();
        var scale = Scale.FULL;
        var collector = Collector.ZGC;
        var oursOnly = false;
        for (var i = 1; i < args.size(); i++) {
            switch (args.get(i)) {
                case "--quick" -> {
                    scale = Scale.QUICK;
                    rounds = rounds.isPresent() ? rounds : OptionalInt.of(1);
                }
                case "--ours" -> oursOnly = true;
                case "--rounds" -> rounds = OptionalInt.of(count(value(args, ++i, "--rounds")));
                case "--gc" -> collector = collector(value(args, ++i, "--gc"));
                case String option
                when option.startsWith("-") ->
                    throw new Wrong("allowed are --rounds, --quick, --ours and --gc; got: " + option);
                case String name -> rows.addAll(matching(name, groups));
            }
        }
        return new Options(args.getFirst(), rows, rounds, scale, collector, oursOnly);
    }

    private static String value(List<String> args, int index, String option) {
        if (index == args.size()) {
            throw new Wrong(option + " needs a value");
        }
        return args.get(index);
    }

    private static int count(String value) {
        if (!value.matches("[1-9]\\d{0,3}")) {
            throw new Wrong("--rounds: allowed is 1 to 9999; got: " + value);
        }
        return Integer.parseInt(value);
    }

    private static Collector collector(String value) {
        for (var collector : Collector.values()) {
            if (collector.name().toLowerCase(Locale.ROOT).equals(value)) {
                return collector;
            }
        }
        throw new Wrong("--gc: allowed are zgc, g1 and parallel; got: " + value);
    }

    private static List<String> matching(String name, List<Group> groups) {
        var found = new ArrayList<String>();
        for (var group : groups) {
            for (var row : group.rows()) {
                var fits = name.endsWith("*")
                        ? row.name().startsWith(name.substring(0, name.length() - 1))
                        : row.name().equals(name) || group.name().equals(name);
                if (fits) {
                    found.add(row.name());
                }
            }
        }
        if (found.isEmpty()) {
            throw new Wrong("there is no row or group " + name + "; martlet bench list prints them");
        }
        return found;
    }

    /** Whether that row is asked for. */
    boolean wants(Row row) {
        return rows.isEmpty() || rows.contains(row.name());
    }
}
