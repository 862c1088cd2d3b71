package dev.martlet.stress;

import dev.martlet.kernel.Node;
import java.time.Duration;
import java.util.List;

/**
 * What was observed of one program.
 *
 * @param program the program
 * @param erlang on Erlang
 * @param martlet on Martlet
 */
record Outcome(Program program, List<String> erlang, List<String> martlet) {
    static Outcome of(Node node, Program program, List<String> erlang, Duration patience) {
        return new Outcome(program, erlang, MartletRun.run(node, program, erlang, patience));
    }

    boolean differs() {
        return !Show.same(erlang, martlet);
    }

    /** The program and both observations, up to the step where they part. */
    @Override
    public String toString() {
        var same = 0;
        while (same < Math.min(erlang.size(), martlet.size())
                && Show.same(List.of(erlang.get(same)), List.of(martlet.get(same)))) {
            same++;
        }
        return program + "\nOn both:\n" + text(erlang.subList(0, same)) + "Erlang:\n"
                + text(step(erlang.subList(same, erlang.size()))) + "Martlet:\n"
                + text(step(martlet.subList(same, martlet.size())));
    }

    /** The lines of the first step of these. */
    private static List<String> step(List<String> lines) {
        return lines.stream()
                .takeWhile(line -> number(line).equals(number(lines.getFirst())))
                .toList();
    }

    private static String number(String line) {
        return line.substring(0, Math.max(0, line.indexOf(' ')));
    }

    private static String text(List<String> lines) {
        var text = new StringBuilder();
        lines.forEach(line -> text.append("  ").append(line).append('\n'));
        return text.toString();
    }
}
