package dev.martlet.stress;

import dev.martlet.kernel.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Makes a program that differs small, and tells about it. */
record Shrinking(Erlang erlang, Node node) {
    private static final Duration PATIENCE = Duration.ofMillis(300);

    String explain(Outcome found) {
        var program = found.program();
        var again =
                IntStream.range(0, 10).filter(_ -> outcome(program).differs()).count();
        var head = "Martlet differs from Erlang in program " + program.seed() + ", and in " + again
                + " of 10 more runs of it.";
        if (again == 0) {
            return head + " A race:\n\n" + found;
        }
        return head + " Shrunk from " + program.steps().size() + " steps:\n\n" + outcome(shrink(program));
    }

    private Outcome outcome(Program program) {
        return Outcome.of(node, program, erlang.run(List.of(program)).getFirst(), PATIENCE);
    }

    /** Drops ever smaller parts as long as it still differs. */
    private Program shrink(Program program) {
        var now = program;
        for (var part = Math.max(1, program.steps().size() / 2); part > 0; ) {
            var dropped = false;
            for (var from = 0; from < now.steps().size(); ) {
                var rest = new ArrayList<>(now.steps());
                rest.subList(from, Math.min(from + part, rest.size())).clear();
                var smaller = now.with(rest);
                if (outcome(smaller).differs()) {
                    now = smaller;
                    dropped = true;
                } else {
                    from += part;
                }
            }
            part = dropped && part == 1 ? 1 : part / 2;
        }
        return now;
    }
}
