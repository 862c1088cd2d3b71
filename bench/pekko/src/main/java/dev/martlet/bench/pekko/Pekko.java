package dev.martlet.bench.pekko;

import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Runner;
import java.util.List;
import java.util.stream.Stream;

/** The main class of the VMs that measure Pekko. {@code -Dthreads=N}: with N dispatcher threads, else its default. */
public final class Pekko {
    private Pekko() {}

    static List<Program> programs() {
        return Stream.of(
                        Messages.programs(),
                        Asks.programs(),
                        Signals.programs(),
                        Dispatch.programs(),
                        Supervision.programs(),
                        Memory.programs(),
                        Fairness.programs(),
                        Storms.programs())
                .flatMap(List::stream)
                .toList();
    }

    /** Measures in this VM; see {@link Runner}. */
    public static void main(String... args) throws Exception {
        Runner.main(programs(), args);
    }
}
