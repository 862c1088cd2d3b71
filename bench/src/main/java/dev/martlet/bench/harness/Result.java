package dev.martlet.bench.harness;

import java.util.Map;

/**
 * What one run of a program gave.
 *
 * @param values the value of each row it measures
 * @param expected how many operations it was to do
 * @param counted how many arrived at the other end, counted there
 */
public record Result(Map<String, Double> values, long expected, long counted) {
    /** A run that measured a rate: {@code n} operations in that time. */
    public static Result rate(String row, long n, long nanos, long counted) {
        return new Result(Map.of(row, perSecond(n, nanos)), n, counted);
    }

    /** Operations a second. */
    public static double perSecond(long n, long nanos) {
        return n * 1e9 / nanos;
    }

    void check(String program) {
        if (counted != expected) {
            throw new IllegalStateException(
                    program + ": " + expected + " operations were to be done, " + counted + " have arrived");
        }
    }
}
