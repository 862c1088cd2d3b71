package dev.martlet.bench.harness;

import java.util.List;

/**
 * A benchmark program: it measures one or more rows at a time.
 *
 * @param name what the same program is called on the side of every runtime
 * @param rows the rows it measures
 * @param repeats how often it runs in one VM
 * @param run runs it once
 */
public record Program(String name, List<String> rows, Repeats repeats, Run run) {
    /** Runs a program once. */
    @FunctionalInterface
    public interface Run {
        /** Does it. Throws if something did not arrive. */
        Result run(Scale scale) throws Exception;
    }

    /** How often a program runs in one VM. */
    public enum Repeats {
        /** Until it is warm, and then three times. */
        WARM,
        /** Once, because it leaves its traces in the VM. */
        ONCE,
        /** Five times after a short one to warm up: it looks at a window of time. */
        WINDOWS
    }

    /** A program that measures the row it is named after, warm. */
    public static Program of(String name, Run run) {
        return new Program(name, List.of(name), Repeats.WARM, run);
    }

    /** A program that measures several rows, warm. */
    public static Program of(String name, List<String> rows, Run run) {
        return new Program(name, rows, Repeats.WARM, run);
    }

    /** The same, repeated in that way. */
    public Program repeated(Repeats how) {
        return new Program(name, rows, how, run);
    }

    /** Runs it once. Throws if not everything arrived. */
    public Result once(Scale scale) throws Exception {
        var result = run.run(scale);
        result.check(name);
        return result;
    }
}
