package dev.martlet.otp;

import java.time.Duration;
import java.util.ArrayDeque;

/** Counts restarts in a sliding window, as OTP's intensity and period. */
final class Restarts {
    private final int max;
    private final long within;
    private final ArrayDeque<Long> times = new ArrayDeque<>();

    Restarts(int max, Duration within) {
        this.max = max;
        this.within = within.toNanos();
    }

    /** Whether one more restart at {@code now} is still allowed. */
    boolean allows(long now) {
        while (!times.isEmpty() && now - times.getFirst() > within) {
            times.removeFirst();
        }
        if (times.size() >= max) {
            return false;
        }
        times.addLast(now);
        return true;
    }

    @Override
    public String toString() {
        return max + " restarts within " + within / 1_000_000 + " ms";
    }
}
