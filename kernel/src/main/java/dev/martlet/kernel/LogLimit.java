package dev.martlet.kernel;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Bounds how often a line is logged, so that a thousand crashes a second cost a thousand counts instead of a thousand
 * stack traces. What is left out is counted, and said with the next line.
 *
 * {@snippet :
 * private static final LogLimit LIMIT = new LogLimit(20, Duration.ofMillis(500));   // 20 at once, then 2 a second
 *
 * if (LIMIT.permits()) {
 *     LOG.error("Process {} crashed{}", pid, LIMIT.suppressed(), thrown);           // "… (41 like it not logged)"
 * }
 * }
 *
 * <p>It goes by the machine's clock, not a node's, because logs do. Any thread may ask; none waits.
 */
public final class LogLimit {
    private final long interval;
    private final long slack;

    /** When the allowance would be used up to the last line, had each taken its interval (GCRA, ITU-T I.371). */
    private final AtomicLong arrival = new AtomicLong(System.nanoTime());

    private final LongAdder suppressed = new LongAdder();

    /**
     * Permits {@code burst} lines at once, and one more each {@code interval}.
     *
     * @throws IllegalArgumentException if one of them is not positive
     */
    public LogLimit(int burst, Duration interval) {
        if (burst < 1 || !interval.isPositive()) {
            throw new IllegalArgumentException(
                    "allowed is a burst of 1 or more and an interval > 0; got: " + burst + ", " + interval);
        }
        this.interval = interval.toNanos();
        this.slack = this.interval * (burst - 1);
    }

    /** Whether a line may be written now; if not, it is counted. */
    public boolean permits() {
        while (true) {
            var now = System.nanoTime();
            var due = arrival.get();
            if (due - now > slack) {
                suppressed.increment();
                return false;
            }
            var next = (due - now < 0 ? now : due) + interval;
            if (arrival.compareAndSet(due, next)) {
                return true;
            }
        }
    }

    /** How many lines were left out since this was last asked, in words to put behind one; empty if none were. */
    public String suppressed() {
        var count = suppressed.sumThenReset();
        return count == 0 ? "" : " (" + count + " like it not logged)";
    }
}
