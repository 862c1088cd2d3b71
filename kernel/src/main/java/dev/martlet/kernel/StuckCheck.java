package dev.martlet.kernel;

import java.time.Duration;

/**
 * Looks whether the code of a process that was ended while it ran has ended too. To all others the process is dead at
 * once, but a thread that swallows interrupts or never looks up goes on, and only naming it helps.
 */
final class StuckCheck implements Timers.Internal {
    private static final Duration FIRST = Duration.ofSeconds(1);

    private final Thread thread;
    private final long since;
    private boolean counted;

    private StuckCheck(Thread thread, long since) {
        this.thread = thread;
        this.since = since;
    }

    /** The process has just died while {@code thread} ran it. */
    static void begin(LocalProcess process, Thread thread) {
        var now = process.node.time.nanos();
        process.node.timers.startAnyway(now + FIRST.toNanos(), process, new StuckCheck(thread, now));
    }

    @Override
    public void fire(LocalProcess process, long due) {
        if (!process.isRunBy(thread)) {
            return;
        }
        var time = due - since;
        process.node.reports.stuck(process, thread, time, !counted);
        counted = true;
        process.node.timers.startAnyway(due + time, process, this); // again when it has lasted twice as long
    }
}
