package dev.martlet.kernel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The clock of a node and the way to wait by it. Everything that waits or times goes through here. */
abstract class TimeSource {
    /** No deadline. */
    static final long NEVER = Long.MAX_VALUE;

    /** Monotonic nanoseconds. */
    abstract long nanos();

    /**
     * Parks the thread once: until it is unparked, interrupted or, spuriously, at once.
     *
     * @return false, without parking, if the deadline has passed
     */
    abstract boolean park(Object blocker, long deadline);

    /** Whether it goes on by itself. */
    boolean isMachine() {
        return false;
    }

    private static final int TICK_SHIFT = 20;

    /** The time as somebody has looked at it just now; 0: nobody looks at the clock. */
    private volatile long coarse;

    /**
     * The time to a few milliseconds, for what is timed too often to ask the clock each time. While nobody looks, because
     * all is idle, and in virtual time, it is exact.
     */
    final long coarseNanos() {
        var now = coarse;
        return now != 0 ? now : nanos();
    }

    /** The same in ticks of 2^20 ns, about a millisecond; they come around after 52 days, so only short spans count. */
    final int ticks() {
        return (int) (coarseNanos() >> TICK_SHIFT);
    }

    /** How many nanoseconds ago that was. */
    final long age(int ticks) {
        return Math.max(0, (long) (ticks() - ticks)) << TICK_SHIFT;
    }

    /** Somebody looks at the clock every millisecond or so, and says what it shows. */
    void look() {
        coarse = Math.max(1, nanos());
    }

    /** Nobody does any more. */
    final void lookAway() {
        coarse = 0;
    }

    /** The deadline that is {@code nanos} from now; {@link #NEVER} if that overflows. */
    final long deadline(long nanos) {
        var now = nanos();
        return nanos >= NEVER - Math.max(0, now) ? NEVER : now + nanos;
    }

    /** The machine's clock. */
    static final class Machine extends TimeSource {
        // nanoTime has an arbitrary origin; counting from the start of the class keeps deadlines far from overflow.
        private static final long ORIGIN = System.nanoTime();

        @Override
        long nanos() {
            return System.nanoTime() - ORIGIN;
        }

        @Override
        boolean isMachine() {
            return true;
        }

        @Override
        boolean park(Object blocker, long deadline) {
            if (deadline == NEVER) {
                LockSupport.park(blocker);
                return true;
            }
            var left = deadline - nanos();
            if (left <= 0) {
                return false;
            }
            if (Context.current() instanceof Strand strand && strand.process != null) {
                strand.alarm().park(blocker, strand.process, deadline);
            } else {
                LockSupport.parkNanos(blocker, left);
            }
            return true;
        }
    }

    /** A clock that stands still until it is moved, for tests. */
    static final class Virtual extends TimeSource {
        @Override
        void look() {} // who moves it wants to see that at once

        private final AtomicLong now = new AtomicLong();
        private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();

        private record Waiter(Thread thread, long deadline) {}

        @Override
        long nanos() {
            return now.get();
        }

        @Override
        boolean park(Object blocker, long deadline) {
            var waiter = new Waiter(Thread.currentThread(), deadline);
            waiters.add(waiter);
            try {
                // The look comes after the announcement: time that moves in between sees the waiter.
                if (now.get() >= deadline) {
                    return false;
                }
                LockSupport.park(blocker);
                return true;
            } finally {
                waiters.remove(waiter);
            }
        }

        void advance(long nanos) {
            now.addAndGet(nanos);
            waiters.forEach(waiter -> {
                if (waiter.deadline <= now.get()) {
                    LockSupport.unpark(waiter.thread);
                }
            });
        }
    }
}
