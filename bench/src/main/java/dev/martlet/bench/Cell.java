package dev.martlet.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The values of one row on one side: the runs of each round. */
final class Cell {
    private final List<List<Double>> rounds = new ArrayList<>();
    private boolean failed;

    void add(List<Double> runs) {
        rounds.add(List.copyOf(runs));
    }

    /** One run has failed: a message was lost, say. Then no value counts. */
    void fail() {
        failed = true;
    }

    /** The median of the medians of the rounds. */
    OptionalDouble median() {
        return failed || rounds.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(median(rounds.stream().map(Cell::median).toList()));
    }

    private static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        var half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** As the table prints it: 1.23M (1.10M–1.30M). */
    String text() {
        if (failed || rounds.isEmpty()) {
            return failed ? "failed" : "–";
        }
        var all = rounds.stream().flatMap(List::stream).sorted().toList();
        var range = all.size() == 1 ? "" : " (" + figure(all.getFirst()) + "–" + figure(all.getLast()) + ")";
        return figure(median().orElseThrow()) + range;
    }

    private static String figure(double value) {
        if (value >= 1e6) {
            return digits(value / 1e6) + "M";
        }
        return value >= 1e4 ? digits(value / 1e3) + "k" : digits(value);
    }

    /** Three of them. */
    private static String digits(double value) {
        var format = Math.abs(value) < 10 ? "%.2f" : Math.abs(value) < 100 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, format, value);
    }
}
