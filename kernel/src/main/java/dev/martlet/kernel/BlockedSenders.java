package dev.martlet.kernel;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Those who wait for room in a full mailbox. They are let in by the order they came, as many at a time as there is room
 * for: were all of them woken each time, a hundred thousand would wake for the place of one.
 */
final class BlockedSenders {
    /** One who waits. True: let in, or gone; whoever sets it decides which. */
    static final class Waiter extends AtomicBoolean {
        private static final long serialVersionUID = 1;

        private final transient Thread thread = Thread.currentThread();
    }

    private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();

    /** Joins the queue. The caller then looks once more for room, and parks if there is none. */
    Waiter join() {
        var waiter = new Waiter();
        waiters.add(waiter);
        return waiter;
    }

    /** Leaves without having used its place: if it was let in meanwhile, the next one is. */
    void giveUp(Waiter waiter) {
        if (!waiter.compareAndSet(false, true)) {
            release(1);
        }
    }

    /** Leaves because it found room by itself. */
    void done(Waiter waiter) {
        waiter.set(true);
    }

    /** Lets in that many. */
    void release(int count) {
        for (var left = count; left > 0; ) {
            var waiter = waiters.poll();
            if (waiter == null) {
                return;
            }
            if (waiter.compareAndSet(false, true)) {
                LockSupport.unpark(waiter.thread);
                left--;
            }
        }
    }
}
