package dev.martlet.kernel;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends the waits of one thread at their deadlines, for the price of two stores each. Most waits end long before: a call
 * with a limit of five seconds takes a microsecond. So a wait only says until when it lasts; the timer that was set for
 * an earlier one looks at that when it fires, and is set anew for then if it is too early. There is at most one timer a
 * thread, and one that waits all the time has it moved once in five seconds instead of a million times a second.
 */
final class Alarm implements Timers.Internal {
    private final Thread thread;
    private final Timers timers;

    /** Until when the thread waits now; {@link TimeSource#NEVER} while it does not. */
    private volatile long deadline = TimeSource.NEVER;

    /** When the pending timer fires; {@link TimeSource#NEVER} if there is none. */
    private final AtomicLong armed = new AtomicLong(TimeSource.NEVER);

    private volatile @Nullable Timer timer;

    Alarm(Thread thread, Timers timers) {
        this.thread = thread;
        this.timers = timers;
    }

    /** Parks the thread, the calling one, until it is unparked or the deadline comes. */
    void park(Object blocker, LocalProcess process, long until) {
        deadline = until;
        arm(process, until);
        LockSupport.park(blocker);
        deadline = TimeSource.NEVER;
    }

    private void arm(LocalProcess process, long until) {
        // A timer that is pending already and fires no later sees to it.
        for (var now = armed.get(); until < now; now = armed.get()) {
            if (armed.compareAndSet(now, until)) {
                timer = timers.start(until, process, this);
                return;
            }
        }
    }

    /** The thread ends: nothing needs to wait for the timer. */
    void end() {
        var pending = timer;
        if (pending != null) {
            pending.cancel();
        }
    }

    /** The timer has fired. */
    @Override
    public void fire(LocalProcess process, long due) {
        if (!armed.compareAndSet(due, TimeSource.NEVER)) {
            return; // an earlier wait has set another one, which sees to everything
        }
        var until = deadline;
        if (until <= due) {
            LockSupport.unpark(thread);
        } else if (until != TimeSource.NEVER) {
            arm(process, until);
        }
        // Else the thread does not wait; if it is about to, it finds no timer pending and sets one.
    }
}
