package dev.martlet.otp.test;

import java.util.List;

/** A simulation has failed: says which seed, how to run it again, and what happened last. */
public final class SimulationFailed extends AssertionError {
    private static final long serialVersionUID = 1;

    private static final int SHOWN = 30;

    private final long seed;

    SimulationFailed(long seed, Throwable cause, List<String> trace) {
        super(message(seed, cause, trace), cause);
        this.seed = seed;
    }

    /** The seed that failed; it fails each time. */
    public long seed() {
        return seed;
    }

    private static String message(long seed, Throwable cause, List<String> trace) {
        var last = trace.subList(Math.max(0, trace.size() - SHOWN), trace.size());
        return "seed " + seed + " fails: " + cause + "\n  to run it again: Simulation.run(" + seed
                + "L, sim -> ...), or -Dmartlet.seed=" + seed + " for Simulation.find\n  the last " + last.size()
                + " of "
                + trace.size() + " events:\n    " + String.join("\n    ", last);
    }
}
