package dev.martlet.bench.harness;

import java.util.Locale;

/** What a row is to reach. */
public sealed interface Goal {
    /**
     * So many times as good as the peer in the same run.
     *
     * @param least how many times
     */
    record Times(double least) implements Goal {}

    /**
     * Not more than that.
     *
     * @param most in the unit of the row
     */
    record AtMost(double most) implements Goal {}

    /**
     * Not less than that.
     *
     * @param least in the unit of the row
     */
    record AtLeast(double least) implements Goal {}

    /** Only to be known. */
    record None() implements Goal {}

    /** The one {@link None}. */
    Goal NONE = new None();

    /** Whether it is reached. */
    static boolean met(Goal goal, double value, double ratio) {
        return switch (goal) {
            case Times(var least) -> ratio >= least;
            case AtMost(var most) -> value <= most;
            case AtLeast(var least) -> value >= least;
            case None() -> true;
        };
    }

    /** As the table prints it. */
    static String text(Goal goal) {
        return switch (goal) {
            case Times(var least) -> String.format(Locale.ROOT, "≥ %.0f×", least);
            case AtMost(var most) -> String.format(Locale.ROOT, "≤ %.0f", most);
            case AtLeast(var least) -> String.format(Locale.ROOT, "≥ %.0f", least);
            case None() -> "–";
        };
    }
}
