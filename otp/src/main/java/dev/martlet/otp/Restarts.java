package dev.martlet.otp;

import java.time.Duration;
import java.util.Arrays;

/** Counts restarts in a sliding window, as OTP's intensity and period; at a constant cost each. */
final class Restarts {
    private final int max;
    private final long within;

    /** When the last ones were: a ring that grows, up to {@code max}. */
    private long[] times = new long[4];

    private int first;
    private int count;

    Restarts(int max, Duration within) {
        if (max < 0 || !within.isPositive()) {
            throw new IllegalArgumentException("restarts: allowed is 0 or more within a time above 0; got: " + max
                    + " within " + within.toMillis() + " ms");
        }
        this.max = max;
        this.within = within.toNanos();
    }

    /** Whether one more restart at {@code now} is still allowed; then it is counted. */
    boolean allows(long now) {
        while (count > 0 && now - times[first] > within) {
            first = (first + 1) % times.length;
            count--;
        }
        if (count >= max) {
            return false;
        }
        if (count == times.length) {
            grow();
        }
        times[(first + count++) % times.length] = now;
        return true;
    }

    private void grow() {
        var old = times;
        times = Arrays.copyOfRange(old, first, first + Math.min(max, old.length * 2));
        System.arraycopy(old, 0, times, old.length - first, first);
        first = 0;
    }

    @Override
    public String toString() {
        return max + " restarts within " + within / 1_000_000 + " ms";
    }
}
