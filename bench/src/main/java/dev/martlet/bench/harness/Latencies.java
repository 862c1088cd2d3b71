package dev.martlet.bench.harness;

import java.util.Arrays;
import java.util.Map;

/** Durations, kept one by one, so the percentiles are exact. For one writer at a time. */
public final class Latencies {
    private long[] nanos = new long[1 << 12];
    private int count;

    /** Adds one, in nanoseconds. */
    public void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = duration;
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /** The rows {@code prefix}_p50, _p99 and _max, in microseconds; the nearest rank. */
    public Map<String, Double> micros(String prefix) {
        return Map.of(
                prefix + "_p50", percentile(0.5),
                prefix + "_p99", percentile(0.99),
                prefix + "_max", percentile(1));
    }

    private double percentile(double p) {
        if (count == 0) {
            throw new IllegalStateException("nothing was measured");
        }
        var sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[Math.clamp((int) Math.ceil(p * count) - 1, 0, count - 1)] / 1e3;
    }
}
