package dev.martlet.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Those that were ended by another while their code ran. They were interrupted, and most are gone within microseconds;
 * who is still there after a second is named, and again every ten, until it goes.
 *
 * <p>Any thread adds, the node's clock looks.
 */
final class Condemned {
    private static final long GRACE = TimeUnit.SECONDS.toNanos(1);
    private static final long AGAIN = TimeUnit.SECONDS.toNanos(10);

    private record Entry(LocalProcess process, Thread thread, long since) {
        /** Whether the thread still runs the process. */
        boolean isThere() {
            return process.runner() == thread && thread.isAlive();
        }
    }

    /** In the order they were added, which is the order they are due in. */
    private final ConcurrentLinkedQueue<Entry> fresh = new ConcurrentLinkedQueue<>();

    /** Touched by the clock only. */
    private final List<Entry> stuck = new ArrayList<>();

    private volatile long nextReminder = TimeSource.NEVER;

    void add(LocalProcess process, Thread thread) {
        var now = process.node.time.nanos();
        fresh.add(new Entry(process, thread, now));
        process.node.timers.awakeBy(now + GRACE);
    }

    /** When {@link #look} has something to do. */
    long nextLook() {
        var first = fresh.peek();
        return first == null ? nextReminder : Math.min(first.since + GRACE, nextReminder);
    }

    void look(long now) {
        if (now >= nextReminder) {
            stuck.removeIf(entry -> !entry.isThere());
            stuck.forEach(entry -> report(entry, now, false));
            nextReminder = stuck.isEmpty() ? TimeSource.NEVER : now + AGAIN;
        }
        for (var entry = fresh.peek(); entry != null && entry.since + GRACE <= now; entry = fresh.peek()) {
            fresh.poll();
            if (entry.isThere()) {
                report(entry, now, true);
                if (stuck.isEmpty()) {
                    nextReminder = now + AGAIN;
                }
                stuck.add(entry);
            }
        }
    }

    private static void report(Entry entry, long now, boolean first) {
        entry.process.node.reports.stuck(entry.process, entry.thread, now - entry.since, first);
    }
}
