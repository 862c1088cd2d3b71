package dev.martlet.kernel;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether the code of a process that was ended while it ran has ended too. To all others the process is dead at
 * once, but a thread that swallows interrupts or never looks up goes on, and only naming it helps.
 */
final class StuckCheck implements Timers.Internal {
    private static final Logger LOG = LoggerFactory.getLogger(StuckCheck.class);
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
        process.node.timers.start(now + FIRST.toNanos(), process, new StuckCheck(thread, now));
    }

    @Override
    public void fire(LocalProcess process, long due) {
        if (!process.isRunBy(thread)) {
            return;
        }
        var node = process.node;
        var time = Duration.ofNanos(due - since);
        if (!counted) {
            counted = true;
            node.counters.stuck.increment();
        }
        LOG.warn(
                "Process {} has ended {} ago, and its code still runs in {}; does it catch InterruptedException?",
                process.described(),
                Words.time(time.toNanos()),
                thread);
        node.telemetry().emit(KernelEvent.Stuck.class, () -> new KernelEvent.Stuck(process, process.label(), time));
        node.timers.start(due + time.toNanos(), process, this); // and again when it has lasted twice as long
    }
}
