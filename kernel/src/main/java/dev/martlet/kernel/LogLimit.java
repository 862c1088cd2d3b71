package dev.martlet.kernel;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A budget for log lines that something which fails over and over would write without end: so many in a period, the
 * rest is counted.
 *
 * {@snippet :
 * private final LogLimit lines = new LogLimit(20, Duration.ofSeconds(1));
 *
 * if (lines.admits()) {
 *     LOG.error("Lost {}{}", what, lines.omitted());    // Lost x (1,204 lines like this were left out before it)
 * }
 * }
 *
 * <p>By the machine's clock, also on nodes of virtual time: the log is real. Any thread may ask.
 */
public final class LogLimit {
    private final int lines;
    private final long period;
    private final AtomicLong began = new AtomicLong(System.nanoTime());
    private final AtomicInteger used = new AtomicInteger();
    private final AtomicLong omitted = new AtomicLong();

    /** At most that many lines in each period. */
    public LogLimit(int lines, Duration period) {
        if (lines < 1 || !period.isPositive()) {
            throw new IllegalArgumentException(
                    "allowed is 1 line or more in a period above 0; got: " + lines + " and " + period);
        }
        this.lines = lines;
        this.period = period.toNanos();
    }

    /** Whether a line may be written now. */
    public boolean admits() {
        var now = System.nanoTime();
        var since = began.get();
        if (now - since >= period && began.compareAndSet(since, now)) {
            used.set(0);
        }
        if (used.get() < lines && used.incrementAndGet() <= lines) {
            return true;
        }
        omitted.incrementAndGet();
        return false;
    }

    /** Says, once, how many lines were not written since the last one that was; an empty string if none. */
    public String omitted() {
        var count = omitted.get() == 0 ? 0 : omitted.getAndSet(0);
        return count == 0 ? "" : String.format(" (%,d lines like this were left out before it)", count);
    }
}
