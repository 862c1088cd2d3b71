package dev.martlet.kernel;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;

/** What happened in a simulation: the last events as text, and a fingerprint of all. */
final class SimulatedTrace {
    private static final int KEPT = 10_000;
    private static final int WIDTH = 160;

    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private long fingerprint = 1;

    void add(long nanos, String what) {
        var line = String.format(Locale.ROOT, "%d.%09d %s", nanos / 1_000_000_000, nanos % 1_000_000_000, what);
        fingerprint = fingerprint * 0x5DEECE66DL + line.hashCode();
        if (lines.size() == KEPT) {
            lines.removeFirst();
        }
        lines.addLast(line);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    long fingerprint() {
        return fingerprint;
    }

    static String name(LocalProcess process) {
        var label = process.label();
        return label.isEmpty() ? "<" + process.serial() + ">" : label + "<" + process.serial() + ">";
    }

    /** A message as text that is the same in each run: without node numbers, identity hashes and lambdas' addresses. */
    static String text(Object message) {
        var text = message instanceof Record
                        || message instanceof String
                        || message instanceof Number
                        || message instanceof Enum
                ? String.valueOf(message)
                : message.getClass().getName();
        text = text.replaceAll("#Pid<[0-9]+\\.", "<")
                .replaceAll("\\$\\$Lambda[^,\\])]*", "\\$lambda")
                .replaceAll("@[0-9a-f]{1,8}", "@");
        return text.length() <= WIDTH ? text : text.substring(0, WIDTH) + "…";
    }
}
