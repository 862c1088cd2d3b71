package dev.martlet.bench.harness;

/**
 * A line of the table.
 *
 * @param name its name, also on the command line
 * @param unit what is measured
 * @param higherIsBetter whether it is a rate; else it is a cost
 * @param goal what it is to reach
 * @param headline whether it counts in the geometric mean of the message and spawn rows
 * @param versus the row of the peer it is compared with
 */
public record Row(String name, String unit, boolean higherIsBetter, Goal goal, boolean headline, String versus) {
    /** A rate that counts in the mean: messages and spawns, to be three times Erlang's. */
    public static Row headline(String name, String unit) {
        return new Row(name, unit, true, new Goal.Times(3), true, name);
    }

    /** Any other rate, at least as good as Erlang's. */
    public static Row rate(String name, String unit) {
        return new Row(name, unit, true, new Goal.Times(1), false, name);
    }

    /** Something that is better if there is less of it; without a goal. */
    public static Row cost(String name, String unit) {
        return new Row(name, unit, false, Goal.NONE, false, name);
    }

    /** With that goal. */
    public Row goal(Goal goal) {
        return new Row(name, unit, higherIsBetter, goal, headline, versus);
    }

    /** Only to be known, and compared with that row of the peer. */
    public Row versus(String other) {
        return new Row(name, unit, higherIsBetter, Goal.NONE, false, other);
    }

    /** How many times as good {@code ours} is as {@code theirs}. */
    public double ratio(double ours, double theirs) {
        if (ours == theirs) { // both nothing, say
            return 1;
        }
        return higherIsBetter ? ours / theirs : theirs / ours;
    }
}
